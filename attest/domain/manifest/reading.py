"""From the bytes of a list to the files that it names."""

from collections import Counter
from collections.abc import Sequence

from attest.domain import list_text, wording
from attest.domain import text as strings
from attest.domain.list_rows import Line, Problem, Row
from attest.domain.manifest import csv_list, sum_listing
from attest.domain.manifest.fields import read_line
from attest.domain.manifest.lines import (
    CSV,
    MAX_BYTES,
    MAX_LINES,
    SHA256SUM,
    XLSX,
    Import,
    ManifestFile,
)

_NEITHER = (
    "This is neither a CSV list nor a sha256sum listing. The first line of a CSV list names its "
    "columns, “name” among them."
)


def read(data: bytes) -> Import:
    """Read a CSV list or a `sha256sum` listing; which of the two is told from its first line.

    Raises nothing: whatever the bytes are, the answer says what is wrong with them.
    """
    if len(data) > MAX_BYTES:
        return _unreadable(
            "The list is too long: at most 10 MB can be read at once. Split it, and import the "
            "parts one after the other."
        )
    text, notes, sentence = list_text.decode(data)
    if sentence:
        return _unreadable(sentence)
    if not text.strip():
        return _unreadable("The list is empty. Choose a file that names at least one file.")
    # The listing comes first: a file name in it may hold commas and the word "size" between them.
    if sum_listing.looks_like(text):
        kind = SHA256SUM
        lines, problems = sum_listing.parse(text)
    elif csv_list.looks_like(text):
        kind = CSV
        lines, problems, told = csv_list.parse(text)
        notes += told
    else:
        return _unreadable(_NEITHER)
    return _import(kind, lines, problems, notes)


def read_sheet(rows: Sequence[Row]) -> Import:
    """Read a sheet's rows as `read` reads the text of a CSV list. Raises nothing."""
    if not any(cell.strip() for _, row in rows for cell in row):
        return _unreadable("The sheet is empty. Choose a file that names at least one file.")
    lines, problems, notes = csv_list.parse_rows(rows)
    return _import(XLSX, lines, problems, notes)


def _import(
    kind: str, lines: Sequence[Line], problems: Sequence[Problem], notes: Sequence[str]
) -> Import:
    if len(lines) > MAX_LINES:
        return _unreadable(
            f"The list names {wording.count(len(lines), 'file')}; at most "
            f"{wording.number(MAX_LINES)} can be read at once. Split it."
        )
    if not lines and not problems:
        return _unreadable("The list has a header, but names no file.")
    files, more, told = _files(lines)
    problems = sorted([*problems, *more], key=lambda problem: problem.line)
    return Import(kind, tuple(files), tuple(problems), (*notes, *told))


def _files(lines: Sequence[Line]) -> tuple[list[ManifestFile], list[Problem], list[str]]:
    names = [strings.typed(line.cells.get("name", "")) for line in lines]
    notes = _name_notes(lines, names)
    directory, separator = _common_directory(names)
    if directory:
        names = [name.removeprefix(directory) for name in names]
        notes.append(
            f"The directory “{directory}” stands before every name and was taken off."
            if len(names) > 1
            else f"The directory “{directory}” was taken off the name."
        )
    files: list[ManifestFile] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for line, name in zip(lines, names, strict=True):
        file, wrong = read_line(line, name)
        if name and name.endswith(separator):
            wrong.append(Problem(line.number, "It names a directory. Name the files in it."))
        if name and first.setdefault(name, line.number) != line.number:
            wrong.append(
                Problem(
                    line.number,
                    f"The name is already on line {wording.number(first[name])}. Each file is "
                    "named once: take one of the two lines out.",
                )
            )
        problems += wrong
        if file is not None and not wrong:
            files.append(file)
    return files, problems, notes


def _name_notes(lines: Sequence[Line], names: Sequence[str]) -> list[str]:
    """What tidying did to names, so that nobody wonders about a name that changed."""
    changes: Counter[str] = Counter()
    where: dict[str, int] = {}
    for line, name in zip(lines, names, strict=True):
        written = line.cells.get("name", "")
        if written == name:
            continue
        change = "spaces" if written.strip() == name else "accents"
        changes[change] += 1
        where.setdefault(change, line.number)
    told = {
        "spaces": "had spaces around it: they were taken off",
        "accents": "had its accents stored in pieces: they were put together, which looks the same",
    }
    notes = []
    for change, n in sorted(changes.items()):
        if n == 1:
            who, place = "A name", "line"
        else:
            who, place = f"Each of {wording.count(n, 'name')}", "first on line"
        notes.append(f"{who} {told[change]} ({place} {wording.number(where[change])}).")
    return notes


def _common_directory(names: Sequence[str]) -> tuple[str, str]:
    """The directory, with its last separator, that every name starts with, and the separator.

    Backslashes count as separators only where no name has a slash and every name has a backslash:
    elsewhere a backslash is a character of the name.
    """
    present = [name for name in names if name]
    backslashes = bool(present) and all("\\" in name and "/" not in name for name in present)
    separator = "\\" if backslashes else "/"
    common: list[str] | None = None
    for name in present:
        # A name that ends with the separator is a directory itself; its own last part stays.
        directories = name.rstrip(separator).split(separator)[:-1]
        if common is None:
            common = directories
        else:
            shared = 0
            for ours, theirs in zip(common, directories, strict=False):
                if ours != theirs:
                    break
                shared += 1
            common = common[:shared]
        if not common:
            return "", separator
    return "".join(part + separator for part in common or ()), separator


def _unreadable(sentence: str) -> Import:
    return Import("", problems=(Problem(0, sentence),))
