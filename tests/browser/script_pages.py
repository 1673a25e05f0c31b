"""Hand-made pages around the real scripts, with a server whose answers a test chooses.

Nothing listens on a socket: Chromium asks, and the test answers. An address on localhost counts as
secure, as WebCrypto asks.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, Route

STATIC = Path(__file__).parents[2] / "static"
ORIGIN = "http://localhost"
# A nonce and nothing else: a script that needs more does not work in the real pages either.
POLICY = (
    "default-src 'none'; script-src 'nonce-good'; connect-src 'self'; style-src 'nonce-good'; "
    "base-uri 'none'; form-action 'self'"
)
FRAME = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sign</title>
<meta name="csrf-token" content="first"></head><body><main><h1>Sign</h1>{}</main></body></html>"""

# What a POST is answered with: the status and the object.
Answer = tuple[int, dict[str, Any]]


@dataclass
class Site:
    """The pages, scripts and answers that one Chromium page sees."""

    body: str = ""
    posted: list[tuple[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    renewed: int = 0
    signed_in: bool = True
    answer: Callable[[str, Any], Answer | None] = lambda path, body: (200, {})

    def open(self, page: Page, body: str = "") -> Page:
        """Show the body at /page, under the policy that the real pages have."""
        self.body = FRAME.format(body)
        page.route(f"{ORIGIN}/**", self._route)
        page.goto(f"{ORIGIN}/page")
        return page

    def open_empty(self, page: Page) -> Page:
        """A page without a policy, from which a test may load modules with `run`."""
        page.route(f"{ORIGIN}/**", self._route)
        page.goto(f"{ORIGIN}/empty")
        return page

    def _route(self, route: Route, request: Request) -> None:
        path = request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path == "/renew":
            self.renewed += 1
            token = {"csrfToken": f"renewed {self.renewed}"}
            self._json(route, (200, token) if self.signed_in else (401, {}))
        elif request.method == "POST":
            body = json.loads(request.post_data or "null")
            self.posted.append((path, body))
            self.tokens.append(request.headers.get("x-csrftoken"))
            answer = self.answer(path, body) if self.signed_in else (401, {})
            self._json(route, answer)
        elif path == "/page":
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=self.body, content_type="text/html", headers=headers)
        else:
            route.fulfill(body=FRAME.format(path), content_type="text/html")

    @staticmethod
    def _json(route: Route, answer: Answer | None) -> None:
        if answer is None:
            route.abort("connectionreset")
            return
        status, body = answer
        headers = {"Location": "/sign-in"} if status // 100 == 3 else {}
        headers["Content-Type"] = "application/json"
        route.fulfill(status=status, body=json.dumps(body), headers=headers)


def module(name: str) -> str:
    """The element that loads one of our scripts."""
    return f'<script type="module" nonce="good" src="/static/{name}"></script>'


def data_block(name: str, value: Any) -> str:
    """JSON for a script, written so that no value in it can end the element."""
    text = json.dumps(value).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def run(page: Page, script: str, argument: Any = None) -> Any:
    """The result of a function body in which `load(name)` gives a module of ours."""
    source = (
        "async (argument) => { const load = (name) => import(`/static/${name}`);" + script + "}"
    )
    return page.evaluate(source, argument)
