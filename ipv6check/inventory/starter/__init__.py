"""What `init` writes: an annotated inventory in each language, and files that scan it every night.

Data only: the texts are written as they are, so that a person can copy them by hand as well.
"""

from __future__ import annotations

from importlib.resources import files

from ipv6check.model.text import Language

# Where each file goes, below the folder of `init`, and the template that it is made of.
_FILES = {
    "inventory.yaml": "inventory.{language}.yaml",
    ".github/workflows/ipv6check.yml": "github.yml",
    ".gitlab-ci.yml": "gitlab.yml",
    "schedule/nightly": "nightly.sh",
    "schedule/ipv6check.cron": "cron",
    "schedule/ipv6check.service": "systemd.service",
    "schedule/ipv6check.timer": "systemd.timer",
}
EXECUTABLE = frozenset({"schedule/nightly"})


def starter(language: Language) -> dict[str, str]:
    """Return each file's text by its path, relative and with `/`."""
    folder = files(__package__)
    return {
        path: folder.joinpath(template.format(language=language)).read_text(encoding="utf-8")
        for path, template in _FILES.items()
    }
