"""An IMAP connection whose answers come in time and have an end.

The standard library waits for each piece of an answer anew, and reads as much as comes: a server
that gives a byte now and then, or never ends, would hold the worker for ever.
"""

from __future__ import annotations

import imaplib
from time import monotonic
from typing import Any

# Seconds that the whole answer to one command may take, and bytes that it may have: headers of a
# hundred messages, or the beginning of one (imap.py), many times over.
PATIENCE = 60
MOST = 16_000_000
# Of a line, as in the standard library.
_LONGEST_LINE = 1_000_000
_PIECE = 65_536


class BoundedImap(imaplib.IMAP4):
    """Raises `OSError` (`TimeoutError`) where an answer takes too long or has no end."""

    # The socket that was read last, and what came from it and is not taken yet: what came before
    # TLS began is not read after it.
    _from: Any = None
    _kept = bytearray()

    def open(self, *where: Any, **more: Any) -> None:
        """Connects; the greeting is an answer too."""
        self._begin()
        super().open(*where, **more)

    def send(self, data: Any) -> None:
        """Says something; what comes from now on is the answer."""
        self._begin()
        super().send(data)

    def read(self, size: int) -> bytes:
        """So many bytes; fewer where the server hung up."""
        while len(self._unread) < size and self._receive():
            pass
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end; less where the server hung up."""
        while (end := self._unread.find(b"\n")) < 0 and self._receive():
            if len(self._unread) > _LONGEST_LINE:
                raise OSError("its line has no end")
        return self._take(end + 1 or len(self._unread))

    def _begin(self) -> None:
        self._until = monotonic() + PATIENCE
        self._left = MOST

    @property
    def _unread(self) -> bytearray:
        if self._from is not self.sock:
            self._from, self._kept = self.sock, bytearray()
        return self._kept

    def _take(self, size: int) -> bytes:
        taken = bytes(self._unread[:size])
        del self._unread[:size]
        return taken

    def _receive(self) -> bool:
        line, left = self.sock, self._until - monotonic()
        if left <= 0:
            raise TimeoutError("no whole answer in time")
        patience = line.gettimeout()
        line.settimeout(left if patience is None else min(left, patience))
        try:
            piece = line.recv(_PIECE)
        finally:
            line.settimeout(patience)
        self._left -= len(piece)
        if self._left < 0:
            raise OSError("its answer has no end")
        self._unread.extend(piece)
        return bool(piece)


class BoundedImapTls(BoundedImap, imaplib.IMAP4_SSL):
    """The same, encrypted from the start."""
