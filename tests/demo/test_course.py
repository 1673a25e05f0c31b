"""Every event of the reference case, looked for in what `attest demo --act-out` leaves behind."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image
from sqlalchemy import select

from attest.cli.common import session
from attest.database.tables import IncidentReport, IncidentTelling, Letter
from attest.demo import case as reference
from attest.demo import exhibits, late_scenes, script
from attest.demo.course import SCENES
from attest.domain.wording import cell_day

DESTROYED = {"method": "shred", "standard": "ISO/IEC 21964"}


@pytest.fixture(scope="module")
def log(case: Path) -> list[dict[str, Any]]:
    """The log, in order: each leaf's `type` and `at`, with the members of its body, or what the
    statement in its envelope says, as `says`."""
    with zipfile.ZipFile(case / "bundle.zip") as bundle:
        leaves = bundle.read("evidence/leaves.jsonl").splitlines()
        bodies = bundle.read("evidence/bodies.jsonl").splitlines()
    return [
        _members(json.loads(body)) | json.loads(leaf)
        for leaf, body in zip(leaves, bodies, strict=True)
    ]


def _members(body: dict[str, Any]) -> dict[str, Any]:
    if "signatures" not in body:
        return body
    return {"says": json.loads(base64.b64decode(body["payload"]))["predicate"]}


def of_type(log: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [body for body in log if body["type"] == kind]


def copies(log: list[dict[str, Any]], number: int) -> dict[tuple[str, str], dict[str, Any]]:
    """What the `number`th attestation of each file says, by file and store's key."""
    names = {body["fileId"]: body["name"] for body in of_type(log, "file.named")}
    keys = {place.label: place.key for place in reference.STORES}
    stores = {body["storeId"]: keys[body["label"]] for body in of_type(log, "store.named")}
    said: dict[str, list[Any]] = {}
    for body in of_type(log, "attestation.signed"):
        said.setdefault(names[body["says"]["fileId"]], []).append(body["says"])
    return {
        (name, stores[copy["storeId"]]): copy
        for name, many in said.items()
        for copy in many[number]["copies"]
    }


def test_it_says_one_line_an_event_with_the_days_of_the_case(case: Path) -> None:
    said = case.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    days = [line[:11].strip() for line in said[: len(SCENES)]]
    assert days == [cell_day(scene.day) for scene in SCENES]
    assert (days[0], days[-1]) == ("1 Feb 2013", "15 Mar 2013")
    assert max(map(len, said[: len(SCENES)])) <= 100
    assert any("70 hours 35 minutes" in line for line in said)
    assert any("pack.zip" in line for line in said)
    assert "ND-2013-001 is closed. To verify it:" in said


def test_the_incident(case: Path) -> None:
    with session(case) as ctx:
        [report] = ctx.session.scalars(select(IncidentReport)).all()
        [told] = ctx.session.scalars(select(IncidentTelling)).all()
    assert report.reported_at == datetime(2013, 2, 4, 8, 15, tzinfo=UTC)
    assert report.reported_at - reference.NOTICED_AT == timedelta(hours=70, minutes=35)
    assert (told.told_on, told.people, told.channel) == (date(2013, 2, 11), 994, "post")
    with zipfile.ZipFile(case / "pack.zip") as pack:
        assert pack.testzip() is None
        facts = json.loads(pack.read("facts.json"))
        bundle = pack.read("bundles/ND-2013-001-bundle.zip")
    assert "994" in json.dumps(facts)
    # The pack's bundle leaves the evidence files out.
    inner = zipfile.ZipFile(io.BytesIO(bundle)).namelist()
    assert not [name for name in inner if "attachment" in name]


def test_the_letters_that_go_unanswered(case: Path) -> None:
    with session(case) as ctx:
        rows = ctx.session.scalars(select(Letter)).all()
    sent = Counter((row.kind, row.queued_at.date(), row.to_email) for row in rows)
    both = (script.LIAISON, script.OFFICER)
    for kind, day in (("reminder", 18), ("reminder", 20), ("overdue", 21), ("escalation", 25)):
        assert all(sent[kind, date(2013, 2, day), to] == 1 for to in both), (kind, day)
    [contact] = [row for row in rows if row.kind == "escalation_contact"]
    assert contact.queued_at.date() == date(2013, 2, 25)
    assert contact.to_email == late_scenes.DIRECTOR
    assert {row.state for row in rows} == {"sent"}


def test_more_time_is_asked_for_and_granted_in_part(log: list[dict[str, Any]]) -> None:
    [asked], [decided] = of_type(log, "extension.requested"), of_type(log, "extension.decided")
    assert (asked["until"], asked["at"][:10]) == ("2013-02-21", "2013-02-13")
    assert (decided["decision"], decided["until"]) == ("granted", "2013-02-20")
    assert decided["at"][:10] == "2013-02-14"
    order = [body["type"] for body in log]
    assert order.index("extension.decided") < order.index("attestation.signed")


def test_what_is_signed_and_how_often(log: list[dict[str, Any]]) -> None:
    signed = Counter(body["type"] for body in log if "says" in body)
    assert signed == {
        "key.enrolled": 2,
        "key.confirmed": 1,
        "demand.issued": 1,
        "attestation.signed": 5 + 2 + 1 + 5,
        "attestation.reviewed": 2 + 1 + 1 + 1,
        "demand.closed": 1,
    }
    decisions = [body["says"]["decision"] for body in of_type(log, "attestation.reviewed")]
    assert decisions == ["rejected", "accepted", "accepted", "accepted", "accepted"]
    attested = of_type(log, "attestation.signed")
    assert all(body["says"]["onward"] == {"disclosed": False} for body in attested)


def test_the_printout_and_the_backup_open_files_again(log: list[dict[str, Any]]) -> None:
    found, *ended = of_type(log, "file.reopened")
    assert "second printout" in found["reason"]
    assert found["at"][:10] == "2013-02-27"
    assert len(ended) == 5
    assert {(body["at"][:10], body["by"]["name"]) for body in ended} == {("2013-03-12", "Attest")}


def test_at_first_a_serial_is_missing_of_two_files(log: list[dict[str, Any]]) -> None:
    first = copies(log, 0)
    drives = {name: first[name, "laptops"]["media"] for name in reference.NAMES}
    counts = {name: len(media) for name, media in drives.items()}
    assert counts == {name: 2 if name in reference.REJECTED else 3 for name in reference.NAMES}
    until = {first[name, "backup"]["exception"]["until"] for name in reference.NAMES}
    assert until == {"2013-03-12"}
    assert first[reference.COSTINGS, "unit7"]["outcome"] == "none_found"


def expected() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The case's own table: what became of each copy in the end."""
    for name in reference.NAMES:
        in_mailbox = name in (reference.LIST, reference.COSTINGS)
        yield name, "share", {"outcome": "deleted", "method": "overwrite",
                              "performedOn": "2013-02-06"}  # fmt: skip
        if in_mailbox:
            yield name, "mailbox", {"outcome": "deleted", "method": "file_deletion",
                                    "performedOn": "2013-02-07"}  # fmt: skip
        else:
            yield name, "mailbox", {"outcome": "none_found"}
        yield name, "laptops", DESTROYED | {
            "outcome": "destroyed", "level": "H-4", "performedOn": "2013-02-12",
            "witnessedBy": reference.OFFICER,
            "media": [{"model": "Travelstar 5K500", "serial": serial}
                      for serial in ("TS5-10441", "TS5-10442", "TS5-10457")],
        }  # fmt: skip
        yield name, "backup", {"outcome": "deleted", "method": "retention_expiry",
                               "performedOn": "2013-03-13"}  # fmt: skip
        yield name, "relay", {"outcome": "none_found", "onWordOf": "Midshire Police"}
        paper = DESTROYED | {"outcome": "destroyed", "level": "P-4", "count": 1}
        costings = name == reference.COSTINGS
        yield name, "cabinet", paper if costings else {"outcome": "none_found"}
        yield name, "unit7", paper if costings else {"outcome": "none_found"}


def test_what_became_of_each_copy(log: list[dict[str, Any]]) -> None:
    last = copies(log, -1)
    wanted = list(expected())
    assert len(wanted) == len(last) == 35
    for name, store, members in wanted:
        got = last[name, store]
        assert {member: got.get(member) for member in members} == members, (name, store)
    assert last[reference.LIST, "relay"]["search"]["on"] == "2013-02-05"
    assert last[reference.LIST, "unit7"]["search"]["on"] == "2013-02-08"
    assert last[reference.COSTINGS, "cabinet"]["performedOn"] == "2013-02-06"
    assert last[reference.COSTINGS, "unit7"]["performedOn"] == "2013-02-28"


def test_evidence_files_stand_in_what_is_signed(log: list[dict[str, Any]]) -> None:
    added = [body["name"] for body in of_type(log, "evidence.added")]
    assert added == [exhibits.REPORT, exhibits.PHOTOGRAPH, exhibits.CERTIFICATE]
    last = copies(log, -1)
    for name in reference.NAMES:
        shown = {store: _evidence(last[name, store]) for store in ("share", "laptops", "cabinet")}
        assert shown == {
            "share": [exhibits.REPORT],
            "laptops": [exhibits.PHOTOGRAPH, exhibits.CERTIFICATE],
            "cabinet": [],
        }


def _evidence(copy: dict[str, Any]) -> list[str]:
    return [named["name"] for named in copy.get("evidence", [])]


def test_the_exhibits_open() -> None:
    with Image.open(io.BytesIO(exhibits.photograph())) as picture:
        picture.load()
        assert picture.format == "JPEG"
    reader = pypdf.PdfReader(io.BytesIO(exhibits.certificate()), strict=True)
    [page] = reader.pages
    assert all(serial in page.extract_text() for serial in reference.DRIVES)
    assert exhibits.erasure_report().count(b"<file ") == 5
