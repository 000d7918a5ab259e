"""30 % of all IPv6 packets are lost at random: nobody who is alive is called dead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.network import three_namespaces
from tests.lab.servers import Site, start_nginx
from tests.lab.situation import Scene, inventory_of, scan
from tests.lab.situations.reach import v4, v6

pytestmark = [pytest.mark.lab, pytest.mark.slow]
ALIVE = range(101, 116)
LARGE = range(121, 127)


def test_random_loss_makes_no_fail(tmp_path: Path) -> None:
    systems = [
        {"id": f"s{n}", "name": "alive", "hosts": [v6(n), v4(n)], "services": [{"app": "tcp", "port": 80}]}
        for n in ALIVE
    ]
    # Large pages: what stalls here is lost by chance, not for its size.
    systems += [
        {"id": f"w{n}", "name": "alive", "hosts": [v6(n), v4(n)], "services": [{"app": "http", "port": 8080}]}
        for n in LARGE
    ]
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<html>" + "0123456789abcde\n" * 3800)
    large = Site(listen=(("::", 8080), ("0.0.0.0", 8080)), body=f"location / {{ root {tmp_path}/pages; }}")
    with three_namespaces() as network:
        stage.start_names(network, tmp_path, ())
        stage.start_everywhere(network, tmp_path)
        start_nginx(network.server, tmp_path / "large", [large])
        stage.set_filters(network, (), ("meta nfproto ipv6 numgen random mod 100 < 30 drop",))
        scene = Scene(network, tmp_path, "198.51.100.2")
        inventory = inventory_of((), {"canaries": ["2001:db8:2::2", "198.51.100.2"]}, "198.51.100.2")
        inventory["systems"] = systems
        scan(scene, inventory)
        lost = network.router.run("nft", "list", "ruleset").stdout
    assert "numgen" in lost
    failed = [
        (s["id"], f["reason"])
        for s in scene.results["systems"]
        for f in s["findings"]
        if f["verdict"] == "fail"
    ]
    assert not failed
    reached = [
        f
        for s in scene.results["systems"]
        for f in s["findings"]
        if f["check"] == "reach.service" and f["verdict"] == "pass" and s["id"].startswith("s")
    ]
    assert len(reached) == len(ALIVE)
