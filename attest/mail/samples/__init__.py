"""Every letter in each of its shapes, of one demand that never was.

For the check of templates, for previews and try-outs, and for tests. Each module has the samples
of some kinds of letters; case.py has what they are about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from attest.mail.letter import Letter
from attest.mail.samples import answering, changing, chasing, joining, news
from attest.mail.samples.case import ABOUT, BECK, FILES, HOME, LATE

__all__ = ["ABOUT", "BECK", "FILES", "HOME", "LATE", "every"]


@lru_cache(maxsize=1)
def every() -> Mapping[str, Letter]:
    """Each letter, in each of its shapes, by a name that begins with its kind."""
    found: dict[str, Letter] = {}
    for module in (joining, answering, changing, chasing, news):
        found.update(module.samples())
    return found
