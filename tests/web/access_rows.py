"""A row of the table of access (access_table.py), and who is meant by the words in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.house import ROLES, STRANGER

OK, SENT, BAD, SIGN_IN, FORBIDDEN, UNKNOWN, STALE = 200, 302, 400, 401, 403, 404, 409
ADMIN, OTHER = "administrator", "other_contractor"


@dataclass(frozen=True)
class Row:
    """One route. `json` sends `body` as the scripts do, else as a form."""

    method: str
    rule: str
    answers: Mapping[str, int]
    address: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    json: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule}"


def everybody(status: int) -> dict[str, int]:
    """Signed in or not."""
    return dict.fromkeys(ROLES, status)


def signed_in(status: int, stranger: int = SENT, **others: int) -> dict[str, int]:
    """Whoever is signed in; a stranger is asked to sign in."""
    return {**everybody(status), STRANGER: stranger, **others}


def only(status: int, roles: str, otherwise: int, stranger: int = SENT) -> dict[str, int]:
    """Some roles, named in one string; the others get `otherwise`."""
    named = roles.split()
    assert set(named) <= set(ROLES)
    return {role: status if role in named else otherwise for role in ROLES} | {STRANGER: stranger}


def draft(method: str, part: str, answers: Mapping[str, int]) -> Row:
    """One page of a draft."""
    return Row(
        method, f"/demands/<reference>/draft{part}", answers, f"/demands/{{draft}}/draft{part}"
    )


def drafting(status: int, stranger: int = SENT) -> dict[str, int]:
    """The lead controller's case handler; its signatory reads, and others know of nothing."""
    return only(status, "case_handler", UNKNOWN, stranger) | {"signatory": FORBIDDEN}


def signing_it(status: int, stranger: int = SENT) -> dict[str, int]:
    """The lead controller's signatory; its case handler drafts, and others know of nothing."""
    return only(status, "signatory", UNKNOWN, stranger) | {"case_handler": FORBIDDEN}


PARTIES = "liaison officer case_handler signatory joint_controller"


def party(
    method: str,
    part: str,
    status: int,
    roles: str = PARTIES,
    place: str = "",
    *,
    otherwise: int = FORBIDDEN,
    json: bool = False,
) -> Row:
    """A page of an issued demand: `roles` get `status`, other parties `otherwise`, and nobody
    else knows of the demand."""
    stranger = SENT if method == "GET" else SIGN_IN
    answers = only(otherwise, PARTIES, UNKNOWN, stranger) | dict.fromkeys(roles.split(), status)
    rule = "/demands/<reference>" + part
    return Row(method, rule, answers, "/demands/{reference}" + (place or part), json=json)


KEEPERS = "case_handler signatory"


def incident(
    method: str, part: str, status: int, place: str = "", roles: str = KEEPERS, **others: int
) -> Row:
    """A page of an incident: its organisation's people, and nobody else knows of it."""
    answers = only(status, roles, UNKNOWN, SENT if method == "GET" else SIGN_IN) | others
    goal = "/incidents/{incident}" + (place or part)
    return Row(method, "/incidents/<reference>" + part, answers, goal)


DRAFT_PARTS = ("/incident", "/parties", "/files", "/files/import", "/stores", "/terms")
INVITING = "case_handler liaison joint_controller administrator other_contractor"
CONFIRMING = "signatory joint_controller"
LEADING = "case_handler signatory"
SIGNING = "signatory officer joint_controller other_contractor"
