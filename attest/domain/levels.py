"""What the levels of ISO/IEC 21964-1 mean, so that nobody has to own the standard to choose one.

A letter for the material, a number from 1 to 7: the higher, the smaller the pieces. Areas are in
square millimetres.
"""

from collections.abc import Mapping

from attest.domain.outcomes import LEVELS, MATERIALS

_INOPERABLE = "made inoperable"
# Level 1 first. A number is the largest area of a piece, in mm².
_MEANINGS: Mapping[str, tuple[str | float, ...]] = {
    "P": ("strips up to 12 mm wide", "strips up to 6 mm wide", 320, 160, 30, 10, 5),
    "F": (160, 30, 10, 2.5, 1, 0.5, 0.2),
    "O": (2000, 800, 160, 30, 10, 5, 0.2),
    "T": (_INOPERABLE, 2000, 320, 160, 30, 10, 2.5),
    "H": (_INOPERABLE, "damaged", "deformed", 2000, 320, 10, 5),
    "E": (_INOPERABLE, "cut into pieces", 160, 30, 10, 1, 0.5),
}
# Which materials are likely where; paper comes first for paper.
_OF_MEDIUM: Mapping[str, str] = {"hard_copy": "PF", "electronic": "HETO"}


def meaning(level: str) -> str:
    """Gives "P-4: paper, pieces up to 160 mm²". Raises KeyError for an unknown level."""
    letter, _, step = level.partition("-")
    if letter not in MATERIALS or level not in LEVELS[letter]:
        raise KeyError(level)
    what = _MEANINGS[letter][int(step) - 1]
    how = what if isinstance(what, str) else f"pieces up to {what:g} mm²"
    return f"{level}: {MATERIALS[letter]}, {how}"


def offered(mediums: frozenset[str]) -> list[tuple[str, str]]:
    """The levels to choose from for stores of these mediums, each with its meaning."""
    letters = "".join(letters for medium, letters in _OF_MEDIUM.items() if medium in mediums)
    return [(level, meaning(level)) for letter in letters for level in LEVELS[letter]]
