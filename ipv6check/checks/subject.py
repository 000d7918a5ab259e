"""What a finding is about, apart from what it says: so that findings can name each other as `root`.

The constructors here are the only place where targets are put together: the identity of a finding
depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ipv6check.facts import SystemView
from ipv6check.model.finding import Finding, Target, Verdict
from ipv6check.model.identity import hashed, subject_identity
from ipv6check.model.inventory import Family, Host, Service, Source
from ipv6check.model.text import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that one check says something of."""

    view: SystemView
    check: str
    vantage: str | None
    target: Target
    source: Source | None
    per_family: bool = False

    def says(
        self,
        verdict: Verdict,
        reason: str,
        args: Mapping[str, JSON] | None = None,
        *,
        evidence: tuple[str, ...] = (),
        root: str | None = None,
        address: str | None = None,
    ) -> Finding:
        """Return the finding. `address` is the one that explains it best, if any is."""
        target = self.target
        if address is not None and address != target.address:
            target = _at(target, address)
        return Finding(
            check=self.check,
            system=self.view.system.id,
            verdict=verdict,
            reason=reason,
            vantage=self.vantage,
            target=target,
            per_family=self.per_family,
            args=dict(args) if args else {},
            evidence=tuple(dict.fromkeys(evidence)) if len(evidence) > 1 else evidence,
            root=None if root is None or root == self.id else root,
            source=self.source,
        )

    @property
    def id(self) -> str:
        """The id that the finding about this subject has, whatever it says."""
        about = subject_identity(
            self.check, self.view.system.id, self.vantage, self.target, per_family=self.per_family
        )
        return hashed(about)


def _at(target: Target, address: str) -> Target:
    # As `replace` would make it, in a fifth of the time.
    return Target(
        host=target.host,
        address=address,
        family=target.family,
        port=target.port,
        transport=target.transport,
        app=target.app,
        prefix=target.prefix,
        equipment=target.equipment,
        milestone=target.milestone,
    )


def of_system(view: SystemView, check: str) -> Subject:
    """Return the system as a whole as a subject: of what is said of it from no vantage in particular."""
    return Subject(view=view, check=check, vantage=None, target=Target(), source=view.system.source)


def of_domain(view: SystemView, check: str, vantage: str | None, domain: str) -> Subject:
    """Return a mail domain of the system as a subject."""
    target = Target(host=domain)
    return Subject(view=view, check=check, vantage=vantage, target=target, source=view.system.source)


def of_host(
    view: SystemView, check: str, vantage: str | None, host: Host, family: Family | None = None
) -> Subject:
    """Return a host as a subject: of naming and address checks."""
    target = Target(host=host.declared, address=host.address, family=family)
    return Subject(view=view, check=check, vantage=vantage, target=target, source=host.source)


def of_literal(view: SystemView, check: str, vantage: str | None, address: str) -> Subject:
    """Return an address that the system names apart from its hosts as a subject: a mail sender, say."""
    target = Target(host=address, address=address, family=6 if ":" in address else 4)
    return Subject(view=view, check=check, vantage=vantage, target=target, source=view.system.source)


def of_zone(view: SystemView, check: str, vantage: str | None, zone: str, service: Service) -> Subject:
    """Return a zone that a service of the system serves as a subject."""
    return Subject(view=view, check=check, vantage=vantage, target=Target(host=zone), source=service.source)


def of_vantage(view: SystemView, check: str, vantage: str) -> Subject:
    """Return what a vantage offers the system as a subject."""
    return Subject(view=view, check=check, vantage=vantage, target=Target(), source=view.system.source)


def of_service(
    view: SystemView,
    check: str,
    vantage: str | None,
    host: Host,
    service: Service,
    family: Family | None = None,
) -> Subject:
    """Return a service of a host as a subject; with many ports the lowest names it."""
    address = host.address if family and host.address and _of(host.address, family) else None
    target = Target(
        host=host.declared,
        address=address,
        family=family,
        port=_port(service, family),
        transport=service.transport,
        app=service.app,
    )
    return Subject(view=view, check=check, vantage=vantage, target=target, source=service.source)


def of_pair(
    view: SystemView, check: str, vantage: str | None, hosts: tuple[Host, ...], service: Service
) -> Subject:
    """Return a service of a pair as a subject: parity names the service, not one address.

    The hosts without a pair are the system as a whole; a named pair is called by its first host.
    """
    host = hosts[0].declared if hosts and hosts[0].pair is not None else None
    target = Target(host=host, port=_port(service, None), transport=service.transport, app=service.app)
    return Subject(view=view, check=check, vantage=vantage, target=target, source=service.source)


def of_port(view: SystemView, check: str, vantage: str, host: Host, port: int, family: Family) -> Subject:
    """Return a host's TCP port that is no service as a subject, of one family."""
    target = Target(host=host.declared, family=family, port=port, transport="tcp")
    return Subject(
        view=view, check=check, vantage=vantage, target=target, source=host.source, per_family=True
    )


def of_pair_port(view: SystemView, check: str, vantage: str, hosts: tuple[Host, ...], port: int) -> Subject:
    """Return a pair's TCP port that is no service as a subject, both families together."""
    target = Target(host=_pair_name(hosts), port=port, transport="tcp")
    return Subject(view=view, check=check, vantage=vantage, target=target, source=view.system.source)


def resolves(view: SystemView, vantage: str, host: Host) -> Subject:
    """Return the subject of naming.resolves."""
    return of_host(view, "naming.resolves", vantage, host)


def aaaa(view: SystemView, vantage: str | None, host: Host) -> Subject:
    """Return the subject of naming.aaaa; that a pair has only IPv4 literals is no vantage's finding."""
    return of_host(view, "naming.aaaa", vantage if host.address is None else None, host, 6)


def ipv4_root(view: SystemView, vantage: str, host: Host) -> str:
    """Return the finding that says why it is unknown whether a name has an IPv4 address.

    A name that does not exist is naming.resolves's finding, as is any where naming.a does not apply.
    """
    named = view.published(vantage, host, 4).reason != "dns.nxdomain"
    check = "naming.a" if named and view.system.goal == "dual-stack" else "naming.resolves"
    return of_host(view, check, vantage, host, 4 if check == "naming.a" else None).id


def address_class(view: SystemView, vantage: str | None, host: Host) -> Subject:
    """Return the subject of address.class; a literal is the same from everywhere."""
    return of_host(view, "address.class", vantage if host.address is None else None, host, 6)


def reach(view: SystemView, vantage: str, host: Host, service: Service, family: Family = 6) -> Subject:
    """Return the subject of reach.service, or over IPv4 of reach.ipv4."""
    check = "reach.service" if family == 6 else "reach.ipv4"
    return of_service(view, check, vantage, host, service, family)


def _pair_name(hosts: tuple[Host, ...]) -> str | None:
    return hosts[0].declared if hosts and hosts[0].pair is not None else None


def _of(address: str, family: Family) -> bool:
    return (":" in address) == (family == 6)


def _port(service: Service, family: Family | None) -> int | None:
    ports = service.ports.get(family, ()) if family else ()
    every = ports or service.ports.get(6, ()) or service.ports.get(4, ())
    return min(every) if every else None
