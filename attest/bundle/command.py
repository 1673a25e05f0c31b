"""The verifier's command line: `python -m attest.bundle`, and `attest verify`.

Exit statuses: 0 VERIFIED, 1 FAILED, 2 usage or unreadable input, 3 INTACT, BUT.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from attest.bundle.algorithms import CheckSignature
from attest.bundle.report import Report, check
from attest.bundle.report_text import lines
from attest.bundle.trust import Trust, parse_trust
from attest.bundle.verified import CannotVerify
from attest.statements.canonical import MAX_BYTES, FormatError

CANNOT = 2

_EPILOG = """\
exit status:
  0  VERIFIED: every step passed, and all of it stands on keys that you trust
  1  FAILED: the first step that refused is named, with the leaf and the reason
  2  the command or one of the files could not be read
  3  INTACT, BUT: every step passed, and the reasons say what is missing for trust
"""


def run(
    argv: Sequence[str],
    out: IO[str],
    err: IO[str],
    *,
    prog: str | None = None,
    check_signature: CheckSignature | None = None,
) -> int:
    """Verify the bundle that `argv` names and write the report; gives the exit status.

    `check_signature` is what checks the signatures of timestamps, where there are any to check.
    """
    try:
        # argparse writes to the standard streams and leaves by SystemExit.
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            args = _parser(prog).parse_args(list(argv))
    except SystemExit as done:
        return CANNOT if done.code else 0
    try:
        trust = _read_trust(args.trust)
        report = check(args.bundle, trust, check_signature)
    except CannotVerify as error:
        return _cannot(err, str(error))
    except OSError as error:
        name = error.filename or args.bundle
        return _cannot(err, f"{name}: {error.strerror or 'cannot be read'}.")
    except (ValueError, ArithmeticError, LookupError) as error:
        # No input is known to come here. A bundle that does is not verified, and says so.
        return _cannot(err, f"The bundle cannot be read ({type(error).__name__}: {error}).")
    _write(report, out, as_json=args.json)
    return report.status


def main() -> None:
    """Run with the process's own arguments and streams, and leave with the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # Names may have any letter; a terminal or file of another encoding gets escapes.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:], sys.stdout, sys.stderr))


def _parser(prog: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog or "python -m attest.bundle",
        description="Verify a bundle offline. Whom to trust is in your own trust file, which "
        "you keep yourself and never take from a bundle.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="the bundle, a zip file")
    parser.add_argument(
        "--trust", metavar="TRUST", type=Path, required=True, help="your trust file, trust.json"
    )
    parser.add_argument("--json", action="store_true", help="report as JSON, for programs")
    return parser


def _read_trust(path: Path) -> Trust:
    with path.open("rb") as file:
        # One byte more than a document may have shows that there are too many.
        data = file.read(MAX_BYTES + 2)
    try:
        return parse_trust(data)
    except FormatError as error:
        raise CannotVerify(f"{path}: {error}.") from None


def _write(report: Report, out: IO[str], *, as_json: bool) -> None:
    for line in _json(report) if as_json else lines(report):
        out.write(line + "\n")


def _json(report: Report) -> Iterator[str]:
    """One object; the files stand one a line, so that a million of them need no memory."""
    head = json.dumps(report.head(), ensure_ascii=True)
    yield head[:-1] + ', "files": ['
    before = None
    for file in report.files():
        if before is not None:
            yield before + ","
        before = json.dumps(file, ensure_ascii=True)
    if before is not None:
        yield before
    yield "]}"


def _cannot(err: IO[str], sentence: str) -> int:
    err.write(f"{sentence}\n")
    return CANNOT
