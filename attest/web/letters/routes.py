"""The letters of a demand as proof of service: as a list, one by one, and to download."""

from typing import IO
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from attest.database.tables import Letter
from attest.domain import letter_words
from attest.services.access import Seat, demand_for
from attest.services.acts import replacing_liaison
from attest.services.chasing import write_there_again
from attest.services.letters import letter_list, letter_proof
from attest.services.letters.letter_list import Choice
from attest.services.views.next_step import party_name
from attest.web.attachments import CSV, spooled
from attest.web.letters.forms import CHOICES, KINDS, SORTS, FilterForm
from attest.web.session import ctx, current_account

pages = Blueprint("letters", __name__)

Answer = str | Response


@pages.get("/demands/<reference>/letters")
def show(reference: str) -> Answer:
    """Who was written to, and with what result."""
    seat = demand_for(ctx(), current_account(), reference)
    readers = letter_list.readers(ctx(), seat)
    failing = letter_list.failing(ctx(), seat)
    chosen = _chosen({reader.letter_id for reader in readers})
    found = letter_list.letters(ctx(), seat, Choice(**chosen), page=_page_number())
    filters = FilterForm(formdata=None, data=chosen)
    filters.reader.choices = filters.reader.with_blank(
        [(reader.letter_id, f"{reader.name}, {reader.email}") for reader in readers]
    )
    return render_template(
        "pages/letters/letters.html",
        seat=seat,
        found=found,
        filters=filters,
        filtered=bool(chosen["state"] or chosen["kind"] or chosen["reader"]),
        more="".join(f"&{urlencode([pair])}" for pair in chosen.items() if pair[1]),
        failing=failing,
        follows=write_there_again.told_before(ctx(), seat, failing),
        may_be_replaced=replacing_liaison.may_be_replaced(ctx(), seat.demand),
        may_take_over=replacing_liaison.may_take_over(seat),
        lead=party_name(seat.demand, "lead"),
        states=letter_list.states(ctx(), seat),
        contractor=party_name(seat.demand, "contractor"),
        words=letter_words,
    )


@pages.get("/demands/<reference>/letters.csv")
def everything(reference: str) -> Answer:
    """All letters that its reader may see, with what became of each."""
    seat = demand_for(ctx(), current_account(), reference)
    return _download(seat, f"{reference}-letters.csv")


@pages.get("/demands/<reference>/letters/<letter_id>")
def letter(reference: str, letter_id: str) -> Answer:
    """One letter: to whom, each attempt, what it carried, and what it said."""
    seat = demand_for(ctx(), current_account(), reference)
    proof = letter_proof.proof_of(ctx(), seat, letter_id)
    return render_template(
        "pages/letters/letter.html",
        seat=seat,
        proof=proof,
        letter=proof.letter,
        text=letter_proof.text_of(ctx(), seat.demand, proof.letter),
        language=letter_proof.language_of(ctx(), proof.letter),
        words=letter_words,
    )


@pages.get("/demands/<reference>/letters/<letter_id>.csv")
def one_row(reference: str, letter_id: str) -> Answer:
    """The same as a line of the list."""
    seat = demand_for(ctx(), current_account(), reference)
    found = letter_list.letter_at(ctx(), seat, letter_id)
    return _download(seat, f"{reference}-letter-{found.id}.csv", found)


def _download(seat: Seat, name: str, one: Letter | None = None) -> Response:
    letters = letter_list.visible(seat)
    message_id = ""
    if one is not None:
        letters, message_id = letters.where(Letter.id == one.id), one.message_id

    def write(out: IO[bytes]) -> None:
        for line in letter_proof.as_csv(ctx(), seat, letters, message_id):
            out.write(line)

    return spooled(write, CSV, name)


def _chosen(readers: set[str]) -> dict[str, str]:
    """What the address chooses, as far as there is such a thing."""
    asked = request.args
    kinds = {"state": CHOICES, "kind": KINDS, "reader": readers}
    found = {
        name: asked.get(name, "") if asked.get(name, "") in known else ""
        for name, known in kinds.items()
    }
    sort = asked.get("sort", "")
    return {**found, "sort": sort if sort in SORTS else "newest"}


def _page_number() -> int:
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
