"""An application with people of every role, and visitors who click through its pages.

Every page that a visitor fetches is checked (tests/html.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from nacl.pwhash import argon2id
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from attest.app import Attest, create_app
from attest.database.engine import read_session, write_session
from attest.database.tables import Letter, Person
from attest.services.accounts.invitations import invitation_token
from attest.services.context import Context
from attest.services.instance import create_instance
from attest.settings import Settings
from attest.web.security import LETTER_POLICY
from tests.cast import LOG_KEY
from tests.html import check_page
from tests.rows import NOW, Case, add_case, add_joint, add_organisation, add_person

PASSWORD = "correct horse battery"
# As cheap as libsodium allows: these tests are not about how long it takes.
CHEAP_HASH = argon2id.str(
    PASSWORD.encode(), opslimit=argon2id.OPSLIMIT_MIN, memlimit=argon2id.MEMLIMIT_MIN
).decode()

STRANGER = "stranger"
ROLES = (
    STRANGER,
    "other_contractor",
    "liaison",
    "officer",
    "case_handler",
    "signatory",
    "joint_controller",
    "administrator",
)


@dataclass
class House:
    """The application, its database, and who is who. `now` stands still until a test moves it."""

    app: Attest
    engine: Engine
    settings: Settings
    case: Case
    people: dict[str, Person]  # by role
    colleague: Person  # of Northshire, with a duty that its case handler hands out
    now: datetime = NOW
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self, role: str = STRANGER) -> Visitor:
        """Somebody with a browser of their own, signed in unless a stranger."""
        visitor = Visitor(self, self.app.test_client())
        if role != STRANGER:
            visitor.come_in(self.people[role])
        return visitor

    def pass_time(self, **span: float) -> None:
        """Moves the clock, by the arguments of timedelta."""
        self.now += timedelta(**span)

    def person(self, role: str) -> Person:
        """The person of a role as the database has it now."""
        with read_session(self.engine) as session:
            return (
                session.scalars(select(Person).where(Person.id == self.people[role].id))
                .unique()
                .one()
            )

    def letters(self) -> list[Letter]:
        """The outbox, oldest first."""
        with read_session(self.engine) as session:
            return list(session.scalars(select(Letter).order_by(Letter.queued_at, Letter.key)))

    def link_in(self, letter: Letter) -> str:
        """The path of the one-use link that a letter will carry."""
        assert letter.invitation_id is not None
        return f"/invitation/{invitation_token(self.settings, letter.invitation_id)}"

    def acting(self) -> Any:
        """A context for calling acts directly; committed at the end of the block."""
        return _Acting(self)


class _Acting:
    def __init__(self, house: House) -> None:
        self.house = house
        self.opened = write_session(house.engine)

    def __enter__(self) -> Context:
        session = self.opened.__enter__()
        return Context(session, self.house.now, self.house.settings, LOG_KEY)

    def __exit__(self, *raised: Any) -> None:
        self.opened.__exit__(*raised)


class Visitor:
    """A browser without JavaScript. Pages that it gets are checked."""

    def __init__(self, house: House, client: FlaskClient) -> None:
        self.house = house
        self.client = client

    def come_in(self, person: Person) -> None:
        """Signs in without the sign-in page."""
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = f"{person.account_id}:{self.house_epoch(person)}"
            cookie["_fresh"] = True
            cookie.permanent = True

    def house_epoch(self, person: Person) -> int:
        with read_session(self.house.engine) as session:
            return session.get_one(Person, person.id).account.epoch

    def get(self, path: str, status: int = 200, **more: Any) -> TestResponse:
        """Opens an address and expects `status`."""
        return self._checked(self.client.get(path, **more), path, status)

    def post(self, path: str, status: int = 302, **fields: Any) -> TestResponse:
        """Sends a form with its token. Underscores in names stand for themselves."""
        data = {"csrf_token": self.token(), **fields}
        return self._checked(self.client.post(path, data=data), path, status)

    def send(self, path: str, body: Any, status: int | None = 200) -> TestResponse:
        """Posts JSON as the scripts do."""
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json"}
        return self._checked(self.client.post(path, json=body, headers=headers), path, status)

    def token(self) -> str:
        """The token that the pages of this visitor carry."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get("/help").text)
        assert found is not None
        return found[1]

    def _checked(self, answer: TestResponse, path: str, status: int | None) -> TestResponse:
        assert status in (None, answer.status_code), (
            f"{path}: {answer.status}\n{answer.text[:2000]}"
        )
        # A letter's HTML part is no page of ours: it has the words of the letter and no others.
        letter = answer.headers.get("Content-Security-Policy") == LETTER_POLICY
        if answer.mimetype == "text/html" and answer.location is None and not letter:
            check_page(answer.text, path)
        return answer


@dataclass
class Everybody:
    """Who is who, and the case that they have to do with. It can be pickled."""

    case: Case
    people: dict[str, Person]
    colleague: Person


def move_in(engine: Engine) -> Everybody:
    """Everybody, and the case of tests/rows.py with Eastshire as joint controller."""
    with write_session(engine) as session:
        case = add_case(session)
        people = {
            "case_handler": case.case_handler,
            "signatory": case.signatory,
            "liaison": case.liaison,
            "officer": case.officer,
            "joint_controller": _joint(session, case),
            "other_contractor": add_person(
                session,
                add_organisation(session, "Some other plc"),
                "Max Moor",
                "liaison",
                "officer",
            ),
            "administrator": add_person(
                session, add_organisation(session, "The operator"), "Ada Quill", "administrator"
            ),
        }
        colleague = add_person(session, case.controller, "Cora Cole", "signatory")
        for person in (*people.values(), colleague):
            person.account.password_hash = CHEAP_HASH
        session.flush()
        for person in people.values():
            session.refresh(person)
    return Everybody(case, people, colleague)


def build_house(folder: Path, engine: Engine, everybody: Everybody, **settings: Any) -> House:
    """The application over a database that everybody has moved into."""
    made = create_instance(
        folder / "instance",
        instance_name="attest.example",
        base_url="http://localhost",
        mail_from="attest@attest.example",
        **settings,
    )
    app = create_app(made, engine=engine, log_key=LOG_KEY)
    house = House(app, engine, made, everybody.case, everybody.people, everybody.colleague)
    app.config.update(TESTING=True, CLOCK=lambda: house.now)
    return house


def _joint(session: Session, case: Case) -> Person:
    eastshire = add_organisation(session, "Eastshire Police")
    add_joint(session, case.demand, eastshire)
    return add_person(session, eastshire, "Edith East", "case_handler", "signatory")
