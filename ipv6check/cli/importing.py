"""`import FORMAT SOURCE`: a draft inventory that a person reviews, out of what there already is."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from ipv6check.cli.ending import Stopped, Unfinished
from ipv6check.cli.settings import current, note
from ipv6check.fetch import RemoteTrouble
from ipv6check.inventory.importers import READERS, Options, read, write
from ipv6check.inventory.problems import make_problem, visible
from ipv6check.inventory.reading import Unreadable, read_bytes
from ipv6check.model.text import Text
from ipv6check.store import StoreError, files

MAX_BYTES = 64 * 1024 * 1024
TOKEN_VARIABLE = "NETBOX_TOKEN"  # noqa: S105  # a name, not a token
KEY_VARIABLE = "IPV6CHECK_TSIG"

_DONE = Text(
    "{path}: {systems} hệ thống, {equipment} thiết bị, {prefixes} tiền tố; {remarks} ghi chú cần rà soát",
    "{path}: {systems} systems, {equipment} pieces of equipment, {prefixes} prefixes; "
    "{remarks} remarks to review",
)


def _columns(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for item in value:
        header, equals, field = item.rpartition("=")
        if not equals or not header.strip():
            raise click.BadParameter(f"{item!r}: write HEADER=FIELD, for instance 'Máy chủ=host'")
        found[header.strip()] = field.strip()
    return found


@click.command(name="import", short_help="A draft inventory out of what there already is.")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(list(READERS)))
@click.argument("source", metavar="SOURCE")
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, not to stdout."
)
@click.option("--force", is_flag=True, help="Let -o replace a file.")
@click.option("--map", "columns", multiple=True, callback=_columns, metavar="HEADER=FIELD",
              help="csv, xlsx: what a column means (`ignore`: nothing); repeatable.")  # fmt: skip
@click.option("--sheet", metavar="NAME", help="xlsx: only this sheet.")
@click.option("--delimiter", metavar="CHAR", help="csv: the delimiter, if it is not found out (tab: \\t).")
@click.option("--encoding", metavar="NAME", help="csv, hosts, zone, ansible: the text's encoding.")
@click.option("--origin", metavar="ZONE", help="zone: its name, if the file does not say.")
@click.option(
    "--axfr", "server", metavar="SERVER", help="zone: transfer SOURCE from ADDR, ADDR:PORT or NAME."
)
@click.option(
    "--ca", type=click.Path(path_type=Path), metavar="FILE", help="netbox: a root of its certificate."
)
@click.pass_context
def command(
    context: click.Context,
    format_name: str,
    source: str,
    output: Path | None,
    force: bool,
    columns: Mapping[str, str],
    sheet: str | None,
    delimiter: str | None,
    encoding: str | None,
    origin: str | None,
    server: str | None,
    ca: Path | None,
) -> None:
    """Write a draft inventory, for a person to review, out of SOURCE.

    FORMAT is csv, xlsx, netbox, ansible, nmap, zone or hosts; SOURCE is a file, or - for stdin. With
    netbox it may be https://NAME (the token in NETBOX_TOKEN); with zone and --axfr it is the zone's name
    (a TSIG key in IPV6CHECK_TSIG). Only that server is contacted, and no script is ever run. What cannot
    be mapped stays in the draft as comments.
    """
    del context
    if output is not None and not force and os.path.lexists(output):
        raise Stopped(f"{visible(str(output))}: is there already; nothing was written (--force replaces it)")
    if delimiter is not None:
        delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise Stopped("--delimiter is one character, for instance ';'")
    options = Options(columns=columns, delimiter=delimiter, encoding=encoding, sheet=sheet, origin=origin)
    content, options = _content(format_name, source, server, ca, options)
    try:
        draft = read(format_name, content, options)
    except Unreadable as problem:
        line = make_problem(visible(source), problem.line, problem.column, str(problem), "")
        raise Stopped(str(line)) from None
    text = write(draft, current().language, format_name=format_name, source=Path(source).name or source)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
    remarks = len(draft.remarks) + sum(
        len(e.remarks) for group in (draft.systems, draft.equipment, draft.prefixes) for e in group.values()
    )
    counts = {
        "systems": len(draft.systems),
        "equipment": len(draft.equipment),
        "prefixes": len(draft.prefixes),
    }
    shown = visible(str(output)) if output else "stdout"
    note(_DONE.get(current().language).format(path=shown, remarks=remarks, **counts))


def _content(
    format_name: str, source: str, server: str | None, ca: Path | None, options: Options
) -> tuple[bytes, Options]:
    """Return the source's bytes: from the file, stdin, or the server that is named."""
    if server is not None and format_name != "zone":
        raise Stopped("--axfr goes with the format zone only")
    if server is not None:
        return _transfer(source, server, options)
    if format_name == "netbox" and source.startswith(("https://", "http://")):
        return _from_netbox(source, ca), options
    if "://" in source:
        raise Stopped(f"{visible(source)}: {format_name} is read from a file; only netbox takes a URL")
    if source == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise Stopped(f"stdin: more than {MAX_BYTES >> 20} MiB")
        return content, options
    path = Path(source)
    if format_name == "ansible" and os.access(path, os.X_OK) and path.is_file():
        note(f"{visible(source)}: is executable; it is read as text and never run")
    try:
        return read_bytes(path, MAX_BYTES), options
    except Unreadable as problem:
        raise Stopped(f"{visible(source)}: {problem}") from None


def _from_netbox(url: str, ca: Path | None) -> bytes:
    from ipv6check.fetch import netbox

    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Stopped(f"{TOKEN_VARIABLE} holds no token: it has blanks or characters that no token has")
    try:
        return netbox.fetch(url, token, ca, note)
    except netbox.WrongAddress as error:
        raise Stopped(visible(str(error))) from None
    except RemoteTrouble as trouble:
        raise Unfinished(visible(str(trouble))) from None


def _transfer(zone: str, server: str, options: Options) -> tuple[bytes, Options]:
    from ipv6check.fetch import axfr
    from ipv6check.fetch.line import Server
    from ipv6check.inventory import names
    from ipv6check.inventory.problems import Refusal

    try:
        origin = names.canonical_name(zone)
        host, port = _endpoint(server)
        secret = os.environ.get(KEY_VARIABLE)
        key = axfr.read_key(secret) if secret else None
    except Refusal as refusal:
        raise Stopped(visible(str(refusal))) from None
    except ValueError as error:
        raise Stopped(f"{KEY_VARIABLE}: {error}") from None
    asked = Server(host=host, port=port)
    note(f"AXFR {origin} ← {asked}")
    try:
        content = axfr.fetch(asked, origin, key)
    except RemoteTrouble as trouble:
        raise Unfinished(visible(str(trouble))) from None
    return content, Options(origin=origin)


def _endpoint(text: str) -> tuple[str, int]:
    """Read ADDR, ADDR:PORT, [ADDR]:PORT, NAME or NAME:PORT."""
    from ipv6check.inventory import names

    if names.is_address(text) or text.startswith("["):
        host, port = names.endpoint(text, 53)
        return host, port or 53
    host, _, number = text.partition(":")
    return names.host(host)[1], names.port_number(number) if number else 53


def _write(path: Path, text: str) -> None:
    try:
        files.write(path, text.encode())
    except StoreError as error:
        raise Stopped(visible(str(error))) from None
