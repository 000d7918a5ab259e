"""What importing fetches: NetBox's REST API and zone transfers, from the server named on the command line.

Out come bytes that the pure readers of `inventory/importers` read. Nothing else is contacted: no proxy of
the environment, no redirect, no page of another server.
"""

from __future__ import annotations


class RemoteTrouble(Exception):
    """Why a server's answer cannot be used, in one line for a person (exit 3)."""
