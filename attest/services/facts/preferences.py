"""Where a reader works, and in which language they want their letters.

A person's own word comes first, then their organisation's, then the instance's time zone and
English. A contact who has no account has the word of whoever named them, then the organisation's.
"""

from __future__ import annotations

from attest.database.tables import EscalationContact, Organisation, Person
from attest.settings import Settings

ENGLISH = "en"


def zone_of(settings: Settings, person: Person) -> str:
    """The name of the time zone (tz database) in which this person works."""
    return person.time_zone or organisations_zone(settings, person.organisation)


def language_of(person: Person) -> str:
    """The language of letters to this person, as in `LANGUAGES`."""
    return person.language or organisations_language(person.organisation)


def contacts_zone(
    settings: Settings, contact: EscalationContact, organisation: Organisation | None
) -> str:
    """As `zone_of`, of an escalation contact; `organisation` is the side that it belongs to."""
    return contact.time_zone or organisations_zone(settings, organisation)


def contacts_language(contact: EscalationContact, organisation: Organisation | None) -> str:
    """As `language_of`, of an escalation contact."""
    return contact.language or organisations_language(organisation)


def organisations_zone(settings: Settings, organisation: Organisation | None) -> str:
    """The zone of everybody in an organisation who has not chosen another one."""
    own = None if organisation is None else organisation.time_zone
    return own or settings.time_zone


def organisations_language(organisation: Organisation | None) -> str:
    """The language of everybody in an organisation who has not chosen another one."""
    own = None if organisation is None else organisation.language
    return own or ENGLISH
