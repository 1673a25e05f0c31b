"""Signing on another computer, for every page that signs: the file that goes, the file that comes.

Nothing is stored in between. The file to be signed is the answer to the page's own request, asked
once more with `offline=to-sign`; what the signer's program writes is uploaded to the address to
which the page's script sends its envelopes (web/signing_page.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Response, g, make_response, render_template, request
from werkzeug.datastructures import FileStorage

from attest.domain.refusal import Refused
from attest.domain.scalars import FormatError
from attest.domain.wording import capital
from attest.offline.inspect import Disagreement, label_of, read_statement
from attest.offline.lines import MOST_BYTES
from attest.offline.signed import NotSignedYet, SignedFile, parse_signed
from attest.offline.to_sign import Item, ToSignFile, encode_to_sign
from attest.services.log.prepared import ToSign
from attest.statements.declarations import Listing
from attest.statements.envelope import parse_envelope
from attest.web.session import resources

ASK, FILE = "offline", "to-sign"
# The upload's field.
SIGNED = "signed"
# A list of results that nobody reads only makes the page slow.
MOST_SHOWN = 200


@dataclass(frozen=True)
class Offline:
    """How a page's statements are signed elsewhere (templates/components/signing.html).

    With `fields` the file is asked for by a form that sends them again; without, by a link.
    """

    address: str
    upload_to: str
    name: str
    count: int
    fields: Sequence[tuple[str, str]] = ()
    posts: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one statement of an uploaded file."""

    label: str
    sentence: str | None


@dataclass
class Upload:
    """The file of this request, while it is worked on. `labels` by the items' ids."""

    labels: dict[str, str] = field(default_factory=dict)


def asks_for_file() -> bool:
    """Whether this request asks for the file, in place of the page."""
    return (request.form if request.method == "POST" else request.args).get(ASK) == FILE


def offline_ways(
    to_sign: ToSign, upload_to: str, *, name: str, address: str | None = None
) -> Offline:
    """The same request again, which asks for the file. `address`: a GET that prepares the same."""
    count = len(to_sign.items)
    if address is None and request.method == "POST":
        fields = [
            (field, value)
            for field, value in request.form.items(multi=True)
            if field not in ("csrf_token", ASK)
        ]
        query = request.query_string.decode("ascii", "replace")
        again = f"{request.path}?{query}" if query else request.path
        return Offline(again, upload_to, name, count, [*fields, (ASK, FILE)], posts=True)
    asked = [] if address else [pair for pair in request.args.items(multi=True) if pair[0] != ASK]
    return Offline(
        f"{address or request.path}?{urlencode([*asked, (ASK, FILE)])}", upload_to, name, count
    )


def to_sign_file(to_sign: ToSign, name: str) -> Response:
    """The download `NAME.to-sign.jsonl`. Raises Refused where it could not come back."""
    # An envelope is a third longer than its payload; what could not be uploaded is not handed out.
    returns = sum(len(item.payload) for item in to_sign.items) * 3 // 2
    if returns > min(resources().settings.upload_limit, MOST_BYTES):
        raise Refused("These are too many for one file. Choose fewer files, and sign in turns.")
    data = encode_to_sign(
        ToSignFile(
            keyid=to_sign.keyid,
            items=tuple(
                Item(item.id, item.payload, tuple(to_sign.reviewed.get(item.id, ())))
                for item in to_sign.items
            ),
            bodies=tuple(to_sign.bodies),
            listing=None
            if to_sign.listing is None
            else {
                kind: Listing(found["count"], found["sha256"])
                for kind, found in to_sign.listing.items()
            },
            reference=to_sign.reference,
            also_keyid=to_sign.also_keyid,
        )
    )
    return Response(
        data,
        mimetype="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{name}.to-sign.jsonl"'},
    )


def read_upload(demand_id: str | None) -> SignedFile:
    """The `signed.jsonl` of this request. Raises Refused; the refusal's page asks for another.

    `demand_id`: whose statements they must be, where they are about a demand at all.
    """
    upload = g.upload = Upload()
    file = request.files.get(SIGNED)
    if not isinstance(file, FileStorage) or not file.filename:
        raise Refused("Choose the file signed.jsonl that your program wrote.")
    try:
        found = parse_signed(file.stream.read())
    except NotSignedYet as error:
        raise Refused(
            "This is the file that is to be signed. Sign it on the computer that you trust, then "
            "choose the file signed.jsonl that the program writes there."
        ) from error
    except FormatError as error:
        raise Refused(
            "This is not a file of signatures, or it was damaged on the way: "
            f"{error}. Choose the file signed.jsonl that your program wrote."
        ) from error
    for item in found.items:
        try:
            name, statement = read_statement(parse_envelope(item.envelope).payload)
        except (Disagreement, FormatError):
            continue  # the act says what is wrong with it
        label = label_of(name, statement)
        upload.labels[item.id] = label if name == "deletion-attestation" else capital(label)
        about = statement["predicate"].get("demandId", demand_id)
        if demand_id is not None and about != demand_id:
            raise Refused(
                "This file was signed for another demand. Open that demand, and upload it there."
            )
    return found


def is_upload() -> bool:
    """Whether this request brought a file, or should have."""
    return "upload" in g


def upload_page(
    results: Sequence[tuple[str, str | None]],
    next_page: str | None = None,
    *,
    notice: str | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> Response:
    """What became of each statement, and the way on; or the one `sentence` that says why not."""
    labels: dict[str, str] = g.upload.labels
    outcomes = [Outcome(labels.get(name, name), said) for name, said in results]
    kept = [each for each in outcomes if each.sentence is None]
    refused = [each for each in outcomes if each.sentence is not None]
    page = render_template(
        "pages/signing/upload.html",
        kept=kept,
        refused=refused,
        most=MOST_SHOWN,
        next_page=next_page,
        notice=notice,
        sentence=sentence,
        upload_to=request.full_path.rstrip("?"),
        look_again=g.get("look_again_at"),
    )
    return make_response(page, status if kept or sentence else 400)
