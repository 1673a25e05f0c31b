"""Evidence files: their names, and how many a copy may have."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from attest.domain import text
from attest.domain.copies import MAX_EVIDENCE
from attest.domain.refusal import Refused

MOST_CHARACTERS = 200
MOST_BYTES = 4 * 1024**3  # docs/formats.md §5
NAMELESS = "Evidence file"

# No control or format character: some hide, some turn the direction of what follows.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SPACE = re.compile(r"\s+")


def clean_name(sent: str) -> str:
    """The name of a file as a browser sent it, made fit for the log.

    Folders go, and so does what cannot be seen. Nobody typed the name here, so it is put right
    and not refused; a long one is cut in the middle, before its ending.
    """
    name = re.split(r"[/\\]", sent)[-1]
    visible = "".join(
        character for character in name if unicodedata.category(character) not in _HIDDEN
    )
    tidy = _SPACE.sub(" ", text.typed(visible)).strip(" .")
    if not tidy:
        return NAMELESS
    if len(tidy) > MOST_CHARACTERS:
        ending = PurePosixPath(tidy).suffix[:12]
        tidy = unicodedata.normalize("NFC", tidy[: MOST_CHARACTERS - len(ending) - 1].rstrip())
        tidy += "…" + ending
    return tidy if text.problem(tidy) is None else NAMELESS


def check_size(name: str, size: int) -> None:
    """Raises Refused for an empty file, and for one that no bundle can hold."""
    if size == 0:
        raise Refused(f"“{name}” is empty, so it shows nothing. Nothing was kept of it.")
    if size > MOST_BYTES:
        raise Refused(f"“{name}” is larger than 4 GiB, the most that a bundle can hold.")


def check_number(most_on_a_copy: int) -> None:
    """Raises Refused where a copy would have more evidence files than a statement can list."""
    if most_on_a_copy > MAX_EVIDENCE:
        raise Refused(
            f"A copy can have at most {MAX_EVIDENCE} evidence files. Put photographs of one "
            "job into one PDF or zip archive, and attach that."
        )
