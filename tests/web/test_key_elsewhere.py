"""A key made with `attest keygen`: its public half is typed, its enrolment signed where it lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from attest.database.tables import KeyStatement, SigningKey
from attest.offline.to_sign import parse_to_sign
from attest.signing import PrivateKey, b64, fingerprint
from tests import stage as play
from tests.web.elsewhere import name_of, sign, upload_to
from tests.web.staged import Staged

PagesAt = Callable[[str], Staged]
KEY = PrivateKey.from_seed(b"\x21" * 32)


def enrolled(pages: Staged) -> list[SigningKey]:
    with pages.stage.look() as ctx:
        return list(ctx.session.scalars(select(SigningKey)).unique())


def test_from_the_public_key_to_the_enrolled_one(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("acknowledged")
    officer = pages.visitor(play.OFFICER)
    assert 'href="/keys/elsewhere?for=' in officer.get("/keys/new").text
    assert "--old-key" not in officer.get("/keys/elsewhere").text
    file = officer.post("/keys/elsewhere", 200, public_key=f" {b64(KEY.public_key)} ")
    assert name_of(file) == f"key-{fingerprint(KEY.keyid)[:9].replace(' ', '-')}.to-sign.jsonl"
    data = sign(tmp_path, file, KEY)
    for _ in range(2):
        text = upload_to(officer, "/keys/elsewhere/signed", data).text
        assert "Your key is enrolled." in text
        assert 'href="/keys"' in text
    key = next(key for key in enrolled(pages) if key.keyid == KEY.keyid)
    assert (key.key_file, key.public_key) == (None, KEY.public_key)
    text = officer.get("/keys").text
    assert fingerprint(KEY.keyid) in text
    assert "You keep it yourself." in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the public key that attest keygen printed."),
        ("what is this", "This is no public key."),
        (b64(KEY.public_key)[:-2], "This is no public key."),
        (b64(KEY.public_key[:-1]), "This is no public key."),
        (
            b64(b"\x01" + bytes(31)),
            "This is no public key that can be trusted. Make another one with attest keygen",
        ),
        ("x" * 200, "Use 100 or fewer."),
    ],
)
def test_what_is_no_public_key_is_said_beside_the_field(
    pages_at: PagesAt, typed: str, sentence: str
) -> None:
    officer = pages_at("acknowledged").visitor(play.OFFICER)
    text = officer.post("/keys/elsewhere", 400, public_key=typed).text
    assert sentence in text
    assert f'value="{typed}"' in text or not typed


def test_an_old_key_signs_the_new_one_too(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("ready")
    officer, old = pages.visitor(play.OFFICER), pages.stage.actor(play.OFFICER).key
    assert old is not None
    typed = {"public_key": b64(KEY.public_key), "rotate": "y"}
    text = officer.get("/keys/elsewhere").text
    assert "My old key signs too" in text
    assert "attest sign --key your.key --old-key old.key key-" in text
    file = officer.post("/keys/elsewhere", 200, **typed)
    assert parse_to_sign(file.data).also_keyid == old.keyid
    data = sign(tmp_path, file, KEY, old=old)
    assert "Your key is enrolled." in upload_to(officer, "/keys/elsewhere/signed", data).text
    keys = {key.keyid: key for key in enrolled(pages)}
    assert keys[KEY.keyid].rotated_from == old.keyid
    assert keys[old.keyid].replaced_at is not None


def test_a_file_may_be_on_its_way_for_days_and_not_for_ever(
    pages_at: PagesAt, tmp_path: Path
) -> None:
    pages = pages_at("acknowledged")
    officer = pages.visitor(play.OFFICER)
    file = officer.post("/keys/elsewhere", 200, public_key=b64(KEY.public_key))
    data = sign(tmp_path, file, KEY)
    began = pages.stage.now
    pages.stage.now = began + timedelta(days=8)
    visitor = pages.visitor(play.OFFICER)
    text = upload_to(visitor, "/keys/elsewhere/signed", data, 400).text
    assert "too old" in text
    pages.stage.now = began + timedelta(days=6)
    upload_to(visitor, "/keys/elsewhere/signed", data)
    with pages.stage.look() as ctx:
        assert ctx.session.scalar(select(KeyStatement).where(KeyStatement.keyid == KEY.keyid))


def test_somebody_else_s_enrolment_is_refused(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("acknowledged")
    file = pages.visitor(play.OFFICER).post("/keys/elsewhere", 200, public_key=b64(KEY.public_key))
    data = sign(tmp_path, file, KEY)
    signatory = pages.visitor(play.SIGNATORY)
    text = upload_to(signatory, "/keys/elsewhere/signed", data, 403).text
    assert KEY.keyid not in [key.keyid for key in enrolled(pages)]
    assert "duty" in text
