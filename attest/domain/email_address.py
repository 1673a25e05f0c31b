"""What an email address looks like: one that every mail server takes (RFC 5321 §4.1.2).

No quoted local part, no address in brackets, and ASCII alone: few servers take more, and a letter
to what they do not take would come to nobody.
"""

from __future__ import annotations

import re

# Dot-atoms (RFC 5322 §3.2.3), and names of hosts; the underscore is seen in the wild.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})+", re.IGNORECASE)
_LONGEST, _LONGEST_LOCAL = 254, 64


def is_email_address(value: str) -> bool:
    """Whether letters can be sent to it."""
    found = _ADDRESS.fullmatch(value) if value.isascii() and len(value) <= _LONGEST else None
    return found is not None and len(found[1]) <= _LONGEST_LOCAL
