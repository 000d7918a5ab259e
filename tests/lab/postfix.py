"""Postfix in the foreground: one master, one smtpd for each address, each with settings of its own."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.certificates import Pair
from tests.lab.network import Namespace
from tests.lab.servers import bracketed

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_protocols = all
myhostname = mail.lab.example
mydestination =
alias_maps =
local_recipient_maps =
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
smtpd_delay_reject = no
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
"""
_SERVICES = """
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
"""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where one smtpd listens, and its settings beside the common ones (main.cf names)."""

    address: str
    settings: Mapping[str, str]


@contextlib.contextmanager
def postfix(server: Namespace, servers: Sequence[MailServer], certificate: Pair) -> Iterator[Path]:
    """Serve while the block lasts; yields the folder. Nobody's mail is taken.

    The folder lies where the unprivileged smtpd can reach it.
    """
    folder = Path(tempfile.mkdtemp(prefix="ipv6check-postfix-"))
    try:
        folder.chmod(0o755)
        for name in ("conf", "spool", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        main = _MAIN.format(folder=folder, certificate=certificate.chain, key=certificate.key)
        (folder / "conf" / "main.cf").write_text(main)
        lines = [_smtpd(each) for each in servers]
        (folder / "conf" / "master.cf").write_text("\n".join([*lines, _SERVICES]))
        server.start("postfix", "-c", str(folder / "conf"), "start-fg", log=folder / "out.log")
        for each in servers:
            server.wait_for_port(each.address, 25)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _smtpd(server: MailServer) -> str:
    options = "".join(f"\n  -o {{ {name} = {value} }}" for name, value in server.settings.items())
    return f"{bracketed(server.address)}:25 inet n - n - - smtpd{options}"
