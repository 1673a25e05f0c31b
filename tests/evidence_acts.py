"""Acts with evidence files for tests: what a small demand shows."""

from __future__ import annotations

from attest.demo.acting import Stage, seat_of
from attest.services.acts.evidence_files import NewFile, add, keep
from attest.services.acts.evidence_uses import Places
from tests import stage as play
from tests.attachments import pictures

PDF = b"%PDF-1.7 certificate of destruction"


def kept(stage: Stage, name: str = "certificate.pdf", data: bytes = PDF) -> NewFile:
    """A file in the store that no demand names yet."""
    return keep(stage.settings, name, data)


def cell(stage: Stage, file: str = "list.csv", store: str = "File share") -> tuple[str, str]:
    """A copy, as services name it."""
    return play.files(stage)[file].id, play.stores(stage)[store].id


def show(stage: Stage) -> None:
    """The officer attaches a photograph and a certificate; the case handler adds a note."""
    share = cell(stage)
    with stage.act() as ctx:
        officer = seat_of(ctx, stage, play.OFFICER)
        add(ctx, officer, [kept(stage)], Places([share]))
        photograph = kept(stage, "Box 14, shredded.jpg", pictures.picture())
        add(ctx, officer, [photograph], Places(file_ids=[share[0]]))
        note = kept(stage, "note.txt", b"Seen on site")
        add(ctx, seat_of(ctx, stage, play.CASEWORK), [note])


def prove(stage: Stage) -> None:
    """The same, and the officer signs."""
    show(stage)
    play.attested(stage)
