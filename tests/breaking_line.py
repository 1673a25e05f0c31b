"""A line to a server that breaks: the first connection over it ends in the middle."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.mail_server import HOST

_PIECE = 4_096


@contextmanager
def breaking_line(port: int, after: int) -> Iterator[int]:
    """Passes on what is said to `port`, and back; gives the port to talk to.

    The first connection is cut once so many bytes came from the server; later ones are not.
    """
    threads: list[threading.Thread] = []
    with ExitStack() as opened:
        listener = opened.enter_context(socket.create_server((HOST, 0)))

        def accept() -> None:
            left: int | None = after
            # Told to end by `shutdown`, below.
            with suppress(OSError):
                while True:
                    near = opened.enter_context(listener.accept()[0])
                    far = opened.enter_context(socket.create_connection((HOST, port)))
                    pass_on(near, far, None)
                    pass_on(far, near, left)
                    left = None

        def pass_on(*line: object) -> None:
            threads.append(threading.Thread(target=_pass_on, args=line))
            threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *threads):
                thread.join(30)


def _pass_on(source: socket.socket, target: socket.socket, left: int | None) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            if left is not None:
                left -= len(piece)
                if left < 0:
                    break
            target.sendall(piece)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
