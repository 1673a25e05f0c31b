"""Enrolling a key that was made with `attest keygen`: no browser ever opens it."""

from flask import render_template, request
from werkzeug.wrappers import Response

from attest.domain.refusal import NotAllowed, Refused
from attest.services.acts import enrolling
from attest.services.log.prepared import Prepared, ToSign
from attest.signing import fingerprint, is_valid_public_key, keyid, unb64
from attest.web.errors import look_again_at
from attest.web.forms import Form, TextField, TickField
from attest.web.keys.blueprint import pages
from attest.web.keys.roles import Role, role_named
from attest.web.offline import to_sign_file
from attest.web.session import ctx
from attest.web.signing_page import read_envelopes, signed

Answer = str | Response | tuple[str, int]

NO_PUBLIC_KEY = "This is no public key. It has 44 characters, and the last one is “=”."

NOT_TRUSTED = (
    "This is no public key that can be trusted. Make another one with attest keygen, and enter "
    "its public key."
)


class PublicKeyForm(Form):
    """The public half of a key."""

    public_key = TextField(
        "Public key",
        needed="Enter the public key that attest keygen printed.",
        hint="The command prints it. In the key file, it stands after “publicKey”.",
        longest=100,
        autocomplete="off",
    )
    rotate = TickField(
        "My old key signs too", hint="If you still have it: --old-key names its file."
    )


@pages.route("/keys/elsewhere", methods=["GET", "POST"])
def elsewhere() -> Answer:
    """The public key; then the file with the enrolment, to be signed where the key lies."""
    role = role_named(request.args.get("for"))
    old = enrolling.old_key(ctx(), role.person, role.duty.name)
    form = PublicKeyForm()
    if form.validate_on_submit():
        try:
            to_sign = _enrolment(role, form.public_key.data or "")
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            also = old.keyid if old is not None and form.rotate.data else None
            name = fingerprint(to_sign.keyid)[:9].replace(" ", "-")
            return to_sign_file(
                ToSign(to_sign.keyid, None, to_sign.items, also_keyid=also), f"key-{name}"
            )
    page = render_template(
        "pages/keys/elsewhere.html",
        form=form,
        role=role,
        old=old,
        upload_to=f"/keys/elsewhere/signed?for={role.name}",
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/keys/elsewhere/signed")
def enrol_elsewhere() -> Response:
    """Keeps the signed enrolment. The server gets no copy of the key file."""
    role = role_named(request.args.get("for"))
    look_again_at(f"/keys/elsewhere?for={role.name}")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes():
        enrolling.enrol_key(ctx(), role.person, sent.envelope)
        results.append((sent.id, None))
    return signed(
        results,
        "/keys",
        notice="Your key is enrolled. When the other side rings, read out the fingerprint that "
        "attest keygen printed, not one from a page.",
    )


def _enrolment(role: Role, typed: str) -> ToSign:
    try:
        public_key = unb64(typed)
        new = keyid(public_key)
    except ValueError as error:
        raise Refused(NO_PUBLIC_KEY, field="public_key") from error
    if not is_valid_public_key(public_key):
        raise Refused(NOT_TRUSTED, field="public_key")
    try:
        payload = enrolling.prepare_enrolment(ctx(), role.person, role.duty.name, public_key)
    except NotAllowed:
        raise
    except Refused as refused:
        raise Refused(refused.sentence, field="public_key") from refused
    return ToSign(new, None, [Prepared("key", "key", payload)])
