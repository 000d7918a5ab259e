# ipv6check as a container: docker build -t ipv6check . && docker run --rm --network host -v "$PWD":/data ipv6check scan inventory.yaml
FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY . /opt/ipv6check
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /opt/ipv6check/requirements/run.txt \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation /opt/ipv6check \
    && useradd --create-home ipv6check
USER ipv6check
WORKDIR /data
ENTRYPOINT ["/opt/venv/bin/ipv6check"]
