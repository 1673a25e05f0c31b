"""Read a file's pieces once, and know at the end whether they were the right ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from attest.attachments.store import Changed


def checked(pieces: Iterable[bytes], digest: str) -> Iterator[bytes]:
    """The pieces, the last one held back until all of them hash to `digest`.

    So whoever copies them never ends up with a whole file that is a wrong one. Raises Changed.
    """
    hasher = hashlib.sha256()
    waiting = b""
    for piece in pieces:
        hasher.update(piece)
        if waiting:
            yield waiting
        waiting = piece
    if hasher.hexdigest() != digest:
        raise Changed(f"The evidence file {digest} was changed where it is kept.")
    if waiting:
        yield waiting
