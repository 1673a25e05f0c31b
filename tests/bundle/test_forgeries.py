"""Every forgery in the tables is refused, by the step that should, for the right reason."""

import pytest

from tests.bundle import (
    forged_answers,
    forged_authority,
    forged_checkpoints,
    forged_keys,
    forged_leaves,
    forged_prefixes,
    forged_zips,
)
from tests.packing import checked

TABLES = (
    forged_zips,
    forged_checkpoints,
    forged_leaves,
    forged_keys,
    forged_authority,
    forged_prefixes,
    forged_answers,
)
ROWS = [row for module in TABLES for row in module.table.rows]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_refused(row):
    bundle, trust = row.make()
    report = checked(bundle, trust)
    assert report.failure is not None, f"taken: {report.verdict}"
    assert (report.failure.step, report.status) == (row.step, 1), report.failure
    assert row.says in report.failure.reason


def test_no_name_twice():
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names) >= 80
