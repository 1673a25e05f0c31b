"""The corpus of bundles, good and bad: what lies in this folder, and what the index says of it.

index.json is one object, `{"bundles": [row, …]}`. A row has `file` and `trust` (paths from this
folder), `status` (the exit status), `verdict`, and

- where a step refuses: `step`, `leaf` (absent where no leaf is meant) and `reason` in full;
- where every step passes: `reasons` (empty for VERIFIED), the state of the `demand`, and `files`,
  the states of the files in the log's order; `claimed` gives the same two with untrusted keys
  counted, where that differs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attest.bundle.report import Report

HERE = Path(__file__).parent
INDEX = HERE / "index.json"
FOLDERS = ("bad", "intact", "good")

Row = dict[str, Any]


def rows() -> list[Row]:
    """The index, in its order."""
    listed: list[Row] = json.loads(INDEX.read_text("utf-8"))["bundles"]
    return listed


def said(report: Report) -> Row:
    """What a row says of a verdict."""
    row: Row = {"status": report.status, "verdict": report.verdict}
    if report.failure is not None:
        row["step"] = report.failure.step
        if report.failure.leaf is not None:
            row["leaf"] = report.failure.leaf
        row["reason"] = report.failure.reason
        return row
    demand = report.head()["demand"]
    files = list(report.files())
    row["reasons"] = [reason.name for reason in report.reasons]
    row["demand"] = demand["state"]
    row["files"] = [file["state"] for file in files]
    claimed = {
        "demand": demand.get("claimed", demand["state"]),
        "files": [file.get("claimed", file)["state"] for file in files],
    }
    if claimed != {"demand": row["demand"], "files": row["files"]}:
        row["claimed"] = claimed
    return row
