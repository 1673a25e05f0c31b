"""Steps 2 to 5: checkpoints, the tree, older checkpoints, and bodies."""

from __future__ import annotations

from dataclasses import replace

from attest.bundle.trust import SeenCheckpoint
from attest.log.checkpoint import note_key_id
from attest.signing import PrivateKey, b64
from tests.bundle.forgery import Made, Table
from tests.cast import LOG_KEY
from tests.logs import LogWriter, closed_log, issued_log
from tests.packing import RECEIVED, packed, trust_of

table = Table()

OTHER_KEY = PrivateKey.from_seed(bytes(32))
EM_DASH = "\u2014"


def note_with(change, log: LogWriter | None = None) -> Made:
    """A good bundle whose checkpoint's text was changed."""
    log = log or issued_log()
    return packed(log, checkpoint=change(log.checkpoint())), trust_of(log, witnessed=False)


def signed_text(log: LogWriter, text: str, key: PrivateKey = LOG_KEY) -> str:
    """A note over any text, signed all the same."""
    blob = note_key_id(log.origin, key.public_key) + key.sign(text.encode())
    return f"{text}\n{EM_DASH} {log.origin} {b64(blob)}\n"


# --- 2 -------------------------------------------------------------------------------------------


@table.bundle(2, "one signature by the log key")
def another_log_key() -> Made:
    log = issued_log()
    return packed(log, checkpoint=log.checkpoint(key=OTHER_KEY)), trust_of(log)


@table.bundle(2, "does not verify")
def a_checkpoint_for_more_leaves_than_were_signed() -> Made:
    return note_with(lambda note: note.replace("\n8\n", "\n7\n"))


@table.bundle(2, "origin differs")
def a_checkpoint_of_another_demand() -> Made:
    return packed(issued_log(name="other")), trust_of(issued_log())


@table.bundle(2, "three lines")
def a_checkpoint_with_an_extension_line() -> Made:
    log = issued_log()
    lines = log.checkpoint().split("\n")[:3]
    note = signed_text(log, "\n".join([*lines, "extension", ""]))
    return packed(log, checkpoint=note), trust_of(log)


@table.bundle(2, "three lines")
def a_checkpoint_with_carriage_returns() -> Made:
    return note_with(lambda note: note.replace("\n", "\r\n"))


@table.bundle(2, "plain decimal")
def a_size_with_a_leading_zero() -> Made:
    log = issued_log()
    lines = log.checkpoint().split("\n")[:3]
    note = signed_text(log, f"{lines[0]}\n0{lines[1]}\n{lines[2]}\n")
    return packed(log, checkpoint=note), trust_of(log)


@table.bundle(2, "plain decimal")
def a_size_with_a_sign() -> Made:
    log = issued_log()
    lines = log.checkpoint().split("\n")[:3]
    note = signed_text(log, f"{lines[0]}\n+{lines[1]}\n{lines[2]}\n")
    return packed(log, checkpoint=note), trust_of(log)


@table.bundle(2, "base64")
def a_root_in_sloppy_base64() -> Made:
    log = issued_log()
    lines = log.checkpoint().split("\n")[:3]
    note = signed_text(log, f"{lines[0]}\n{lines[1]}\n{lines[2].rstrip('=')}\n")
    return packed(log, checkpoint=note), trust_of(log)


@table.bundle(2, "three lines")
def a_checkpoint_without_a_signature() -> Made:
    return note_with(lambda note: note.split(EM_DASH)[0])


@table.bundle(2, "more than 17")
def a_checkpoint_with_too_many_signatures() -> Made:
    return note_with(lambda note: note + f"{EM_DASH} other {b64(bytes(68))}\n" * 17)


# --- 3 -------------------------------------------------------------------------------------------


@table.bundle(3, "7 leaves, and should be 8")
def the_last_leaf_dropped() -> Made:
    log = issued_log()
    parts = {"leaves": log.leaves[:-1], "bodies": log.bodies[:-1]}
    return packed(log, **parts), trust_of(log)


@table.bundle(3, "7 leaves, and should be 8")
def a_leaf_dropped_in_the_middle() -> Made:
    log = issued_log()
    leaves = [leaf for leaf in log.leaves if b'"seq":4' not in leaf]
    return packed(log, leaves=leaves), trust_of(log)


@table.bundle(3, "do not hash")
def two_leaves_swapped() -> Made:
    log = issued_log()
    leaves = [log.leaves[1], log.leaves[0], *log.leaves[2:]]
    return packed(log, leaves=leaves), trust_of(log)


@table.bundle(3, "do not hash")
def a_leaf_backdated_under_the_old_checkpoint() -> Made:
    log = issued_log()
    leaves = [*log.leaves[:-1], log.leaves[-1].replace(b"2013", b"2012")]
    return packed(log, leaves=leaves), trust_of(log)


@table.bundle(3, "more leaves")
def a_leaf_added_under_the_old_checkpoint() -> Made:
    log = issued_log()
    note = log.checkpoint()
    log.letter()
    return packed(log, checkpoint=note), trust_of(log, witnessed=False)


# --- 4 -------------------------------------------------------------------------------------------


@table.bundle(4, "some are missing")
def truncated_and_signed_again_while_a_mailbox_holds_the_checkpoint() -> Made:
    log = closed_log()
    trust = trust_of(log)
    del log.leaves[-3:], log.bodies[-3:]
    return packed(log), trust


@table.bundle(4, "another past")
def rewritten_while_a_mailbox_holds_the_checkpoint() -> Made:
    log = issued_log()
    trust = trust_of(log)
    other = LogWriter()
    other.leaves, other.bodies, other.now = log.leaves[:-1], log.bodies[:-1], log.now
    other.append_unjudged("letter.sent", b"{}")
    return packed(other), trust


@table.bundle(4, "another past")
def an_earlier_checkpoint_of_a_fork() -> Made:
    log, fork = issued_log(), issued_log()
    fork.leaves[0] = log.leaves[1]
    return packed(log, earlier={4: fork.checkpoint(4)}), trust_of(log)


@table.bundle(4, "another size")
def an_earlier_checkpoint_under_another_size() -> Made:
    log = issued_log()
    return packed(log, earlier={5: log.checkpoint(4)}), trust_of(log)


@table.bundle(4, "one signature by the log key")
def an_earlier_checkpoint_by_another_key() -> Made:
    log = issued_log()
    return packed(log, earlier={4: log.checkpoint(4, OTHER_KEY)}), trust_of(log)


@table.bundle(4, "origin differs")
def a_received_checkpoint_of_another_demand() -> Made:
    log = issued_log()
    seen = (SeenCheckpoint(issued_log(name="other").checkpoint(), RECEIVED),)
    return packed(log), replace(trust_of(log), seen=seen)


# --- 5 -------------------------------------------------------------------------------------------


@table.bundle(5, "does not hash")
def a_payload_edited() -> Made:
    log = issued_log()
    body = log.bodies[5]
    assert body is not None
    bodies = [*log.bodies[:5], body.replace(b'"payload":"e', b'"payload":"f'), *log.bodies[6:]]
    return packed(log, bodies=bodies), trust_of(log)


@table.bundle(5, "does not hash")
def two_bodies_swapped() -> Made:
    log = issued_log()
    bodies = [log.bodies[1], log.bodies[0], *log.bodies[2:]]
    return packed(log, bodies=bodies), trust_of(log)


@table.bundle(5, "the body is missing")
def a_body_dropped() -> Made:
    log = issued_log()
    return packed(log, bodies=log.bodies[:-1]), trust_of(log)


@table.bundle(5, "more bodies than leaves")
def a_body_too_many() -> Made:
    log = issued_log()
    return packed(log, bodies=[*log.bodies, b"{}"]), trust_of(log)


@table.bundle(5, "may not be")
def a_letter_withheld_without_leave() -> Made:
    log = closed_log()
    log.bodies[-1] = None
    return packed(log), trust_of(log)


@table.bundle(5, "may not be", on_file=False)
def a_signed_statement_withheld() -> Made:
    log = closed_log()
    log.bodies[12] = None
    trust = trust_of(log)
    # parse_trust refuses such a trust file; even one made past it must not help.
    return packed(log), replace(trust, may_withhold=frozenset({"attestation.reviewed"}))


@table.bundle(5, "may not be", on_file=False)
def a_file_withheld() -> Made:
    log = closed_log()
    log.bodies[1] = None
    return packed(log), replace(trust_of(log), may_withhold=frozenset({"file.named"}))


@table.bundle(5, "another hash")
def a_body_withheld_under_another_hash() -> Made:
    log = closed_log()
    bodies = [*log.bodies[:-1], b'{"withheld":"%s"}' % (b"0" * 64)]
    trust = replace(trust_of(log), may_withhold=frozenset({"letter.sent"}))
    return packed(log, bodies=bodies), trust
