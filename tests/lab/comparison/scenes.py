"""The networks on which the peers are run: those of the situations' own tests, without a scan of ours."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lab import path_scene, stage, translation, vantage_scene
from tests.lab.certificates import LabAuthority
from tests.lab.comparison import peers
from tests.lab.comparison.cases import Case
from tests.lab.comparison.peers import Desk, Line
from tests.lab.narrow import narrow_network
from tests.lab.network import VANTAGE_V4, three_namespaces
from tests.lab.servers import Site
from tests.lab.situation import ROOT, Situation
from tests.lab.situations import naming, odd_names, outside, parity, path, reach, services, web, web_pages
from tests.lab.situations.reach import v4, v6
from tests.lab.situations.vantages import RESOLVER_V4, VANTAGES

PEERS: dict[str, Callable[[Desk, peers.Asked], Iterator[Line]]] = {
    "nmap": peers.nmap,
    "dig + curl": peers.dig_and_curl,
    "blackbox_exporter": peers.blackbox,
}
Seen = dict[str, dict[str, list[Line]]]
"""What each peer said in each case."""

_AT_ONCE = 12


@contextlib.contextmanager
def _sound(folder: Path) -> Iterator[Desk]:
    """A sound resolver, web servers with a fault each, filters, a tarpit, a device open everywhere."""
    (folder / "ca").mkdir()
    ca = LabAuthority(folder / "ca")
    situations = [
        *(naming.NAMING + naming.ADDRESSES + reach.REACH + reach.HARDSHIP),
        *(web.certificates(ca) + web_pages.pages(ca) + parity.pages(ca) + outside.situations(ca)),
    ]
    published = "\n".join(line for s in situations for line in _published(s))
    with three_namespaces() as network:
        names = Situation(id="names", about="names of literals", system={}, zone=published)
        stage.start_names(network, folder, [*situations, names])
        stage.start_everywhere(network, folder)
        stage.start_web(network, folder, situations, [Site(listen=((v6(110), 3306),))])
        stage.answer_everywhere(network.server)
        odd = [each for each in services.responders() if each[0] in (v6(services.DRIP), v4(services.DRIP))]
        network.server.start(sys.executable, "-m", "tests.lab.responder", json.dumps(odd), cwd=ROOT)
        network.server.wait_for_port(v6(services.DRIP), 143)
        stage.set_filters(network, situations)
        yield Desk.laid(network.vantage, folder, stage.RESOLVER)


def _published(situation: Situation) -> Iterator[str]:
    """Yield zone lines for literals that stand for a name, so that tools can be asked for the name."""
    for host in situation.system["hosts"]:
        if isinstance(host, dict) and "name" in host:
            name = host["name"].removesuffix(".lab.example")
            yield f"{name} {'AAAA' if ':' in host['host'] else 'A'} {host['host']}"


@contextlib.contextmanager
def _odd_names(folder: Path) -> Iterator[Desk]:
    with three_namespaces() as network:
        stage.start_odd_names(network, folder, odd_names.ODD_NAMES)
        stage.start_everywhere(network, folder)
        yield Desk.laid(network.vantage, folder, stage.RESOLVER)


@contextlib.contextmanager
def _no_ipv6(folder: Path) -> Iterator[Desk]:
    situation = next(each for each in VANTAGES if each.id == "no-v6")
    with three_namespaces() as network:
        vantage_scene.lay_out(network, folder, situation)
        yield Desk.laid(network.vantage, folder, RESOLVER_V4)


@contextlib.contextmanager
def _nat64(folder: Path) -> Iterator[Desk]:
    with three_namespaces() as network:
        translation.start_dns64(network, folder)
        stage.start_everywhere(network, folder)
        translation.start_tayga(network, folder / "tayga")
        network.vantage.run("ip", "address", "del", f"{VANTAGE_V4}/24", "dev", "v0")
        yield Desk.laid(network.vantage, folder, stage.RESOLVER)


@contextlib.contextmanager
def _narrow(folder: Path) -> Iterator[Desk]:
    with narrow_network(path.NARROW, path.WIDE) as network:
        path_scene.serve(network, folder)
        yield Desk.laid(network.vantage, folder, stage.RESOLVER)


_SCENES = {"sound": _sound, "odd names": _odd_names, "no IPv6": _no_ipv6, "NAT64": _nat64, "narrow": _narrow}


def run(cases: Sequence[Case], folder: Path) -> Seen:
    """Run every peer on every case and return what they said; the networks are up together, and removed."""
    for case in cases:
        assert case.scene in _SCENES, case.scene
    with contextlib.ExitStack() as stack:
        desks = {}
        for number, (name, scene) in enumerate(_SCENES.items()):
            place = folder / str(number)
            place.mkdir()
            desks[name] = stack.enter_context(scene(place))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            asked = {
                (case.situation, peer): pool.submit(_lines, ask, desks[case.scene], case)
                for case in cases
                for peer, ask in PEERS.items()
            }
            seen: Seen = {case.situation: {} for case in cases}
            for (situation, peer), lines in asked.items():
                seen[situation][peer] = lines.result()
    return seen


def _lines(ask: Callable[[Desk, peers.Asked], Iterator[Line]], desk: Desk, case: Case) -> list[Line]:
    return list(ask(desk, case.asked))
