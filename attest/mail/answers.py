"""What strangers say about a letter, made fit to be kept, shown and logged: one harmless line.

Mail servers like to quote: the sender that they refuse is a return address, and what a filter
dislikes in a letter is a link. Either opens something for whoever reads it (`WITHHELD`).
"""

from __future__ import annotations

import re
import unicodedata

# Characters that are kept of what somebody says.
LONGEST_LINE = 500
WITHHELD = "(…)"

_HIDDEN = re.compile(
    "[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
# The tokens of return addresses (42 characters), receipts (43) and of one-use links (more than 50
# before the first dot) are runs like this; words, names of hosts and UUIDs are shorter.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{42,}(?:\.[A-Za-z0-9_-]{20,})*")


def safe_line(value: str, longest: int = LONGEST_LINE) -> str:
    """`value` on one line, without control characters, hidden direction marks and tokens."""
    kept = _TOKEN.sub(WITHHELD, value[: 8 * longest])[: 4 * longest]
    tidy = " ".join(unicodedata.normalize("NFC", _HIDDEN.sub(" ", kept)).split())
    return tidy if len(tidy) <= longest else f"{tidy[: longest - 2]} …"
