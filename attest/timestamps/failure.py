"""Why there is no timestamp."""

from __future__ import annotations


class StampingFailed(Exception):
    """No timestamp came, or none that a verifier would take.

    `str()` goes on after the authority's name: "tsa.example.org did not answer within 20
    seconds". It names no address and holds nothing that the authority sent but printable text.
    """


class BadRoots(ValueError):
    """The root certificates cannot be read. `str()` is a sentence."""
