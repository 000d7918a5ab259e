"""The embedded lab behind `demo`: a fictional province on loopback, with planted faults.

Needs Python and loopback only. Nothing outside this package knows its ports, names or addresses.
"""
