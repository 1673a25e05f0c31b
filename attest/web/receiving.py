"""Reads a multipart request piece by piece: evidence files go straight to where they are kept.

Fields come first (the token, then what the files are for), files after them. So whoever may not
add anything is told before a byte of a file is written, and a file lies on the disk once.
"""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from flask import request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)
from wtforms import ValidationError

from attest.attachments.incoming import Incoming, NoRoom, TooLarge, need_room, receiving
from attest.attachments.store import StoreFailed
from attest.domain.evidence_files import MOST_BYTES
from attest.services.acts.evidence_files import MOST_AT_ONCE, NewFile, take_in
from attest.settings import Settings
from attest.web.errors import page

CHUNK = 256 * 1024  # bytes
# Thousands of chosen copies, and no more.
MOST_IN_FIELDS = 2_000_000  # characters
MOST_PARTS = MOST_AT_ONCE + 20
TOKEN = "csrf_token"  # noqa: S105 - a field's name

Fields = Mapping[str, list[str]]


class NotReceived(HTTPException):
    """The request could not be taken in: an answer of its own, made where it was refused."""

    def __init__(self, status: int, sentence: str, title: str) -> None:
        self.code = status
        super().__init__(sentence, response=page(status, sentence, title=title))


@dataclass
class Received:
    """What a request brought, in full. The files are kept, and no demand names them yet."""

    fields: Fields
    files: list[NewFile] = field(default_factory=list)


def receive(settings: Settings, allow: Callable[[Fields], None]) -> Received:
    """Takes the request in. `allow` is asked once the fields are known, and refuses by raising.

    Raises NotReceived, what `allow` raises, and Refused for an empty file. Whatever did not come
    in whole is removed.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise NotReceived(
            400, "No file came with this. Choose the files on the page.", "That could not be read"
        )
    with _told_as_pages(), ExitStack() as at_the_end:
        need_room(settings.evidence_path, request.content_length or 0)
        return _Reader(settings, allow, at_the_end).read(_events(boundary))


def _events(boundary: str) -> Iterator[Event]:
    """Fields, files and their pieces, in their order. ValueError where it is no multipart."""
    decoder = MultipartDecoder(
        boundary.encode("latin-1"), max_form_memory_size=MOST_IN_FIELDS, max_parts=MOST_PARTS
    )
    while True:
        # Fewer bytes than were promised raise here: the connection broke.
        piece = request.stream.read(CHUNK)
        decoder.receive_data(piece or None)
        event = decoder.next_event()
        while not isinstance(event, NeedData):
            if isinstance(event, Epilogue):
                return
            yield event
            event = decoder.next_event()


class _Reader:
    """One request, while it comes in."""

    def __init__(
        self, settings: Settings, allow: Callable[[Fields], None], at_the_end: ExitStack
    ) -> None:
        self._settings = settings
        self._allow = allow
        self._at_the_end = at_the_end
        self._fields: defaultdict[str, list[str]] = defaultdict(list)
        self._files: list[NewFile] = []
        self._allowed = False
        self._field: tuple[str, bytearray] | None = None
        self._file: tuple[str, Incoming] | None = None
        self._room = MOST_IN_FIELDS

    def read(self, events: Iterator[Event]) -> Received:
        for event in events:
            if isinstance(event, Field):
                self._field = (event.name, bytearray())
            elif isinstance(event, File):
                self._begin_file(event.filename)
            elif isinstance(event, Data):
                self._take(event)
        if not self._allowed:
            self._ask()
        return Received(dict(self._fields), self._files)

    def _begin_file(self, name: str) -> None:
        if not self._allowed:
            self._ask()
        most = min(MOST_BYTES, self._settings.evidence_limit)
        incoming = self._at_the_end.enter_context(receiving(self._settings.evidence_path, most))
        self._file = (name, incoming)

    def _take(self, event: Data) -> None:
        if self._file is not None:
            name, incoming = self._file
            incoming.write(event.data)
            if not event.more_data:
                self._file = None
                # A form without a chosen file sends one without name and content.
                if name or incoming.size:
                    self._files.append(take_in(self._settings, name, incoming))
        elif self._field is not None:
            name, value = self._field
            self._room -= len(event.data)
            if self._room < 0:
                raise TooLarge
            value.extend(event.data)
            if not event.more_data:
                self._field = None
                self._fields[name].append(value.decode("utf-8", "replace"))

    def _ask(self) -> None:
        """The token, then whether this reader may do it; before a file is written."""
        token = request.headers.get("X-CSRFToken") or next(iter(self._fields.get(TOKEN, [])), None)
        try:
            validate_csrf(token)
        except ValidationError:
            raise NotReceived(
                400,
                "This page was open for too long, so nothing was kept. Load it again, then choose "
                "the files once more.",
                "The page was too old",
            ) from None
        self._allow(self._fields)
        self._allowed = True


@contextmanager
def _told_as_pages() -> Iterator[None]:
    """What stops a file from coming in, in sentences."""
    try:
        yield
    except TooLarge:
        raise NotReceived(
            413,
            "A file is larger than this installation takes. Nothing of it was kept.",
            "That is too large",
        ) from None
    except NoRoom:
        raise _no_room() from None
    except StoreFailed:
        raise NotReceived(
            503,
            "The file came in, but it could not be kept where this installation keeps evidence "
            "files. Nothing was added. Try again in a few minutes; if it goes on, tell whoever "
            "runs this installation.",
            "The file could not be kept",
        ) from None
    except ValueError:
        raise NotReceived(
            400,
            "The file did not come in whole, so nothing was kept. Try again.",
            "That could not be read",
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room() from None
        raise


def _no_room() -> NotReceived:
    return NotReceived(
        507,
        "There is not enough room on this installation’s disk, so nothing was kept. Tell whoever "
        "runs it.",
        "No room for the file",
    )
