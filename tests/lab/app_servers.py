"""Real servers of applications beyond web, mail and names, in the foreground, each configured on its own.

Every function starts one server in a namespace, on both addresses that it is given, and returns at
once; `wait_for` tells when all of them listen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.lab.certificates import Pair
from tests.lab.network import Namespace
from tests.lab.servers import bracketed

_REALM = "LAB.EXAMPLE"


def start_dovecot(
    server: Namespace,
    folder: Path,
    addresses: Sequence[str],
    pair: Pair,
    others: Mapping[str, Pair] | None = None,
) -> None:
    """Serve IMAP on 143 and 993, with certificates of their own at some addresses; nobody can log in."""
    local = "".join(
        f"local {address} {{\n  ssl_cert = <{own.chain}\n  ssl_key = <{own.key}\n}}\n"
        for address, own in (others or {}).items()
    )
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        f"base_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = {folder}/dovecot.log\n"
        f"protocols = imap\nlisten = {', '.join(addresses)}\nssl = yes\n"
        f"ssl_cert = <{pair.chain}\nssl_key = <{pair.key}\nmail_location = maildir:{folder}/mail\n"
        "service imap-login {\n  inet_listener imap {\n    port = 143\n  }\n"
        "  inet_listener imaps {\n    port = 993\n    ssl = yes\n  }\n}\n"
        f"passdb {{\n  driver = passwd-file\n  args = {folder}/nobody\n}}\n{local}"
    )
    server.start("dovecot", "-F", "-c", str(configuration), log=folder / "dovecot.out")


def start_slapd(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Serve an empty directory on 389."""
    (folder / "db").mkdir()
    configuration = folder / "slapd.conf"
    configuration.write_text(
        f"include /etc/ldap/schema/core.schema\npidfile {folder}/slapd.pid\nmodulepath /usr/lib/ldap\n"
        f'moduleload back_mdb\ndatabase mdb\nsuffix "dc=lab,dc=example"\ndirectory {folder}/db\n'
    )
    urls = " ".join(f"ldap://{bracketed(address)}:389/" for address in addresses)
    server.start("slapd", "-d", "0", "-h", urls, "-f", str(configuration), log=folder / "slapd.out")


def start_mosquitto(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Broker MQTT on 1883 for anybody."""
    configuration = folder / "mosquitto.conf"
    listeners = "".join(f"listener 1883 {address}\n" for address in addresses)
    configuration.write_text(f"user root\nallow_anonymous true\npersistence false\n{listeners}")
    server.start("mosquitto", "-c", str(configuration), log=folder / "mosquitto.out")


def start_chrony(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Tell the time on 123, without touching this machine's clock (-x)."""
    configuration = folder / "chrony.conf"
    bound = "".join(f"bindaddress {address}\n" for address in addresses)
    configuration.write_text(
        f"local stratum 8\nallow all\ncmdport 0\nbindcmdaddress /\npidfile {folder}/chronyd.pid\n{bound}"
    )
    server.start("chronyd", "-d", "-x", "-u", "root", "-f", str(configuration), log=folder / "chrony.out")


def start_snmpd(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Answer SNMP of all versions on 161."""
    configuration = folder / "snmpd.conf"
    configuration.write_text("rocommunity lab\nrocommunity6 lab\n")
    listens = [f"udp6:[{a}]:161" if ":" in a else f"udp:{a}:161" for a in addresses]
    state = f"SNMP_PERSISTENT_DIR={folder}/snmp"
    command = (
        "env",
        state,
        "snmpd",
        "-f",
        "-Lo",
        "-C",
        "-c",
        str(configuration),
        "-p",
        f"{folder}/snmpd.pid",
    )
    server.start(*command, *listens, log=folder / "snmpd.out")


def start_kdc(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Serve the realm LAB.EXAMPLE on 88, over both transports."""
    client, kdc = folder / "krb5.conf", folder / "kdc.conf"
    client.write_text(f"[libdefaults]\n default_realm = {_REALM}\n dns_lookup_kdc = false\n")
    listens = ", ".join(f"{bracketed(address)}:88" for address in addresses)
    kdc.write_text(
        f"[realms]\n {_REALM} = {{\n  database_name = {folder}/principal\n  key_stash_file = {folder}/stash\n"
        f"  kdc_listen = {listens}\n  kdc_tcp_listen = {listens}\n }}\n"
        f"[logging]\n kdc = FILE:{folder}/kdc.log\n"
    )
    known = ("env", f"KRB5_CONFIG={client}", f"KRB5_KDC_PROFILE={kdc}")
    server.run(*known, "kdb5_util", "create", "-s", "-P", "lab", "-r", _REALM, timeout=30)
    server.start(*known, "krb5kdc", "-n", "-P", f"{folder}/kdc.pid", log=folder / "kdc.out")


def start_tgtd(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Be an iSCSI target without a disk on 3260; without any target at all tgtd hangs up on everybody."""
    portals = ",".join(f"portal={bracketed(address)}:3260" for address in addresses)
    target = "tgtadm -C 7 --lld iscsi --mode target --op new --tid 1 -T iqn.2026-11.example.lab:disk"
    script = f"(until {target}; do sleep 0.1; done) & exec tgtd -f -C 7 --iscsi {portals}"
    _start_alone(server, "sh", "-c", script, log=folder / "tgtd.out")


def start_kamailio(server: Namespace, folder: Path, addresses: Sequence[str]) -> None:
    """Answer every SIP request with 200 on 5060, over both transports."""
    configuration = folder / "kamailio.cfg"
    listens = "".join(
        f"listen={transport}:{bracketed(address)}:5060\n"
        for address in addresses
        for transport in ("udp", "tcp")
    )
    configuration.write_text(
        f"#!KAMAILIO\nchildren=1\ntcp_children=1\ndebug=0\nlog_stderror=yes\n"
        f'dns=no\nrev_dns=no\nauto_aliases=no\n{listens}loadmodule "sl.so"\n'
        'request_route {\n  sl_send_reply("200", "OK");\n}\n'
    )
    (folder / "kamailio").mkdir()
    command = ("kamailio", "-DD", "-m", "32", "-M", "4", "-Y", f"{folder}/kamailio", "-f", str(configuration))
    server.start(*command, log=folder / "kamailio.out")


def start_openvpn(
    server: Namespace, folder: Path, address: str, pair: Pair, root: Path, protocol: str
) -> None:
    """Wait for OpenVPN clients on 1194 over one transport."""
    server.start(
        *(
            "openvpn",
            "--mode",
            "server",
            "--tls-server",
            "--dev",
            f"o-{protocol[:4]}",
            "--dev-type",
            "tun",
            "--ifconfig-noexec",
            "--proto",
            protocol,
            "--local",
            address,
        ),
        *(
            "--port",
            "1194",
            "--ca",
            str(root),
            "--cert",
            str(pair.chain),
            "--key",
            str(pair.key),
            "--dh",
            "none",
        ),
        log=folder / f"openvpn-{protocol}.out",
    )


def start_charon(server: Namespace, folder: Path) -> None:
    """Answer IKE on 500 of every address (strongSwan's daemon without a connection of its own)."""
    configuration = folder / "strongswan.conf"
    configuration.write_text(
        "charon {\n  install_routes = no\n  install_virtual_ip = no\n  load_modular = no\n"
        "  load = random nonce aes sha1 sha2 hmac gmp pem pkcs1 x509 pubkey kdf "
        "kernel-netlink socket-default\n"
        f"  filelog {{\n    log {{\n      path = {folder}/charon.log\n    }}\n  }}\n}}\n"
    )
    daemon = ("env", f"STRONGSWAN_CONF={configuration}", "/usr/lib/ipsec/charon")
    _start_alone(server, *daemon, log=folder / "charon.out")


def _start_alone(server: Namespace, *command: str, log: Path) -> None:
    """Start a server whose pid and control files have fixed names: with a /run of its own."""
    script = 'mount -t tmpfs none /run && exec "$@"'
    server.start("unshare", "--mount", "sh", "-c", script, "sh", *command, log=log)


def listening(server: Namespace, port: int, transport: str) -> int:
    """Return how many sockets listen on a port."""
    lines = server.run("ss", f"-Hln{transport[0]}", f"sport = :{port}").stdout
    return len(lines.splitlines())


def wait_for(server: Namespace, wanted: Sequence[tuple[int, str, int]], seconds: float = 20) -> None:
    """Wait until so many sockets listen on each port and transport; fail naming what does not."""
    _until(lambda: [each for each in wanted if listening(server, each[0], each[1]) < each[2]], seconds)


def _until(missing: Callable[[], list[tuple[int, str, int]]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left := missing():
        assert time.monotonic() < deadline, f"nothing listens on {left}"
        time.sleep(0.1)
