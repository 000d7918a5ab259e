"""Run folders: create, append, read, resume, merge. The observations in them are the only truth kept.

`create` and `open_run` return a `Run`; what goes wrong raises `StoreError`, one clear line for a person.
"""

from ipv6check.store.files import StoreError
from ipv6check.store.folder import create, new_id, open_run
from ipv6check.store.merging import merge
from ipv6check.store.run import Run

__all__ = ["Run", "StoreError", "create", "merge", "new_id", "open_run"]
