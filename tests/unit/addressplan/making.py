"""Plans for tests: entries made by hand, and random ones that nest."""

from __future__ import annotations

from hypothesis import strategies as st
from netaddr import IPNetwork

from ipv6check.model.inventory import PlanEntry, Source

HERE = Source("inventory.yaml", 1)
ALLOCATION = "2001:db8::/32"


def entry(prefix: str, use: str = "subnet", **rest: object) -> PlanEntry:
    return PlanEntry(prefix=prefix, use=use, source=HERE, **rest)  # type: ignore[arg-type]


@st.composite
def prefixes(draw: st.DrawFn, inside: str = ALLOCATION, longest: int = 128) -> str:
    """Draw a prefix in another; short ones often, so that they nest and meet."""
    outer = IPNetwork(inside)
    length = draw(
        st.one_of(
            st.integers(outer.prefixlen, min(outer.prefixlen + 8, longest)),
            st.integers(outer.prefixlen, longest),
        )
    )
    bits = length - outer.prefixlen
    # Low and high numbers: the ends of a range are where mistakes are.
    number = draw(st.one_of(st.integers(0, min(2**bits - 1, 3)), st.integers(0, 2**bits - 1)))
    size = 2 ** (128 - length)
    return str(IPNetwork((outer.first + number * size, length), version=6))


USES = ("site", "subnet", "subnet", "point-to-point", "loopback", "reserved")


@st.composite
def plans(draw: st.DrawFn, most: int = 12) -> tuple[PlanEntry, ...]:
    """Draw a plan in one allocation; prefixes may nest, repeat and overlap."""
    count = draw(st.integers(0, most))
    return (
        entry(ALLOCATION, "allocation"),
        *(entry(draw(prefixes()), draw(st.sampled_from(USES))) for _ in range(count)),
    )


@st.composite
def addresses(draw: st.DrawFn, most: int = 12) -> frozenset[str]:
    """Draw addresses, most of them in the allocation."""
    inner = [IPNetwork(draw(prefixes())).first for _ in range(draw(st.integers(0, most)))]
    outer = [f"3fff::{n:x}" for n in range(draw(st.integers(0, 2)))]
    return frozenset([*(str(IPNetwork((value, 128), version=6).ip) for value in inner), *outer])
