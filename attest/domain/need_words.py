"""What needs somebody, in a sentence each: on the dashboard, and in the daily digest.

They are phrases, so that a digest says them in its reader's language; pages show them in English.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from attest.domain import breach_clock
from attest.domain.phrases import Phrase, ShortDay, phrase, phrases


def key_to_make() -> Phrase:
    return phrase("Make your signing key. It takes five minutes.")


# --- incidents ------------------------------------------------------------------------------


def incident_to_report(reference: str, title: str, span: timedelta, *, late: bool) -> Phrase:
    """`span`: what is left of the 72 hours, or by how much they have passed (`late`)."""
    values = {"reference": reference, "title": title, "span": breach_clock.span(span)}
    if late:
        return phrase(
            "Report %(reference)s (“%(title)s”) to the authority, or record why not: the 72 hours "
            "ended %(span)s ago.",
            **values,
        )
    return phrase(
        "Report %(reference)s (“%(title)s”) to the authority, or record why not: %(span)s left.",
        **values,
    )


def incident_to_follow(reference: str, title: str) -> Phrase:
    return phrase(
        "You told the authority that more will follow on %(reference)s (“%(title)s”). Report it.",
        reference=reference,
        title=title,
    )


# --- the controller's side ------------------------------------------------------------------


def calendar_gone(reference: str, calendar: str) -> Phrase:
    return phrase(
        "Nobody is chased about %(reference)s: the holidays of its calendar, %(calendar)s, are not "
        "known here any more. Read what to do.",
        reference=reference,
        calendar=calendar,
    )


def draft_to_sign(reference: str, title: str) -> Phrase:
    return phrase("Read and sign %(reference)s, “%(title)s”.", reference=reference, title=title)


def draft_to_put_right(reference: str, title: str) -> Phrase:
    return phrase(
        "Put right %(reference)s, “%(title)s”: the signatory returned it.",
        reference=reference,
        title=title,
    )


def draft_to_finish(reference: str, title: str) -> Phrase:
    return phrase("Finish the draft %(reference)s, “%(title)s”.", reference=reference, title=title)


def contractor_late(contractor: str, reference: str, files: int) -> Phrase:
    """`files`: how many are open."""
    return phrases(
        "%(contractor)s is late with %(reference)s: %(num)s file still open.",
        "%(contractor)s is late with %(reference)s: %(num)s files still open.",
        files,
        contractor=contractor,
        reference=reference,
    )


def more_time_to_decide(contractor: str, reference: str, asked: Phrase) -> Phrase:
    """`asked`: what they ask for, as `extensions.asked_words` says it."""
    return phrase(
        "%(contractor)s asks for %(asked)s, for %(reference)s: decide.",
        contractor=contractor,
        asked=asked,
        reference=reference,
    )


def of_demand(reference: str, sentence: Phrase) -> Phrase:
    """A sentence that names no demand, with the demand's reference before it."""
    return phrase("%(reference)s: %(sentence)s", reference=reference, sentence=sentence)


def amendment_to_sign() -> Phrase:
    return phrase("An amendment of the demand waits for your signature.")


def amendment_returned() -> Phrase:
    return phrase("Your signatory has returned the amendment with a note.")


def files_never_received(contractor: str, files: int) -> Phrase:
    return phrases(
        "%(contractor)s says that it never received %(num)s file: rule on it.",
        "%(contractor)s says that it never received %(num)s files: rule on each.",
        files,
        contractor=contractor,
    )


def stores_withdrawn(contractor: str, stores: int) -> Phrase:
    return phrases(
        "%(contractor)s says that %(num)s store need not be searched: agree by amending the "
        "demand, or say why not.",
        "%(contractor)s says that %(num)s stores need not be searched: agree by amending the "
        "demand, or say why not.",
        stores,
        contractor=contractor,
    )


def review_missing(organisation: str, reference: str, attestations: int, asked_on: date) -> Phrase:
    """Another controller's review, without which nothing is accepted."""
    return phrases(
        "%(organisation)s has not reviewed %(num)s attestation of %(reference)s, asked on "
        "%(day)s. Ring them.",
        "%(organisation)s has not reviewed %(num)s attestations of %(reference)s, asked on "
        "%(day)s. Ring them.",
        attestations,
        organisation=organisation,
        reference=reference,
        day=ShortDay(asked_on),
    )


def demand_to_raise(recipients: Sequence[str], contractor: str, reference: str) -> Phrase:
    """`recipients`: to whom copies were passed on."""
    return phrase(
        "Raise a demand against %(recipients)s: %(contractor)s passed copies on, %(reference)s "
        "says.",
        recipients=list(recipients),
        contractor=contractor,
        reference=reference,
    )


def disputed(contractor: str, reference: str) -> Phrase:
    return phrase(
        "%(contractor)s says that %(reference)s does not concern them. Read why, and decide.",
        contractor=contractor,
        reference=reference,
    )


def to_review(reference: str, attestations: int) -> Phrase:
    return phrases(
        "Review %(num)s attestation for %(reference)s.",
        "Review %(num)s attestations for %(reference)s.",
        attestations,
        reference=reference,
    )


def key_to_confirm(officer: str, reference: str) -> Phrase:
    return phrase(
        "Confirm the key of %(name)s, assurance officer, for %(reference)s.",
        name=officer,
        reference=reference,
    )


def to_close(reference: str, in_doubt: int = 0) -> Phrase:
    """`in_doubt`: files that were signed for with a key that somebody has called lost."""
    if not in_doubt:
        return phrase("Close %(reference)s: every file is accepted.", reference=reference)
    return phrases(
        "Close %(reference)s: every file is accepted, but %(num)s file was signed for with a key "
        "that may have been in other hands by then.",
        "Close %(reference)s: every file is accepted, but %(num)s files were signed for with a "
        "key that may have been in other hands by then.",
        in_doubt,
        reference=reference,
    )


# --- the contractor's side ------------------------------------------------------------------


def acknowledge(reference: str, controller: str) -> Phrase:
    return phrase(
        "Acknowledge %(reference)s from %(controller)s.",
        reference=reference,
        controller=controller,
    )


def officer_to_name(reference: str) -> Phrase:
    return phrase("Name your assurance officer for %(reference)s.", reference=reference)


def officer_left(name: str, reference: str) -> Phrase:
    return phrase(
        "%(name)s has left: name another assurance officer for %(reference)s.",
        name=name,
        reference=reference,
    )


def files_rejected(reference: str, files: int) -> Phrase:
    return phrases(
        "%(num)s file of %(reference)s was rejected. Read why, answer again, sign.",
        "%(num)s files of %(reference)s were rejected. Read why, answer again, sign.",
        files,
        reference=reference,
    )


def files_opened_again(reference: str, files: int) -> Phrase:
    return phrases(
        "%(num)s file of %(reference)s was opened again. Read why, look at the answers, sign.",
        "%(num)s files of %(reference)s were opened again. Read why, look at the answers, sign.",
        files,
        reference=reference,
    )


def to_answer(reference: str, copies: int) -> Phrase:
    return phrases(
        "Answer for %(num)s copy in %(reference)s.",
        "Answer for %(num)s copies in %(reference)s.",
        copies,
        reference=reference,
    )


def onward_to_say(reference: str) -> Phrase:
    return phrase(
        "Say whether any copy was passed to anybody else, in %(reference)s.", reference=reference
    )


def to_sign(reference: str, attestations: int) -> Phrase:
    return phrases(
        "Sign %(num)s attestation for %(reference)s.",
        "Sign %(num)s attestations for %(reference)s.",
        attestations,
        reference=reference,
    )


# --- letters that do not arrive ------------------------------------------------------------------


def letters_fail(reference: str, name: str, email: str, *, lead: bool) -> Phrase:
    """An address at which letters do not arrive. `lead`: the lead controller reads it."""
    values = {"reference": reference, "name": name, "email": email}
    if lead:
        return phrase(
            "Letters about %(reference)s to %(name)s (%(email)s) do not arrive. Ring them, and put "
            "the address right.",
            **values,
        )
    return phrase(
        "Letters about %(reference)s to %(name)s (%(email)s) do not arrive. Put the mailbox right, "
        "or let another liaison take over.",
        **values,
    )


def failing_address(email: str, reference: str) -> Phrase:
    return phrase("%(email)s, for %(reference)s", email=email, reference=reference)


def letter_of_unknown_fate(name: str, reference: str) -> Phrase:
    return phrase("to %(name)s, for %(reference)s", name=name, reference=reference)
