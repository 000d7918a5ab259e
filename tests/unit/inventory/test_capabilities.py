"""Which checks absent input switches off."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ipv6check.inventory import Loaded, load
from ipv6check.inventory.capabilities import CHECKS, switched_off
from ipv6check.model.inventory import (
    Inventory,
)

WHOLE = Path(__file__).parent / "whole.yaml"

Read = Callable[[str], Loaded]


def valid(loaded: Loaded) -> Inventory:
    assert loaded.inventory is not None, [str(e) for e in loaded.errors]
    assert loaded.errors == ()
    return loaded.inventory


class TestCapabilities:
    def test_the_checks_are_the_catalogues(self) -> None:
        catalogue = Path(__file__).parents[3].parent / "shared" / "design" / "catalogue.md"
        if not catalogue.exists():
            pytest.skip("the catalogue of checks is not beside the repository")
        areas = catalogue.read_text().split("## Naming", 1)[1].split("## Without an IPv6 address")[0]
        rows = re.findall(r"^\| `([a-z0-9_]+\.[a-z0-9_]+)` —", areas, re.MULTILINE)
        prose = re.findall(r"`([a-z0-9_]+\.[a-z0-9_]+)` (?:—|\(|·)", areas.split("## Towards IPv6-only")[1])
        # decision 120: a check beside those of the catalogue, which sends packets
        assert set(CHECKS) == set(rows) | set(prose) | {"equipment.reachable"}
        assert len(CHECKS) == len(set(CHECKS))

    def test_an_absent_input_switches_off_its_checks_and_names_what_would_switch_them_on(
        self, read: Read
    ) -> None:
        off = switched_off(valid(read("systems: [{id: a, hosts: [x.y], services: [https]}]\n")))
        by_check = {check: item for item in off for check in item.checks}
        assert by_check["ns.chain"].everywhere
        assert "`dns_roots`" in by_check["ns.chain"].advice.en
        assert "`dns_roots`" in by_check["ns.chain"].advice.vi
        assert not {"reach.service", "tls.valid", "http.status", "naming.aaaa"} & by_check.keys()

    def test_systems_that_lack_an_input_are_named_where_others_have_it(self, read: Read) -> None:
        systems = "[{id: a, hosts: [x.y], services: [https]}, {id: b, hosts: [y.z], services: [ssh]}]"
        off = switched_off(valid(read(f"systems: {systems}\n")))
        by_check = {check: item for item in off for check in item.checks}
        assert (by_check["tls.valid"].everywhere, by_check["tls.valid"].systems) == (False, ("b",))
        assert by_check["parity.hostkey"].systems == ("a",)

    @pytest.mark.parametrize("app", ["smtp", "submission", "imap", "pop3", "ldap"])
    def test_starttls_alone_leaves_certificates_judged_but_not_their_revocation(
        self, read: Read, app: str
    ) -> None:
        off = switched_off(valid(read(f"systems: [{{id: a, hosts: [x.y], services: [{app}]}}]\n")))
        checks = {check for item in off for check in item.checks}
        assert checks & {"tls.valid", "tls.parity", "tls.revocation"} == {"tls.revocation"}

    def test_no_tls_at_all_switches_off_all_that_is_judged_of_it(self, read: Read) -> None:
        off = switched_off(valid(read("systems: [{id: a, hosts: [x.y], services: [ssh]}]\n")))
        checks = {check for item in off for check in item.checks}
        assert checks >= {"tls.valid", "tls.parity", "tls.revocation"}

    def test_names_outside_every_declared_zone_are_named_for_their_servers_may_not_be_asked(
        self, read: Read
    ) -> None:
        dns = "{id: d, category: dns, hosts: [ns.t.example], services: [{app: dns, zones: [t.example]}]}"
        inside, outside = "{id: a, hosts: [www.t.example]}", "{id: b, hosts: [www.t.example, x.other]}"
        off = switched_off(valid(read(f"systems: [{dns}, {inside}, {outside}]\n")))
        by_check = {check: item for item in off for check in item.checks}
        assert (by_check["ns.aaaa"].everywhere, by_check["ns.aaaa"].systems) == (False, ("b",))

    def test_the_whole_inventory_leaves_little_off(self) -> None:
        off = {check for item in switched_off(valid(load(WHOLE))) if item.everywhere for check in item.checks}
        assert off == {"parity.hostkey", "mail.smtp", "mail.starttls"}
