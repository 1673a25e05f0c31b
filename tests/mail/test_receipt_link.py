"""The token of a receipt's link: one letter, one spelling, one instance, one purpose."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from attest.mail.receipt_link import (
    FORM_LASTS,
    form_token,
    is_form_token,
    letter_of,
    receipt_link,
    receipt_token,
)
from attest.mail.return_address import envelope_sender
from attest.services.accounts.invitations import invitation_token
from attest.settings import Settings
from tests.mail_server import settings_for

LETTER = "7d9b4f9c-40a2-4fd9-8a61-2a1f9a1b8a11"
AT = 1_361_180_000


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(tmp_path_factory.mktemp("receipts"))


def test_there_and_back(settings: Settings) -> None:
    token = receipt_token(settings, LETTER)
    assert letter_of(settings, token) == LETTER
    assert receipt_link(settings, LETTER) == f"{settings.base_url}/received/{token}"
    # Nothing in an address that a mail program would break a link at.
    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()


def test_anything_else_is_no_token(settings: Settings) -> None:
    token = receipt_token(settings, LETTER)
    for place in range(len(token)):
        for other in "Aa9_":
            changed = token[:place] + other + token[place + 1 :]
            assert letter_of(settings, changed) == (LETTER if changed == token else None)
    odd = ["", token[:-1], token + "A", token + "=", f" {token}", token.lower(), "é" * 43, "=" * 43]
    for text in (*odd, "%00" * 14 + "A", invitation_token(settings, LETTER), LETTER):
        assert letter_of(settings, text) is None
    # Neither another instance's, nor the same letter's return address.
    assert letter_of(replace(settings, secret_key="another " * 5), token) is None
    local = envelope_sender(settings, LETTER).partition("@")[0]
    assert letter_of(settings, local.rpartition("+")[2]) is None


def test_no_two_letters_share_one(settings: Settings) -> None:
    letters = [str(uuid4()) for _ in range(200)]
    tokens = [receipt_token(settings, each) for each in letters]
    assert len(set(tokens)) == 200
    assert [letter_of(settings, each) for each in tokens] == letters


def test_a_form_token_lasts_a_day_and_fits_one_letter(settings: Settings) -> None:
    token = form_token(settings, LETTER, AT)
    assert is_form_token(settings, LETTER, token, AT)
    assert is_form_token(settings, LETTER, token, AT + FORM_LASTS)
    assert not is_form_token(settings, LETTER, token, AT + FORM_LASTS + 1)
    assert not is_form_token(settings, LETTER, token, AT - 1)
    assert not is_form_token(settings, str(uuid4()), token, AT)
    assert not is_form_token(replace(settings, secret_key="another " * 5), LETTER, token, AT)
    # The link's own token opens no button.
    assert receipt_token(settings, LETTER) not in token


@pytest.mark.parametrize(
    "sent",
    ["", ".", "0", f"{AT}", f"{AT}.", "-1.x", "9" * 30 + ".x", "\uff11.x", "a.b.c", "1.\udce9"],
)
def test_what_is_no_form_token(settings: Settings, sent: str) -> None:
    assert not is_form_token(settings, LETTER, sent, AT)
