"""Say in one line what this machine's Python lacks, with the Debian package that has it."""

import importlib.util
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "ipv6check needs Python 3.11 or later, this is "
        + sys.version.split()[0]
        + ": install the package python3 (Debian 12 or later), or name another with make PYTHON=..."
    )
if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
    sys.exit("this python3 has no venv: apt-get install python3-venv")
