"""Time from outside: RFC 3161 timestamps, asked for, checked, and renewed.

Nothing here knows a database or an instance: the worker asks for timestamps over checkpoints
(services/upkeep/stamping.py), and `attest renew` for one over a bundle that is kept as a file.
"""
