"""Each letter in each of its shapes, and whom it is about."""

from attest.mail.letter import Letter
from attest.mail.samples import ABOUT, BECK, FILES, HOME, LATE, every

__all__ = ["ABOUT", "ALL", "BECK", "FILES", "HOME", "LATE"]

ALL: dict[str, Letter] = dict(every())
