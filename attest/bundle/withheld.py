"""Bodies that were erased: the line in their place (docs/formats.md §5)."""

from __future__ import annotations

import re

from attest.bundle.failure import Failure

_WITHHELD = re.compile(rb'\{"withheld":"([0-9a-f]{64})"\}')


def unless_withheld(body: bytes, leaf: bytes, index: int) -> bytes | None:
    """The body, or None where the line says that it was erased; the leaf has to agree."""
    found = _WITHHELD.fullmatch(body)
    if found is None:
        return body
    if b'"body":"%s"' % found[1] not in leaf:
        raise Failure(5, index, "the body is withheld under another hash than the leaf's")
    return None
