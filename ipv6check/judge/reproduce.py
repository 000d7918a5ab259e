"""The same question by hand: a dig, curl, openssl, ssh-keyscan, ntpdig or nc command line.

Pure: built from a finding's target and the observations it cites. Names and paths may come from
strangers, so every word is quoted for a shell, a value never stands where an option could, and a
word with control characters gives no command at all.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import cast

from ipv6check.model.finding import Finding, Target
from ipv6check.model.inventory import Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task

# Which of the cited questions a check's area is really about, the best first; the last one of a
# kind stands for it.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "naming": ("dns.query", "dns.tcp"),
    "ns": ("dns.query", "dns.tcp"),
    "address": ("dns.query", "dns.tcp"),
    "tls": ("tls.handshake", "tls.starttls", "tcp.connect"),
    "http": ("http.get", "tls.handshake", "tcp.connect"),
    "mail": ("smtp.greeting", "tcp.connect"),
    "path": ("path.mtu", "path.echo", "tcp.connect"),
    "client": ("tcp.connect", "http.get", "dns.query", "dns.tcp"),
    "parity": ("ssh.hostkey", "tcp.connect", "udp.exchange", "dns.query", "dns.tcp"),
}
_ANY_KIND = (
    "http.get",
    "tls.handshake",
    "smtp.greeting",
    "ssh.greeting",
    "app.greeting",
    "udp.exchange",
    "tcp.connect",
    "dns.query",
    "dns.tcp",
)
_RECORDS: Mapping[Family, str] = {4: "A", 6: "AAAA"}
_HTTP_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_DNS_PORT = 53
_NTP_PORT = 123
# A host name as it may stand in a URL: no option, no user name, no port, no literal.
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})")


def command(finding: Finding, evidence: Iterable[Observation]) -> str | None:
    """Return the command line that asks what `finding` was judged by; None if nothing was asked.

    A finding over both families gives two commands, joined by `;`.
    """
    if finding.verdict == "not_applicable":
        return None
    tasks = [observation.task for observation in evidence if observation.outcome != "skipped"]
    if not tasks:
        return None
    ranks = _ranks(finding.check.partition(".")[0])
    families: tuple[Family, ...] = (finding.target.family,) if finding.target.family else (6, 4)
    lines: list[str] = []
    for family in families:
        task = _chosen(ranks, tasks, family)
        words = None if task is None else command_words(task, finding.target)
        line = None if words is None else _line(words)
        if line is not None and line not in lines:
            lines.append(line)
    return "; ".join(lines) or None


def _line(words: Sequence[str]) -> str | None:
    """Return words as one line for a shell; None if one of them has characters that nobody sees."""
    quoted = [_quoted(word) for word in words]
    if None in quoted:
        return None
    return " ".join(cast("list[str]", quoted)) + (" </dev/null" if words[0] == "openssl" else "")


# The same options and addresses stand in thousands of commands.
@lru_cache(maxsize=4096)
def _quoted(word: str) -> str | None:
    return shlex.quote(word) if word.isprintable() else None


@cache
def _ranks(area: str) -> Mapping[str, int]:
    """Return how well each kind of question stands for a finding of an area; 0 is the best."""
    return {kind: rank for rank, kind in enumerate(_KINDS.get(area, _ANY_KIND))}


def _chosen(ranks: Mapping[str, int], tasks: Sequence[Task], family: Family) -> Task | None:
    """Return the question to repeat: of the best kind, and of the family that is meant."""
    best, chosen = len(ranks), None
    for task in tasks:
        # Of one kind the last.
        rank = ranks.get(task.kind, len(ranks))
        if rank < len(ranks) and rank <= best and _about(task, family):
            best, chosen = rank, task
    return chosen


def _about(task: Task, family: Family) -> bool:
    """Whether a question is about a family: others than DNS by address, DNS by record (MX and such: 6)."""
    if task.kind not in ("dns.query", "dns.tcp"):
        return task.family == family
    record = task.params.get("type")
    return record == _RECORDS[family] or (family == 6 and record not in _RECORDS.values())


def command_words(task: Task, target: Target) -> list[str] | None:
    """Return one task as the words of a command; None where no common program asks the same."""
    if task.address is None:
        return None
    builder = _BUILDERS.get(task.kind)
    return None if builder is None else builder(task, task.address, target)


def _family(task: Task) -> str:
    return f"-{task.family or 6}"


def _place(address: str, port: int | None) -> str:
    host = f"[{address}]" if ":" in address else address
    return host if port is None else f"{host}:{port}"


def _dig(task: Task, address: str, target: Target) -> list[str] | None:
    name, record = task.params.get("name"), task.params.get("type")
    if not isinstance(name, str) or not isinstance(record, str):
        return None
    words = ["dig", f"@{address}", "-p", str(task.port or _DNS_PORT)]
    options = {
        "+tcp": task.kind == "dns.tcp",
        "+norecurse": task.params.get("rd") is False,
        "+cdflag": task.params.get("cd") is True,
        "+noedns": task.params.get("edns") is False,
    }
    words += [option for option, wanted in options.items() if wanted]
    return [*words, "-q", f"{name.rstrip('.')}.", "-t", record]


def _connect(task: Task, address: str, target: Target) -> list[str] | None:
    if target.app in _HTTP_PORTS and target.host and _NAME.fullmatch(target.host):
        return _curl(task, address, tls=target.app == "https", host=target.host, path="/")
    if target.app == "ssh":
        return _keyscan(task, address, target)
    return ["nc", _family(task), "-z", "-v", "-w", "8", address, str(task.port)]


def _get(task: Task, address: str, target: Target) -> list[str] | None:
    host, path = task.params.get("host"), task.params.get("path")
    if not isinstance(host, str) or not isinstance(path, str) or not path.startswith("/"):
        return None
    if not _NAME.fullmatch(host):
        # A literal as Host header is the URL's own; anything else is no host at all.
        if host.strip("[]") != address:
            return None
        host = None
    return _curl(task, address, tls=task.params.get("tls") is True, host=host, path=path)


def _curl(task: Task, address: str, *, tls: bool, host: str | None, path: str) -> list[str]:
    scheme = "https" if tls else "http"
    port = task.port or _HTTP_PORTS[scheme]
    shown = "" if port == _HTTP_PORTS[scheme] else f":{port}"
    words = ["curl", _family(task), "--globoff", "-sS", "-m", "30", "-D", "-", "-o", "/dev/null"]
    if tls:
        # The certificate, and versions that the system's own rules forbid, are judged apart.
        words += ["-k", "--ciphers", "DEFAULT@SECLEVEL=0"]
    if host is None:
        return [*words, f"{scheme}://{_place(address, None)}{shown}{path}"]
    return [*words, "--resolve", f"{host}:{port}:{_place(address, None)}", f"{scheme}://{host}{shown}{path}"]


def _s_client(task: Task, address: str, target: Target) -> list[str] | None:
    sni = task.params.get("sni")
    name = ["-servername", sni] if isinstance(sni, str) and _NAME.fullmatch(sni) else ["-noservername"]
    protocol = _STARTTLS.get(str(task.params.get("app"))) if task.kind == "tls.starttls" else None
    first = [] if protocol is None else ["-starttls", protocol]
    return ["openssl", "s_client", *first, "-connect", _place(address, task.port), *name, "-showcerts"]


def _keyscan(task: Task, address: str, target: Target) -> list[str] | None:
    return ["ssh-keyscan", _family(task), "-T", "8", "-p", str(task.port), address]


def _smtp(task: Task, address: str, target: Target) -> list[str] | None:
    scheme = "smtps" if task.params.get("tls") is True else "smtp"
    return ["curl", _family(task), "-sv", "-k", "-m", "45", f"{scheme}://{_place(address, task.port)}/"]


# Apps that curl, and protocols of STARTTLS that openssl, can ask as we do.
_CURL_APPS: Mapping[str, str] = {"imap": "imap", "pop3": "pop3", "ldap": "ldap", "rtsp": "rtsp"}
_STARTTLS: Mapping[str, str] = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "submission": "smtp",
    **{app: app for app in ("smtp", "imap", "pop3", "ldap")},
}


def _greeting(task: Task, address: str, target: Target) -> list[str] | None:
    app = str(task.params.get("app"))
    if task.params.get("tls") is True:
        return _s_client(task, address, target)
    if app in ("postgresql", "mysql"):
        place = _place(address, task.port)
        return ["openssl", "s_client", "-starttls", _STARTTLS[app], "-connect", place, "-noservername"]
    if app in _CURL_APPS:
        # An LDAP URL with nothing in it asks for the root DSE.
        end = "/??base" if app == "ldap" else "/"
        url = f"{_CURL_APPS[app]}://{_place(address, task.port)}{end}"
        return ["curl", _family(task), "--globoff", "-sv", "-m", "20", url]
    if app == "dns":
        name = task.params.get("name")
        words = ["dig", f"@{address}", "-p", str(task.port), "+tcp"]
        return [*words, "-q", f"{str(name or '').rstrip('.')}.", "-t", "SOA"]
    return ["nc", _family(task), "-z", "-v", "-w", "8", address, str(task.port)]


def _exchange(task: Task, address: str, target: Target) -> list[str] | None:
    app, name = task.params.get("app"), task.params.get("name")
    if app == "dns":
        zone = name if isinstance(name, str) else ""
        words = ["dig", f"@{address}", "-p", str(task.port), "+notcp"]
        return [*words, "-q", f"{zone.rstrip('.')}.", "-t", "SOA"]
    if app == "ntp" and task.port == _NTP_PORT:
        return ["ntpdig", _family(task), "-t", "8", address]
    return ["nc", _family(task), "-u", "-z", "-v", "-w", "8", address, str(task.port)]


def _large(task: Task, address: str, target: Target) -> list[str] | None:
    """Ask for a large answer as a browser would; what a large request meets, tracepath shows."""
    app, host, path = (task.params.get(name) for name in ("app", "host", "path"))
    if task.params.get("direction") == "response" and app in _HTTP_PORTS and isinstance(path, str):
        named = host if isinstance(host, str) and _NAME.fullmatch(host) else None
        if path.startswith("/"):
            return _curl(task, address, tls=app == "https", host=named, path=path)
    return ["tracepath", _family(task), "-n", address]


def _ping(task: Task, address: str, target: Target) -> list[str] | None:
    form = task.params.get("form")
    if form == "options":
        return None  # no common program sends them
    size = ["-s", "3000"] if form == "fragment" else []
    return ["ping", _family(task), "-c", "3", "-W", "1", *size, address]


_BUILDERS: Mapping[str, Callable[[Task, str, Target], list[str] | None]] = {
    "dns.query": _dig,
    "dns.tcp": _dig,
    "tcp.connect": _connect,
    "http.get": _get,
    "tls.handshake": _s_client,
    "tls.starttls": _s_client,
    "ssh.greeting": _keyscan,
    "ssh.hostkey": _keyscan,
    "app.greeting": _greeting,
    "smtp.greeting": _smtp,
    "udp.exchange": _exchange,
    "path.mtu": _large,
    "path.echo": _ping,
}
