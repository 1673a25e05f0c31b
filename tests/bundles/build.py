"""Writes the corpus of bundles: `python -m tests.bundles.build`.

Everything is made from fixed seeds, and Ed25519's signatures are deterministic, so that the same
script gives the same bytes; but for timestamps (stamped.py), which are made once and kept. What the
tables expect is held against the verifier while writing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from attest.bundle.trust import encode_trust, parse_trust
from tests.bundle import (
    forged_acts,
    forged_answers,
    forged_authority,
    forged_checkpoints,
    forged_curve,
    forged_held_back,
    forged_keys,
    forged_leaves,
    forged_prefixes,
    forged_readers,
    forged_rewritten,
    forged_spelling,
    forged_zips,
)
from tests.bundle.forgery import Forgery
from tests.bundles import good_cases, intact_keys, intact_outside, stamped
from tests.bundles.case import Case
from tests.bundles.corpus import FOLDERS, HERE, INDEX, Row, rows, said
from tests.packing import checked

FORGERIES: list[Forgery] = [
    row
    for module in (
        forged_zips,
        forged_readers,
        forged_checkpoints,
        forged_leaves,
        forged_keys,
        forged_curve,
        forged_authority,
        forged_spelling,
        forged_prefixes,
        forged_rewritten,
        forged_answers,
        forged_acts,
        forged_held_back,
    )
    for row in module.table.rows
]
Source = Forgery | Case


@dataclass(frozen=True)
class Made:
    """A bundle and its trust file, with where they lie under this folder."""

    file: str
    bundle: bytes
    trust_file: str
    trust: bytes


def make(source: Source) -> Made:
    """Make one bundle. Trust files go by their hash, so that equal ones are one file."""
    bundle, trust = source.make()
    written = encode_trust(trust) + b"\n"
    name = hashlib.sha256(written).hexdigest()[:12]
    return Made(file_of(source), bundle, f"trust/{name}.json", written)


def file_of(source: Source) -> str:
    """Where the bundle lies."""
    passes = "intact" if isinstance(source, Case) and source.reasons else "good"
    folder = "bad" if isinstance(source, Forgery) else passes
    return f"{folder}/{source.name.replace(' ', '-')}.zip"


def hold_against(source: Source, row: Row) -> None:
    """AssertionError where a row is not what the table asks for."""
    if isinstance(source, Forgery):
        assert row["status"] == 1, f"{source.name}: {row}"
        assert row["step"] == source.step, f"{source.name}: {row}"
        assert source.says in row["reason"], f"{source.name}: {row}"
    else:
        assert row.get("reasons") == list(source.reasons), f"{source.name}: {row}"


def kept() -> Iterator[Source]:
    """What is made once: delete a file, and it is made again."""
    yield from stamped.forged.rows
    yield from stamped.cases.rows


def from_file(source: Source) -> Made | None:
    """A bundle that was made before, with the trust file that the index has for it."""
    file = file_of(source)
    if not (HERE / file).exists():
        return None
    trust = next(row["trust"] for row in rows() if row["file"] == file)
    return Made(file, (HERE / file).read_bytes(), trust, (HERE / trust).read_bytes())


def sources() -> Iterator[Source]:
    """Everything else that stands in a file."""
    yield from (forgery for forgery in FORGERIES if forgery.on_file)
    yield from intact_keys.cases.rows
    yield from intact_outside.cases.rows
    yield from good_cases.cases.rows


def encode_index(rows: list[Row]) -> str:
    """The index as it is written: a row a line, so that a change shows as one."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"bundles": [\n{lines}\n]}}\n'


def main() -> None:
    """Write all files, and take away those that are no longer made."""
    listed: list[Row] = []
    wanted: dict[str, bytes] = {}
    made_once = [(source, from_file(source) or make(source)) for source in kept()]
    for source, made in [*((source, make(source)) for source in sources()), *made_once]:
        report = checked(made.bundle, parse_trust(made.trust))
        row = {"file": made.file, "trust": made.trust_file, **said(report)}
        hold_against(source, row)
        listed.append(row)
        wanted |= {made.file: made.bundle, made.trust_file: made.trust}
    for folder in (*FOLDERS, "trust"):
        (HERE / folder).mkdir(exist_ok=True)
        for path in (HERE / folder).iterdir():
            if path.relative_to(HERE).as_posix() not in wanted:
                path.unlink()
    for name, data in wanted.items():
        (HERE / name).write_bytes(data)
    INDEX.write_text(encode_index(listed), "utf-8")
    print(
        f"{len(listed)} bundles; all files together have {sum(map(len, wanted.values())):,} bytes"
    )


if __name__ == "__main__":
    main()
