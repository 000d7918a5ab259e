"""One service of a draft: made only if the loader takes it (`system_schema.ServiceEntry`)."""

from __future__ import annotations

from dataclasses import dataclass

from ipv6check.inventory import values
from ipv6check.inventory.apps import APPS, NEVER_PROBED
from ipv6check.inventory.importers.wording import app_of_port
from ipv6check.inventory.problems import Refusal


@dataclass(frozen=True, slots=True, order=True)
class DraftService:
    """One service. `port` is a port or a range as text; empty for the app's standard port."""

    app: str
    transport: str
    port: str = ""
    path: str = ""
    role: str = ""
    zones: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a host calls it: `https:8443`."""
        return f"{self.app}:{self.port or APPS[self.app].port}"


def make_service(
    app: str, port: int | str | None, transport: str = "", path: str = ""
) -> DraftService | Refusal:
    """Return a service that the loader takes, or why it does not."""
    try:
        return _service(app, port, transport, path)
    except Refusal as refusal:
        return refusal


def _service(app: str, port: int | str | None, transport: str, path: str) -> DraftService:
    known = APPS.get(app)
    if known is None:
        raise Refusal(f'there is no app "{app}"')
    where = "" if port is None else str(port).replace(" ", "")
    if where:
        ports = values.port_ranges(where, None)[4]
        printers = sorted(set(ports) & set(NEVER_PROBED))
        if printers:
            raise Refusal(f"port {printers[0]} is never probed: printers print what connects there")
        if len(ports) == 1:
            where = str(ports[0])
            if app in ("tcp", "udp"):
                app = app_of_port(ports[0], app)
    elif known.port is None:
        raise Refusal(f"{app} has no standard port")
    way = transport or APPS[app].transports[0]
    if way not in APPS[app].transports:
        if not where or way not in ("tcp", "udp"):
            raise Refusal(f"{app} does not run over {way}")
        app = way
    if where == str(APPS[app].port):
        where = ""
    return DraftService(app, way, where, values.url_path(path) if path and path != "/" else "")
