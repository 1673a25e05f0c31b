"""A large download in pieces: what is made for it, and evidence files read while it is sent.

A bundle with gigabytes of evidence is never on the disk a second time, nor in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile

from flask import Response

from attest.bundle.zip_writer import Content
from attest.web.attachments import CHUNK, IN_MEMORY, ZIP, attached


class Pieces:
    """An output (bundle/zip_writer.py: Splicing) that is sent once it is written."""

    def __init__(self) -> None:
        self._spool = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by `close`)
        self._parts: list[int | Content] = []  # lengths in the spool, and what lies elsewhere
        self.size = 0

    def write(self, data: bytes) -> None:
        """Bytes that were made for this."""
        self._spool.write(data)
        if self._parts and isinstance(self._parts[-1], int):
            self._parts[-1] += len(data)
        else:
            self._parts.append(len(data))
        self.size += len(data)

    def splice(self, content: Content) -> None:
        """Bytes that are read when it is their turn."""
        self._parts.append(content)
        self.size += content.size

    def __iter__(self) -> Iterator[bytes]:
        """All of it, once. An evidence file that is not what it was breaks the download off."""
        with self._spool:
            self._spool.seek(0)
            for part in self._parts:
                yield from part.read() if isinstance(part, Content) else self._made(part)

    def _made(self, left: int) -> Iterator[bytes]:
        while left:
            chunk = self._spool.read(min(left, CHUNK))
            yield chunk
            left -= len(chunk)

    def close(self) -> None:
        """Forgets what was made."""
        self._spool.close()


def in_pieces(write: Callable[[Pieces], None], name: str) -> Response:
    """The zip that `write` writes, with its length."""
    pieces = Pieces()
    try:
        write(pieces)
    except BaseException:
        pieces.close()
        raise
    answer = attached(pieces, ZIP, name)
    answer.call_on_close(pieces.close)
    answer.content_length = pieces.size
    return answer
