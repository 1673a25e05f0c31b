"""Extracts with good proofs that hold too much, too little or something false (steps 6 to 12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attest.statements import build
from tests.bundle.bad_extracts import BAD, FIRST, LOG, SIZES, Bad, bad, holding
from tests.bundle.forgery import predicate
from tests.cast import ANNE, EDITH, OSCAR
from tests.extracts import by_hand, zipped
from tests.logs import LogWriter, issued_log

# --- 6 What has no place ---------------------------------------------------------------------


@bad(6, "letter.sent has no place in an extract")
def a_letter_in_it() -> bytes:
    return holding(11)


@bad(6, "demand.acknowledged has no place in an extract")
def an_acknowledgement_in_it() -> bytes:
    return holding(8)


@bad(6, "file.named stands in an extract once")
def another_file_hidden_in_it() -> bytes:
    return holding(2)


@bad(6, "attestation.signed stands in an extract once")
def the_superseded_attestation_in_it() -> bytes:
    return holding(9, sizes=(*SIZES, 8))


@bad(6, "stands before demand.issued")
def the_demand_left_out() -> bytes:
    return holding(without=(5,))


def grown(*acts: Callable[[LogWriter], Any]) -> LogWriter:
    log = issued_log(2, 2)
    log.attest(log.files[0])
    for act in acts:
        act(log)
    return log


def refused_of(step: int, says: str, log: LogWriter, leaves: Any, sizes: Any) -> Bad:
    return Bad(step, says, lambda: zipped(by_hand(log, leaves, sizes)), log)


ISSUED = (0, 1, 3, 4, 5, 6, 7)  # and 8, the attestation, in these logs
_later = grown(lambda log: log.name_store("Later"))
BAD["a store named later"] = refused_of(
    6, "not one that the attestation answers", _later, (*ISSUED, 8, 9), (5, 8)
)
_others = grown(lambda log: log.reopen(log.files[1]))
BAD["another file's reopening"] = refused_of(
    6, "fileId is no file that was named", _others, (*ISSUED, 8, 9), (5, 8)
)
_again = grown(
    lambda log: log.reopen(log.files[0]), lambda log: log.attest(log.files[0], outcome="deleted")
)
BAD["a reopening before the attestation"] = refused_of(
    6, "reopened before it was attested", _again, (*ISSUED, 9, 10), (5, 10)
)

# --- 7 and 8 Keys ----------------------------------------------------------------------------

_edith = grown(lambda log: log.enrol(EDITH))
BAD["a key that signed nothing"] = refused_of(
    7, "the key signed nothing", _edith, (*ISSUED, 8, 9), (5, 8)
)


@bad(8, "not enrolled")
def the_officers_key_left_out() -> bytes:
    return holding(without=(6, 7))


@bad(7, "not enrolled")
def the_enrolment_of_a_confirmed_key_left_out() -> bytes:
    return holding(without=(6,))


@bad(8, "not enrolled")
def the_signatorys_key_left_out() -> bytes:
    return holding(without=(0, 7))


# --- 9 What was seen -------------------------------------------------------------------------


@bad(9, "no proof that seen is a prefix")
def no_proof_for_what_the_officer_saw() -> bytes:
    return holding(sizes=(5, 9, 15, 16))


def forged(change: Any) -> LogWriter:
    """The operator logs an attestation that its officer signed as the change has it."""
    log = issued_log(2, 2)
    log.forge("attestation.signed", log.attestation_payload(log.files[0]), change, OSCAR)
    return log


def of_forged(step: int, says: str, change: Any, sizes: Any = (5, 8)) -> Bad:
    return refused_of(step, says, forged(change), (*ISSUED, 8), sizes)


_seven = build.seen(LOG.origin, 7, LOG.root(6))
BAD["seen is of another log's past"] = of_forged(
    9, "not a prefix of this log", predicate(seen=_seven), (5, 7)
)
BAD["stated before what was seen"] = of_forged(
    9, "earlier than the last leaf", predicate(statedAt="2013-02-04T08:30:00Z")
)
BAD["stated after its leaf"] = of_forged(
    9, "later than the leaf", predicate(statedAt="2013-02-04T10:30:00Z")
)

# --- 10 to 12 ---------------------------------------------------------------------------------


@bad(10, "answers a store that does not stand")
def a_store_left_out() -> bytes:
    return holding(without=(3,))


@bad(10, "no file named in the prefix")
def another_files_attestation() -> bytes:
    return holding(10, without=(14, 15), sizes=(*SIZES, 10))


@bad(10, "no file named in the prefix")
def the_file_left_out() -> bytes:
    return holding(without=(1,))


@bad(10, "holds no attestation")
def the_attestation_left_out() -> bytes:
    return holding(without=(14, 15, 16, 6, 7))


BAD["a store unanswered"] = of_forged(
    10,
    "leaves 1 of the 2 standing stores out",
    lambda statement: statement["predicate"]["copies"].pop(),
)
BAD["another file's name"] = of_forged(
    10,
    "not the file as it was named",
    lambda statement: statement["subject"][0].update(name="list 1.xlsx"),
)
BAD["words that the members do not make"] = of_forged(
    11,
    "not what the template makes",
    lambda statement: statement["predicate"]["declaration"].update(text="All is well."),
)


def demanded(change: Any) -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file(FIRST)
    log.name_store("Share 0")
    log.forge("demand.issued", log.demand_payload(), change, ANNE)
    return log


def words(old: str, new: str) -> Any:
    def change(statement: Any) -> None:
        said = statement["predicate"]["declaration"]
        assert old in said["text"]
        said["text"] = said["text"].replace(old, new)

    return change


BAD["a demand that demands something else"] = refused_of(
    11,
    "not what the template makes",
    demanded(words("must delete every copy", "may delete every copy")),
    (0, 1, 2, 3),
    (3,),
)
BAD["a demand that says twice how many files there are"] = refused_of(
    11,
    "not what the template makes",
    demanded(words("The log names 1 file.", "The log names 1 file.\nThe log names 2 files.")),
    (0, 1, 2, 3),
    (3,),
)


@bad(12, "the review is of other files")
def a_review_of_the_other_file() -> bytes:
    return holding(13, sizes=(*SIZES, 13))


@bad(12, "not its file's last attestation")
def a_review_of_the_superseded_attestation() -> bytes:
    return holding(12, sizes=(*SIZES, 12))


@bad(12, "but a file is attested")
def a_closure_without_the_review() -> bytes:
    return holding(without=(15,))
