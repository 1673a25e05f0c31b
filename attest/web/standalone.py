"""The pages that stand alone, as built from static/standalone/: one file each, nothing fetched.

Each carries its own policy, which names its script and style by their hashes. It is sent under that
same policy, because the one of every other page would stop its script.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request

from attest.web.security import set_policy

VERIFY, SIGNER = "verify", "signer"

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


@dataclass(frozen=True)
class StandalonePage:
    """A built page. `sha256` is what the release notes name, in hex."""

    content: bytes
    policy: str
    sha256: str


def built_page(name: str) -> StandalonePage | None:
    """The page of this name, None where set-up has not built it."""
    file = Path(current_app.static_folder or "") / "built" / f"{name}.html"
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(file, changed)


def send_page(page: StandalonePage, name: str) -> Response:
    """The page itself, to open or to keep as `attest-NAME.html`. Asked again, it is a 304."""
    set_policy(f"{page.policy}; frame-ancestors 'none'")
    response = Response(page.content, mimetype="text/html")
    response.headers["Content-Disposition"] = f'inline; filename="attest-{name}.html"'
    response.set_etag(page.sha256)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> StandalonePage:
    content = file.read_bytes()
    policy = _POLICY.search(content)
    if policy is None:
        raise RuntimeError(f"{file.name} was built without a policy")
    return StandalonePage(content, policy[1].decode("ascii"), hashlib.sha256(content).hexdigest())
