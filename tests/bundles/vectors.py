"""Writes docs/vectors/, for whoever writes a verifier: `python -m tests.bundles.vectors`.

They are bundles of the corpus, each with its own trust file and with the report that
`attest verify --json` gives, so that another verifier needs nothing of this project to try itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from attest.bundle import command
from tests.bundles.corpus import HERE, rows

FOLDER = HERE.parent.parent / "docs" / "vectors"

# A good one, one that is not witnessed, and for each step one that it refuses.
CHOSEN = {
    "good": "good/closed-with-reviews",
    "good-everything": "good/everything-that-a-bundle-may-hold",
    "intact-keys-not-pinned": "intact/an-officers-key-made-by-the-operator",
    "intact-not-witnessed": "intact/truncated-and-nobody-holds-a-checkpoint",
    "intact-key-revoked": "intact/a-key-revoked-by-the-verifier",
    "bad-step-01": "bad/a-climbing-name",
    "bad-step-02": "bad/another-log-key",
    "bad-step-03": "bad/two-leaves-swapped",
    "bad-step-04": "bad/rewritten-while-a-mailbox-holds-the-checkpoint",
    "bad-step-05": "bad/a-payload-edited",
    "bad-step-06": "bad/a-member-twice",
    "bad-step-07": "bad/a-key-of-small-order",
    "bad-step-08": "bad/the-same-signature-spelt-with-s-plus-l",
    "bad-step-09": "bad/an-acceptance-held-back-and-logged-after-the-rejection",
    "bad-step-10": "bad/a-store-left-out",
    "bad-step-11": "bad/fields-that-say-something-else-than-the-declaration",
    "bad-step-12": "bad/a-review-of-a-superseded-attestation",
    "bad-step-13": "bad/an-attachment-exchanged",
}


def files() -> Iterator[tuple[str, bytes]]:
    """Every file of the folder but its README: name and content."""
    listed = {row["file"]: row for row in rows()}
    for name, chosen in CHOSEN.items():
        row = listed[f"{chosen}.zip"]
        bundle, trust = HERE / row["file"], HERE / row["trust"]
        yield f"{name}.zip", bundle.read_bytes()
        yield f"{name}.trust.json", trust.read_bytes()
        yield f"{name}.report.json", report(bundle, trust, "--json").encode("utf-8")
    for name in ("good", "good-everything"):
        row = listed[f"{CHOSEN[name]}.zip"]
        text = report(HERE / row["file"], HERE / row["trust"])
        yield f"{name}.report.txt", text.encode("utf-8")


def report(bundle: Path, trust: Path, *options: str) -> str:
    """What the command writes."""
    out = io.StringIO()
    command.run([str(bundle), "--trust", str(trust), *options], out, io.StringIO())
    return out.getvalue()


def main() -> None:
    """Write them, and take away what is no vector any more."""
    FOLDER.mkdir(exist_ok=True)
    wanted = dict(files())
    for path in FOLDER.iterdir():
        if path.name not in wanted and path.name != "README.md":
            path.unlink()
    for name, data in wanted.items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
