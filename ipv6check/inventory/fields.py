"""The kinds of field an inventory has: how each is read (`values.py`), and its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any

from ipv6check.inventory import names
from ipv6check.inventory.takes import Takes, matching, number, of_text, reference
from ipv6check.inventory.values import (
    HostText,
    address,
    any_host,
    clock,
    day,
    days,
    endpoint,
    families,
    identifier,
    local_text,
    port,
    port_ranges,
    prefix,
    remark,
    service_label,
    timezone,
    url_path,
)
from ipv6check.model.inventory import Endpoint, Family
from ipv6check.model.text import Text

_STRING = {"type": "string"}
_LANGUAGES_SCHEMA = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {
            "type": "object",
            "properties": {"vi": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}


def _string(description: str, **more: Any) -> Mapping[str, Any]:
    return {**_STRING, "description": description, **more}


_PORT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 65535}
_RANGE_SCHEMA = {
    "anyOf": [_PORT_SCHEMA, {"type": "string", "pattern": "^[1-9][0-9]{0,4}( *- *[1-9][0-9]{0,4})?$"}]
}


def _per_family(schema: Mapping[str, Any]) -> dict[str, Any]:
    families = {"4": schema, "6": schema}
    each = {"type": "object", "properties": families, "additionalProperties": False, "minProperties": 1}
    return {"anyOf": [dict(schema), each]}


Id = Annotated[str, of_text(identifier, {"type": ["string", "number"], "pattern": r"^[a-z0-9][a-z0-9.-]*$"})]
LocalText = Annotated[Text, Takes(local_text, _LANGUAGES_SCHEMA)]
Remark = Annotated[str, Takes(remark, _LANGUAGES_SCHEMA)]
Word = Annotated[str, of_text(lambda text: text, {"type": ["string", "number", "boolean"]})]
Day = Annotated[date, of_text(day, _string("YYYY-MM-DD", format="date"))]
Clock = Annotated[time, of_text(clock, _string("HH:MM, in the organization's time zone"))]
Days = Annotated[
    tuple[int, ...],
    Takes(days, {"anyOf": [_string("mon-fri, or sat,sun"), {"type": "array", "items": _STRING}]}),
]
Families = Annotated[
    tuple[Family, ...],
    Takes(families, {"type": "array", "items": {"enum": [4, 6]}, "minItems": 1, "uniqueItems": True}),
]
Port = Annotated[int, of_text(names.port_number, _PORT_SCHEMA)]
PortByFamily = Annotated[dict[Family, tuple[int, ...]], Takes(port, _per_family(_PORT_SCHEMA))]
PortRange = Annotated[dict[Family, tuple[int, ...]], Takes(port_ranges, _per_family(_RANGE_SCHEMA))]
UrlPath = Annotated[str, of_text(url_path, _string("Begins with /", pattern="^/[^ #]*$"))]
Status = Annotated[int, number(100, 599, "an HTTP status")]
Phase = Annotated[int, number(0, 99, "a phase")]
Vlan = Annotated[int, number(1, 4094, "a VLAN")]
TimeZone = Annotated[str, of_text(timezone, _string("An IANA time zone, for instance Asia/Ho_Chi_Minh"))]
AnyHost = Annotated[HostText, of_text(any_host, _string("A host name, or an IP address in quotes"))]
Name = Annotated[str, of_text(names.canonical_name, _string("A domain name"))]
Address = Annotated[str, of_text(address, _string("An IPv4 or IPv6 address"))]
Prefix = Annotated[str, of_text(prefix, _string("network/length, or an address"))]
Resolver = Annotated[
    Endpoint, of_text(lambda text: endpoint(text, 53), _string("ADDR, ADDR:PORT or [ADDR]:PORT"))
]
Control = Annotated[Endpoint, of_text(lambda text: endpoint(text, None), _string("ADDR:PORT or [ADDR]:PORT"))]
CanaryAddress = Annotated[
    tuple[str, int | None],
    of_text(lambda text: names.endpoint(text, None), _string("ADDR, ADDR:PORT or [ADDR]:PORT")),
]
CheckId = Annotated[
    str, matching(r"[a-z0-9_]+\.[a-z0-9_]+", "a check: write its id, for instance reach.service")
]
Reason = Annotated[str, matching(r"[a-z0-9_]+\.[a-z0-9_]+", "a reason code, for instance reach.silent")]
Capability = Annotated[str, matching(r"[a-z0-9][a-z0-9._-]*", "a capability, for instance forwarding")]
ServiceLabel = Annotated[str, Takes(service_label, _string("A service of this system: its app, or app:port"))]
UnitRef = Annotated[str, reference("unit")]
SiteRef = Annotated[str, reference("site")]
SystemRef = Annotated[str, reference("system")]
EquipmentRef = Annotated[str, reference("equipment")]
MilestoneRef = Annotated[str, reference("milestone")]
VantageRef = Annotated[str, reference("vantage")]
ResolverRef = Annotated[str, reference("resolver")]
