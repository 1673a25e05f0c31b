"""What every page shows around its content: the navigation, and who is signed in."""

from dataclasses import dataclass

from flask import Flask, request
from flask_wtf.csrf import generate_csrf

from attest.domain.wording import capital, count, listing
from attest.services.facts.incident_access import keepers
from attest.settings import Settings
from attest.web.session import signed_in_account

# Shown to those who keep incidents; nobody else learns of the page.
INCIDENTS = "/incidents"
# Address and words, in the order of the page.
NAVIGATION = (
    ("/", "What needs you"),
    ("/demands", "Demands"),
    ("/dashboard", "Dashboard"),
    (INCIDENTS, "Incidents"),
    ("/people", "People"),
    ("/keys", "Keys"),
)


@dataclass(frozen=True)
class Visitor:
    """Who is signed in, as the top of the page says it."""

    name: str
    organisation: str
    administrator: bool


def visitor() -> Visitor | None:
    """The person and the organisation, or None where nobody is signed in."""
    account = signed_in_account()
    if account is None:
        return None
    people = [person for person in account.people if person.active]
    organisations = (
        people[0].organisation.name if len(people) == 1 else count(len(people), "organisation")
    )
    duties = frozenset[str]().union(*(person.duties for person in people))
    return Visitor(people[0].name, organisations, "administrator" in duties)


def navigation() -> list[dict[str, object]]:
    """The items of the navigation bar, the current one marked."""
    here = request.path
    account = signed_in_account()
    keeps = account is not None and bool(keepers(account))
    return [
        {
            "href": address,
            "text": words,
            "current": here == address,
            "active": here == address or (address != "/" and here.startswith(f"{address}/")),
        }
        for address, words in NAVIGATION
        if address != INCIDENTS or keeps
    ]


def here() -> str:
    """This page's own address, for forms that come back to it."""
    return request.full_path.rstrip("?")


def init_layout(app: Flask, settings: Settings) -> None:
    """Gives every template what the layout asks for."""
    app.jinja_env.globals.update(
        visitor=visitor,
        here=here,
        navigation=navigation,
        csrf_token=generate_csrf,
        show_mailbox=mailbox_shown(settings),
    )
    app.jinja_env.filters.setdefault("capital", capital)
    app.jinja_env.filters.setdefault("listing", listing)


def mailbox_shown(settings: Settings) -> bool:
    """Whether the letters can be read here: only on a demonstration without a mail server."""
    return settings.mailbox and settings.smtp_host is None
