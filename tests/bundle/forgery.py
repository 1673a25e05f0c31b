"""What a forgery is: a name, the step that must refuse it, and how it is made.

The tables of forgeries (forged_*.py beside this) are the source of tests/bundles/bad/.

A forger here is the server's operator: it holds the log key and signs whatever checkpoint suits,
but no signer's key, unless the name says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from attest.bundle.trust import SeenCheckpoint, Trust
from tests.cast import OSCAR, Signer
from tests.logs import Change, LogWriter, issued_log
from tests.packing import RECEIVED, packed, trust_of

Made = tuple[bytes, Trust]


@dataclass(frozen=True)
class Forgery:
    """`make` gives a bundle and a trust file; `step` must refuse, and say something like `says`.

    `on_file` is False for what no file can hold: a trust file that none can write.
    """

    name: str
    step: int
    says: str
    make: Callable[[], Made]
    on_file: bool = True


class Table:
    """Named forgeries, in the order in which they are written down."""

    def __init__(self) -> None:
        self.rows: list[Forgery] = []

    def bundle(
        self, step: int, says: str, *, on_file: bool = True
    ) -> Callable[[Callable[[], Made]], Callable[[], Made]]:
        """A forgery that gives the bundle and the trust file itself."""

        def keep(make: Callable[[], Made]) -> Callable[[], Made]:
            name = make.__name__.replace("_", " ")
            self.rows.append(Forgery(name, step, says, make, on_file))
            return make

        return keep

    def log(
        self, step: int, says: str
    ) -> Callable[[Callable[[], LogWriter]], Callable[[], LogWriter]]:
        """A forgery of the log alone: packed well, with a checkpoint that the log key signed."""

        def keep(make: Callable[[], LogWriter]) -> Callable[[], LogWriter]:
            def pack_it() -> Made:
                log = make()
                return packed(log, readme=None), trust_with_the_honest_checkpoint(log)

            name = make.__name__.replace("_", " ")
            self.rows.append(Forgery(name, step, says, pack_it))
            return make

        return keep


def trust_with_the_honest_checkpoint(log: LogWriter) -> Trust:
    """A mailbox holds the newest checkpoint from before the forgery, which is a prefix of it."""
    honest = log.judge.size or log.size
    return trust_of(log, seen=(SeenCheckpoint(log.checkpoint(honest), RECEIVED),))


def ready() -> tuple[LogWriter, bytes]:
    """An issued log, and a good attestation of its first file that was not added yet."""
    log = issued_log()
    return log, log.attestation_payload(log.files[0])


def attested(change: Change, by: Signer = OSCAR) -> LogWriter:
    """A log that ends with an attestation changed before it was signed, well and by its officer."""
    log, payload = ready()
    log.forge("attestation.signed", payload, change, by)
    return log


def predicate(**members: Any) -> Change:
    """Replace members of the predicate."""
    return lambda statement: statement["predicate"].update(members)
