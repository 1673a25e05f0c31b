"""What both sides take home. Each file's name begins with the reference."""

from tempfile import SpooledTemporaryFile

from flask import Blueprint, Response, render_template, send_file
from werkzeug.wrappers import Response as BaseResponse

from attest.services import evidence, overview, papers
from attest.services.access import Seat, demand_for
from attest.web.session import ctx, current_account

pages = Blueprint("downloads", __name__)

# A bundle up to this size stays in memory, a larger one goes through a temporary file.
IN_MEMORY = 2_000_000  # bytes
PDF, ZIP, JSON = "application/pdf", "application/zip", "application/json"


@pages.get("/demands/<reference>/downloads")
def show(reference: str) -> str:
    """What there is to take home, and what each is good for."""
    seat = _seat(reference)
    head = overview.newest_checkpoint(ctx(), seat.demand)
    return render_template("pages/downloads/downloads.html", seat=seat, head=head)


@pages.get("/demands/<reference>/bundle.zip")
def bundle(reference: str) -> BaseResponse:
    """The evidence: the same bytes for both sides."""
    seat = _seat(reference)
    # Closed by the server once it is sent.
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    evidence.write_bundle(ctx(), seat.demand, out)
    size = out.tell()
    out.seek(0)
    answer = send_file(out, ZIP, as_attachment=True, download_name=f"{reference}-bundle.zip")
    answer.content_length = size
    return _fresh(answer)


@pages.get("/demands/<reference>/trust.json")
def trust(reference: str) -> BaseResponse:
    """The trust file of the reader's own organisation."""
    return _bytes(evidence.trust_file(ctx(), _seat(reference)), JSON, f"{reference}-trust.json")


@pages.get("/demands/<reference>/certificate.pdf")
def certificate(reference: str) -> BaseResponse:
    """The certificate: for people, and no evidence."""
    demand = _seat(reference).demand
    return _bytes(papers.certificate(ctx(), demand), PDF, f"{reference}-certificate.pdf")


@pages.get("/demands/<reference>/demand.pdf")
def demand_paper(reference: str) -> BaseResponse:
    """The signed demand, to read and to print."""
    demand = _seat(reference).demand
    return _bytes(papers.demand_paper(ctx(), demand), PDF, f"{reference}-demand.pdf")


@pages.get("/demands/<reference>/worksheet")
def worksheet(reference: str) -> BaseResponse:
    """The work sheet, a page or more for each store."""
    demand = _seat(reference).demand
    return _bytes(papers.worksheet(ctx(), demand), PDF, f"{reference}-worksheet.pdf")


def _seat(reference: str) -> Seat:
    return demand_for(ctx(), current_account(), reference)


def _bytes(data: bytes, kind: str, name: str) -> BaseResponse:
    answer = Response(data, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return _fresh(answer)


def _fresh(answer: Response) -> Response:
    """Kept by nobody on the way: it is for its reader, and tomorrow's is another."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
