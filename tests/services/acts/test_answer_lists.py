"""The answers out as a list and back in: the whole list or nothing, and only for open files."""

from __future__ import annotations

import pytest

from attest.demo.acting import seat_of
from attest.domain import csv_cells
from attest.domain.refusal import Refused
from attest.services.acts import answer_lists, answers
from attest.services.views.desk import desk
from attest.sheets import read_rows
from tests import stage as play

FIRST, SECOND = play.FILES


def answer(stage, names=play.FILES, label: str = "File share", **more) -> None:
    files, stores = play.files(stage), play.stores(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        cells = [(files[name].id, stores[label].id) for name in names]
        answers.save(ctx, seat, cells, play.deleted(stage) | more)


def out(stage, kind: str = "csv") -> bytes:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        if kind == "xlsx":
            return answer_lists.as_xlsx(ctx, seat)
        return b"".join(answer_lists.as_csv(ctx, seat))


def preview(stage, data: bytes) -> answer_lists.Preview:
    with stage.look() as ctx:
        return answer_lists.preview(ctx, seat_of(ctx, stage, play.OFFICER), data)


def bring(stage, data: bytes) -> answer_lists.Preview:
    with stage.act() as ctx:
        return answer_lists.import_answers(ctx, seat_of(ctx, stage, play.OFFICER), data)


def left(stage) -> int:
    with stage.look() as ctx:
        return desk(ctx, seat_of(ctx, stage, play.OFFICER)).left


def listed(stage, *rows: tuple[str, str]) -> bytes:
    day = stage.now.date().isoformat()
    head = ["file", "store", "outcome", "method", "performed_on", "performed_by"]
    lines = [[*row, "deleted", "overwrite", day, "Systems administrator"] for row in rows]
    return b"".join(csv_cells.lines([head, *lines]))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_out_and_back_changes_nothing(stage_at, kind: str) -> None:
    stage = stage_at("ready")
    answer(stage, note="=1+1", count="2")
    found = preview(stage, out(stage, kind))
    assert found.problems == []
    assert (found.added, found.replaced, found.same, found.silent) == (0, 0, 2, 2)
    bring(stage, out(stage, kind))
    assert left(stage) == 2
    assert play.problems(stage) == []


def test_the_workbook_has_a_line_for_each_open_copy(quick_stage_at) -> None:
    rows = read_rows(out(quick_stage_at("ready"), "xlsx"))
    assert rows[0][1][:3] == ["file", "store", "outcome"]
    assert len(rows) == 5


def test_a_list_answers_for_copies(stage_at) -> None:
    stage = stage_at("ready")
    answer(stage, [FIRST])
    data = listed(stage, (FIRST, "file share"), (SECOND, "File share"))
    found = preview(stage, data)
    assert (found.added, found.replaced, found.same) == (1, 1, 0)
    assert left(stage) == 3
    bring(stage, data)
    assert left(stage) == 2
    assert play.state(stage) == "in_progress"


def test_one_bad_line_keeps_the_whole_list_out(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    data = listed(stage, (FIRST, "File share"), ("other.csv", "File share"), (SECOND, "Attic"))
    found = preview(stage, data)
    assert [str(problem) for problem in found.problems] == [
        "Line 3: No file of this demand is called “other.csv”.",
        "Line 4: No store of this demand is called “Attic”.",
    ]
    assert len(found.answers) == 1
    with pytest.raises(Refused, match="Nothing was imported"):
        bring(stage, data)
    assert left(stage) == 4


@pytest.mark.parametrize(
    "name", [play.HALDEN, "Halden Support Services", "northshire constabulary"]
)
def test_no_party_is_a_recipient_by_a_list_either(stage_at, name: str) -> None:
    stage = stage_at("ready")
    data = b"file,store,outcome,passed_to\n"
    data += f"{FIRST},File share,passed_on,{name}\n".encode()
    data += f"{SECOND},File share,passed_on,Printers Ltd\n".encode()
    [problem] = preview(stage, data).problems
    assert str(problem).startswith(f"Line 2: passed_to: “{name}” is ")
    with pytest.raises(Refused, match="Nothing was imported"):
        bring(stage, data)
    assert left(stage) == 4


def test_what_is_signed_for_takes_no_answers(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    [problem] = preview(stage, listed(stage, (FIRST, "File share"))).problems
    assert "has been signed for" in problem.sentence


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "column"),
        (b"file,store\na,b\n", "The column “outcome” is missing"),
        (b"PK\x03\x04", "cannot be read as XLSX"),
        (b"\0\1", "not a text file"),
        (b"file,store,outcome\n", "answers for no copy"),
        (b" " * (10 * 1024 * 1024 + 1), "too long"),
    ],
    ids=["empty", "header", "zip", "binary", "bare", "long"],
)
def test_what_is_no_list_is_told(quick_stage_at, data: bytes, sentence: str) -> None:
    found = preview(quick_stage_at("ready"), data)
    told = " ".join(problem.sentence for problem in found.problems)
    assert sentence in told or (not data and "no copy" in told)


def test_a_list_that_nobody_filled_in_changes_nothing(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    bring(stage, out(stage))
    assert play.state(stage) == "acknowledged"
    assert play.problems(stage) == []


def test_a_list_that_could_not_come_back_is_known_before_it_goes_out(
    stage_at, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_at("answered")

    def known() -> tuple[int, int | None]:
        with stage.look() as ctx:
            seat = seat_of(ctx, stage, play.OFFICER)
            written = sum(len(part) for part in answer_lists.as_csv(ctx, seat))
            return written, answer_lists.too_large(ctx, seat)

    size, found = known()
    assert found is None
    monkeypatch.setattr(answer_lists, "MAX_BYTES", size)
    assert known() == (size, None)
    monkeypatch.setattr(answer_lists, "MAX_BYTES", size - 1)
    assert known() == (size, size)
    # Counted only where it may be: what is surely short is not written for it.
    monkeypatch.setattr(answer_lists, "MAX_BYTES", 100 * size)
    monkeypatch.setattr(answer_lists, "as_csv", None)
    with stage.look() as ctx:
        assert answer_lists.too_large(ctx, seat_of(ctx, stage, play.OFFICER)) is None
