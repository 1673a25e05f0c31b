"""A running Attest that people open in Chromium: real server, real database, a clock of ours.

Letters are files, as without a mail server; a test takes links out of them, as their readers do.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import waitress.server
from flask import Response, request
from playwright.sync_api import BrowserContext

from attest.app import Attest, create_app
from attest.demo.acting import Stage, account_of, tick
from attest.keyfiles import seal
from attest.mail import mailbox
from attest.mail.mailbox import Delivered
from tests.html import check_page

PASSPHRASE = "four words by heart"


@dataclass
class Live:
    """A stage with its application behind an address. The application's clock is the play's."""

    stage: Stage
    app: Attest
    address: str
    folder: Path
    broken: list[str] = field(default_factory=list)  # pages that tests/html.py finds wrong

    @property
    def base(self) -> str:
        """The path of the play's demand."""
        return f"/demands/{self.stage.reference}"

    def at(self, day: date, clock: str = "09:00") -> None:
        """Moves the clock to a moment, with one round of the worker there."""
        self.stage.now = datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC)
        self.tick()

    def tick(self) -> None:
        """What the worker does at this moment: reopens, chases, sends."""
        tick(self.stage)

    def letters(self, to: str) -> list[Delivered]:
        """The letters that somebody got, newest first."""
        found = (mailbox.read(self.stage.settings, name) for name in self._names())
        return [letter for letter in found if letter is not None and to in letter.to]

    def _names(self) -> list[str]:
        return mailbox.names(self.stage.settings)

    def link(self, to: str, part: str = "") -> str:
        """The newest link in somebody's letters whose address holds `part`."""
        self.tick()
        for letter in self.letters(to):
            for link in re.findall(rf"{re.escape(self.address)}\S*", letter.text):
                if part in link:
                    return link
        told = [letter.subject for letter in self.letters(to)]
        raise AssertionError(f"no link with {part!r} in the letters to {to}: {told}")

    def sign_in(self, context: BrowserContext, email: str) -> None:
        """Signs somebody of the play in without the sign-in page."""
        with self.stage.look() as ctx:
            account = account_of(ctx, email)
            kept = {"_user_id": f"{account.id}:{account.epoch}", "_fresh": True}
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # Flask's own interface has it
        cookie = str(serializer.dumps(kept | {"_permanent": True}))
        context.add_cookies([{"name": "attest", "value": cookie, "url": self.address}])

    def key_file(self, email: str) -> Path:
        """The locked key file of somebody of the play, as they keep it. Opens by PASSPHRASE."""
        key = self.stage.actor(email).key
        assert key is not None
        path = self.folder / f"{email}.json"
        if not path.exists():
            path.write_bytes(seal(key, PASSPHRASE))
        return path

    def check(self, response: Response) -> Response:
        """Parses each page that anybody fetches."""
        if response.mimetype == "text/html" and response.location is None:
            try:
                check_page(response.get_data(as_text=True), request.path)
            except AssertionError as wrong:
                self.broken.append(str(wrong))
        return response

    @contextmanager
    def every_session_over(self) -> Iterator[None]:
        """Inside, every cookie is older than sessions may be."""
        before = self.app.config["PERMANENT_SESSION_LIFETIME"]
        self.app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=-1)
        yield
        self.app.config["PERMANENT_SESSION_LIFETIME"] = before


@contextmanager
def serving(
    stage: Stage, listening: socket.socket | None = None, **settings: Any
) -> Iterator[Live]:
    """Serves a stage on a free port until the block ends. Its links lead there."""
    with listening or free_port() as taken:
        address = address_of(taken)
        stage = replace(stage, settings=replace(stage.settings, base_url=address, **settings))
        app = create_app(stage.settings, engine=stage.engine, log_key=stage.log_key)
        live = Live(stage, app, address, stage.settings.instance_path)
        app.config["CLOCK"] = lambda: live.stage.now
        app.after_request(live.check)
        # A page asks for its scripts at once; each connection that waits would be a second more.
        server = waitress.server.create_server(app, sockets=[taken], threads=6)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield live
        finally:
            # In the thread of the loop: whatever it waits on must not be closed under it.
            server.trigger.pull_trigger(lambda: _close_all(server))
            thread.join(5)
            server.task_dispatcher.shutdown(timeout=5)
        assert not live.broken, "\n".join(live.broken)


def _close_all(server: Any) -> None:
    for waiting in list(server._map.values()):
        waiting.close()


def free_port() -> socket.socket:
    """A socket that listens where nobody else does."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    return listening


def address_of(listening: socket.socket) -> str:
    """The address of a listening socket, as in links."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"
