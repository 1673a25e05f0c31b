"""What both sides take home. Each file's name begins with the reference."""

from flask import Blueprint, Response, render_template, request

from attest.services.access import Seat, demand_for
from attest.services.acts import evidence_list
from attest.services.exports import discounted, evidence, extracts, papers
from attest.services.facts import demand_keys
from attest.services.upkeep import stamp_state, withholding
from attest.services.views import overview
from attest.web.attachments import JSON, PDF, attached, zipped
from attest.web.pieces import in_pieces
from attest.web.session import ctx, current_account

pages = Blueprint("downloads", __name__)


@pages.get("/demands/<reference>/downloads")
def show(reference: str) -> str:
    """What there is to take home, and what each is good for."""
    seat = _seat(reference)
    newest = overview.newest_checkpoint(ctx(), seat.demand)
    return render_template(
        "pages/downloads/downloads.html",
        seat=seat,
        newest=newest,
        erasures=withholding.erasures(ctx(), seat.demand),
        files=evidence_list.totals(ctx(), seat.demand),
        stamps=stamp_state.of_demand(ctx(), newest) if newest else None,
        discounted=discounted.by_own_trust(ctx(), seat) if newest else None,
        uncompared=[
            view.key.holder
            for view in demand_keys.keys_of(ctx(), seat)
            if demand_keys.comparable(view, seat)
        ],
    )


@pages.get("/demands/<reference>/bundle.zip")
def bundle(reference: str) -> Response:
    """The evidence: the same bytes for both sides. `?evidence=no` leaves the evidence files out."""
    demand = _seat(reference).demand
    whole = request.args.get("evidence") != "no"
    return in_pieces(
        lambda out: evidence.write_bundle(ctx(), demand, out, evidence_files=whole),
        f"{reference}-bundle.zip" if whole else f"{reference}-bundle-without-evidence-files.zip",
    )


@pages.get("/demands/<reference>/files/<int:position>/extract.zip")
def extract(reference: str, position: int) -> Response:
    """What proves one file's attestation, for somebody who may not see the others."""
    demand = _seat(reference).demand
    file = overview.file_at(ctx(), demand, position)
    return zipped(
        lambda out: extracts.write_extract(ctx(), demand, file, out),
        f"{reference}-file-{position}-extract.zip",
    )


@pages.get("/demands/<reference>/trust.json")
def trust(reference: str) -> Response:
    """The trust file of the reader's own organisation."""
    return attached(evidence.trust_file(ctx(), _seat(reference)), JSON, f"{reference}-trust.json")


@pages.get("/demands/<reference>/certificate.pdf")
def certificate(reference: str) -> Response:
    """The certificate: for people, and no evidence."""
    demand = _seat(reference).demand
    return attached(papers.certificate(ctx(), demand), PDF, f"{reference}-certificate.pdf")


@pages.get("/demands/<reference>/demand.pdf")
def demand_paper(reference: str) -> Response:
    """The signed demand, to read and to print."""
    demand = _seat(reference).demand
    return attached(papers.demand_paper(ctx(), demand), PDF, f"{reference}-demand.pdf")


@pages.get("/demands/<reference>/worksheet")
def worksheet(reference: str) -> Response:
    """The work sheet, a page or more for each store."""
    demand = _seat(reference).demand
    return attached(papers.worksheet(ctx(), demand), PDF, f"{reference}-worksheet.pdf")


def _seat(reference: str) -> Seat:
    return demand_for(ctx(), current_account(), reference)
