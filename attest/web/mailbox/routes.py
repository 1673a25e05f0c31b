"""The letters that nobody sends: only on a demonstration without a mail server."""

import re

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape

from attest.domain.refusal import NotFound
from attest.mail import mailbox
from attest.settings import Settings
from attest.web.layout import mailbox_shown
from attest.web.security import LETTER_POLICY, set_policy
from attest.web.session import public, resources

pages = Blueprint("mailbox", __name__)

A_PAGE = 20
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:)]")


@pages.get("/mail")
@public
def letters() -> str:
    """The newest letters first, a page of them."""
    settings = _settings()
    found = mailbox.names(settings)
    number = request.args.get("page", 1, type=int)
    last = max(1, -(-len(found) // A_PAGE))
    if not 1 <= number <= last:
        raise NotFound
    here = found[(number - 1) * A_PAGE : number * A_PAGE]
    read = [letter for name in here if (letter := mailbox.read(settings, name)) is not None]
    return render_template(
        "pages/mailbox/letters.html",
        letters=read,
        newer=f"/mail?page={number - 1}" if number > 1 else None,
        older=f"/mail?page={number + 1}" if number < last else None,
    )


@pages.get("/mail/<name>")
@public
def letter(name: str) -> str:
    """One letter, its addresses as links."""
    found = mailbox.read(_settings(), name)
    if found is None:
        raise NotFound
    return render_template("pages/mailbox/letter.html", letter=found, text=with_links(found.text))


@pages.get("/mail/<name>/html")
@public
def html(name: str) -> str:
    """Its HTML part, as a mail program shows it."""
    found = mailbox.read(_settings(), name)
    if found is None or found.html is None:
        raise NotFound
    set_policy(LETTER_POLICY)
    return found.html


def with_links(text: str) -> Markup:
    """The text, escaped, with every web address as a link."""
    parts: list[str | Markup] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = escape(found.group())
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a class="govuk-link" href="{}">{}</a>').format(address, address))
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def _settings() -> Settings:
    settings = resources().settings
    if not mailbox_shown(settings):
        raise NotFound
    return settings
