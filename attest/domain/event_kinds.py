"""What a timeline can be filtered by: kinds of events, each a few types of leaves."""

from __future__ import annotations

from collections.abc import Mapping

from attest.domain.wording import EVENTS

# The kind's name in addresses, its words, and how the types of its leaves begin.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "demand": ("The demand", ("demand.", "extension.")),
    "files": ("Files and stores", ("file.", "store.", "copy.", "evidence.")),
    "attestations": ("Attestations and reviews", ("attestation.",)),
    "keys": ("Keys", ("key.",)),
    "letters": ("Letters", ("letter.",)),
}


def types_of(kind: str) -> tuple[str, ...]:
    """The types of leaves of one kind; none for a kind that there is not."""
    begins = KINDS[kind][1] if kind in KINDS else ()
    return tuple(name for name in EVENTS if name.startswith(begins)) if begins else ()
