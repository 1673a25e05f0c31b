from dataclasses import replace

import pytest

from attest.domain.refusal import NotFound
from attest.services.accounts.invitations import invitation_id_of, invitation_link, invitation_token
from tests.mail_server import settings_for

INVITATION = "77777777-2222-4333-8444-555555555555"


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path)


def test_a_token_leads_back_to_its_invitation(settings):
    assert invitation_id_of(settings, invitation_token(settings, INVITATION)) == INVITATION


def test_a_token_can_stand_in_an_address_as_it_is(settings):
    token = invitation_token(settings, INVITATION)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert invitation_link(settings, INVITATION) == f"https://attest.example/invitation/{token}"


def test_another_secret_makes_another_token(settings):
    other = replace(settings, secret_key="x" * 40)
    token = invitation_token(other, INVITATION)
    assert token != invitation_token(settings, INVITATION)
    with pytest.raises(NotFound):
        invitation_id_of(settings, token)


def test_every_other_text_is_unknown(settings):
    token = invitation_token(settings, INVITATION)
    flipped = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]
    for forged in ("", ".", "x.y", INVITATION, token[:-1], flipped, token + ".x", "é", "a" * 9000):
        with pytest.raises(NotFound):
            invitation_id_of(settings, forged)


def test_a_token_for_something_that_is_no_invitation_is_unknown(settings):
    with pytest.raises(NotFound):
        invitation_id_of(settings, invitation_token(settings, "admin"))
