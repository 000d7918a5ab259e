"""Dependencies in a circle are named once, as a warning: the inventory stays valid."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory import load
from ipv6check.inventory.circles import circles
from ipv6check.model.inventory import Dependency, System
from ipv6check.model.text import Text
from tests.unit.judge.cases import HERE, inventory

HEAD = "version: 1\norganization: {id: a, name: A}\n"


def warned(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "inventory.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    loaded = load(path)
    assert loaded.inventory is not None, loaded.errors
    return [str(problem) for problem in loaded.warnings if "through others" in str(problem)]


def test_a_circle_is_named_in_the_order_of_its_dependencies_at_its_line(tmp_path: Path) -> None:
    (told,) = warned(
        tmp_path,
        "systems:\n"
        "  - {id: c, hosts: [c.example], services: [https], depends_on: [b]}\n"
        "  - {id: b, hosts: [b.example], services: [https], depends_on: [{equipment: a}]}\n"
        "equipment:\n"
        "  - {id: a, kind: firewall, depends_on: [c]}\n",
    )
    assert "inventory.yaml:7:" in told
    assert "(a → c → b → a)" in told


def test_two_circles_are_two_warnings_and_a_chain_is_none(tmp_path: Path) -> None:
    told = warned(
        tmp_path,
        "systems:\n"
        "  - {id: a, hosts: [a.example], services: [https], depends_on: [b]}\n"
        "  - {id: b, hosts: [b.example], services: [https], depends_on: [a, c]}\n"
        "  - {id: c, hosts: [c.example], services: [https], depends_on: [d]}\n"
        "  - {id: d, hosts: [d.example], services: [https], depends_on: [e]}\n"
        "  - {id: e, hosts: [e.example], services: [https], depends_on: [d]}\n",
    )
    assert [line.split("(")[1].split(")")[0] for line in told] == ["a → b → a", "d → e → d"]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_what_is_told_is_a_circle_and_without_one_nothing_is(edges: list[tuple[int, int]]) -> None:
    wanted = sorted({(a, b) for a, b in edges if a != b})
    declared = inventory(
        *(
            System(
                id=f"s{n}",
                name=Text.same("s"),
                depends_on=tuple(Dependency(kind="system", target=f"s{b}") for a, b in wanted if a == n),
                source=HERE,
            )
            for n in range(7)
        )
    )
    reach = set(wanted)
    for middle in range(7):
        reach |= {(a, d) for a, b in reach if b == middle for c, d in reach if c == middle}
    found = list(circles(declared))
    assert bool(found) == any((n, n) in reach for n in range(7))
    for circle in found:
        ids = [int(each.id[1:]) for each in circle]
        assert all(pair in wanted for pair in zip(ids, [*ids[1:], ids[0]], strict=True))
