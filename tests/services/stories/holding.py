"""What must hold of a demand's rows at any time, whoever did whatever (design: states, guards)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from attest.demo.acting import Stage
from attest.domain.demand_states import ENDED
from attest.domain.standing import ACCEPTED, OPEN, REJECTED
from attest.services.acts.reopening import MAY_END
from attest.services.facts.calendars import today
from tests.services.stories.watch import Row, Rows

CLOSED = ("closed", "closed_with_exceptions")


def no_forbidden_state(rows: Rows) -> None:
    """Each demand, its files, what was signed for it and the demands raised from it agree."""
    demands = {row["id"]: row for row in rows["demand"].values()}
    files, kinds, keyids = _by_demand(rows)
    attestations = {row["hash"]: row for row in rows["attestation"].values()}
    for demand in demands.values():
        _of_demand(demand, files[demand["id"]], kinds[demand["id"]])
        above = demands.get(demand["parent_id"])
        if above is not None:
            _of_child(demand, above)
    for file in rows["named_file"].values():
        last = attestations.get(file["last_attestation"])
        assert last is not None or file["state"] == OPEN
        if demands[file["demand_id"]]["state"] == "closed":
            assert last is not None
            assert not last["excepted"], "closed with a live exception"
        if last is not None and file["state"] == ACCEPTED:
            # An accepted file needs a confirmed key.
            assert last["keyid"] in keyids, "accepted, and the key never confirmed"
    _reviewers(rows, attestations)
    _one_at_a_time(rows)


def _by_demand(rows: Rows) -> tuple[Mapping[str, Any], Mapping[str, Any], set[str]]:
    files: dict[str, list[Row]] = defaultdict(list)
    kinds: dict[str, list[str]] = defaultdict(list)
    for file in rows["named_file"].values():
        files[file["demand_id"]].append(file)
    for key in sorted(rows["log_entry"]):
        kinds[key[0]].append(rows["log_entry"][key]["type"])
    confirmed = {
        row["keyid"] for row in rows["key_statement"].values() if row["name"] == "key-confirmation"
    }
    return files, kinds, confirmed


def _of_demand(demand: Row, files: list[Row], kinds: list[str]) -> None:
    state = demand["state"]
    assert (state == "draft") is (kinds == [])
    states = {file["state"] for file in files}
    if state in CLOSED:
        assert states == {ACCEPTED}, f"{state}, and its files are {states}"
    if state == "awaiting_review":
        assert not states & {OPEN, REJECTED}
    if state in ENDED:
        mattered = [kind for kind in kinds if not kind.startswith(("letter.", "key."))]
        assert mattered[-1] == "demand.closed", f"{mattered[-1]} in a demand that is {state}"
        assert demand["closed_at"] is not None
    elif state != "draft":
        assert demand["closed_at"] is None, f"{state}, and has a day on which it was closed"
    assert (demand["amended_at"] is not None) is ("demand.amended" in kinds)
    assert (demand["issued_at"] is not None) is ("demand.issued" in kinds)
    # "demand.issued" comes first of what is signed, and once only.
    assert kinds.count("demand.issued") <= 1


def _of_child(child: Row, above: Row) -> None:
    """A parent that was closed waited for its children; one may be opened again since."""
    if above["state"] in CLOSED and child["state"] not in ENDED:
        assert child["created_at"] <= above["closed_at"]
        assert child["issued_at"] is not None
    assert child["incident_id"] == above["incident_id"]
    assert child["organisation_id"] == above["organisation_id"]


def _reviewers(rows: Rows, attestations: Mapping[str, Row]) -> None:
    """The signer of an attestation never reviews it; officers attest, signatories review."""
    keys = {row["keyid"]: row for row in rows["signing_key"].values()}
    reviews = {row["hash"]: row for row in rows["review"].values()}
    for subject in rows["review_subject"].values():
        reviewer = keys[reviews[subject["review_hash"]]["keyid"]]
        signer = keys[attestations[subject["attestation_hash"]]["keyid"]]
        assert (reviewer["duty"], signer["duty"]) == ("signatory", "officer")
        assert reviewer["person_id"] != signer["person_id"]


def _one_at_a_time(rows: Rows) -> None:
    """One request for more time, and one claim a file, wait at once."""
    asked = Counter(
        row["demand_id"] for row in rows["extension"].values() if row["state"] == "requested"
    )
    assert not asked or max(asked.values()) == 1
    claimed = Counter(
        row["file_id"] for row in rows["not_received"].values() if row["ruling"] is None
    )
    assert not claimed or max(claimed.values()) == 1
    for row in rows["store_withdrawal"].values():
        store = rows["store"][(row["store_id"],)]
        assert store["standing"] is (row["amended_seq"] is None)


def exceptions_came_back(stage: Stage, rows: Rows) -> None:
    """After the worker's round no file waits longer than its exceptions last."""
    day = today(stage.settings, stage.now)
    for copy in rows["copy"].values():
        if copy["until"] is None or copy["until"] > day:
            continue
        demand = rows["demand"][(copy["demand_id"],)]
        store = rows["store"][(copy["store_id"],)]
        if demand["state"] in MAY_END and store["standing"]:
            assert rows["named_file"][(copy["file_id"],)]["state"] == OPEN, "kept beyond its day"


def letters_went_once(stage: Stage, rows: Rows) -> None:
    """What was sent lies in the outgoing mail once, and is in its demand's log once."""
    mail = Counter(path.stem.partition("-")[2] for path in stage.settings.mail_path.glob("*.eml"))
    logged = sum(row["type"] == "letter.sent" for row in rows["log_entry"].values())
    sent = [row for row in rows["letter"].values() if row["state"] == "sent"]
    # What happened before the story began went out into another folder.
    assert set(mail) <= {row["id"] for row in sent}
    assert not mail or max(mail.values()) == 1
    assert logged == sum(row["checkpoint_size"] is not None for row in sent)
