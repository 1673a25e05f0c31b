"""Joining an imported list to the files that a draft already names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from attest.domain import wording
from attest.domain.list_rows import Problem
from attest.domain.manifest.lines import Import, ManifestFile

# Members that a later list may add to a file, but never change.
_FILLED_IN = (
    "sha256",
    "size",
    "description",
    "sent_on",
    "channel",
    "data_categories",
    "subjects",
)
_EMPTY: frozenset[object] = frozenset({None, ()})


@dataclass(frozen=True, slots=True)
class Merge:
    """What an import does to a draft.

    `added` are new files. `filled_in` are files already there, as they stand with what the list
    adds to them. `already_there` counts the files of the list that were named before (those
    filled in among them). Nothing is to be kept while there are `problems`.
    """

    added: tuple[ManifestFile, ...] = ()
    filled_in: tuple[ManifestFile, ...] = ()
    already_there: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def merge(existing: Iterable[ManifestFile], imported: Import) -> Merge:
    """Decide which files of a list are new and which are there already: a name decides.

    The same name with the same hash is the same file, and so is one where either has no hash: what
    the list adds is filled in. The same name with another hash or size is another file, and a
    problem. Of all else, what is there stays, and a note says so.
    """
    if imported.problems:
        return Merge(problems=imported.problems, notes=imported.notes)
    standing = {file.name: file for file in existing}
    added: list[ManifestFile] = []
    filled_in: list[ManifestFile] = []
    problems: list[Problem] = []
    differing = already_there = 0
    for file in imported.files:
        present = standing.get(file.name)
        if present is None:
            added.append(file)
            continue
        if sentence := _conflict(present, file):
            problems.append(Problem(file.line, sentence))
            continue
        already_there += 1
        differing += _differs(present, file)
        whole = _fill_in(present, file)
        if whole != present:
            filled_in.append(whole)
    if problems:
        return Merge(problems=tuple(problems), notes=imported.notes)
    return Merge(
        tuple(added),
        tuple(filled_in),
        already_there,
        notes=(*imported.notes, *_notes(already_there, len(filled_in), differing)),
    )


def _conflict(present: ManifestFile, file: ManifestFile) -> str | None:
    if present.sha256 and file.sha256 and present.sha256 != file.sha256:
        return (
            f"“{file.name}” is already named with another SHA-256 hash ({present.sha256[:12]}…). "
            "Find out which is right; two different files need two different names."
        )
    if present.size is not None and file.size is not None and present.size != file.size:
        return (
            f"“{file.name}” is already named with another size "
            f"({wording.count(present.size, 'byte')}). Find out which is right."
        )
    return None


def _differs(present: ManifestFile, file: ManifestFile) -> bool:
    """Whether both say something about a member, and not the same."""
    return any(
        _EMPTY.isdisjoint((getattr(present, member), getattr(file, member)))
        and getattr(present, member) != getattr(file, member)
        for member in _FILLED_IN
    )


def _fill_in(present: ManifestFile, file: ManifestFile) -> ManifestFile:
    missing = {
        member: getattr(file, member)
        for member in _FILLED_IN
        if getattr(present, member) in _EMPTY and getattr(file, member) not in _EMPTY
    }
    return replace(present, **missing)


def _notes(already_there: int, filled_in: int, differing: int) -> list[str]:
    notes = []
    if already_there:
        verb = "is" if already_there == 1 else "are"
        notes.append(f"{wording.count(already_there, 'file')} {verb} already there.")
    if filled_in:
        gained = "gains" if filled_in == 1 else "gain"
        notes.append(
            f"{wording.count(filled_in, 'file')} {gained} what was missing, such as the hash."
        )
    if differing:
        verb = "is" if differing == 1 else "are"
        notes.append(
            f"{wording.count(differing, 'file')} {verb} described differently there: what was "
            "there stays."
        )
    return notes
