"""My signing keys: which there are, making one in the browser, downloading its locked file."""

from flask import Response, jsonify, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from attest.domain.refusal import NotFound, Refused
from attest.services.acts import enrolling
from attest.services.facts import keys
from attest.signing import b64, fingerprint, unb64
from attest.statements.canonical import encode
from attest.web.errors import look_again_at
from attest.web.keys.blueprint import pages
from attest.web.keys.roles import role_named, roles
from attest.web.session import ctx, current_people
from attest.web.signing_page import RENEW_TO, envelope_member, json_body, text_member


@pages.get("/keys")
def my_keys() -> str:
    """The reader's keys, by organisation and duty."""
    return render_template("pages/keys/keys.html", roles=roles())


@pages.get("/keys/new")
def new_key() -> str:
    """The page on which a key is made; static/make-key.js makes it."""
    role = role_named(request.args.get("for"))
    old = enrolling.old_key(ctx(), role.person, role.duty.name)
    return render_template(
        "pages/keys/new.html",
        role=role,
        query=f"?for={role.name}",
        renew_to=RENEW_TO,
        old=None
        if old is None
        else {"keyid": old.keyid} | ({"keyFile": old.key_file} if old.key_file else {}),
    )


@pages.post("/keys/prepare")
def prepare() -> Response:
    """The enrolment that the new key is to sign."""
    role = role_named(request.args.get("for"))
    try:
        public_key = unb64(text_member(json_body(), "publicKey"))
    except ValueError as error:
        raise Refused("The page sent something that can't be read. Load it again.") from error
    payload = enrolling.prepare_enrolment(ctx(), role.person, role.duty.name, public_key)
    return jsonify(payload=b64(payload))


@pages.post("/keys/enrol")
def enrol() -> Response:
    """Takes the signed enrolment, and the locked key file if its owner leaves it here."""
    role = role_named(request.args.get("for"))
    look_again_at(f"/keys/new?for={role.name}")
    body = json_body()
    key_file = body.get("keyFile")
    if key_file is not None and not isinstance(key_file, dict):
        raise Refused("The key file can't be read. Load the page again.")
    key = enrolling.enrol_key(ctx(), role.person, envelope_member(body), key_file)
    return jsonify(next="/keys", fingerprint=fingerprint(key.keyid))


@pages.get("/keys/<keyid>/file")
def key_file(keyid: str) -> BaseResponse:
    """The locked file of one's own key, as the command line reads it."""
    for person in current_people():
        for key in keys.keys_of(ctx(), person):
            if key.keyid == keyid and key.key_file is not None:
                name = fingerprint(key.keyid)[:9].replace(" ", "-")
                return Response(
                    encode(key.key_file),
                    mimetype="application/json",
                    headers={
                        "Content-Disposition": f'attachment; filename="attest-key-{name}.json"'
                    },
                )
    raise NotFound
