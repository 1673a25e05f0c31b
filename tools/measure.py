"""Measure what docs/performance.md reports, on this machine.

    .venv/bin/python tools/measure.py [--files 1000] [--stores 7]

Acts out the reference case and a made-up one in a temporary folder, verifies both bundles, and
times pages on the server, without a browser. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import structlog
from flask.testing import FlaskClient

from attest.app import create_app
from attest.demo import case, made_up, script
from attest.demo.act_out import open_stage
from attest.demo.acting import Stage, account_of, give_password, hashed, make_key, seat_of, tick
from attest.services.acts import acknowledging

TIMES = 5
START = datetime(2013, 2, 4, 9, 0, tzinfo=UTC)


def main() -> None:
    """Prints a table of processes and one of pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--stores", type=int, default=7)
    args = parser.parse_args()
    size = ["--files", str(args.files), "--stores", str(args.stores)]
    # Each letter would be a line.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, more in (("reference case", []), (f"{args.files} × {args.stores}", size)):
            where = folder / label.replace(" ", "-")
            _process(f"act out, {label}", "attest.cli", "demo", "--act-out", str(where), *more)
            bundle = where / "bundle.zip"
            print(f"| bundle, {label} | {bundle.stat().st_size / 1e6:.2f} MB | | |")
            trust = ["--trust", str(where / "trust.json")]
            _process(f"verify, {label}", "attest.bundle", str(bundle), *trust)
        small = _pages(folder / "pages", None, args.stores)
        large = _pages(folder / "pages-made-up", args.files, args.stores)
    for page, milliseconds in small.items():
        print(f"| `{page}` | {milliseconds:.0f} ms | {large[page]:.0f} ms |")


def _process(label: str, *arguments: str) -> None:
    # Between this process and the measured one, because a child's peak begins at its parent's.
    between = [sys.executable, "-c", _BETWEEN, sys.executable, "-m", *arguments]
    done = subprocess.run(between, check=True, capture_output=True, text=True)
    elapsed, cpu, peak = (float(number) for number in done.stdout.split())
    print(f"| {label} | {elapsed:.1f} s | {cpu:.1f} s | {peak / 1024:.0f} MB |")


_BETWEEN = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def _pages(folder: Path, files: int | None, stores: int) -> dict[str, float]:
    """Milliseconds of processor time of each page, in the state in which people open it."""
    stage = open_stage(folder, START)
    reader = _Reader(stage)
    _until_answering(stage, files, stores)
    stage.now += timedelta(days=10)
    reader.read(script.OFFICER, "/answer")
    fill = made_up.answers(stage.now) if files else script.answers_of_case(timedelta(0))
    script.fill(stage, fill)
    reader.read(script.OFFICER, "/sign")
    script.attest_all(stage)
    tick(stage)
    reader.read(script.SIGNATORY, "/review")
    for page in ("", "/progress", "/files/1", "/timeline", "/letters", "/keys", "/stores"):
        reader.read(script.CASEWORK, page)
    reader.read(script.SIGNATORY, "/", whole=True)
    reader.read(script.CASEWORK, "/demands", whole=True)
    reader.read(script.CASEWORK, "/dashboard", whole=True)
    stage.now += timedelta(hours=1)
    script.review(stage, "accepted")
    reader.read(script.CASEWORK, "/bundle.zip")
    reader.read(script.CASEWORK, "/certificate.pdf")
    stage.engine.dispose()
    return reader.found


def _until_answering(stage: Stage, files: int | None, stores: int) -> None:
    make_key(stage, script.SIGNATORY, "signatory")
    if files:
        made_up.draft(stage, files, stores)
    else:
        script.draft(stage, timedelta(0))
    script.issue(stage)
    tick(stage)
    password = hashed("a password of the play")
    give_password(stage, script.LIAISON, password)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.LIAISON)
        acknowledging.acknowledge(ctx, seat)
        acknowledging.name_officer(
            ctx,
            seat,
            acknowledging.OfficerAnswers(case.OFFICER, "Assurance manager", script.OFFICER),
        )
    if not files:
        script.name_stores(stage)
    give_password(stage, script.OFFICER, password)
    script.make_officer_key(stage)
    script.confirm_officer(stage)
    tick(stage)


class _Reader:
    """Opens pages as people of the play."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.app = create_app(stage.settings)
        self.app.config["CLOCK"] = lambda: stage.now
        self.found: dict[str, float] = {}

    def read(self, email: str, page: str, *, whole: bool = False) -> None:
        """Times a page of the demand, or with `whole` any address."""
        address = page if whole else f"/demands/{self.stage.reference}{page}"
        client = self._signed_in(email)
        label = page if whole else f"/demands/REF{page}"
        self.found[label] = 1000 * median(self._timed(client, address) for _ in range(TIMES))

    def _signed_in(self, email: str) -> FlaskClient:
        client = self.app.test_client()
        with self.stage.look() as ctx:
            account = account_of(ctx, email)
            identity = f"{account.id}:{account.epoch}"
        with client.session_transaction() as cookie:
            cookie["_user_id"] = identity
            cookie["_fresh"] = True
            cookie.permanent = True
        return client

    @staticmethod
    def _timed(client: FlaskClient, address: str) -> float:
        started = time.process_time()
        answer = client.get(address)
        answer.get_data()
        if answer.status_code != 200:
            sys.exit(f"{address} answered {answer.status_code}")
        return time.process_time() - started


if __name__ == "__main__":
    main()
