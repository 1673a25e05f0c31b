"""What can become of a copy, how, and by which standard (docs/formats.md §3, "Copies").

The order is the format's, and the words are for people. `needs` and `may` name the members of a
copy's entry; `copies.py` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass

# Members that any outcome may have.
ALWAYS_ALLOWED = (
    "count",
    "technique",
    "standard",
    "tool",
    "media",
    "verification",
    "evidence",
    "note",
    "onWordOf",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the format's table.

    `settled` is False for an exception. `may` holds what this outcome alone may have besides
    `ALWAYS_ALLOWED`.
    """

    name: str
    settled: bool
    words: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """One way of getting rid of a copy: the outcomes it goes with, and where the rule stands.

    `needs_level` asks for a size of the pieces by ISO/IEC 21964.
    """

    name: str
    words: str
    outcomes: tuple[str, ...]
    source: str
    needs_level: bool = False


_ACT = ("performedOn", "performedBy")

OUTCOMES: dict[str, Outcome] = {
    outcome.name: outcome
    for outcome in (
        Outcome("none_found", True, "Searched, and no copy found", ("search",)),
        Outcome("deleted", True, "Deleted", ("method", *_ACT)),
        Outcome("destroyed", True, "Destroyed", ("method", *_ACT), ("level", "witnessedBy")),
        Outcome("crypto_erased", True, "Made unreadable by destroying its key", ("method", *_ACT)),
        Outcome("returned", True, "Returned", (*_ACT, "returnedTo")),
        Outcome("beyond_use", False, "Put beyond use", ("exception",)),
        Outcome("legal_hold", False, "Kept under a legal hold", ("exception",)),
        Outcome("cannot_locate", False, "Searched, and could not be located", ("search", "note")),
        Outcome("passed_on", False, "Passed on to somebody else", ("passedTo",)),
    )
}

# What forms offer.
OFFERED: tuple[str, ...] = tuple(OUTCOMES)

# NIST SP 800-88r2 calls the erasure of a file on a live medium partial sanitization: what only
# takes a file away is never "destroyed", and what takes the whole medium is never just "deleted".
_PARTIAL = "NIST SP 800-88r2: partial sanitization, no claim to Clear, Purge or Destroy"
_DEVICE = "NIST SP 800-88r2, by the techniques of IEEE 2883: sanitization of the whole medium"
_MEDIUM = "NIST SP 800-88r2: sanitization of the whole medium"
_PIECES = "ISO/IEC 21964: the size of the pieces, by a level for each material"

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("file_deletion", "deleting the file", ("deleted",), _PARTIAL),
        Method("overwrite", "overwriting the file", ("deleted",), _PARTIAL),
        Method("retention_expiry", "letting its retention run out", ("deleted",), _PARTIAL),
        Method("block_erase", "block erase of the whole medium", ("destroyed",), _DEVICE),
        Method("secure_erase", "secure erase of the whole medium", ("destroyed",), _DEVICE),
        Method("degauss", "degaussing", ("destroyed",), _MEDIUM),
        Method("shred", "shredding", ("destroyed",), _PIECES, needs_level=True),
        Method("incinerate", "incineration", ("destroyed",), _MEDIUM),
        Method("pulverise", "pulverising", ("destroyed",), _MEDIUM),
        Method("disintegrate", "disintegration", ("destroyed",), _PIECES, needs_level=True),
        Method(
            "key_destruction",
            "destroying the encryption key",
            ("crypto_erased",),
            "NIST SP 800-88r2, by the techniques of IEEE 2883: cryptographic erase",
        ),
    )
}

STANDARDS: tuple[str, ...] = ("NIST SP 800-88r2", "IEEE 2883", "ISO/IEC 21964", "other")

# In the order in which a statement lists them; `beyond_use` needs all four.
SAFEGUARDS: dict[str, str] = {
    "no_decisions": "it is not used for any decision about anybody",
    "no_sharing": "nobody else is given access to it",
    "secured": "it is kept secure",
    "will_delete": "it will be deleted as soon as that is possible",
}

# ISO/IEC 21964-1: one letter a material, seven levels, the higher the smaller the pieces.
MATERIALS: dict[str, str] = {
    "P": "paper",
    "F": "film",
    "O": "optical media",
    "T": "magnetic media",
    "H": "hard drives",
    "E": "electronic media",
}
LEVELS: dict[str, tuple[str, ...]] = {
    material: tuple(f"{material}-{level}" for level in range(1, 8)) for material in MATERIALS
}
ALL_LEVELS: frozenset[str] = frozenset(level for levels in LEVELS.values() for level in levels)


def asked_by(member: str) -> tuple[str, ...]:
    """The outcomes whose entry needs or may have this member, in the format's order."""
    if member in ALWAYS_ALLOWED:
        return tuple(OUTCOMES)
    return tuple(name for name, row in OUTCOMES.items() if member in row.needs or member in row.may)


def methods_of(outcome: str) -> tuple[Method, ...]:
    """The methods that this outcome may claim."""
    return tuple(method for method in METHODS.values() if outcome in method.outcomes)


def is_settled(outcome: str) -> bool:
    """Does a copy with this outcome count as dealt with? KeyError for an unknown outcome."""
    return OUTCOMES[outcome].settled
