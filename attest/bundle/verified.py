"""What a verification gives where no step refuses."""

from __future__ import annotations

from dataclasses import dataclass

from attest.bundle.judge import Judge
from attest.bundle.token import Timestamp
from attest.bundle.trusted import Trusted
from attest.bundle.witnesses import Witnesses
from attest.log.checkpoint import Checkpoint


class CannotVerify(Exception):
    """The question itself is amiss (exit status 2). Its text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """That it was an extract: what its attestation says, and what was not compared.

    `declaration` is the text that its officer signed, `supersedes` a statement's hash;
    `not_compared` counts the checkpoints in `trust.seen` of sizes that it has no proof for.
    """

    declaration: str
    supersedes: str | None
    not_compared: int


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle that passed all steps: the log, what proves its times, and what is trusted.

    `timestamps` counts those that were not checked; `stamped` are those that were, by size.
    """

    checkpoint: Checkpoint
    judge: Judge
    witnesses: Witnesses
    trusted: Trusted
    timestamps: int
    attachments: int
    certificate: bool
    extract: Extracted | None = None
    stamped: tuple[tuple[int, Timestamp], ...] = ()
