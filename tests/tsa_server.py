"""A time-stamping authority over HTTP on loopback, which answers well or as badly as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from attest.settings import Settings
from tests.ports import HOST
from tests.tsa import Tsa, request, tsa

PATIENCE = 60

Answer = Callable[["Handler", bytes], None]


@dataclass
class Authority:
    """The server, and how it behaves from now on."""

    tsa: Tsa
    answer: Answer
    url: str = ""
    asked: list[bytes] = field(default_factory=list)  # the requests, as they came
    headers: list[dict[str, str]] = field(default_factory=list)
    # For what hangs: set when a request is in, and what the answer waits for.
    waiting: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def settings(self, settings: Settings, folder: Path, **more: Any) -> Settings:
        """The settings of an instance that asks this authority."""
        roots = folder / "tsa-roots.pem"
        roots.write_text(self.tsa.root_pem, encoding="ascii")
        return replace(settings, tsa_url=self.url, tsa_roots=roots, **more)

    def environment(self, folder: Path) -> dict[str, str]:
        """The same for a process."""
        roots = folder / "tsa-roots.pem"
        roots.write_text(self.tsa.root_pem, encoding="ascii")
        return {
            "ATTEST_TSA_URL": self.url,
            "ATTEST_TSA_ROOTS": str(roots),
            "ATTEST_TSA_TIMEOUT_SECONDS": str(PATIENCE),
        }


class Handler(BaseHTTPRequestHandler):
    """Reads a request, and leaves the rest to `Authority.answer`."""

    authority: Authority

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.authority.asked.append(data)
        self.authority.headers.append(dict(self.headers))
        with suppress(OSError):  # it may have hung up on us
            self.authority.answer(self, data)
        self.close_connection = True

    def reply(self, data: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: Any) -> None:
        """Nothing: the tests' output is theirs."""


@contextmanager
def authority(
    answer: Answer | None = None, made: Tsa | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Authority]:
    """Runs the server; it answers well unless told otherwise."""
    running = Authority(made or tsa(), answer or well)
    server = ThreadingHTTPServer((HOST, 0), type("Bound", (Handler,), {"authority": running}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "http" if tls is None else "https"
    running.url = f"{scheme}://{HOST}:{server.server_port}/tsr"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield running
    finally:
        running.go_on.set()
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()


# --- How it may behave ------------------------------------------------------------------------


def well(handler: Handler, data: bytes) -> None:
    handler.reply(handler.authority.tsa.answer(data))


def refuses(handler: Handler, data: bytes) -> None:
    """A TimeStampResp whose status is 2, with OpenSSL's words."""
    handler.reply(handler.authority.tsa.answer(b"no request at all"))


def garbage(handler: Handler, data: bytes) -> None:
    handler.reply(b"<html><body>Welcome to our guest network</body></html>")


def empty(handler: Handler, data: bytes) -> None:
    handler.reply(b"")


def another_request(handler: Handler, data: bytes) -> None:
    """The answer to somebody who asked for the same hash without our nonce."""
    imprint = data[5 : 5 + 2 + data[6]]  # after the head and the version
    body = b"\x02\x01\x01" + imprint + b"\x01\x01\xff"
    handler.reply(handler.authority.tsa.answer(b"\x30" + bytes([len(body)]) + body))


def something_else(handler: Handler, data: bytes) -> None:
    handler.reply(handler.authority.tsa.answer(request(b"something else")))


def another_root(handler: Handler, data: bytes) -> None:
    handler.reply(tsa(owner="Another TSA").answer(data))


def changed(handler: Handler, data: bytes) -> None:
    """One bit of the signature is another."""
    answer = bytearray(handler.authority.tsa.answer(data))
    answer[-1] ^= 1
    handler.reply(bytes(answer))


def broken(handler: Handler, data: bytes) -> None:
    handler.reply(b"out of order", 500)


def elsewhere(handler: Handler, data: bytes) -> None:
    handler.reply(b"", 302, Location="file:///etc/passwd")


def too_large(handler: Handler, data: bytes) -> None:
    handler.reply(b"0" * (64 * 1024 + 1))


def drops(handler: Handler, data: bytes) -> None:
    """The connection ends before anything was said."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def breaks_off(handler: Handler, data: bytes) -> None:
    answer = handler.authority.tsa.answer(data)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(answer)))
    handler.end_headers()
    handler.wfile.write(answer[:100])


def hangs(handler: Handler, data: bytes) -> None:
    """Says nothing until the test lets it go on, then answers well."""
    handler.authority.waiting.set()
    handler.authority.go_on.wait(PATIENCE)
    well(handler, data)


def drips(handler: Handler, data: bytes) -> None:
    """A header every tenth of a second: no single read ever takes long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.authority.go_on.wait(0.1):
        handler.wfile.write(b"X-Wait: a little\r\n")
