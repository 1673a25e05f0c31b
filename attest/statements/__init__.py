"""Signed statements and plain bodies: bytes to objects and back (docs/formats.md §1, §3, §4)."""
