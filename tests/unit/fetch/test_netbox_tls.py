"""NetBox over TLS: a certificate nobody vouches for ends it; `--ca` names who does; no keys are logged."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ipv6check.cli import cli
from tests.lab.certificates import LabAuthority, Pair
from tests.unit.fetch.test_netbox import TOKEN, NetBox


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LabAuthority:
    return LabAuthority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def served(authority: LabAuthority, request: pytest.FixtureRequest) -> Iterator[NetBox]:
    pair: Pair = authority.leaf(request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.chain, pair.key)
    server = NetBox()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(server: NetBox, *more: str) -> Result:
    url = f"https://localhost:{server.server_address[1]}/goc"
    return CliRunner().invoke(cli, ["import", "netbox", url, "--quiet", *more], env={"NETBOX_TOKEN": TOKEN})


@pytest.mark.parametrize("served", ["localhost"], indirect=True)
def test_an_internal_root_is_named_on_the_command_line(
    served: NetBox, authority: LabAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    done = fetch(served, "--ca", str(authority.root_file))
    assert done.exit_code == 0, done.stderr
    assert "ns1.tinhmau.example" in done.stdout
    assert not keys.exists()


@pytest.mark.parametrize("served", ["localhost"], indirect=True)
def test_a_root_that_nobody_named_is_refused_before_the_token_is_sent(served: NetBox) -> None:
    done = fetch(served)
    assert done.exit_code == 3
    assert "its certificate is refused" in done.stderr
    assert "--ca FILE" in done.stderr
    assert served.asked == []


@pytest.mark.parametrize("served", ["other.example"], indirect=True)
def test_a_certificate_for_another_name_is_refused(served: NetBox, authority: LabAuthority) -> None:
    done = fetch(served, "--ca", str(authority.root_file))
    assert done.exit_code == 3
    assert "its certificate is refused" in done.stderr
    assert served.asked == []
