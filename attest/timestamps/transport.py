"""One request to a time-stamping authority over HTTP (RFC 3161 §3.4).

The authority is a stranger. No redirect is followed, at most 64 KiB are read, and the whole
answer, its headers too, has to be here in time: a server that sends a byte a minute is cut off.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from attest.domain.wording import count
from attest.timestamps.failure import StampingFailed

# The largest token that a bundle takes (bundle/layout.py); real ones have 2 to 8 kB.
MAX_ANSWER = 64 * 1024

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_CHUNK = 8 * 1024


def ask(url: str, request: bytes, timeout: int) -> bytes:
    """Posts a DER TimeStampReq and gives what came back, which nobody has looked into yet.

    `timeout` in whole seconds, for all of it. Raises `StampingFailed`.
    """
    watch = _Watch(timeout)
    posted = urllib.request.Request(  # noqa: S310 (the opener below knows http and https alone)
        url,
        data=request,
        method="POST",
        headers={"Content-Type": _QUERY, "Accept": _REPLY, "User-Agent": "attest"},
    )
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("a time-stamping authority has an http or https address")
    try:
        with watch.on(), _opener(watch).open(posted, timeout=timeout) as response:
            data = _read(response)
            # Headers that were cut off look as if they had ended.
            if watch.expired:
                raise TimeoutError
            return data
    except urllib.error.HTTPError as error:
        with error:
            raise StampingFailed(f"answered with HTTP status {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        # ValueError: a header that http.client cannot read; also a socket that was closed on it.
        raise StampingFailed(_why(error, watch, timeout)) from None


def _read(response: Any) -> bytes:
    data = b""
    while chunk := response.read1(_CHUNK):
        data += chunk
        if len(data) > MAX_ANSWER:
            raise StampingFailed(f"answered with more than {MAX_ANSWER // 1024} KiB")
    if response.length:
        raise StampingFailed("broke off in the middle of its answer")
    return data


def _why(error: Exception, watch: _Watch, timeout: int) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if watch.expired or isinstance(reason, TimeoutError):
        return f"did not answer within {count(timeout, 'second')}"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"could not be reached: its web certificate is not trusted ({reason.verify_message})"
    if isinstance(reason, ssl.SSLError):
        return "could not be reached: no encrypted connection came about"
    if isinstance(reason, OSError) and not isinstance(reason, http.client.RemoteDisconnected):
        # The system's own words: connection refused, name not known.
        return f"could not be reached: {reason.strerror or type(reason).__name__}"
    return "broke off in the middle of its answer"


class _Watch:
    """Cuts a connection off when time is up, whatever it is doing."""

    def __init__(self, timeout: float) -> None:
        self._ends = time.monotonic() + timeout
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.expired = False

    @contextmanager
    def on(self) -> Iterator[None]:
        timer = threading.Timer(max(0.0, self._ends - time.monotonic()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def over(self, connected: socket.socket) -> None:
        """From now on, this is what is cut off."""
        with self._lock:
            self._socket = connected
        if self.expired:
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            self.expired = True
            if self._socket is not None:
                # The plain socket's: TLS must not be torn down while somebody reads from it.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _opener(watch: _Watch) -> urllib.request.OpenerDirector:
    """Knows http, https and the environment's proxies; no files, and no redirects."""

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watch.over(self.sock)

    class Encrypted(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            watch.over(self.sock)

    class OverHttp(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class OverHttps(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Encrypted, req)

    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        OverHttp(),
        OverHttps(),
    ):
        opener.add_handler(handler)
    return opener
