"""Servers and filters of the path situations: what stands behind the narrow link and the wide one."""

from __future__ import annotations

from pathlib import Path

from tests.lab import servers
from tests.lab.narrow import NarrowNetwork, at
from tests.lab.network import Namespace
from tests.lab.servers import Site
from tests.lab.situations import path


def filter_at(namespace: Namespace, hook: str, rules: tuple[str, ...]) -> None:
    """Load rules into one hook of a namespace."""
    lines = "\n".join(rules)
    chain = f"chain lab {{\n type filter hook {hook} priority 0; policy accept;\n{lines}\n}}\n"
    namespace.nft(f"table inet lab {{\n{chain}}}\n")


def serve(network: NarrowNetwork, folder: Path) -> None:
    """Serve a large and a small page at every address, SSH at one, and set the filters."""
    pages = folder / "pages"
    pages.mkdir()
    for name in ("large.html", "index.html"):  # a control is asked for its first page
        (pages / name).write_text("<html>" + "0123456789abcde\n" * 3800)
    (pages / "small.html").write_text("<html>small")
    site = Site(listen=(("::", 80),), body=f"location / {{ root {pages}; }}")
    for name, namespace in (("s", network.server), ("t", network.probing)):
        servers.start_nginx(namespace, folder / name, [site])
    servers.start_sshd(network.server, folder / "sshd", [at(path.SSH)])
    filter_at(network.server, "input", path.AT_SERVER)
    filter_at(network.probing, "input", path.AT_PROBING)
    filter_at(network.router, "output", path.AT_ROUTER)
    filter_at(network.far, "forward", path.AT_FAR)
