"""`explain CHECK|REASON`: why a check exists, how it is judged, what to do; contacts nobody."""

from __future__ import annotations

import click

from ipv6check.checks import texts
from ipv6check.cli import explaining
from ipv6check.cli.judging import Stopped, find_profile
from ipv6check.cli.settings import current
from ipv6check.inventory.problems import nearest, visible
from ipv6check.model.text import Text

_NONE = Text(
    "không có phép kiểm tra hay mã lý do nào tên là {name!r}{hint}",
    "there is no check and no reason code {name!r}{hint}",
)

_NEAR = Text("; ý bạn là {near!r}?", "; did you mean {near!r}?")


@click.command("explain", short_help="Why a check exists, how it is judged, what to do.")
@click.argument("name", metavar="CHECK|REASON")
@click.option("--profile", metavar="PROFILE", help="A built-in profile or a file (default: default).")
def command(name: str, profile: str | None) -> None:
    """Say why a check exists, how it is judged and what to do; or what a reason code means.

    CHECK is an id such as reach.service, or an area such as reach. Contacts nobody.
    """
    rules = find_profile(profile)
    language = current().language
    ids = explaining.IDS
    area = [check_id for check_id in ids if check_id.startswith(f"{name}.")]
    if name in ids:
        lines = explaining.check(name, rules, language)
    elif area:
        lines = explaining.table(area, rules, language)
    elif explaining.keys(name, language):
        lines = explaining.reason(name, language)
    else:
        codes = {key.split("/")[-1].split("@")[0] for key in texts.catalogue(language).reasons}
        near = nearest(name, sorted({*ids, *codes}))
        hint = _NEAR.get(language).format(near=near) if near else ""
        raise Stopped(_NONE.get(language).format(name=visible(name), hint=hint))
    for line in lines:
        click.echo(line)
