"""Reading an inventory out of a text: the fixture that most tests of the inventory use."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ipv6check.inventory import Loaded, load

HEAD = "version: 1\norganization: {id: test}\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Loaded]:
    """Load a text as `inventory.yaml`, with the two lines that every inventory needs before it."""

    def read_text(text: str) -> Loaded:
        path = tmp_path / "inventory.yaml"
        path.write_text(HEAD + text)
        return load(path)

    return read_text
