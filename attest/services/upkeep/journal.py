"""What Attest's processes print about themselves: one line an event, and no secrets.

structlog's own default shows the local variables of every function in a traceback, and with them
passwords and keys; here a traceback names files and lines only.
"""

from __future__ import annotations

import structlog


def set_up_journal() -> None:
    """Configures structlog for this process; keeps the level that somebody chose before."""
    structlog.configure(
        wrapper_class=structlog.get_config()["wrapper_class"],
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )
