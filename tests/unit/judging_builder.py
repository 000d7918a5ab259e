"""Builds small runs for tests of the judging half: an inventory, what was asked, and what came back.

A `Run` keeps its own clock: each observation comes some seconds after the last, so that a test that
says nothing of time still tells a plausible story. Addresses are those of documentation prefixes,
which every run's scope names.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ipv6check.checks import BUILTIN
from ipv6check.facts import Facts, derive
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Endpoint, Family, Inventory, System
from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.run import RunMeta
from ipv6check.model.task import STAGE_CLOSED, STAGE_SERVICES, Task, make_task
from ipv6check.model.text import JSON
from ipv6check.net.page_sketch import sketch
from ipv6check.net.remote_text import title
from tests.unit.judging_inventory import (
    CANARY4,
    CANARY6,
    RESOLVER,
    host,
    inventory,
    service,
    system,
)

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
V6, V4 = "2001:db8:10::80", "198.51.100.80"

__all__ = [
    "CANARY4", "CANARY6", "RESOLVER", "START", "V4", "V6", "Run", "decoy", "dual_stack",
    "host", "inventory", "service", "system",
]  # fmt: skip


@dataclass
class Run:
    """A run under construction: every method tells of one thing that was asked and what came back."""

    inventory: Inventory
    vantage: str = "inside"
    observations: list[Observation] = field(default_factory=list)
    now: datetime = START
    roots: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, *systems: System, **more: Any) -> Run:
        """Start a run of these systems, at a vantage that works: both families, living canaries."""
        working = more.pop("working", True)
        run = cls(inventory(*systems, **more))
        if working:
            run.source(6, "2001:db8:1::2", routers=("2001:db8:1::1",))
            run.source(4, "203.0.113.2", routers=("203.0.113.1",))
            run.canaries()
        return run

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def say(
        self,
        task: Task,
        outcome: Outcome = "ok",
        failure: str | None = None,
        data: Mapping[str, JSON] | None = None,
        *,
        seconds: float = 0.02,
        attempt: int = 1,
        final: bool = True,
    ) -> Observation:
        """Record one try, now."""
        observation = Observation(
            task=task,
            attempt=attempt,
            started=self.now,
            seconds=seconds,
            outcome=outcome,
            failure=failure,
            data=data or {},
            final=final,
        )
        self.observations.append(observation)
        self.wait(seconds + 0.1)
        return observation

    # the vantage itself

    def source(
        self, family: Family, source: str | None, *, routers: Sequence[str] = (), round_: int = 0, **data: Any
    ) -> None:
        """Tell which source address a family has; None: there is none."""
        address = "2001:db8:10::" if family == 6 else "198.51.100.0"
        task = make_task(
            "vantage.source",
            vantage=self.vantage,
            family=family,
            address=address,
            params={"round": round_},
        )
        if source is None:
            self.say(task, "failed", "local", {"errno": "ENETUNREACH", "detail": "no_route"})
        else:
            known = {"source": source, "scope": "global", "gateways": list(routers), **data}
            self.say(task, data=known)

    def canaries(self, *, alive: Sequence[str] | None = None, round_: int = 0) -> None:
        """Ask all canaries; those of `alive` answer (default: all)."""
        vantage = self.inventory.vantage(self.vantage)
        for canary in vantage.canaries:
            task = make_task(
                "vantage.canary",
                vantage=self.vantage,
                family=canary.family,
                address=canary.address,
                port=canary.port,
                params={"round": round_},
            )
            if alive is None or canary.address in alive:
                self.say(task, data={"how": "echo", "port": None, "onlink": False})
            else:
                for attempt in (1, 2):
                    self.say(task, "failed", "silent", seconds=12.0, attempt=attempt)

    # names

    def question(self, name: str, rdtype: str, **more: Any) -> Task:
        """Make a DNS question, by default to the view's first server over UDP.

        `view` names another vantage's, `purpose` what else a question is asked for.
        """
        server: Endpoint = more.pop("server", RESOLVER)
        view = more.pop("view", None)
        purpose = "view" if view else more.pop("purpose", None)
        params: dict[str, JSON] = {
            "name": name,
            "type": rdtype,
            "view": view or "view",
            "rd": more.pop("rd", True),
            "cd": more.pop("cd", False),
            "edns": more.pop("edns", True),
        }
        if purpose is not None:
            params["purpose"] = purpose
        if "round" in more:
            params["round"] = more.pop("round")
        params |= more.pop("more", {})
        return make_task(
            more.pop("kind", "dns.query"),
            vantage=self.vantage,
            family=server.family,
            address=server.address,
            port=server.port,
            params=params,
        )

    def answers(self, name: str, rdtype: str, *records: str, **more: Any) -> None:
        """Answer a question: records are addresses, or `owner CNAME target` / `owner MX 10_target`."""
        rcode, flags = more.pop("rcode", "NOERROR"), more.pop("flags", ["QR", "RD", "RA"])
        answer = [_record(name, rdtype, record) for record in records]
        has_soa = not records or more.pop("soa", False)
        zone, seconds, extra = more.pop("zone", "example"), more.pop("seconds", 0.02), more.pop("data", {})
        data: dict[str, JSON] = {
            "rcode": rcode,
            "flags": flags,
            "answers": answer,
            "authority": [[zone, "SOA", 60, "ns.example. hostmaster.example. 1 2 3 4 5"]]
            if has_soa and more.pop("authority", True)
            else [],
            "bad_rdata": more.pop("bad_rdata", []),
            **extra,
        }
        self.say(self.question(name, rdtype, **more), data=data, seconds=seconds)

    def unanswered(
        self, name: str, rdtype: str, failure: str = "no_answer", tries: int = 3, **more: Any
    ) -> None:
        """Let a question go without an answer."""
        task = self.question(name, rdtype, **more)
        for attempt in range(1, tries + 1):
            self.say(task, "failed", failure, seconds=5.0, attempt=attempt, final=attempt == tries)

    def named(
        self, name: str = "www.example", *, a: Sequence[str] = (V4,), aaaa: Sequence[str] = (V6,)
    ) -> None:
        """Answer both questions about a name; without addresses that is NODATA."""
        self.answers(name, "A", *a)
        self.answers(name, "AAAA", *aaaa)

    def pointed(self, address: str = V6, name: str = "www.example", **more: Any) -> None:
        """Let an address's PTR record name a host; whether that leads back is the host's AAAA answer."""
        self.answers(ipaddress.ip_address(address).reverse_pointer, "PTR", name, **more)

    # ports

    def connect_task(self, address: str, port: int, **more: Any) -> Task:
        """Make a connection's task."""
        return make_task(
            "tcp.connect",
            vantage=self.vantage,
            family=6 if ":" in address else 4,
            address=address,
            port=port,
            transport="tcp",
            params={key.rstrip("_"): more[key] for key in ("round_", "look") if key in more},
            stage=more.get("stage", STAGE_SERVICES),
        )

    def open(
        self, address: str, port: int = 443, *, silent_first: int = 0, retransmits: int = 0, **more: Any
    ) -> None:
        """Let a port answer, after some lost tries or packets."""
        task = self.connect_task(address, port, **more)
        for attempt in range(1, silent_first + 1):
            self.say(task, "failed", "silent", seconds=8.5, attempt=attempt, final=False)
        data: dict[str, JSON] = {"retransmits": retransmits} if retransmits else {}
        self.say(task, data=data, attempt=silent_first + 1)

    def closed(self, address: str, port: int = 443, **more: Any) -> None:
        """Let a port answer with a RST."""
        self.say(self.connect_task(address, port, **more), "failed", "closed", {"errno": "ECONNREFUSED"})

    def rejected(
        self, address: str, port: int = 443, offender: str = "2001:db8:1::1", word: str = "rejected"
    ) -> None:
        """Let an ICMP error come back."""
        data: dict[str, JSON] = {"errno": "EACCES", "icmp": {"type": 1, "code": 1, "offender": offender}}
        for attempt in (1, 2):
            self.say(self.connect_task(address, port), "failed", word, data, attempt=attempt)

    def silent(
        self,
        address: str,
        port: int = 443,
        *,
        tries: int = 3,
        seconds: float = 8.5,
        gap: float = 6.0,
        **more: Any,
    ) -> None:
        """Let a port be silent through some tries."""
        task = self.connect_task(address, port, **more)
        for attempt in range(1, tries + 1):
            self.say(task, "failed", "silent", seconds=seconds, attempt=attempt, final=attempt == tries)
            self.wait(gap)

    def fails(self, address: str, port: int, word: str, outcome: Outcome = "failed", **data: JSON) -> None:
        """Let a connection fail in one word."""
        self.say(self.connect_task(address, port), outcome, word, data)

    def udp(
        self, address: str, port: int, app: str, word: str | None = None, tries: int = 3, **data: JSON
    ) -> None:
        """Exchange a datagram: a valid reply, or `tries` times the failure `word`."""
        task = make_task(
            "udp.exchange",
            vantage=self.vantage,
            family=6 if ":" in address else 4,
            address=address,
            port=port,
            transport="udp",
            params={"app": app, "name": ""},
        )
        if word is None:
            self.say(task, data={"valid": True, "detail": "", **data})
            return
        for attempt in range(1, tries + 1):
            self.say(task, "failed", word, data, seconds=5.0, attempt=attempt)

    # conversations

    def talk(
        self,
        kind: str,
        address: str,
        port: int,
        params: Mapping[str, JSON],
        word: str | None = None,
        **data: Any,
    ) -> None:
        """Hold a conversation: its data, or twice the failure `word`."""
        task = make_task(
            kind,
            vantage=self.vantage,
            family=6 if ":" in address else 4,
            address=address,
            port=port,
            transport="tcp",
            params=params,
        )
        if word is None:
            self.say(task, data=data)
            return
        for attempt in (1, 2):
            self.say(task, "failed", word, data, attempt=attempt)

    def tls(
        self,
        address: str,
        chain: Sequence[str] = (),
        word: str | None = None,
        *,
        port: int = 443,
        name: str | None = "www.example",
        **data: Any,
    ) -> None:
        """Shake hands: the chain that was shown (base64), or a failure."""
        known = {"version": "TLSv1.3", "chain": list(chain), "client_certificate": False, **data}
        params = {"sni": name, "app": "https"}
        self.talk("tls.handshake", address, port, params, word, **(data if word else known))

    def page(
        self,
        address: str,
        status: int = 200,
        location: str | None = None,
        *,
        word: str | None = None,
        port: int = 443,
        path: str = "/",
        name: str | None = "www.example",
        fetch: int = 1,
        hop: int = 0,
        tls: bool = True,
        **data: Any,
    ) -> None:
        """Fetch a page: its status, where it redirects and its `body`, or a failure."""
        params = {
            "tls": tls,
            "sni": name if tls else None,
            "host": name or address,
            "path": path,
            "fetch": fetch,
            "hop": hop,
        }
        shown = data.pop("body", f"<title>Portal</title><p>{status}")
        known = {"status": status, "location": location, "client_certificate": False, **data}
        if "content" not in known:
            known |= {"content": sketch(shown.encode()), "title": title(shown.encode())}
        self.talk("http.get", address, port, params, word, **(data if word else known))

    def pages(self, status4: int = 200, status6: int = 200, **more: Any) -> None:
        """Fetch the page as a scan does: once over IPv6, twice over IPv4."""
        self.page(V6, status6, **more)
        for fetch in (1, 2):
            self.page(V4, status4, fetch=fetch, **more)

    # judging

    @property
    def meta(self) -> RunMeta:
        """The run's own description."""
        return RunMeta(
            id="20261124T030000Z-abcdef",
            started=START,
            finished=self.now,
            complete=True,
            tool="ipv6check",
            profile="default",
            profile_sha256="",
            catalogue_sha256="",
            inventory_sha256="",
            inventory_main="inventory.yaml",
            vantage=self.vantage,
            resolvers=((RESOLVER.address, RESOLVER.port),),
        )

    def facts(self) -> Facts:
        """Return the facts of what was recorded so far."""
        return derive(self.inventory, self.observations, self.meta, self.roots)

    def findings(self, system_id: str | None = None, **params: Any) -> list[Finding]:
        """Judge one system (default: the first) with every check."""
        view = self.facts().view(system_id or self.inventory.systems[0].id)
        return [finding for check in BUILTIN for finding in check(view, params)]

    def said(self, check_id: str, **narrowed: Any) -> set[tuple[str, str]]:
        """Return (verdict, reason) of a check's findings; `narrowed` by fields of their targets."""
        return {
            (finding.verdict, finding.reason)
            for finding in self.findings()
            if finding.check == check_id
            and all(getattr(finding.target, key) == value for key, value in narrowed.items())
        }

    def one(self, check_id: str, **narrowed: Any) -> Finding:
        """Return the one finding of a check."""
        (finding,) = [
            finding
            for finding in self.findings()
            if finding.check == check_id
            and all(getattr(finding.target, key) == value for key, value in narrowed.items())
        ]
        return finding


def _record(name: str, rdtype: str, record: str) -> list[JSON]:
    parts = record.split()
    if len(parts) == 1 or rdtype == "HTTPS":
        return [name, rdtype, 60, record]
    return [*parts[:2], 60, parts[2].replace("_", " ")]


def dual_stack(*, port: int = 1521, **more: Any) -> Run:
    """Return a run of one name with both addresses and one plain TCP service, nothing asked of it yet."""
    run = Run.of(system(services=[service("tcp", port)], **more))
    run.named()
    return run


def decoy(run: Run, address: str, port: int = 61234) -> None:
    """Let a port that nobody declared accept a connection."""
    run.open(address, port, stage=STAGE_CLOSED)
