"""A port of the tests' own: from being chosen to being given back, nobody else gets it.

A port that is looked for and let go before its server binds it may be anybody's by then: another
test process looks for one at the same moment.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"


@contextmanager
def kept_port() -> Iterator[int]:
    """A port on which nobody listens until somebody binds it on purpose, with SO_REUSEADDR.

    Linux gives a port that is bound to nobody who asks for any, neither to listen nor to connect.
    Servers set SO_REUSEADDR to come back at once after they end, and may bind it beside us.
    """
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind((HOST, 0))
        yield int(kept.getsockname()[1])
