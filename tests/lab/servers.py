"""Real servers for the lab, each in the foreground with its own configuration, state and log.

Every function writes a configuration under a folder of its own, starts the server in a namespace
and returns when it answers; the namespace ends it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.certificates import Pair
from tests.lab.network import Namespace


def bracketed(address: str) -> str:
    """Return the address as it stands in a URL or a listen directive."""
    return f"[{address}]" if ":" in address else address


def start_knot(
    server: Namespace,
    folder: Path,
    addresses: Sequence[str],
    zones: Mapping[str, str],
    signed: Sequence[str] = (),
) -> None:
    """Serve `zones` (origin → records, one a line, relative names) with knot on port 53; sign some.

    A zone gets a SOA and itself as name server unless its records begin with a SOA.
    """
    (folder / "db").mkdir(parents=True, exist_ok=True)  # keys of signed zones
    listen = ", ".join(f"{address}@53" for address in addresses)
    lines = ["server:", f"    listen: [ {listen} ]", f"    rundir: {folder}", "    user: root:root"]
    lines += ["log:", "  - target: stderr", "    any: info", "database:", f"    storage: {folder}/db"]
    lines += ["template:", "  - id: default", f"    storage: {folder}", "zone:"]
    for origin, records in zones.items():
        lines += [f'  - domain: "{origin}"', f'    file: "{_write_zone(folder, origin, records)}"']
        lines += ["    dnssec-signing: on"] if origin in signed else []
    configuration = folder / "knot.conf"
    configuration.write_text("\n".join(lines) + "\n")
    server.start("knotd", "-c", str(configuration), log=folder / "knot.log")
    for address in addresses:
        server.wait_for_port(address, 53)


def _write_zone(folder: Path, origin: str, records: str) -> str:
    """Write a zone's file and return its name."""
    usual = "" if records.startswith("@ SOA") else "@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\n"
    file = folder / f"{origin.strip('.') or 'root'}.zone"
    file.write_text(f"$ORIGIN {origin.rstrip('.')}.\n$TTL 60\n{usual}{records}\n")
    return file.name


def start_nsd(server: Namespace, folder: Path, address: str, zones: Mapping[str, str]) -> None:
    """Serve `zones` with nsd on port 53 of one address; zones are written as for knot."""
    folder.mkdir(parents=True)
    lines = ["server:", f"    ip-address: {address}", "    port: 53", "    server-count: 1"]
    lines += ['    username: ""', '    chroot: ""', '    pidfile: ""', '    database: ""']
    lines += [f'    zonesdir: "{folder}"', f'    xfrdir: "{folder}"', f'    xfrdfile: "{folder}/xfrd.state"']
    lines += [f'    zonelistfile: "{folder}/zone.list"', "remote-control:", "    control-enable: no"]
    for origin, records in zones.items():
        file = _write_zone(folder, origin, records)
        lines += ["zone:", f'    name: "{origin}"', f'    zonefile: "{file}"']
    configuration = folder / "nsd.conf"
    configuration.write_text("\n".join(lines) + "\n")
    server.start("nsd", "-d", "-c", str(configuration), log=folder / "nsd.log")
    server.wait_for_port(address, 53)


def start_unbound(
    server: Namespace,
    folder: Path,
    address: str,
    stubs: Mapping[str, str],
    extra: str = "",
    modules: str = "iterator",
) -> None:
    """Resolve on `address`; `stubs` maps zones to the address of their authoritative server.

    `modules` are unbound's, from the first to the last: "validator iterator" checks signatures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "server:",
        f"    interface: {address}",
        "    port: 53",
        f'    directory: "{folder}"',
        '    chroot: ""',
        '    username: ""',
        '    pidfile: ""',
        "    access-control: ::0/0 allow",
        "    access-control: 0.0.0.0/0 allow",
        f'    module-config: "{modules}"',
        "    do-daemonize: no",
        "    use-syslog: no",
        "    cache-max-negative-ttl: 1",
        # Without these an "example" zone is answered by unbound itself.
        *(f'    local-zone: "{zone}." nodefault' for zone in stubs),
        extra,
        "remote-control:",
        "    control-enable: no",
    ]
    for zone, upstream in stubs.items():
        lines += ["stub-zone:", f'    name: "{zone}."', f"    stub-addr: {upstream}"]
    # Whatever no stub covers stays in the lab: there is no way out to a root server.
    lines += ["stub-zone:", '    name: "."', f"    stub-addr: {next(iter(stubs.values()))}"]
    configuration = folder / "unbound.conf"
    configuration.write_text("\n".join(lines) + "\n")
    server.start("unbound", "-d", "-c", str(configuration), log=folder / "unbound.log")
    server.wait_for_port(address, 53)


@dataclass(frozen=True, kw_only=True)
class Site:
    """One nginx server: where it listens and what it says."""

    listen: tuple[tuple[str, int], ...]
    certificate: Pair | None = None
    body: str = "location / { default_type text/html; return 200 '<title>Lab</title><p>Lab'; }"
    extra: str = ""


def start_nginx(server: Namespace, folder: Path, sites: Sequence[Site]) -> None:
    """Serve every site with one nginx."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = []
    for site in sites:
        tls = " ssl" if site.certificate else ""
        listens = "".join(f"    listen {bracketed(a)}:{p}{tls};\n" for a, p in site.listen)
        if site.certificate:
            listens += f"    ssl_certificate {site.certificate.chain};\n"
            listens += f"    ssl_certificate_key {site.certificate.key};\n"
        blocks.append(f"  server {{\n{listens}    {site.extra}\n    {site.body}\n  }}\n")
    temporary = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        "daemon off;\nmaster_process off;\nuser root;\n"
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        "events { worker_connections 2048; }\n"
        f"http {{\n  access_log off;\n{temporary}{''.join(blocks)}}}\n"
    )
    server.start("nginx", "-c", str(configuration), "-e", str(folder / "error.log"), log=folder / "nginx.log")
    for address, port in {place for site in sites for place in site.listen}:
        server.wait_for_port(address, port)


def start_sshd(
    server: Namespace,
    folder: Path,
    addresses: Sequence[str],
    port: int = 22,
    *,
    key_type: str = "ed25519",
    extra: str = "",
) -> None:
    """Run sshd on `addresses` with a host key of its own; nobody can log in."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "host_key"
    server.run("ssh-keygen", "-q", "-t", key_type, "-N", "", "-f", str(key))
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd insists on its separation folder
    lines = [f"ListenAddress {bracketed(address)}:{port}" for address in addresses]
    lines += [f"HostKey {key}", f"PidFile {folder}/sshd.pid", "PasswordAuthentication no", "UsePAM no", extra]
    configuration = folder / "sshd_config"
    configuration.write_text("\n".join(lines) + "\n")
    server.start("/usr/sbin/sshd", "-D", "-e", "-f", str(configuration), log=folder / "sshd.log")
    for address in addresses:
        server.wait_for_port(address, port)
