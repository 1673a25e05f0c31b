"""What a verification gives where no step refuses."""

from __future__ import annotations

from dataclasses import dataclass

from attest.bundle.judge import Judge
from attest.bundle.trusted import Trusted
from attest.bundle.witnesses import Witnesses
from attest.log.checkpoint import Checkpoint


class CannotVerify(Exception):
    """The question itself is amiss (exit status 2). Its text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle that passed all steps: the log, what proves its times, and what is trusted."""

    checkpoint: Checkpoint
    judge: Judge
    witnesses: Witnesses
    trusted: Trusted
    timestamps: int
    attachments: int
    certificate: bool
