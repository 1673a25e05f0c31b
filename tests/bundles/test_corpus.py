"""The files of the corpus: they are what the script writes, and each gets its verdict."""

import io
import json
import zipfile
import zlib

import pytest

from attest.bundle.command import run
from attest.bundle.layout import LEAVES
from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.certificates import check_signature
from tests.bundles import build
from tests.bundles.corpus import FOLDERS, HERE, INDEX, rows, said
from tests.packing import checked

ROWS = rows()
SOURCES = list(build.sources())
AGAIN = "run python -m tests.bundles.build, and look at what changed"

one_of_each = pytest.mark.parametrize(
    "row",
    [
        next(row for row in ROWS if row["file"].startswith(folder) and row["status"] == status)
        for folder, status in (("bad", 1), ("intact", 3), ("good", 0))
    ],
    ids=lambda row: row["file"],
)


def same_zlib() -> bool:
    """Another make of zlib packs the same bytes in another way, which is no fault of theirs."""
    with zipfile.ZipFile(HERE / "good/minimal.zip") as bundle:
        leaves, info = bundle.read(LEAVES), bundle.getinfo(LEAVES)
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return len(deflate.compress(leaves) + deflate.flush()) == info.compress_size


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_verdict(row):
    trust = parse_trust((HERE / row["trust"]).read_bytes())
    report = check(HERE / row["file"], trust, check_signature)
    assert {"file": row["file"], "trust": row["trust"], **said(report)} == row, AGAIN


@pytest.mark.skipif(not same_zlib(), reason="this machine's zlib packs otherwise")
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_files_are_what_the_script_writes(source):
    """All but those with timestamps: a TSA's signatures are not deterministic (stamped.py)."""
    made = build.make(source)
    assert (HERE / made.file).read_bytes() == made.bundle, AGAIN
    assert (HERE / made.trust_file).read_bytes() == made.trust, AGAIN


def test_the_index_lists_every_file_once():
    listed = [row["file"] for row in ROWS]
    there = [path.relative_to(HERE).as_posix() for f in FOLDERS for path in (HERE / f).iterdir()]
    assert sorted(listed) == sorted(there), AGAIN
    trusted = {path.relative_to(HERE).as_posix() for path in (HERE / "trust").iterdir()}
    assert {row["trust"] for row in ROWS} == trusted, AGAIN
    assert INDEX.read_text("utf-8") == build.encode_index(ROWS), AGAIN


def test_the_index_lists_what_the_tables_ask_for():
    index = {row["file"]: row for row in ROWS}
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    for source in [*SOURCES, *build.kept()]:
        row = index[build.file_of(source)]
        build.hold_against(source, row)


def test_there_are_enough_of_each_kind():
    steps = {row["step"] for row in ROWS if row["status"] == 1}
    assert steps == set(range(1, 14))
    reasons = {reason for row in ROWS if row["status"] == 3 for reason in row["reasons"]}
    assert reasons == {"keys not pinned", "not witnessed", "key revoked"}
    assert sum(row["file"].startswith("bad/") for row in ROWS) >= 80


@one_of_each
def test_the_command_says_the_same(row):
    out, err = io.StringIO(), io.StringIO()
    args = [str(HERE / row["file"]), "--trust", str(HERE / row["trust"]), "--json"]
    assert run(args, out, err) == row["status"]
    said = json.loads(out.getvalue())
    assert (said["verdict"], err.getvalue()) == (row["verdict"], "")
    if row["status"] == 1:
        assert said["failure"]["reason"] == row["reason"]
    else:
        assert [reason["reason"] for reason in said["reasons"]] == row["reasons"]


@pytest.mark.parametrize(
    "forgery", [f for f in build.FORGERIES if not f.on_file], ids=lambda forgery: forgery.name
)
def test_refused_although_no_file_can_hold_it(forgery):
    """A trust file that says so is unreadable; even one made past the parser must not help."""
    build.hold_against(forgery, said(checked(*forgery.make())))
