"""Runs the commands that findings offer (`reproduce`), and compares what they show with what was observed.

A command is compared with the observation it repeats. What chance decides, what no program shows, and
what a program takes another way (a large request) is left out, by name.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ipv6check import codec
from ipv6check.judge.reproduce import command_words
from ipv6check.model.finding import Target
from ipv6check.model.observation import Observation
from tests.lab.situation import Scene

# The kinds whose command asks another thing than we did: tracepath, a greeting of our own.
_OTHERWISE = ("path.mtu", "app.greeting", "udp.exchange", "tcp.time")
# What a program does not tell from an answer: it reads on where we stop.
_BOUNDS = ("too_large", "slow", "overloaded", "no_privilege", "not_permitted", "unwelcome")
# The programs' own patience is at most 45 s (curl, for a slow mail server).
_PATIENCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A command, the last try of the task that it repeats, and a finding that offers it."""

    line: str
    observation: Observation
    finding: str


def differences(scene: Scene, *, leave: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """Run every command of the scene once; return how many, and a line each that showed another thing.

    `leave` are systems where chance decides what is seen.
    """
    wanted = list({each.line: each for each in _repeated(scene, leave)}.values())
    with ThreadPoolExecutor(16) as pool:
        said = pool.map(lambda each: _run(scene, each.line), wanted)
        wrong = [
            f"{each.finding}: {each.line}\n   observed {_short(each.observation)}\n   {why}"
            for each, (code, output) in zip(wanted, said, strict=True)
            if (why := _differs(each, code, output))
        ]
    return len(wanted), wrong


def _repeated(scene: Scene, leave: tuple[str, ...]) -> Iterator[Repeated]:
    observed = _observations(scene)
    for system in scene.results["systems"]:
        for finding in system["findings"]:
            if system["id"] in leave or not finding["reproduce"]:
                continue
            lines = finding["reproduce"].split("; ")
            target = Target(**{key: finding["target"][key] for key in ("host", "port", "app", "transport")})
            for identifier in finding["evidence"]:
                last = observed.get(identifier.partition(".")[0])
                line = None if last is None else _line(last, target)
                if last is not None and line in lines and last.task.kind not in _OTHERWISE:
                    name = f"{system['id']} {finding['check']} {finding['reason']}"
                    yield Repeated(line=line or "", observation=last, finding=name)


def _observations(scene: Scene) -> Mapping[str, Observation]:
    """Return the last try of each task."""
    found: dict[str, Observation] = {}
    for file in (scene.folder / "reports" / "latest").glob("observations-*.jsonl"):
        for row in file.read_bytes().splitlines():
            observation = codec.decode_observation(row)
            known = found.get(observation.task.id)
            if known is None or known.attempt < observation.attempt:
                found[observation.task.id] = observation
    return found


def _line(observation: Observation, target: Target) -> str | None:
    words = command_words(observation.task, target)
    if words is None:
        return None
    line = shlex.join(words) + (" </dev/null" if words[0] == "openssl" else "")
    return line


def _run(scene: Scene, line: str) -> tuple[int, str]:
    words = ("sh", "-c", f"timeout {_PATIENCE} {line}")
    done = scene.network.vantage.run(*words, check=False, timeout=_PATIENCE + 20)
    return done.returncode, done.stdout + done.stderr


def _short(observation: Observation) -> str:
    shown = {key: str(value)[:80] for key, value in observation.data.items()}
    return f"{observation.task.kind} {observation.outcome} {observation.failure} {shown}"


def _differs(each: Repeated, code: int, output: str) -> str:
    """Return what the command showed if that is not what was observed; empty if it is."""
    observation = each.observation
    if observation.outcome == "skipped" or observation.failure in _BOUNDS:
        return ""
    program = " ".join(each.line.split()[:2]) if each.line.startswith("openssl") else each.line.split()[0]
    same = _SAME[program](observation, code, output)
    return "" if same else f"exit {code}: {' | '.join(output.strip().splitlines()[-6:])[:400]}"


def _same_answer(observation: Observation, code: int, output: str) -> bool:
    if observation.failure == "malformed":
        return code != 0 or "bad packet" in output or "parse" in output
    if observation.outcome != "ok":
        return code != 0 and bool(re.search("timed out|no servers could be reached|refused|reset", output))
    status = re.findall(r"status: (\w+)", output)
    data = observation.data
    flags, bad = data.get("flags"), data.get("bad_rdata")
    if bad or (isinstance(flags, list | tuple) and "TC" in flags):
        return True  # dig asks again over TCP, or refuses the packet
    if status[-1:] != [data.get("rcode")]:
        return False
    return _addresses(data.get("answers")) == _dug(output)


def _addresses(answers: object) -> set[tuple[str, str]]:
    rows = answers if isinstance(answers, list | tuple) else ()
    return {(str(r[1]), str(r[3])) for r in rows if isinstance(r, list | tuple) and r[1] in ("A", "AAAA")}


def _dug(output: str) -> set[tuple[str, str]]:
    _, _, rest = output.partition(";; ANSWER SECTION:")
    section = rest.partition("\n\n")[0]
    rows = [line.split() for line in section.splitlines()]
    return {(row[3], row[4]) for row in rows if len(row) == 5 and row[3] in ("A", "AAAA")}


def _same_page(observation: Observation, code: int, output: str) -> bool:
    if observation.task.kind != "http.get" or observation.outcome != "ok":
        return (code == 0) is (observation.outcome == "ok")
    return re.findall(r"^HTTP/\S+ (\d+)", output, re.MULTILINE)[-1:] == [str(observation.data["status"])]


def _same_certificate(observation: Observation, code: int, output: str) -> bool:
    found = re.search(r"-----BEGIN CERTIFICATE-----(.+?)-----END", output, re.DOTALL)
    chain = observation.data.get("chain")
    if observation.outcome != "ok" or not isinstance(chain, list | tuple) or not chain:
        return code != 0 or found is None
    shown = base64.b64decode("".join(found[1].split())) if found else b""
    return hashlib.sha256(shown).digest() == hashlib.sha256(base64.b64decode(str(chain[0]))).digest()


def _same_port(observation: Observation, code: int, output: str) -> bool:
    return (code == 0) is (observation.outcome == "ok")


def _same_keys(observation: Observation, code: int, output: str) -> bool:
    keys = [line.split()[2] for line in output.splitlines() if len(line.split()) == 3 and line[0] != "#"]
    if observation.outcome != "ok":
        return not keys
    wanted = observation.data.get("fingerprint")
    marks = [hashlib.sha256(base64.b64decode(key)).digest() for key in keys]
    shown = {"SHA256:" + base64.b64encode(mark).decode().rstrip("=") for mark in marks}
    return wanted in shown if wanted else "SSH-2.0" in output


def _same_mail(observation: Observation, code: int, output: str) -> bool:
    codes = re.findall(r"^< (\d{3})", output, re.MULTILINE)
    if observation.outcome != "ok":
        return not codes or code != 0
    return codes[:1] == [str(observation.data["code"])]


def _curl(observation: Observation, code: int, output: str) -> bool:
    return (_same_mail if observation.task.kind == "smtp.greeting" else _same_page)(observation, code, output)


_SAME: Mapping[str, Callable[[Observation, int, str], bool]] = {
    "dig": _same_answer,
    "curl": _curl,
    "openssl s_client": _same_certificate,
    "nc": _same_port,
    "ping": _same_port,
    "ssh-keyscan": _same_keys,
}
