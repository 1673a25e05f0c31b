"""Counts what went wrong from one place or for one address, so that nobody tries for ever.

The rows say nothing but when: what they count is kept as an HMAC under the instance's secret key.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import func, select

from attest.database.tables import SignInAttempt
from attest.services.context import Context

WINDOW = timedelta(minutes=15)


def keyed(ctx: Context, text: str) -> str:
    """What is counted, as the rows name it."""
    secret = ctx.settings.secret_key.encode()
    return hmac.new(secret, b"sign-in\0" + text.encode(), hashlib.sha256).hexdigest()


def lately(ctx: Context, subject: str) -> int:
    """How often it was counted within `WINDOW`."""
    found = ctx.session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.subject == subject, SignInAttempt.at > ctx.now - WINDOW)
    )
    return found or 0


def count(ctx: Context, subject: str) -> None:
    """Counts it once more."""
    ctx.session.add(SignInAttempt(subject=subject, at=ctx.now))
    ctx.session.flush()
