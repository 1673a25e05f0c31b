"""Signing on another computer: the file that goes there, and the one that comes back.

`to_sign` and `signed` are the two files (docs/formats.md §8). `inspect` trusts nothing that the
server says about what it wants signed: it is the twin of static/checks.js. `showing` lays out what
was checked, for a terminal.
"""
