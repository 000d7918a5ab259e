"""`python -m ipv6check` is the command `ipv6check`."""

from ipv6check.cli import main

main()
