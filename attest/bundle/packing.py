"""Write a bundle (docs/formats.md §5): the same state gives the same bytes.

The two lists of lines are deflated, everything else is stored (zip_writer.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from attest.bundle.layout import (
    ATTACHMENTS,
    BODIES,
    BUNDLE,
    CERTIFICATE,
    CHECKPOINT,
    EARLIER,
    LEAVES,
    README,
    TIMESTAMPS,
    withheld_line,
)
from attest.bundle.zip_writer import Content, Output, ZipWriter

__all__ = ["README_TEXT", "pack", "withheld_line"]

README_TEXT = """\
This is a bundle of Attest: the evidence about one deletion demand.

evidence/         what counts: the log with everything that was signed, and its checkpoint
attachments/      files that were added as evidence
certificate.pdf   a rendering for people; it proves nothing

Do not believe what it says because it says so. Verify it, with the trust file that you keep
yourself and never take from a bundle:

    attest verify BUNDLE --trust TRUST

Or, with Python and PyNaCl alone: python -m attest.bundle BUNDLE --trust TRUST
Exit status: 0 verified, 1 failed, 2 unreadable, 3 intact, but not all of it is trusted.
"""


def pack(
    out: Output,
    *,
    checkpoint: str | bytes,
    leaves: Iterable[bytes],
    bodies: Iterable[bytes],
    earlier: Mapping[int, str | bytes] | None = None,
    timestamps: Mapping[int, bytes] | Iterable[tuple[int, bytes]] = (),
    attachments: Mapping[str, Path | bytes | Content] | None = None,
    certificate: bytes | None = None,
    readme: str | None = README_TEXT,
) -> None:
    """Write the whole bundle.

    `leaves` and `bodies` are lines without their ends, read once, one after the other; an erased
    body is a `withheld_line`. `earlier` and `timestamps` go by size, `attachments` by SHA-256.
    Timestamps may be many: pairs are taken one after the other, smallest size first.
    """
    writer = ZipWriter(out, BUNDLE)
    writer.add(CHECKPOINT, _bytes(checkpoint))
    writer.add_lines(LEAVES, leaves)
    writer.add_lines(BODIES, bodies)
    for size, note in sorted((earlier or {}).items()):
        writer.add(f"{EARLIER}{size}", _bytes(note))
    pairs = sorted(timestamps.items()) if isinstance(timestamps, Mapping) else timestamps
    for size, token in pairs:
        writer.add(f"{TIMESTAMPS}{size}.tsr", token)
    for digest, content in sorted((attachments or {}).items()):
        writer.add(f"{ATTACHMENTS}{digest}", content)
    if certificate is not None:
        writer.add(CERTIFICATE, certificate)
    if readme is not None:
        writer.add(README, readme.encode("utf-8"))
    writer.finish()


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text
