"""What both sides take home. Each file's name begins with the reference."""

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from attest.services import (
    demand_keys,
    evidence,
    extracts,
    overview,
    papers,
    stamp_state,
    withholding,
)
from attest.services.access import Seat, demand_for
from attest.web.session import ctx, current_account

pages = Blueprint("downloads", __name__)

# A bundle up to this size stays in memory, a larger one goes through a temporary file.
IN_MEMORY = 2_000_000  # bytes
CHUNK = 65_536  # bytes
PDF, ZIP, JSON = "application/pdf", "application/zip", "application/json"


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
        stamps=stamp_state.of_demand(ctx(), newest) if newest else None,
        uncompared=[
            view.key.holder
            for view in demand_keys.keys_of(ctx(), seat)
            if demand_keys.comparable(view, seat)
        ],
    )


@pages.get("/demands/<reference>/bundle.zip")
def bundle(reference: str) -> BaseResponse:
    """The evidence: the same bytes for both sides."""
    demand = _seat(reference).demand
    return _zip(lambda out: evidence.write_bundle(ctx(), demand, out), f"{reference}-bundle.zip")


@pages.get("/demands/<reference>/files/<int:position>/extract.zip")
def extract(reference: str, position: int) -> BaseResponse:
    """What proves one file's attestation, for somebody who may not see the others."""
    demand = _seat(reference).demand
    file = overview.file_at(ctx(), demand, position)
    return _zip(
        lambda out: extracts.write_extract(ctx(), demand, file, out),
        f"{reference}-file-{position}-extract.zip",
    )


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


def _zip(write: Callable[[IO[bytes]], None], name: str) -> BaseResponse:
    """What `write` writes, with its length, and without a large part of it in memory."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed when it is sent)
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    answer = Response(_chunks(out), mimetype=ZIP)
    answer.call_on_close(out.close)
    answer.content_length = size
    return _attached(answer, name)


def _chunks(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while chunk := out.read(CHUNK):
            yield chunk


def _bytes(data: bytes, kind: str, name: str) -> BaseResponse:
    return _attached(Response(data, mimetype=kind), name)


def _attached(answer: Response, name: str) -> Response:
    """A download. Nobody keeps it on the way: it is for its reader, and tomorrow's is another."""
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
