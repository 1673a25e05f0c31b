"""Every letter as its reader would see it, with invented facts, and a try-out to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from attest.database import outbox
from attest.database.tables import Account, Person
from attest.domain.phrases import phrase
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.mail import own_templates
from attest.mail.finishing import CHECKPOINT_NAME, Said
from attest.mail.html import to_html
from attest.mail.languages import choices, language
from attest.mail.letter import Letter
from attest.mail.places import LINK, WITNESS
from attest.mail.samples import HOME, every
from attest.mail.wrapping import wrap
from attest.services.context import Context
from attest.services.facts import throttle
from attest.services.letters import post

# Try-outs to oneself within throttle.WINDOW.
MOST = 20

_CHECKPOINT = Said("ND-2013-004", CHECKPOINT_NAME, 41, "7Zk0pQxB3mVw")
_TRIED = phrase(
    "This is a try-out, with invented facts: there is no such demand, and nothing has to be done."
    " Its links lead nowhere."
)


@dataclass(frozen=True)
class Tried:
    """A letter in one of its shapes and in one language. `own`: by a template of one's own."""

    name: str
    kind: str
    language: str
    subject: str
    text: str
    html: str
    own: bool


def names(ctx: Context, account: Account) -> Sequence[str]:
    """Every letter in every shape, by kind. Raises NotAllowed for all but administrators."""
    _administrator(account)
    return sorted(every(), key=lambda name: (every()[name].kind, name))


def languages(ctx: Context) -> dict[str, str]:
    """The languages' names by code."""
    return choices(ctx.settings.letters_path)


def tried(ctx: Context, account: Account, name: str, code: str) -> Tried:
    """One of them. Raises NotAllowed, and NotFound for a letter or a language that is none."""
    person = _administrator(account)
    letter = every().get(name)
    if letter is None or code not in languages(ctx):
        raise NotFound
    own = ctx.settings.letters_path
    words = own_templates.words(letter, code, own)
    said = own_templates.rendered(
        "_witness_words", code, own, receipt=None, checkpoints=[_CHECKPOINT]
    )
    witness = wrap(said).strip()
    text = post.addressed(words, person.name).replace(WITNESS, witness)
    text = text.replace(LINK, f"{HOME}/invitation/try-out").replace(HOME, ctx.settings.base_url)
    return Tried(
        name,
        letter.kind,
        code,
        words.subject,
        text,
        to_html(text, title=words.subject, language=code, home=ctx.settings.base_url),
        words != letter.words(code),
    )


def send_to_me(ctx: Context, account: Account, name: str, code: str) -> str:
    """Queues the letter to the administrator who asks, in this language; gives the address.

    It is marked as a try-out, is about no demand and carries no checkpoint. Raises as `tried`, and
    Refused after `MOST` of them in a quarter of an hour.
    """
    person = _administrator(account)
    found = tried(ctx, account, name, code)
    counted = throttle.keyed(ctx, f"try-out:{account.id}")
    if throttle.lately(ctx, counted) >= MOST:
        raise Refused("You have tried out many letters. Wait a quarter of an hour.")
    throttle.count(ctx, counted)
    spoken = language(code, ctx.settings.letters_path)
    opening, _, body = found.text.partition("\n\n")  # post.py says how it begins
    subject = spoken.say(phrase("Try-out: %(subject)s", subject=found.subject))
    row = post.row_of(
        ctx,
        letter=Letter("try_out", subject, body),
        key=f"try-out:{uuid4()}",
        to_name=person.name,
        to_email=person.account.email,
        organisation_id=person.organisation_id,
    )
    # As it was looked at, whatever language the administrator's own letters are in.
    row["text"] = f"{opening}\n\n{wrap(spoken.say(_TRIED))}\n{body}"
    row["language"] = spoken.code
    outbox.queue(ctx.session, **row)
    return person.account.email


def _administrator(account: Account) -> Person:
    for person in account.people:
        if person.active and "administrator" in person.duties:
            return person
    raise NotAllowed("Only an administrator tries out letters.")
