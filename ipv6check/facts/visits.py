"""Facts about web pages: where a fetch ends, over the redirects it was sent along.

In: the `http.get` observations of one family, hop by hop. Out: a `Visit`. Hops are joined by the
place that was asked for, since equal questions are asked only once, whoever wanted to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ipv6check.facts.place import REDIRECTS, Place, asked_place, follow
from ipv6check.facts.talks import Talk, talk
from ipv6check.facts.tries import Asked, number, text
from ipv6check.model.fact import Answer
from ipv6check.model.inventory import Family
from ipv6check.model.text import JSON

MAX_HOPS = 5
CERTIFICATE_ALERTS = frozenset({"certificate_required", "bad_certificate", "certificate_unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One fetch with all its redirects, over one family.

    `answer` is yes if the first place answered, at `address` and `port`. `status` is the last
    answer's, `final` the last place reached or, where a redirect was not followed (`stopped` says
    why), the one it names.
    `looped`: it came back to a place, or was sent on more than five times. `literal`: an IPv4
    address in a redirect over IPv6. `leaves`: a host that IPv6 does not reach. `page` is what the
    last answer said (the data of its `http.get`).
    """

    answer: Answer
    address: str = ""
    failure: str = ""
    word: str = ""
    port: int | None = None
    final: Place | None = None
    status: int | None = None
    hops: int = 0
    looped: bool = False
    literal: str | None = None
    leaves: str | None = None
    stopped: str = ""
    client_certificate: bool = False
    page: Mapping[str, JSON] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it ends at the port where it began: the service's own, whatever its number."""
        return self.final is not None and self.final.port == self.port

    @property
    def at_home(self) -> bool:
        """Whether it ends at the address asked, by its literal: a host without a name has one a family."""
        return self.final is not None and self.final.host == self.address


# (place, family) → the reason why it was not followed, or None if that family does not reach it
Reach = Callable[[Place, Family], str | None]
Next = Callable[[Place, Asked], Asked | None]


def visit(first: Asked, following: Next, reach: Reach) -> Visit:
    """Follow one fetch to its end. `following` finds the fetch of the next hop, if it was asked."""
    asked, seen = first, set[Place]()
    found = Visit(answer="unknown", address=first.task.address or "", port=first.task.port)
    while True:
        said = talk(asked)
        here = _place(asked)
        found = _arrived(found, said, here, hop=len(seen))
        redirect = follow(here, said.data.get("location")) if found.status in REDIRECTS else None
        if said.answer != "yes" or not said.completed or redirect is None:
            return found
        seen.add(here)
        found = replace(found, final=redirect, hops=len(seen))
        if redirect in seen or len(seen) > MAX_HOPS:
            return replace(found, looped=True)
        step = _next(found, redirect, asked, following, reach)
        if isinstance(step, Visit):
            return step
        asked = step


def _place(asked: Asked) -> Place:
    task = asked.task
    return asked_place(asked.param("tls"), asked.param("host"), task.port, asked.param("path"))


def _arrived(found: Visit, said: Talk, here: Place, hop: int) -> Visit:
    wanted = said.data.get("client_certificate") is True or text(said.data, "alert") in CERTIFICATE_ALERTS
    asked = found.client_certificate or wanted
    evidence = (*found.evidence, *said.evidence)
    if said.completed:
        status = number(said.data, "status")
        return replace(
            found,
            final=here,
            client_certificate=asked,
            evidence=evidence,
            answer="yes",
            status=status,
            page=said.data,
        )
    found = replace(found, final=here, client_certificate=asked, evidence=evidence)
    if hop == 0 and said.answer == "yes":
        # Refused by TLS, which is another check's finding; or an answer past every bound.
        refused = said.word == "tls_alert"
        return replace(found, answer="no" if refused else "unknown", failure="http.too_large", word=said.word)
    if hop == 0:
        return replace(found, answer=said.answer, failure=said.failure, word=said.word)
    # The place of a redirect did not answer as a web server does.
    if said.answer == "no":
        return replace(found, leaves=here.host, word=said.word)
    return replace(found, stopped=said.failure or "reach.slow", word=said.word)


def _next(found: Visit, redirect: Place, asked: Asked, following: Next, reach: Reach) -> Visit | Asked:
    """Return the next hop's fetch, or the visit as it ends here."""
    family = asked.task.family or 6
    literal = redirect.literal
    if literal is not None and family == 6 and ":" not in literal:
        return replace(found, literal=literal)
    step = following(redirect, asked)
    if step is not None:
        return step
    reason = reach(redirect, family)
    return replace(found, leaves=redirect.host) if reason is None else replace(found, stopped=reason)


def next_fetch(fetches: Iterable[Asked], place: Place, asked: Asked) -> Asked | None:
    """Return the fetch that follows `asked` at `place`: same family and fetch, one hop further.

    At another host there may be several addresses; the one the last hop was at is preferred.
    """
    hop = number(asked.task.params, "hop") or 0
    found = [
        each
        for each in fetches
        if each.task.family == asked.task.family
        and each.param("fetch") == asked.param("fetch")
        and number(each.task.params, "hop") == hop + 1
        and _place(each) == place
    ]
    return min(
        found,
        key=lambda each: (each.task.address != asked.task.address, each.task.address or ""),
        default=None,
    )
