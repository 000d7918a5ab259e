"""The raw helper: one child process that alone holds raw sockets and alone imports scapy (GPL-2.0-only).

Started by `net.raw` and only where a scan was asked for it. Read in this order: messages, privileges,
packets, helper. Nothing here imports the rest of the project, nor anything that is Apache-2.0 only.
"""
