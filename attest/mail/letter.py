"""A letter before it has a reader: kind, subject and plain text, rendered from a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from attest.domain.text import problem
from attest.domain.wording import capital, count, day, listing, number, short_day
from attest.mail.wrapping import wrap


class _Place(str):
    """Told apart from the same letters typed by somebody, which open no place for a link."""

    __slots__ = ()


# Stands in the text where the one-use link goes; filled in when the letter is sent, so that
# the database alone opens no account.
LINK = _Place("{link}")


@dataclass(frozen=True)
class Letter:
    """What a letter says. To whom and when is services/post.py's and sending.py's."""

    kind: str
    subject: str
    text: str


def compose(kind: str, subject: str, **values: Any) -> Letter:
    """Renders `templates/mail/<kind>.txt` and wraps it to 76 columns.

    Raises `ValueError` where the subject could break a header, and jinja2's `UndefinedError`
    where the template names a value that is not given.
    """
    if trouble := problem(subject):
        raise ValueError(f"the subject of {kind}: {trouble}")
    text = _ENVIRONMENT.get_template(f"{kind}.txt").render(values)
    return Letter(kind, subject, wrap(text))


def template_folder() -> Path:
    """Where the templates lie: inside the package in a wheel, beside it in a checkout."""
    package = Path(str(resources.files("attest")))
    inside = package / "templates" / "mail"
    return inside if inside.is_dir() else package.parent / "templates" / "mail"


_FILTERS: Mapping[str, Any] = {
    "day": day,
    "short_day": short_day,
    "capital": capital,
    "count": count,
    "number": number,
    "listing": listing,
}


def _without_place(value: Any) -> str:
    """What a template prints. Only LINK itself may print the place of the link."""
    return value if isinstance(value, _Place) else str(value).replace(LINK, "{ link }")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        finalize=_without_place,
        undefined=StrictUndefined,
        # Plain text has no markup that a value could break out of.
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    return environment


_ENVIRONMENT = _environment()
