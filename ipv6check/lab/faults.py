"""The one table of planted faults: which system, what is wrong with it, and what a scan must find.

`demo` plants exactly these; a test holds the table against results.json both ways: nothing missing,
and no other fail. What follows from a fault (`root` set in results.json) needs no row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from ipv6check.model.finding import Verdict


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault and one finding that must come of it."""

    system: str
    fault: str
    check: str
    verdict: Verdict
    reason: str


FAULTS: tuple[Fault, ...] = (
    Fault("public-service", "the name has an A record and no AAAA", "naming.aaaa", "fail", "dns.nodata"),
    Fault("gis", "AAAA answers NXDOMAIN though A exists", "naming.aaaa", "fail", "dns.rfc4074_nxdomain"),
    Fault("vpn", "AAAA answers SERVFAIL", "naming.aaaa", "unknown", "dns.servfail"),
    Fault("gis", "its name server denies the name for AAAA", "ns.aaaa", "fail", "ns.aaaa_nxdomain"),
    Fault("vpn", "its name server fails on AAAA", "ns.aaaa", "fail", "ns.aaaa_servfail"),
    Fault(
        "dns", "the resolver is named by its IPv4 address alone", "resolver.ipv6", "warn", "resolver.v4_only"
    ),
    Fault("dns", "the zone has no NS records", "ns.ipv6", "unknown", "dns.nodata"),
    Fault("legal-texts", "AAAA of four bytes", "naming.aaaa", "fail", "dns.bad_rdata"),
    Fault(
        "reporting", "a CNAME to a name that does not exist", "naming.resolves", "fail", "dns.cname_dangling"
    ),
    Fault(
        "paperless-meetings", "two CNAMEs that name each other", "naming.resolves", "fail", "dns.cname_loop"
    ),
    Fault("commune-office", "an IPv4 literal and nothing else", "naming.aaaa", "fail", "addr.none_declared"),
    Fault("ward-page", "AAAA without an A record", "naming.a", "warn", "naming.no_a"),
    Fault("citizen-feedback", "a mistyped name", "naming.resolves", "unknown", "dns.nxdomain"),
    Fault("open-data", "which no address plan has", "address.planned", "fail", "plan.outside"),
    Fault("open-data", "an IPv4-mapped address as AAAA", "address.class", "fail", "addr.v4mapped"),
    Fault("one-stop", "nobody listens on IPv6", "reach.service", "fail", "reach.closed"),
    Fault("digital-signature", "IPv6 packets are dropped", "reach.service", "fail", "reach.silent"),
    Fault("camera", "nobody listens on either family", "reach.service", "fail", "reach.down"),
    Fault("camera", "nobody listens on either family", "reach.ipv4", "fail", "reach.down"),
    Fault("video-conference", "IPv6 works, IPv4 is closed", "reach.ipv4", "fail", "reach.closed"),
    Fault("monitoring", "accepts over IPv6 and never greets", "reach.service", "fail", "reach.no_banner"),
    Fault("archive", "plain HTTP on the HTTPS port of IPv6", "reach.service", "fail", "reach.protocol"),
    Fault(
        "database",
        "a port that must be closed answers on IPv6",
        "parity.closed_ports",
        "fail",
        "exposure.open",
    ),
    Fault(
        "database", "a port IPv4 keeps shut is open on IPv6", "parity.exposure", "fail", "parity.v6_exposed"
    ),
    Fault("documents", "the certificate shown on IPv6 has expired", "tls.valid", "fail", "tls.expired"),
    Fault("sso", "the certificate shown on IPv6 is for another name", "tls.valid", "fail", "tls.wrong_name"),
    Fault("certificate-office", "a self-signed certificate on IPv6", "tls.valid", "fail", "tls.untrusted"),
    Fault(
        "document-axis", "IPv6 is forbidden (403), IPv4 is not", "http.status", "fail", "http.status_differs"
    ),
    Fault("smart-city", "IPv6 redirects to itself", "http.status", "fail", "http.redirect_loop"),
    Fault("statistics", "IPv6 redirects to an IPv4 literal", "http.status", "fail", "http.ipv4_literal"),
    Fault(
        "documents",
        "depends on what does not work without IPv4",
        "v6only.dependencies",
        "fail",
        "v6only.blocked_by",
    ),
    Fault(
        "commune-office",
        "its router cannot forward IPv6",
        "v6only.dependencies",
        "fail",
        "v6only.blocked_by",
    ),
    Fault(
        "one-stop",
        "depends on what does not work without IPv4",
        "v6only.dependencies",
        "fail",
        "v6only.blocked_by",
    ),
    Fault("public-service", "its deadline has passed", "deadline.met", "fail", "deadline.passed"),
    Fault("training", "503 on both families", "http.healthy", "fail", "http.error"),
)

# What is wrong with the address plan, the equipment and the programme: `system` is a prefix, or the id of a
# system, a device or a milestone.
AREA_FAULTS: tuple[Fault, ...] = (
    Fault("3fff:100::/64", "a subnet outside every allocation", "plan.nested", "fail", "plan.orphan"),
    Fault("2001:db8:100:1060::/72", "a LAN that is no /64", "plan.subnet_size", "warn", "plan.not_64"),
    Fault("2001:db8:100:2010::/63", "a LAN that is no /64", "plan.subnet_size", "warn", "plan.not_64"),
    Fault("2001:db8:100:2010::/63", "not on a nibble", "plan.boundary", "warn", "plan.not_nibble"),
    Fault("cpe-dong-hai", "can do nothing over IPv6", "equipment.capable", "fail", "equipment.no_ipv6"),
    Fault("cpe-hiep-thanh", "nobody asked", "equipment.capable", "unknown", "equipment.not_assessed"),
    Fault("sw-core", "does it in part", "equipment.capable", "warn", "equipment.partial"),
    Fault("san-1", "support has ended", "equipment.supported", "fail", "equipment.end_of_support"),
    Fault(
        "cpe-dong-hai",
        "managed over IPv4 alone",
        "equipment.management",
        "warn",
        "equipment.management_v4_only",
    ),
    Fault("fw-core", "management forgot IPv6", "equipment.reachable", "fail", "reach.closed"),
    Fault("replace-san", "a milestone is late", "programme.on_time", "fail", "programme.overdue"),
    *(
        Fault(system, "IPv4, and no planned IPv6 address", "plan.family_pair", "fail", "plan.no_ipv6")
        for system in ("commune-office", "vpn", "legal-texts", "gis", "open-data")
    ),
    Fault("citizen-feedback", "a mistyped name", "plan.family_pair", "unknown", "dns.nxdomain"),
)
