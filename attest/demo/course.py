"""The course of events of the reference case, all of it, in its order.

Each scene is a moment of 2013. What nobody does by hand, the worker does: it sends letters, chases,
and opens files again when an exception has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from attest.demo import case, exhibits, incident_scenes, late_scenes, script
from attest.demo.acting import Stage, make_key
from attest.demo.scenes import Scene

PASSPHRASE = "a passphrase for the play"  # noqa: S105 - of the signatory's key, in the play's folder

BEGINS_AT = case.NOTICED_AT
STILL = timedelta(0)


def _noticed(stage: Stage) -> None:
    make_key(stage, script.SIGNATORY, "signatory", passphrase=PASSPHRASE)
    script.write_draft(stage, STILL)
    incident_scenes.record_facts(stage, script.CASEWORK)


def _acknowledged(stage: Stage) -> None:
    script.acknowledge(stage)
    late_scenes.name_contact(stage)


def _confirmed(stage: Stage) -> None:
    script.confirm_officer(stage)
    script.compare_signatory(stage)


def _searched(stage: Stage) -> None:
    done = ("share", "mailbox", "relay", "cabinet", "unit7")
    script.answer_copies(stage, script.answers_of_case(STILL), stores=done)
    late_scenes.show(stage, exhibits.REPORT, exhibits.erasure_report(), ["share"])


def _shredded(stage: Stage) -> None:
    # Of two files the officer types two of the three serials.
    answer = script.answers_of_case(STILL, drives=dict.fromkeys(case.REJECTED, 2))
    script.answer_copies(stage, answer, stores=["laptops"])
    late_scenes.show(stage, exhibits.PHOTOGRAPH, exhibits.photograph(), ["laptops"])


def _attested(stage: Stage) -> None:
    script.answer_copies(stage, script.answers_of_case(STILL), stores=["backup"])
    script.passed_on_to_nobody(stage)
    script.attest_all(stage)


def _reviewed(stage: Stage) -> None:
    script.review(stage, "rejected", case.REJECTION, files=case.REJECTED)
    script.review(stage, "accepted")


def _corrected(stage: Stage) -> None:
    script.answer_copies(stage, script.answers_of_case(STILL), stores=["laptops"])
    _show_certificate(stage)
    script.attest_all(stage)


def _shredded_again(stage: Stage) -> None:
    script.answer_copies(stage, script.answers_of_case(STILL, found=True), stores=["unit7"])
    _show_certificate(stage)
    script.attest_all(stage)


def _expired(stage: Stage) -> None:
    gone = script.answers_of_case(STILL, backup_gone=True, found=True)
    script.answer_copies(stage, gone, stores=["backup"])
    _show_certificate(stage)
    script.attest_all(stage)


def _show_certificate(stage: Stage) -> None:
    late_scenes.show(stage, exhibits.CERTIFICATE, exhibits.certificate(), ["laptops"])


def _accepted(stage: Stage) -> None:
    script.review(stage, "accepted")


def _report(stage: Stage) -> None:
    incident_scenes.report(stage, script.CASEWORK, incident_scenes.REPORTED_AT)


def _tell(stage: Stage) -> None:
    incident_scenes.tell_staff(stage, script.CASEWORK, STILL)


def _scene(
    name: str,
    month: int,
    day: int,
    clock: str,
    line: str,
    acted: Callable[[Stage], None] = lambda stage: None,
) -> Scene:
    return Scene(name, date(2013, month, day), clock, line, acted)


SCENES: Sequence[Scene] = (
    _scene("noticed", 2, 1, "10:30", "09:40: five files about 994 members of staff, it is noticed, "
           "went to a bidder", _noticed),
    _scene("reported", 2, 4, "08:20", "08:15: the regulator is told, after 70 hours 35 minutes",
           _report),
    _scene("handed", 2, 4, "09:00", "the draft of a demand goes to the signatory",
           script.hand_over),
    _scene("issued", 2, 4, "11:00", "it is signed and issued, due on 18 February; a letter invites "
           "the liaison", script.issue),
    _scene("acknowledged", 2, 5, "08:50", "the liaison acknowledges, and names two further stores: "
           "a mailbox, Unit 7", _acknowledged),
    _scene("keyed", 2, 6, "09:30", "the assurance officer makes a signing key",
           script.make_officer_key),
    _scene("confirmed", 2, 7, "10:00", "its fingerprint is read out over the telephone, and "
           "confirmed", _confirmed),
    _scene("searched", 2, 8, "16:00", "answers so far: all but the drives and the backup; an "
           "erasure report is attached", _searched),
    _scene("told", 2, 11, "15:00", "all 994 members of staff are written to", _tell),
    _scene("shredded", 2, 12, "12:00", "three drives are shredded (H-4) before a witness; a "
           "photograph is attached", _shredded),
    _scene("asked", 2, 13, "11:00", "the liaison asks for three working days more: the shredder's "
           "certificate is missing", late_scenes.ask_for_time),
    _scene("granted", 2, 14, "10:00", "two are granted, until 20 February",
           late_scenes.grant_less),
    _scene("attested", 2, 14, "15:00", "all five files are attested; the backup is put beyond use "
           "until 12 March", _attested),
    _scene("reviewed", 2, 15, "10:00", "three are accepted, two rejected: the third drive's serial "
           "number is missing", _reviewed),
    _scene("reminded", 2, 18, "09:30", "a letter reminds the contractor, and goes unanswered"),
    _scene("due", 2, 20, "09:30", "another one, on the due day; it goes unanswered"),
    _scene("overdue", 2, 21, "09:30", "a working day late: a third letter"),
    _scene("escalated", 2, 25, "09:30", "three working days late: the escalation contact is "
           "written to"),
    _scene("corrected", 2, 26, "10:00", "both are attested again, with all three serial numbers "
           "and the certificate", _corrected),
    _scene("corrected_accepted", 2, 26, "15:00", "both are accepted", _accepted),
    _scene("found", 2, 27, "11:00", "a second printout of the costings turns up in Unit 7; "
           "the file is open again", late_scenes.find_printout),
    _scene("found_attested", 2, 28, "10:00", "it is shredded (P-4), and the file attested again",
           _shredded_again),
    _scene("found_accepted", 2, 28, "15:00", "it is accepted", _accepted),
    _scene("ended", 3, 12, "09:30", "the backup's exception ends: all five files open again by "
           "themselves"),
    _scene("expired", 3, 13, "10:00", "the backup has expired: all five are attested again; "
           "nothing was passed on", _expired),
    _scene("expired_accepted", 3, 14, "10:00", "all five are accepted", _accepted),
    _scene("closed", 3, 15, "12:00", "the demand is closed: every file accepted, every copy "
           "settled", script.close),
)  # fmt: skip
