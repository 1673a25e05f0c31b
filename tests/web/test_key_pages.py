"""Making a signing key: what the script's two requests get, and what is refused."""

import json

import pytest
from sqlalchemy import select

from attest.database.engine import read_session
from attest.database.tables import KeyStatement, SigningKey
from attest.domain.refusal import NotFound, Refused
from attest.keyfiles import parse_key_file
from attest.services.access import demand_for
from attest.services.acts import confirming
from attest.signing import PrivateKey, b64, fingerprint, unb64
from attest.statements.canonical import decode, encode
from attest.statements.envelope import sign_payload


def key_file_of(key):
    """The right shape; whether it opens is not the server's to know."""
    return {
        "v": 1,
        "kdf": "PBKDF2-HMAC-SHA256",
        "iterations": 600_000,
        "salt": b64(bytes(16)),
        "iv": b64(bytes(12)),
        "wrapped": b64(bytes(64)),
        "publicKey": b64(key.public_key),
        "keyid": key.keyid,
    }


def make_key(visitor, *, key=None, status=200, with_file=True, signer=None, change=None):
    key = key or PrivateKey.generate()
    answer = visitor.send("/keys/prepare", {"publicKey": b64(key.public_key)})
    payload = unb64(answer.json["payload"])
    if change:
        statement = decode(payload)
        change(statement["predicate"])
        payload = encode(statement)
    body = {"envelope": sign_payload(payload, signer or key).decode()}
    if with_file:
        body["keyFile"] = key_file_of(key)
    return key, visitor.send("/keys/enrol", body, status), body


def test_a_key_is_enrolled_with_its_holder(house):
    visitor = house.visitor("officer")
    assert "You have no key yet" in visitor.get("/keys").text
    key, answer, _ = make_key(visitor)
    assert answer.json == {"next": "/keys", "fingerprint": fingerprint(key.keyid)}
    with read_session(house.engine) as session:
        row = session.get_one(SigningKey, key.keyid)
        statement = session.scalars(select(KeyStatement)).one()
    person = house.people["officer"]
    assert row.holder == {
        "name": person.name,
        "role": person.role,
        "organisation": "Halden Support Services plc",
        "side": "contractor",
        "duty": "officer",
    }
    assert (row.side, row.duty, row.public_key) == ("contractor", "officer", key.public_key)
    assert (statement.name, statement.keyid, statement.signer_keyid) == (
        "key-enrolment",
        key.keyid,
        key.keyid,
    )
    assert fingerprint(key.keyid) in visitor.get("/keys").text


def test_the_signatories_are_asked_to_confirm_it_without_the_fingerprint(house):
    key, _, _ = make_key(house.visitor("officer"))
    letters = [letter for letter in house.letters() if letter.kind == "key_to_confirm"]
    assert {letter.to_name for letter in letters} == {"Helen Marsh", "Cora Cole"}
    for letter in letters:
        assert f"/demands/ND-2013-004/keys/{key.keyid}/confirm" in letter.text
        assert fingerprint(key.keyid) not in letter.text


def test_sent_twice_it_is_the_same_key(house):
    visitor = house.visitor("officer")
    _, first, body = make_key(visitor)
    assert visitor.send("/keys/enrol", body).json == first.json
    with read_session(house.engine) as session:
        assert len(session.scalars(select(SigningKey)).unique().all()) == 1


def test_a_new_key_takes_the_place_of_the_earlier_one(house):
    visitor = house.visitor("signatory")
    old, _, _ = make_key(visitor)
    house.pass_time(days=1)
    new, _, _ = make_key(visitor)
    with read_session(house.engine) as session:
        assert session.get_one(SigningKey, old.keyid).replaced_at == house.now
        assert session.get_one(SigningKey, new.keyid).replaced_at is None
    page = visitor.get("/keys").text
    assert "Earlier keys" in page
    assert fingerprint(old.keyid) in page


@pytest.mark.parametrize(
    "change",
    [
        lambda predicate: predicate["holder"].update(name="Somebody Else"),
        lambda predicate: predicate["holder"].update(role="Chief"),
        lambda predicate: predicate["holder"].update(organisation="Northshire Constabulary"),
        lambda predicate: predicate["holder"].update(side="controller", duty="signatory"),
        lambda predicate: predicate.update(nonce="short"),
        lambda predicate: predicate.update(more="x"),
        lambda predicate: predicate.update(statedAt="2013-02-04T23:00:00Z"),
        lambda predicate: predicate.update(statedAt="2013-01-04T11:00:00Z"),
    ],
)
def test_a_changed_enrolment_is_refused(house, change):
    _, answer, _ = make_key(house.visitor("officer"), status=None, change=change)
    assert answer.status_code in (400, 403)
    assert answer.json["sentence"]
    with read_session(house.engine) as session:
        assert session.scalars(select(SigningKey)).first() is None


def test_an_enrolment_signed_by_another_key_is_refused(house):
    _, answer, _ = make_key(house.visitor("officer"), status=400, signer=PrivateKey.generate())
    assert "not the statement" in answer.json["sentence"]


@pytest.mark.parametrize("public_key", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32, b"short"])
def test_a_point_that_must_not_be_used_is_refused(house, public_key):
    answer = house.visitor("officer").send("/keys/prepare", {"publicKey": b64(public_key)}, 400)
    assert "no public key that can be trusted" in answer.json["sentence"]


def test_somebody_elses_key_is_refused(house):
    key, _, _ = make_key(house.visitor("officer"))
    house.visitor("signatory").send("/keys/prepare", {"publicKey": b64(key.public_key)}, 400)


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.update(keyid="0" * 64),
        lambda file: file.update(passphrase="oh no"),
        lambda file: file.pop("salt"),
        lambda file: file.update(iterations=1),
    ],
)
def test_a_key_file_that_is_none_is_refused(house, change):
    visitor = house.visitor("officer")
    key = PrivateKey.generate()
    answer = visitor.send("/keys/prepare", {"publicKey": b64(key.public_key)})
    file = key_file_of(key)
    change(file)
    envelope = sign_payload(unb64(answer.json["payload"]), key).decode()
    visitor.send("/keys/enrol", {"envelope": envelope, "keyFile": file}, 400)


@pytest.mark.parametrize("body", [[], {}, {"envelope": 1}, {"envelope": "{}"}, {"publicKey": None}])
def test_nonsense_is_refused_in_a_sentence(house, body):
    visitor = house.visitor("officer")
    for path in ("/keys/prepare", "/keys/enrol"):
        assert visitor.send(path, body, 400).json["sentence"]


def test_the_key_file_goes_to_its_owner_alone(house):
    visitor = house.visitor("officer")
    key, _, _ = make_key(visitor)
    path = f"/keys/{key.keyid}/file"
    answer = visitor.get(path)
    assert parse_key_file(answer.data).keyid == key.keyid
    assert json.loads(answer.data) == key_file_of(key)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="attest-key-')
    for role in ("liaison", "signatory", "other_contractor", "administrator"):
        house.visitor(role).get(path, 404)


def test_a_holder_may_keep_the_file_to_themselves(house):
    visitor = house.visitor("officer")
    key, _, _ = make_key(visitor, with_file=False)
    visitor.get(f"/keys/{key.keyid}/file", 404)
    assert "You keep it yourself" in visitor.get("/keys").text


# --- confirming (the pages are the demand's; the rules are here) -----------------------------


@pytest.fixture
def keys(house):
    # Each group of its fingerprint has a figure, and stands in no sentence by chance.
    officer, _, _ = make_key(house.visitor("officer"), key=PrivateKey.from_seed(b"\xd4" * 32))
    signatory, _, _ = make_key(house.visitor("signatory"))
    return officer, signatory


def seat(house, ctx, role):
    account = house.people[role].account
    return demand_for(ctx, ctx.session.merge(account), "ND-2013-004")


def test_a_signatory_confirms_what_was_heard(house, keys):
    officer, signatory = keys
    heard = fingerprint(officer.keyid).upper().replace(" ", "-")
    with house.acting() as ctx:
        at = seat(house, ctx, "signatory")
        prepared = confirming.prepare_confirmation(ctx, at, officer.keyid, heard, "telephone")
        envelope = sign_payload(prepared.payload, signatory)
        first = confirming.confirm_key(ctx, at, envelope)
        assert confirming.confirm_key(ctx, at, envelope) is first
        view = confirming.key_at(ctx, at, officer.keyid)
        assert (view.state, first.method) == ("confirmed", "telephone")
    assert [x.to_name for x in house.letters() if x.kind == "key_confirmed"] == ["Ruth Adeyemi"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "all eight groups"), ("abcd efgh", "8 of 32"), ("abcd " * 8, "not the fingerprint")],
)
def test_what_was_heard_wrong_gets_no_hint(house, keys, typed, words):
    with house.acting() as ctx:
        at = seat(house, ctx, "signatory")
        with pytest.raises(Refused, match=words) as refused:
            confirming.prepare_confirmation(ctx, at, keys[0].keyid, typed, "telephone")
    assert refused.value.field == "typed"
    sentence = refused.value.sentence
    assert [group for group in fingerprint(keys[0].keyid).split() if group in sentence] == []


@pytest.mark.parametrize("method", ["email", "", "Telephone"])
def test_an_unknown_method_is_refused(house, keys, method):
    heard = fingerprint(keys[0].keyid)
    with house.acting() as ctx:
        at = seat(house, ctx, "signatory")
        with pytest.raises(Refused, match="how you heard"):
            confirming.prepare_confirmation(ctx, at, keys[0].keyid, heard, method)


def test_nobody_confirms_their_own_key_nor_without_one(house, keys):
    officer, signatory = keys
    with house.acting() as ctx:
        own = fingerprint(signatory.keyid)
        at = seat(house, ctx, "signatory")
        with pytest.raises(Refused, match="their own key"):
            confirming.prepare_confirmation(ctx, at, signatory.keyid, own, "video")
        heard = fingerprint(officer.keyid)
        joint = seat(house, ctx, "joint_controller")
        with pytest.raises(Refused, match="no signing key yet"):
            confirming.prepare_confirmation(ctx, joint, officer.keyid, heard, "video")
        for role in ("case_handler", "officer", "liaison"):
            at = seat(house, ctx, role)
            with pytest.raises(Refused, match="Only a signatory"):
                confirming.prepare_confirmation(ctx, at, officer.keyid, heard, "video")


def test_a_key_of_another_contractor_is_not_there(house, keys):
    foreign, _, _ = make_key(house.visitor("other_contractor"))
    heard = fingerprint(foreign.keyid)
    with house.acting() as ctx:
        at = seat(house, ctx, "signatory")
        with pytest.raises(NotFound):
            confirming.prepare_confirmation(ctx, at, foreign.keyid, heard, "telephone")


def test_a_replaced_key_is_not_confirmed(house, keys):
    officer, _ = keys
    make_key(house.visitor("officer"))
    heard = fingerprint(officer.keyid)
    with house.acting() as ctx:
        at = seat(house, ctx, "signatory")
        with pytest.raises((Refused, NotFound)):
            confirming.prepare_confirmation(ctx, at, officer.keyid, heard, "telephone")


def test_a_confirmation_signed_by_another_key_or_changed_is_refused(house, keys):
    officer, signatory = keys
    heard = fingerprint(officer.keyid)
    with house.acting() as ctx:
        at = seat(house, ctx, "signatory")
        prepared = confirming.prepare_confirmation(ctx, at, officer.keyid, heard, "telephone")
        with pytest.raises(Refused, match="another key"):
            confirming.confirm_key(ctx, at, sign_payload(prepared.payload, officer))
        changed = decode(prepared.payload)
        changed["predicate"]["holder"]["name"] = "Somebody Else"
        with pytest.raises(Refused, match="not the statement"):
            confirming.confirm_key(ctx, at, sign_payload(encode(changed), signatory))


def test_comparing_pins_for_the_own_organisation(house, keys):
    _, signatory = keys
    with house.acting() as ctx:
        at = seat(house, ctx, "liaison")
        confirming.compare_key(ctx, at, signatory.keyid, fingerprint(signatory.keyid))
        confirming.compare_key(ctx, at, signatory.keyid, fingerprint(signatory.keyid))
        assert confirming.key_at(ctx, at, signatory.keyid).compared
        with pytest.raises(Refused, match="not the fingerprint"):
            confirming.compare_key(ctx, at, signatory.keyid, "abcd " * 8)
        with pytest.raises(Refused, match="own organisation"):
            confirming.compare_key(ctx, at, keys[0].keyid, fingerprint(keys[0].keyid))
