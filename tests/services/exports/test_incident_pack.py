"""The regulator's pack: what is in it, that it verifies, and that it is always the same bytes."""

import csv
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.demo import acting, incident_scenes, script
from attest.demo.acting import account_of, tick
from attest.domain import csv_cells
from attest.services.acts import extension_deciding, incident_changes, incident_letter, reopening
from attest.services.exports import incident_pack
from attest.services.facts.incident_access import incident_for
from tests import more_time_acts
from tests import stage as play
from tests.documents.papers import words

PARTS = ("subject", "opening", "nature", "consequences", "measures", "contact", "closing")

NAMES = ["README.txt", "facts.pdf", "facts.json", "timeline.csv", "demands.csv", "letters.csv"]


def seat(ctx):
    return incident_for(ctx, account_of(ctx, play.CASEWORK), "ND-2013-I01")


def packed(stage, **more):
    out = io.BytesIO()
    with stage.look() as ctx:
        incident_pack.write_pack(ctx, seat(ctx), out, **more)
    return out.getvalue()


def opened(stage, **more):
    return zipfile.ZipFile(io.BytesIO(packed(stage, **more)))


def table(pack, name):
    header, *lines = csv.reader(io.StringIO(pack.read(name).decode("utf-8-sig")))
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_everything_is_in_it_and_the_bundle_verifies(stage_at):
    stage = stage_at("closed")
    pack = opened(stage)
    assert pack.testzip() is None
    assert pack.namelist() == [
        *NAMES,
        "bundles/ND-2013-001-bundle.zip",
        "bundles/ND-2013-001-trust.json",
    ]
    trust = parse_trust(pack.read("bundles/ND-2013-001-trust.json"))
    report = check(io.BytesIO(pack.read("bundles/ND-2013-001-bundle.zip")), trust)
    assert report.status == 0
    readme = pack.read("README.txt").decode()
    assert (
        "attest verify bundles/ND-2013-001-bundle.zip --trust bundles/ND-2013-001-trust.json"
        in readme
    )
    (demand,) = table(pack, "demands.csv")
    assert (demand["State"], demand["Copies settled"], demand["Copies"]) == ("closed", "4", "4")
    facts = json.loads(pack.read("facts.json"))
    assert facts["facts"]["what_happened"] == "They went to a bidder."
    assert facts["clock"]["state"] == "reported"
    assert facts["containment"] == {"demands": 1, "settled": 4, "excepted": 0, "open": 0}
    titles = [row["What"] for row in table(pack, "timeline.csv")]
    assert titles.index("Noticed: the 72 hours begin") < titles.index("ND-2013-001 closed")


def test_the_paper_follows_the_authoritys_form(quick_stage_at):
    stage = quick_stage_at("attested")
    incident_scenes.record_facts(stage, play.CASEWORK)
    text = words(opened(stage).read("facts.pdf"))
    order = [
        "About the breach", "What happened", "How it was discovered", "When it was noticed",
        "When it happened", "Categories of personal data", "How many records",
        "How many people are affected", "Categories of people affected", "Likely consequences",
        "Taking action", "What was in place to prevent it", "What was done about it",
        "People affected who were told", "Other bodies told", "About you", "Contact point: name",
        "Reports to the authority", "Deletion demands", "Timeline",
    ]  # fmt: skip
    assert all(heading in text for heading in order), [h for h in order if h not in text]
    assert "Reported after 25 hours, 47 hours before the end" in text
    assert "4 of 4 copies settled" in text
    assert "Data Protection Officer" in text


def test_letters_prove_service(quick_stage_at):
    stage = quick_stage_at("attested")
    rows = table(opened(stage), "letters.csv")
    issued = next(
        row
        for row in rows
        if (row["Letter"], row["Address"])
        == ("the deletion demand, with an invitation", play.LIAISON)
    )
    assert issued["State"] == "sent"
    assert issued["Sent (UTC)"].startswith("2013-02-04T")
    assert issued["Sent (UTC)"].endswith("Z")
    assert issued["Message-ID"].startswith("<")
    assert int(issued["Checkpoint: leaves"]) > 0
    assert issued["Organisation"] == play.HALDEN
    assert issued["Attempts"] == "1"
    assert issued["In the log as leaf"].endswith(" (letter.sent)")
    assert issued["Receipt (UTC)"] == ""
    # Letters to other controllers are theirs.
    assert play.JOINT not in {row["Address"] for row in rows}


def test_the_same_state_gives_the_same_bytes_whenever_it_is_asked_for(stage_at):
    stage = stage_at("attested")
    first = packed(stage)
    stage.now += timedelta(days=400)
    assert packed(stage) == first
    with stage.act() as ctx:
        incident_changes.save_section(ctx, seat(ctx), "effects", {"consequences": "Distress."})
    assert packed(stage) != first


def test_before_anything_is_issued_there_is_a_pack_too(quick_stage_at):
    stage = quick_stage_at("drafted")
    pack = opened(stage)
    assert pack.namelist() == NAMES
    assert "There is no bundle yet" in pack.read("README.txt").decode()
    text = words(pack.read("facts.pdf"))
    assert "No report to the authority is recorded." in text
    assert "The 72 hours end on 6 February 2013, 09:00." in text


def test_it_names_nobody_who_was_written_to(quick_stage_at):
    stage = quick_stage_at("closed")
    with stage.act() as ctx:
        incident_letter.save(
            ctx,
            seat(ctx),
            dict.fromkeys(PARTS, "Dear {name},"),
        )
        made = incident_letter.merge(ctx, seat(ctx), b"name\nAnn Exemplar-Person\n")
        assert "Dear Ann Exemplar-Person," in next(made.texts())
    tick(stage)
    pack = opened(stage)
    for name in NAMES:
        data = words(pack.read(name)) if name.endswith(".pdf") else pack.read(name).decode()
        assert "Exemplar-Person" not in data, name
    assert "1 letter made from version 1" in words(pack.read("facts.pdf"))


def test_a_spreadsheet_runs_nothing_of_it():
    for cell in ("=1+1", "+1", "-1", "@x", "\tx", " =1", "\u00a0=1", "\uff1d1"):
        assert csv_cells.safe(cell).startswith("'"), repr(cell)
    for cell in ("a=1", "3-4", "", "O'Neill"):
        assert csv_cells.safe(cell) == cell
    assert csv_cells.safe(-5) == "-5"
    lines = list(csv_cells.lines([("a", "b\nc"), ('"', None)]))
    assert lines == ['\ufeffa,"b\nc"\r\n'.encode(), b'"""",\r\n']


def test_memory_does_not_grow_with_the_letters(quick_stage_at):
    """A list is read, a letter made, and forgotten, one after the other."""
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        incident_letter.save(ctx, seat(ctx), dict.fromkeys(PARTS, "x" * 150))
        data = b"name\n" + b"".join(b"Person %d\n" % number for number in range(20_000))
        made = incident_letter.merge(ctx, seat(ctx), data)
    tracemalloc.start()
    total = sum(len(text) for text in made.texts())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 20_000_000
    assert peak < 1_000_000


def test_more_time_shows_both_days_and_stands_in_the_timeline(stage_at):
    stage = stage_at("ready")
    request = more_time_acts.ask(stage)
    more_time_acts.decide(stage, request, extension_deciding.AS_ASKED)
    pack = opened(stage)
    (demand,) = table(pack, "demands.csv")
    assert (demand["Due, as signed"], demand["Due, with more time"]) == ("2013-02-18", "2013-02-20")
    text = words(pack.read("facts.pdf"))
    assert "due 18 February 2013, extended to 20 February 2013" in text
    titles = [row["What"] for row in table(pack, "timeline.csv")]
    assert "ND-2013-001: more time granted, until 20 February 2013" in titles


def test_the_timeline_tells_of_rejections_and_of_files_opened_again(stage_at):
    stage = stage_at("attested")
    script.review(stage, "rejected", reason="The mailbox is missing.")
    play.attested(stage)
    play.accepted(stage)
    with stage.act() as ctx:
        officer = acting.seat_of(ctx, stage, play.OFFICER)
        reopening.reopen_file(ctx, officer, play.files(stage)["list.csv"].id, "A printout.")
    told = {row["What"]: row["What was said"] for row in table(opened(stage), "timeline.csv")}
    assert told["ND-2013-001: 1 file opened again"] == ""
    assert told["ND-2013-001: 4 attestations signed"] == ""
    rejected = f"ND-2013-001: attestations rejected by {play.LEAD}"
    assert told[rejected] == "The mailbox is missing."


def test_choices_are_lists_for_a_program(stage_at):
    stage = stage_at("closed")
    facts = json.loads(opened(stage).read("facts.json"))["facts"]
    assert isinstance(facts["data_categories"], list)
