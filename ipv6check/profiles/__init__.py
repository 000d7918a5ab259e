"""Profiles: how findings weigh, as YAML files with the inventory's strictness and error positions.

`default.yaml` is the one that judges unless another is named; `vocabulary.py` holds the checks and
reason codes that a profile may name.
"""

from ipv6check.profiles.loading import ProfileError, built_in, load_profile

__all__ = ["ProfileError", "built_in", "load_profile"]
