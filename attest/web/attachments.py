"""Answers that are saved as files: none of them is shown by the browser or kept on the way."""

from collections.abc import Callable, Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Response

PDF, ZIP, JSON, CSV, TEXT = (
    "application/pdf",
    "application/zip",
    "application/json",
    "text/csv",
    "text/plain",
)

# A zip up to this size stays in memory, a larger one goes through a temporary file.
IN_MEMORY = 2_000_000  # bytes
CHUNK = 65_536  # bytes


def zipped(write: Callable[[IO[bytes]], None], name: str) -> Response:
    """The zip that `write` writes, as `spooled` sends it."""
    return spooled(write, ZIP, name)


def spooled(write: Callable[[IO[bytes]], None], kind: str, name: str) -> Response:
    """What `write` writes, with its length, and without a large part of it in memory."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed when it is sent)
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    answer = Response(_chunks(out), mimetype=kind)
    answer.call_on_close(out.close)
    answer.content_length = size
    return _named(answer, name)


def attached(data: bytes | Iterable[bytes], kind: str, name: str) -> Response:
    """A file of this kind and name, or one that is made while it is sent."""
    return _named(Response(data, mimetype=kind), name)


def _chunks(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while chunk := out.read(CHUNK):
            yield chunk


def _named(answer: Response, name: str) -> Response:
    """A download. Nobody keeps it on the way: it is for its reader, and tomorrow's is another."""
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
