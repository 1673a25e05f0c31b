"""What a controller rules about a copy that nobody finds, or that somebody else has now.

Both are ordinary reviews. A copy that could not be located is rejected, to be searched for more
widely, or accepted, and then the reason says why the risk is borne. One that was passed on is
accepted once a demand against the recipient names it, or with the reason why none is raised.
"""

from __future__ import annotations

from collections.abc import Sequence

from attest.domain.wording import listing


def reason_missing(lost: Sequence[str], uncovered: Sequence[str]) -> str | None:
    """Why accepting needs a reason; None where it needs none.

    `lost`: labels of the stores in which copies could not be located. `uncovered`: recipients
    against whom no issued demand names the files.
    """
    if lost:
        return (
            f"A copy in {listing(f'“{label}”' for label in lost)} could not be located. To accept "
            "that, say why you accept the risk, or reject it and ask for a wider search."
        )
    if uncovered:
        names = listing(f"“{name}”" for name in uncovered)
        return (
            f"A copy was passed on to {names}, and no issued demand against them deals with "
            "these files: one that was withdrawn, or had been closed before, does not count. Raise "
            "one first, or say why none is raised."
        )
    return None


def reason_to_close(names: Sequence[str]) -> str:
    """Why closing needs a reason: files were accepted without one, and the demands against these
    recipients were withdrawn since."""
    return (
        f"Copies were passed on to {listing(f'“{name}”' for name in names)}, and the demand that "
        "named them was withdrawn after the files were accepted. Raise another one first, or say "
        "here why none is raised."
    )


def wider_search(stores: Sequence[str]) -> str:
    """The reason that a rejection proposes; the signatory changes it as they like."""
    what = "copy" if len(stores) == 1 else "copies"
    return (
        f"Search more widely for the {what} in {listing(f'“{label}”' for label in stores)}: ask "
        "whoever had it last, and look in backups, archives, bags and homes, and with whoever "
        "disposes of your waste. Then say what was searched and what was found."
    )
