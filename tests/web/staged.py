"""The application over a stage (tests/stage.py): real demands, seen through the pages.

Whoever opens a page is an email address of the play. `sign_page` does what static/signing.js
does: it takes the payloads out of the page and signs those very bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from werkzeug.test import TestResponse

from attest.app import Attest, create_app
from attest.demo.acting import Stage, account_of
from attest.signing import unb64
from attest.statements.envelope import sign_payload
from tests.web.house import Visitor


@dataclass
class Staged:
    """A stage with its application. The application's clock is the play's."""

    stage: Stage
    app: Attest

    @property
    def engine(self) -> Engine:
        return self.stage.engine

    @property
    def base(self) -> str:
        """The demand's address."""
        return f"/demands/{self.stage.reference}"

    def visitor(self, email: str) -> Visitor:
        """Somebody of the play, signed in."""
        visitor = Visitor(self, self.app.test_client())  # type: ignore[arg-type]
        with self.stage.look() as ctx:
            visitor.come_in(account_of(ctx, email).people[0])
        return visitor

    def sign_page(self, visitor: Visitor, page: TestResponse, email: str) -> dict[str, Any]:
        """Signs all that a page asks for with the actor's key; gives what is to be posted."""
        data = to_sign(page)
        key = self.stage.actor(email).key
        assert key is not None
        assert data["keyid"] == key.keyid
        return {
            "postTo": data["postTo"],
            "envelopes": [
                {
                    "id": item["id"],
                    "envelope": sign_payload(unb64(item["payload"]), key).decode(),
                }
                for item in data["items"]
            ],
        }


def staged(stage: Stage) -> Staged:
    """The application over a stage."""
    app = create_app(stage.settings, engine=stage.engine, log_key=stage.log_key)
    app.config.update(TESTING=True, CLOCK=lambda: stage.now)
    return Staged(stage, app)


def to_sign(page: TestResponse) -> dict[str, Any]:
    """The JSON that a signing page carries."""
    found = re.search(
        r'<script type="application/json" id="to-sign"[^>]*>(.*?)</script>', page.text
    )
    assert found is not None, page.text[:3000]
    data: dict[str, Any] = json.loads(found[1])
    return data


def values(page: TestResponse, name: str) -> list[str]:
    """The values of a page's inputs with this name."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page.text)
