"""Every row before an act and after it: what may change, what may go, which state follows which.

Strict unless it says otherwise: a row of a table that stands nowhere here never goes and never
changes, so that whoever adds a table says what acts may do to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables.base import Base
from attest.demo.acting import Stage
from attest.domain import demand_states

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[tuple[Any, ...], Row]]
States = Mapping[str, Collection[str]]

TICK = "worker.tick"
WITHHOLD = "withholding.withhold"
AMEND = "amendment_signing.amend_demand"
SIGN = "attesting.sign_attestations"
DECIDE = "extension_deciding.decide_extension"
REOPEN = "reopening.reopen_file"

# --- docs: "States" (docs/formats.md §3) and what rows keep beside it ----------------------------

LIVE = {"issued", "acknowledged", "in_progress"}
DEMAND: States = {
    "draft": {"issued"},
    "issued": {"acknowledged", "in_progress", "withdrawn"},
    "acknowledged": {"in_progress", "withdrawn"},
    "in_progress": {"awaiting_review", "withdrawn"},
    "awaiting_review": {"in_progress", "closed", "closed_with_exceptions", "withdrawn"},
    # A late find alone opens what has ended.
    "closed": {"in_progress"},
    "closed_with_exceptions": {"in_progress"},
    "withdrawn": LIVE,
}
SIGNED_FOR = {"attested", "attested_with_exceptions"}
FILE: States = {
    "open": SIGNED_FOR,
    "attested": {"accepted", "rejected", "open"},
    "attested_with_exceptions": {"accepted", "rejected", "open"},
    "rejected": SIGNED_FOR | {"open"},
    "accepted": {"open"},
}
# Whose review counts, and which stores stand, is another thing after an amendment.
ANY_FILE: States = {state: set(FILE) for state in FILE}
ATTESTATION: States = {
    "signed": {"accepted", "rejected", "superseded"},
    "accepted": {"superseded"},
    "rejected": {"superseded"},
    "superseded": set(),
}
AMENDED_ATTESTATION: States = {
    **ATTESTATION,
    "accepted": {"signed", "rejected"},
    "rejected": {"signed", "accepted"},
}
EXTENSION: States = {
    "requested": {"granted", "granted_in_part", "refused", "withdrawn"},
    "granted": set(),
    "granted_in_part": set(),
    "refused": set(),
    "withdrawn": set(),
}
LETTER: States = {
    "queued": {"sent", "deferred", "bounced", "unknown", "dropped"},
    "deferred": {"sent", "bounced", "unknown", "dropped"},
    "dropped": set(),
    "sent": set(),
    "bounced": set(),
    "unknown": set(),
}
WITHDRAWAL: States = {
    "asked": {"refused", "agreed", "named_again"},
    "refused": {"agreed", "named_again"},
    "agreed": set(),
    "named_again": set(),
}
STATES: Mapping[str, States] = {
    "demand": DEMAND,
    "named_file": FILE,
    "attestation": ATTESTATION,
    "extension": EXTENSION,
    "letter": LETTER,
    "store_withdrawal": WITHDRAWAL,
}
FIRST = {
    "named_file": "open",
    "attestation": "signed",
    "extension": "requested",
    "letter": "queued",
    "store_withdrawal": "asked",
}

# --- What may change: a table's columns, and by which acts where only some may -------------------

_STRUCK = "struck_at struck_by_id strike_reason"
CHANGES: Mapping[str, str] = {
    "account": "password_hash epoch last_sign_in_at",
    "person": "name role telephone active time_zone language daily_digest",
    "organisation": "time_zone language",
    "invitation": "used_at expires_at",
    "incident": "title what_happened occurred_on noticed_at people_affected data_affected "
    "agreements",
    "incident_facts": "*",
    "incident_report": _STRUCK,
    "incident_telling": _STRUCK,
    "demand": "state concurrence basis action due_on signed_due_on instruction calendar handed_at "
    "return_note issued_at amended_at acknowledged_at disputed_at dispute_reason closed_at "
    "liaison_id officer_id officer_named_by_id files_total files_open files_attested "
    "files_accepted stores_total copies_settled copies_excepted open_due_on has_passed_on chase_at "
    "own_ladder asks_receipt",
    "demand_party": "organisation_id",
    "signing_key": "revoked_at replaced_at",
    "amendment": "basis action due_on instruction concurrence handed_at return_note",
    "amendment_file": "body body_hash",
    "amendment_store": "keep again_id label body body_hash",
    "named_file": "state last_attestation due_on parent_file_id changed_at",
    "store": "standing",
    "attestation": "state",
    "copy": "answer answered_by_id answered_at signed signed_outcome until passed_to",
    "passed_on": "opened_again",
    "disclosure": "onward",
    "escalation_contact": "*",
    "ladder_rung": "*",
    "chase_pause": "ended_at ended_by_id",
    "extension": "state decided_at decided_by_id decided_seq granted_until decision_reason",
    "extension_file": "granted",
    "not_received": "ruling ruling_reason ruled_at ruled_by_id",
    "store_withdrawal": "state decided_at decided_by_id decision_reason amended_seq again_id",
    "letter": "state next_attempt_at claimed_at attempts sent_at answer checkpoint checkpoint_size "
    "subject text carried_by_id message_id received_at claim handed_at key asks_receipt vouched_at "
    "demand_id",
    "log_head": "*",
    "unsent_form": "fields over saved_at began_at turn",
}
# What a tick erases by itself: how often an address may try.
PASSING = {"sign_in_attempt"}
ERASED: Mapping[str, str] = {
    "log_entry": "body erased_at",
    "letter": "key invitation_id to_name to_email subject text message_id erased_at time_zone",
    "letter_event": "answer",
    "chase_pause": "reason",
    "extension": "reason asked_by_id",
    "extension_file": "",
}
ANSWERING = {"answers.save", "copying.copy_answers", "answer_lists.import_answers"}
NAMING = {"acknowledging.name_officer", "acknowledging.choose_officer", "leaving.end_access"}
ONLY_BY: Mapping[tuple[str, str], Collection[str]] = {
    ("copy", "answer"): ANSWERING | {REOPEN, TICK, WITHHOLD},
    ("copy", "signed"): {SIGN},
    ("copy", "until"): {SIGN},
    ("passed_on", "opened_again"): {REOPEN},
    ("disclosure", "onward"): ANSWERING | {"answers.save_onward", REOPEN, TICK},
    ("named_file", "changed_at"): {
        "answers.save_onward",
        "evidence_files.add",
        "evidence_uses.attach",
        "evidence_uses.detach",
    },
    ("demand", "basis"): {AMEND},
    ("demand", "action"): {AMEND},
    ("demand", "instruction"): {AMEND},
    ("demand", "concurrence"): {AMEND},
    ("demand", "due_on"): {AMEND, DECIDE},
    ("demand", "signed_due_on"): {AMEND, DECIDE},
    ("demand", "officer_id"): NAMING,
    ("demand", "officer_named_by_id"): NAMING,
    ("demand", "own_ladder"): {"own_ladders.keep_ladder", "own_ladders.back_to_usual"},
    ("demand", "asks_receipt"): {"escalation.name_contacts"},
    ("chase_pause", "ended_at"): {"pausing.end_pause"},
    ("letter", "received_at"): {"receipts.confirm"},
    # What went out about a draft stays on record when the draft goes.
    ("letter", "demand_id"): {"drafts.discard"},
    ("store", "standing"): {AMEND},
    ("unsent_form", "turn"): {"unsent.forget"},
    ("unsent_form", "began_at"): {"unsent.keep"},
    ("log_entry", "body"): {WITHHOLD},
}
# Which rows may go, by which acts. Those of a draft may while it is one.
GOES: Mapping[str, Collection[str]] = {
    "amendment": {AMEND, "amendment_drafts.discard"},
    "amendment_file": {AMEND, "amendment_drafts.discard", "amendment_files.remove_file"},
    "amendment_store": {AMEND, "amendment_drafts.discard"},
    # With its last draft goes an incident that nobody has said or done anything about.
    "incident": {"drafts.discard"},
    "incident_change": {"drafts.discard"},
    "disclosure": {WITHHOLD},
    "passed_on": {SIGN},  # a new attestation of the file says it anew
    "escalation_contact": {WITHHOLD, "escalation.name_contact", "escalation.name_contacts"},
    "failing_address": {WITHHOLD},
    "ladder_rung": {"own_ladders.keep_ladder", "own_ladders.back_to_usual"},
    "evidence_file": {WITHHOLD},
    "evidence_of_copy": {WITHHOLD, "evidence_uses.detach"},
    "evidence_of_file": {WITHHOLD, "evidence_uses.detach"},
    "unsent_form": {"unsent.forget", "leaving.end_access"},
}


def read(stage: Stage) -> Rows:
    """Every row of every table, by its key."""
    found: dict[str, dict[tuple[Any, ...], Row]] = {}
    with stage.look() as ctx:
        for table in Base.metadata.sorted_tables:
            keys = [column.name for column in table.primary_key.columns]
            rows = ctx.session.connection().execute(select(table)).mappings()
            found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    return found


def compare(before: Rows, after: Rows, act: str) -> None:
    """What was there is there, unless this act may change it."""
    drafts = {key[0] for key, row in before["demand"].items() if row["state"] == "draft"}
    for name, rows in after.items():
        if name in PASSING:
            continue
        for key, old in before[name].items():
            draft = key[0] in drafts if name == "demand" else old.get("demand_id") in drafts
            new = rows.get(key)
            if new is None:
                may = draft or act in GOES.get(name, ())
                may = may or _said_again(name, old, after) or _over(name, old, after)
                assert may, f"{act} took {key} out of {name}"
            elif new != old:
                _changed(name, old, new, act, draft)
        for key in rows.keys() - before[name].keys():
            _came(name, rows[key], act)


def _changed(name: str, old: Row, new: Row, act: str, draft: bool) -> None:
    columns = {column for column in new if new[column] != old[column]}
    if "state" in columns:
        _follows(name, old["state"], new["state"], act)
    if draft and name in ("demand", "demand_party", "named_file", "store"):
        return
    may = CHANGES.get(name, "").split()
    if act == WITHHOLD:
        may = may + ERASED.get(name, "").split()
    if act in ("drafts.save_incident", "drafts.save_parties", "drafts.save_terms"):
        return
    odd = set() if may == ["*"] else columns - set(may)
    assert not odd, f"{act} changed {sorted(odd)} of {name}"
    for column in columns:
        acts = ONLY_BY.get((name, column))
        assert acts is None or act in acts, f"{act} changed {column} of {name}"
    if name == "letter" and "demand_id" in columns:
        assert draft, f"{act} took a letter from a demand that was issued"
        assert new["demand_id"] is None
    if name == "not_received" and "ruling" in columns:
        assert old["ruling"] is None, "A ruling was changed"
    if name == "unsent_form" and "began_at" in columns:
        assert not old["fields"], "A form that was begun was begun again"


def _said_again(name: str, old: Row, after: Rows) -> bool:
    """A letter that has not gone out yet, in whose place another one says all of it and more; to
    its reader too, unless their review has ceased to count."""
    if name != "letter" or old["state"] != "queued" or old["kind"] != "attestations_to_review":
        return False
    demand = after["demand"][(old["demand_id"],)]
    joint = old["organisation_id"] != demand["organisation_id"]
    over = joint and demand["concurrence"] == "lead"
    same = ("kind", "demand_id") if over else ("kind", "demand_id", "to_email")
    return any(
        row["queued_at"] >= old["queued_at"] and all(row[each] == old[each] for each in same)
        for row in after["letter"].values()
    )


def _over(name: str, old: Row, after: Rows) -> bool:
    """A form that nobody sends any more: what it is about has ended."""
    if name != "unsent_form" or old["demand_id"] is None:
        return False
    return after["demand"][(old["demand_id"],)]["state"] in demand_states.ENDED


def _came(name: str, row: Row, act: str) -> None:
    first = FIRST.get(name)
    if first is not None and act not in (TICK, AMEND):
        state = row["state"]
        assert state == first, f"{act} made a row of {name} that is {state}"


def _follows(name: str, old: str, new: str, act: str) -> None:
    states = STATES[name]
    if act == AMEND:
        states = {"named_file": ANY_FILE, "attestation": AMENDED_ATTESTATION}.get(name, states)
    assert new in states[old], f"{act} brought {name} from {old} to {new}"
