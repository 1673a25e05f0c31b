"""What `attest check` finds wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that does not hold, in one sentence."""

    reference: str
    sentence: str
