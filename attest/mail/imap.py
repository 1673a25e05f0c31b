"""The mailbox to which letters come back, read by IMAP (RFC 3501, RFC 9051).

Nothing is marked by being looked at (BODY.PEEK): a message stays as it is until `handled`. Nothing
is asked for without a limit: UIDs in windows, the beginning of headers and of messages (partial
fetches, RFC 9051 §6.4.5), since anybody can send anything of any size there. The password never
travels in the clear: the connection is encrypted, or the server takes the password in a form that
does not show it (CRAM-MD5, RFC 2195).
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Collection, Iterator, Sequence
from types import TracebackType

from attest.mail.answers import safe_line
from attest.mail.imap_answers import BoundedImap, BoundedImapTls
from attest.mail.reports import MOST, RECIPIENT_HEADERS
from attest.settings import Settings

_TIMEOUT_SECONDS = 30
# Messages whose headers are asked for in one go.
AT_ONCE = 100
# Bytes of those headers, a message: who it was delivered to stands before what its sender wrote.
MOST_OF_HEADERS = 16_384
# UIDs are searched in windows, and no more than so many in one go: a line of an answer has a limit
# (1,000,000 bytes in the standard library), however full the mailbox is.
_WINDOW = 50_000
_WINDOWS = 100
_UID = re.compile(rb"\bUID (\d+)")


class MailboxFailed(Exception):
    """The mailbox cannot be read now. `str()` says why, on one line, without the password."""


class ReturnMailbox:
    """A connection to the mailbox, within `with`. Every method raises `MailboxFailed`."""

    def __init__(self, settings: Settings) -> None:
        if not (settings.imap_host and settings.imap_user and settings.imap_password):
            raise MailboxFailed(
                "the worker needs imap_host, imap_user and imap_password: one is not set"
            )
        self._settings = settings
        self._host = settings.imap_host
        self._user = settings.imap_user
        self._password = settings.imap_password
        self._server: imaplib.IMAP4 | None = None
        self._offered: frozenset[str] = frozenset()
        # UIDs are those of this number alone (RFC 3501 §2.3.1.1).
        self.validity = 0
        # What the next message that comes will have at least (RFC 9051 §2.3.1.1).
        self.uid_next: int | None = None

    @property
    def name(self) -> str:
        """Which mailbox it is, for people too: no secret."""
        return f"{self._user} at {self._host}, {self._settings.imap_folder}"

    def __enter__(self) -> ReturnMailbox:
        try:
            self._server = self._connect()
            self._sign_in(self._server)
            # Servers say all that they can only to whom they know.
            self._offered = _capabilities(self._server)
            _ok(self._server.select(_quoted(self._settings.imap_folder)), "no such folder")
            self.validity = _number(self._server, "UIDVALIDITY") or 0
            self.uid_next = _number(self._server, "UIDNEXT")
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            self._leave()
            raise _failed(error) from None
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def unread(self, above: int = 0, most: int = 1_000) -> tuple[list[int], int]:
        """The UIDs over `above` of what nobody has read, oldest first, no more than `most`.

        And the UID up to which there are no others.
        """
        if self.uid_next is None:
            # Not every old server says it; "*" is the newest message, wherever that is.
            found = self._unread_within(above, above + 1, "*")
            return found[:most], max([above, *found[:most]])
        found, to = [], above
        for _ in range(_WINDOWS):
            last = min(to + _WINDOW, self.uid_next - 1)
            if last <= to or len(found) >= most:
                break
            found += self._unread_within(above, to + 1, str(last))
            to = last
        return (found, to) if len(found) <= most else (found[:most], found[most - 1])

    def _unread_within(self, above: int, first: int, last: str) -> list[int]:
        (found,) = self._ask("SEARCH", "UID", f"{first}:{last}", "UNSEEN")[:1] or [b""]
        uids = map(int, found.split()) if isinstance(found, bytes) else ()
        return sorted(uid for uid in uids if uid > above)

    def headers(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The headers that say to whom each was delivered; none of a message that has gone."""
        names = " ".join(RECIPIENT_HEADERS).upper()
        what = f"BODY.PEEK[HEADER.FIELDS ({names})]<0.{MOST_OF_HEADERS}>"
        for start in range(0, len(uids), AT_ONCE):
            yield from self._fetch(uids[start : start + AT_ONCE], what)

    def message(self, uid: int) -> bytes | None:
        """The beginning of a message, as much as is read of it; None where it has gone."""
        found = dict(self._fetch([uid], f"BODY.PEEK[]<0.{MOST}>"))
        return found.get(uid)

    def handled(self, uid: int) -> None:
        """Marks a message as read, and moves it where the settings name a folder for that."""
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        folder = self._settings.imap_handled_folder
        if folder is None:
            return
        if "MOVE" in self._offered:  # RFC 6851
            self._ask("MOVE", str(uid), _quoted(folder))
            return
        self._ask("COPY", str(uid), _quoted(folder))
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._offered:  # RFC 4315: this message and no other
            self._ask("EXPUNGE", str(uid))

    def _connect(self) -> imaplib.IMAP4:
        settings = self._settings
        if settings.imap_tls == "tls":
            return BoundedImapTls(
                self._host,
                settings.imap_port,
                ssl_context=_trust(settings),
                timeout=_TIMEOUT_SECONDS,
            )
        server = BoundedImap(self._host, settings.imap_port, timeout=_TIMEOUT_SECONDS)
        if settings.imap_tls == "starttls":
            try:
                server.starttls(_trust(settings))
            except BaseException:
                server.shutdown()
                raise
        return server

    def _sign_in(self, server: imaplib.IMAP4) -> None:
        offered = server.capabilities
        if self._settings.imap_tls == "none":
            if "AUTH=CRAM-MD5" not in offered:
                raise ValueError(
                    "the server would take the password only in the clear: set imap_tls"
                )
            server.login_cram_md5(self._user, self._password)
        elif "AUTH=PLAIN" in offered:  # RFC 4616, UTF-8 and all
            said = f"\0{self._user}\0{self._password}".encode()
            server.authenticate("PLAIN", lambda _: said)
        else:
            server.login(_quoted(self._user), self._password)

    def _fetch(self, uids: Collection[int], what: str) -> Iterator[tuple[int, bytes]]:
        wanted = frozenset(uids)
        answer = self._ask("FETCH", ",".join(map(str, uids)), f"(UID {what})")
        for number, piece in enumerate(answer):
            if not isinstance(piece, tuple):
                continue
            # The UID stands before the text or after it, as the server likes.
            after = answer[number + 1] if number + 1 < len(answer) else b""
            uid = _UID.search(piece[0]) or (isinstance(after, bytes) and _UID.search(after))
            if uid and int(uid[1]) in wanted:
                yield int(uid[1]), piece[1]

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        if self._server is None:
            raise MailboxFailed("not connected")
        try:
            kind, answer = self._server.uid(command, *arguments)
            _ok((kind, answer), command)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise _failed(error) from None
        return list(answer)

    def _leave(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            # Not CLOSE, which would remove what somebody else has marked as deleted.
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()


def _trust(settings: Settings) -> ssl.SSLContext:
    """Certificates are always checked: against `imap_ca`, else what this machine trusts."""
    return ssl.create_default_context(cafile=settings.imap_ca)


def _capabilities(server: imaplib.IMAP4) -> frozenset[str]:
    _, said = server.capability()
    words = b" ".join(piece for piece in said if isinstance(piece, bytes))
    return frozenset(words.decode("ascii", "replace").upper().split())


def _number(server: imaplib.IMAP4, code: str) -> int | None:
    """What the server said under this code when the folder was opened (RFC 9051 §7.1)."""
    _, said = server.response(code)
    return int(said[0]) if said and isinstance(said[0], bytes) else None


def _quoted(value: str) -> str:
    """A string as RFC 3501 §9 quotes it; settings.py lets nothing else pass."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _ok(answer: tuple[str, Sequence[object]], what: str) -> None:
    kind, said = answer
    if kind != "OK":
        words = said[0].decode("utf-8", "replace") if said and isinstance(said[0], bytes) else ""
        raise ValueError(f"{what}: {words}")


def _failed(error: Exception) -> MailboxFailed:
    if isinstance(error, UnicodeError):
        # Its own words would quote from the password.
        return MailboxFailed("imap_user or imap_password cannot be sent to this server")
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxFailed(f"the certificate is not trusted: {safe_line(error.verify_message)}")
    return MailboxFailed(safe_line(str(error)) or type(error).__name__)
