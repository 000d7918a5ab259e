"""Runs nmap, dig, curl and blackbox_exporter in V with their usual command lines, and keeps their own words.

Input: what is asked (`Asked`) and the scene's `Desk`; output: lines of (command, words). Only words that a
second run repeats are kept: states, codes and addresses, no times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.network import Namespace
from tests.lab.servers import bracketed

Line = tuple[str, str]
LIMIT = 10
"""Seconds that curl and the exporter may take: Prometheus's own default for a scrape."""

_SHOWN = 4  # states of single ports that are shown one by one
_EXPORTER = "127.0.0.1:9115"
# The exporter's packaged modules, and the pair that its manual has for one family alone.
_MODULES = """modules:
  http_2xx: {prober: http}
  tcp_connect: {prober: tcp}
  http_ip6: {prober: http, http: {preferred_ip_protocol: ip6, ip_protocol_fallback: false}}
  http_ip4: {prober: http, http: {preferred_ip_protocol: ip4, ip_protocol_fallback: false}}
"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A service as a person would name it to each tool; `six` and `four` are one name, or two literals."""

    six: str
    four: str | None = None
    port: str = "443"
    path: str = "/"
    scheme: str = "https"
    times: int = 1
    nmap: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether a name is asked for, not literals."""
        return self.six == self.four

    def url(self, host: str) -> str:
        """Return the URL of the first port."""
        port = self.port.partition("-")[0]
        ordinary = {"https": "443", "http": "80", "imap": "143"}.get(self.scheme) == port
        return f"{self.scheme}://{bracketed(host)}{'' if ordinary else ':' + port}{self.path}"


@dataclass(frozen=True)
class Desk:
    """Where the tools run: V with a resolver and a trusted authority of the lab's."""

    vantage: Namespace
    folder: Path

    @classmethod
    def laid(cls, vantage: Namespace, folder: Path, resolver: str) -> Desk:
        """Write what the tools need, and start the exporter."""
        (folder / "resolv.conf").write_text(f"nameserver {resolver}\noptions timeout:2 attempts:1\n")
        (folder / "blackbox.yml").write_text(_MODULES)
        desk = cls(vantage, folder)
        vantage.start(
            *desk._dressed("prometheus-blackbox-exporter", f"--config.file={folder}/blackbox.yml"),
            f"--web.listen-address={_EXPORTER}",
            log=folder / "blackbox.log",
        )
        vantage.wait_for_port("127.0.0.1", 9115)
        return desk

    def _dressed(self, *words: str) -> list[str]:
        """Let a program see the lab's resolver and authority as if they were this host's."""
        root = self.folder / "ca" / "root.pem"
        trust = ["env", f"SSL_CERT_FILE={root}", f"CURL_CA_BUNDLE={root}"] if root.exists() else []
        script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        return ["sh", "-c", script, str(self.folder / "resolv.conf"), *trust, *words]

    def run(self, *words: str) -> tuple[int, str]:
        """Run a program to its end; return its exit code and what it said."""
        done = self.vantage.run(*self._dressed(*words), check=False, timeout=170, text="")
        return done.returncode, done.stdout + done.stderr


def nmap(desk: Desk, asked: Asked) -> Iterator[Line]:
    """Ask for the port's state over each family; root's nmap sends SYNs."""
    options = asked.nmap or ("-Pn", "-p", asked.port)
    for family, host in (("-6", asked.six), ("", asked.four)):
        if host is not None:
            words = [word for word in ("nmap", family, *options, host) if word]
            yield " ".join(words), _times([_states(desk.run(*words)[1]) for _ in range(asked.times)])


def _states(said: str) -> str:
    if "Failed to resolve" in said:
        return "Failed to resolve"
    states = re.findall(r"^(\d+)/tcp +(\S+)", said, re.MULTILINE)
    if len(states) > _SHOWN:
        return f"{len(states)} ports {states[0][1]}"
    shown = [f"{port} {state}" for port, state in states]
    for state in ("open", "closed", "filtered"):
        hidden = sum(int(count) for count in re.findall(rf"(\d+) {state} tcp ports", said))
        shown += [f"{hidden} others {state}"] if hidden else []
    errors = re.findall(r"^.*(?:[Ee]rror|failed|0 hosts up).*$", said, re.MULTILINE)
    return ", ".join(shown) or (errors[0].split(" scanned in")[0] if errors else "nothing")


def dig_and_curl(desk: Desk, asked: Asked) -> Iterator[Line]:
    """Ask for the AAAA record, then for the page as a client does, and over each family alone."""
    if asked.named:
        yield f"dig {asked.six} AAAA", _answer(desk.run("dig", "+tries=1", "+time=3", asked.six, "AAAA")[1])
        yield _curl(desk, asked, "", asked.six)
    yield _curl(desk, asked, "-6 ", asked.six)
    if asked.four is not None:
        yield _curl(desk, asked, "-4 ", asked.four)


def _answer(said: str) -> str:
    status = re.search(r"status: (\w+)", said)
    if status is None:
        return "no servers could be reached"
    found = re.findall(r"\sIN\s+AAAA\s+(\S+)", said.partition("ANSWER SECTION")[2])
    return f"{status[1]}, {', '.join(found)}" if found else f"{status[1]}, no address"


def _curl(desk: Desk, asked: Asked, family: str, host: str) -> Line:
    url = asked.url(host)
    title = ("-o", "/dev/null", "-w", "%{http_code}")
    words = ("curl", *family.split(), "-sSgL", "-m", str(LIMIT), *title, url)
    return f"curl {family}-L {url}", _times([_fetched(*desk.run(*words)) for _ in range(asked.times)])


def _fetched(code: int, said: str) -> str:
    status = re.match(r"\d{3}", said)
    seen = status[0] if status and status[0] != "000" else ""
    error = re.search(r"curl: (\(\d+\) .*)", said)
    ended = re.split(r" after \d| port \d", error[1])[0] if error else ""
    return ", ".join(filter(None, (seen, ended))) or f"exit {code}"


def blackbox(desk: Desk, asked: Asked) -> Iterator[Line]:
    """Ask the exporter as Prometheus would: its packaged module, and one module a family."""
    if not asked.scheme.startswith("http"):
        for host in dict.fromkeys(filter(None, (asked.six, asked.four))):
            yield _probe(desk, asked, "tcp_connect", f"{bracketed(host)}:{asked.port.partition('-')[0]}")
    elif asked.named:
        for module in ("http_2xx", "http_ip6", "http_ip4"):
            yield _probe(desk, asked, module, asked.url(asked.six))
    else:
        for host in filter(None, (asked.six, asked.four)):
            yield _probe(desk, asked, "http_2xx", asked.url(host))


def _probe(desk: Desk, asked: Asked, module: str, target: str) -> Line:
    words = (
        *("curl", "-sS", "-G", "-H", f"X-Prometheus-Scrape-Timeout-Seconds: {LIMIT}"),
        *("--data-urlencode", f"target={target}", "-d", f"module={module}", f"http://{_EXPORTER}/probe"),
    )
    said = [_metrics(desk.run(*words)[1]) for _ in range(asked.times)]
    return f"{module} {target}", _times(said)


def _metrics(said: str) -> str:
    def value(name: str) -> str | None:
        found = re.search(rf"^{name} (\S+)$", said, re.MULTILINE)
        return found[1] if found else None

    words = [f"probe_success {value('probe_success')}"]
    more = ("probe_ip_protocol", "probe_http_status_code")
    words += [f"{name} {value(name)}" for name in more if value(name) not in (None, "0")]
    return ", ".join(words)


def _times(said: Sequence[str]) -> str:
    """Return the words of one run, or how often each were heard in several."""
    if len(said) == 1:
        return said[0]
    return "; ".join(f"{words}: {said.count(words)} of {len(said)}" for words in dict.fromkeys(sorted(said)))
