"""My signing keys: which there are, making one in the browser, downloading its locked file."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from attest.database.tables import Person, SigningKey
from attest.domain.duties import DUTIES, DutyWords, signing_duties
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services import enrolling, keys
from attest.signing import b64, fingerprint, unb64
from attest.statements.canonical import encode
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_people
from attest.web.signing_page import RENEW_TO, envelope_member, json_body, text_member

pages = Blueprint("keys", __name__)


@dataclass(frozen=True)
class Role:
    """A person and a duty that needs a key."""

    person: Person
    duty: DutyWords
    current: SigningKey | None
    earlier: list[SigningKey]

    @property
    def name(self) -> str:
        """How addresses name it."""
        return f"{self.person.id}.{self.duty.name}"


@pages.get("/keys")
def my_keys() -> str:
    """The reader's keys, by organisation and duty."""
    return render_template("pages/keys/keys.html", roles=_roles())


@pages.get("/keys/new")
def new_key() -> str:
    """The page on which a key is made; static/make-key.js makes it."""
    role = _role(request.args.get("for"))
    return render_template(
        "pages/keys/new.html", role=role, query=f"?for={role.name}", renew_to=RENEW_TO
    )


@pages.post("/keys/prepare")
def prepare() -> Response:
    """The enrolment that the new key is to sign."""
    role = _role(request.args.get("for"))
    try:
        public_key = unb64(text_member(json_body(), "publicKey"))
    except ValueError as error:
        raise Refused("The page sent something that can't be read. Load it again.") from error
    payload = enrolling.prepare_enrolment(ctx(), role.person, role.duty.name, public_key)
    return jsonify(payload=b64(payload))


@pages.post("/keys/enrol")
def enrol() -> Response:
    """Takes the signed enrolment, and the locked key file if its owner leaves it here."""
    role = _role(request.args.get("for"))
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


def _roles() -> list[Role]:
    roles = []
    for person in current_people():
        mine = keys.keys_of(ctx(), person)
        held = {key.duty for key in mine}
        for name in DUTIES:
            if name not in held and name not in signing_duties(person.duties):
                continue
            current = keys.current_key(ctx(), person, name)
            earlier = [key for key in mine if key.duty == name and key is not current]
            roles.append(Role(person, DUTIES[name], current, earlier))
    return roles


def _role(name: str | None) -> Role:
    """The role that an address names, else the first one. Raises NotFound, NotAllowed."""
    roles = [role for role in _roles() if role.duty.name in signing_duties(role.person.duties)]
    if not roles:
        raise NotAllowed(
            "Only signatories and assurance officers have signing keys. "
            "Ask for that duty under People."
        )
    if name is None:
        return next((role for role in roles if role.current is None), roles[0])
    for role in roles:
        if role.name == name:
            return role
    raise NotFound
