"""The officer's answers as a list: one line a copy, out and back in by the same names.

The columns are the fields of domain/answers.py. Outcomes and methods are written by their names in
the format, and taken by their words too. A line without an outcome, with nothing else filled in,
says nothing, and what is answered for its copy stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from attest.domain import answers, csv_cells, media, text
from attest.domain.list_rows import Columns, Line, Problem
from attest.domain.outcomes import METHODS, OFFERED, OUTCOMES, SAFEGUARDS, STANDARDS
from attest.domain.scalars import FormatError, parse_date

FILE, STORE = "file", "store"
DAYS = frozenset({"performed_on", "search_on", "exception_until"})
FIELDS: tuple[str, ...] = (
    "outcome",
    *answers.FIELDS,
    "safeguards",
    "count",
    "media",
)
COLUMNS = Columns(
    (FILE, STORE, *FIELDS),
    {
        FILE: "The column “file” is missing. It holds the name of the file.",
        STORE: "The column “store” is missing. It holds the name of the store.",
        "outcome": "The column “outcome” is missing. It says what became of the copy.",
    },
)
MAX_LINES = 20_000
# What a line of several media has between them: a cell holds one line best.
_BETWEEN_MEDIA = " | "


@dataclass(frozen=True)
class Answered:
    """One line that is well: the entry for a copy. `line` is where it was read."""

    line: int
    file: str
    store: str
    entry: Mapping[str, Any]


def row_of(file: str, store: str, entry: Mapping[str, Any] | None) -> list[str | int | date | None]:
    """The cells of one copy, in the order of `COLUMNS`."""
    typed = answers.typed_of(entry) if entry else {}
    row: list[str | int | date | None] = [file, store]
    for field in FIELDS:
        value = typed.get(field)
        if not value:
            row.append(None)
        elif field in DAYS:
            row.append(date.fromisoformat(value))
        elif field == "count":
            row.append(int(value))
        elif field == "safeguards":
            row.append("; ".join(value))
        elif field == "media":
            row.append(_BETWEEN_MEDIA.join(value.split("\n")))
        else:
            row.append(str(value))
    return row


def read_answers(lines: Sequence[Line], today: date) -> tuple[list[Answered], list[Problem], int]:
    """The answers that the lines give, what is wrong with them, and how many lines say nothing.

    Whether there is such a file or store is not judged here.
    """
    found: list[Answered] = []
    problems: list[Problem] = []
    silent = 0
    first: dict[tuple[str, str], int] = {}
    for line in lines:
        cells = {name: _cell(value) for name, value in line.cells.items()}
        file, store = cells.pop(FILE, ""), cells.pop(STORE, "")
        if not any(cells.values()):
            silent += 1
            continue
        wrong = list(_problems(cells, file, store, first.get((file, store.casefold()))))
        first.setdefault((file, store.casefold()), line.number)
        if not wrong:
            try:
                entry = answers.entry_of(_typed(cells), today)
            except answers.Refusals as refused:
                wrong = [
                    f"{field.partition('.')[0]}: {media.told(field, sentence)}"
                    if field.partition(".")[0] in FIELDS
                    else sentence
                    for field, sentence in refused.sentences.items()
                ]
            else:
                wrong = [
                    f"{field}: This does not go with “{OUTCOMES[entry['outcome']].words}”: "
                    "leave it out."
                    for field in _left_out(cells, entry)
                ]
                if not wrong:
                    found.append(Answered(line.number, file, store, entry))
        problems += [Problem(line.number, sentence) for sentence in wrong]
    return found, problems, silent


def _cell(written: str) -> str:
    return text.typed(csv_cells.bare(written))


def _problems(cells: Mapping[str, str], file: str, store: str, before: int | None) -> Iterator[str]:
    if not file:
        yield "The name of the file is missing."
    if not store:
        yield "The name of the store is missing."
    if file and store and before is not None:
        yield f"This copy is already on line {before:,}: take one of the two lines out."
    outcome = cells.get("outcome", "")
    if not outcome:
        yield "outcome: Say what became of the copy."
    elif _name(outcome, {name: OUTCOMES[name].words for name in OFFERED}) is None:
        yield f"outcome: “{outcome[:60]}” is not known. Write one of {', '.join(OFFERED)}."
    method = cells.get("method", "")
    if method and _name(method, {name: each.words for name, each in METHODS.items()}) is None:
        yield f"method: “{method[:60]}” is not known. Write one of {', '.join(METHODS)}."
    standard = cells.get("standard", "")
    if standard and standard not in STANDARDS:
        yield f"standard: “{standard[:60]}” is not known. Write one of {', '.join(STANDARDS)}."
    for name in _safeguards(cells):
        if name not in SAFEGUARDS:
            yield f"safeguards: “{name[:60]}” is not known. Write {'; '.join(SAFEGUARDS)}."
    for field in DAYS & cells.keys():
        try:
            if cells[field]:
                parse_date(cells[field])
        except FormatError:
            yield (
                f"{field}: The date “{cells[field][:40]}” cannot be read. Write year, month and "
                "day: 2013-01-14."
            )


def _safeguards(cells: Mapping[str, str]) -> list[str]:
    return [part.strip() for part in cells.get("safeguards", "").split(";") if part.strip()]


def _name(written: str, known: Mapping[str, str]) -> str | None:
    """The name that is meant, by itself or by its words, in any case."""
    plain = " ".join(written.casefold().replace("_", " ").split())
    return next(
        (
            name
            for name, words in known.items()
            if plain in (name.replace("_", " "), words.casefold())
        ),
        None,
    )


def _typed(cells: Mapping[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = dict(cells)
    typed["outcome"] = _name(cells["outcome"], {name: OUTCOMES[name].words for name in OFFERED})
    if cells.get("method"):
        typed["method"] = _name(
            cells["method"], {name: method.words for name, method in METHODS.items()}
        )
    typed["safeguards"] = _safeguards(cells)
    typed["media"] = "\n".join(cells.get("media", "").split(_BETWEEN_MEDIA.strip()))
    if cells.get("level"):
        typed["level"] = cells["level"].upper()
    return typed


def _left_out(cells: Mapping[str, str], entry: Mapping[str, Any]) -> list[str]:
    """Columns that are filled in and that the outcome has no place for: a form drops them, a list
    says so, for nobody sees them go."""
    kept = answers.typed_of(entry)
    return [field for field in FIELDS if cells.get(field) and not kept.get(field)]
