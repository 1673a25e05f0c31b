import base64
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.mail.return_address import TOKEN_LENGTH, envelope_sender, letter_of
from attest.settings import LONGEST_RETURN
from tests.mail_server import settings_for

LETTER = "77777777-2222-4333-8444-555555555555"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("returns")
    return settings_for(folder, return_address="Returns@Attest.example")


def token(address: str) -> str:
    return address.partition("@")[0].rpartition("+")[2]


def test_a_letter_is_found_again_from_its_return_address(settings):
    address = envelope_sender(settings, LETTER)
    assert address.startswith("Returns+")
    assert address.endswith("@Attest.example")
    assert len(token(address)) == TOKEN_LENGTH
    assert letter_of(settings, address) == LETTER


def test_it_survives_servers_that_change_case_and_brackets(settings):
    address = envelope_sender(settings, LETTER)
    assert letter_of(settings, address.upper()) == LETTER
    assert letter_of(settings, f" <{address.lower()}>\n") == LETTER


def test_the_longest_local_part_is_64_octets(settings):
    long = replace(settings, return_address="r" * LONGEST_RETURN + "@attest.example")
    assert len(envelope_sender(long, LETTER).partition("@")[0]) == 64


def test_each_letter_and_each_instance_has_its_own(settings):
    assert envelope_sender(settings, LETTER) != envelope_sender(settings, str(uuid4()))
    other = replace(settings, secret_key="another secret of 32 characters!")
    assert letter_of(other, envelope_sender(settings, LETTER)) is None


def test_without_a_return_address_it_is_where_letters_come_from(settings):
    local, _, domain = settings.mail_from.partition("@")
    address = envelope_sender(replace(settings, return_address=None), LETTER)
    assert address.startswith(f"{local}+")
    assert address.endswith(f"@{domain}")


def test_unsigned_returns_are_all_the_same_and_older_ones_still_understood(settings):
    plain = replace(settings, signed_returns=False)
    assert envelope_sender(plain, LETTER) == "Returns@Attest.example"
    assert letter_of(plain, "Returns@Attest.example") is None
    assert letter_of(plain, envelope_sender(settings, LETTER)) == LETTER


def test_the_separator_may_stand_in_the_address_itself(settings):
    two = replace(settings, return_address="a+returns@attest.example")
    assert letter_of(two, envelope_sender(two, LETTER)) == LETTER


def test_a_token_that_was_touched_is_nobodys(settings):
    address = envelope_sender(settings, LETTER)
    right = token(address)
    for place, letter in enumerate(right):
        other = "a" if letter != "a" else "b"
        wrong = right[:place] + other + right[place + 1 :]
        assert letter_of(settings, address.replace(right, wrong)) is None, place


def test_a_token_of_another_domain_or_mailbox_is_nobodys(settings):
    address = envelope_sender(settings, LETTER)
    assert letter_of(settings, address.replace("Attest.example", "other.example")) is None
    assert letter_of(settings, address.replace("Returns", "Other")) is None
    assert letter_of(settings, address.replace("Returns+", "")) is None


def test_an_id_without_its_code_is_nobodys(settings):
    made_up = base64.b32encode(bytes(26)).decode().rstrip("=").lower()
    assert letter_of(settings, f"returns+{made_up}@attest.example") is None


@given(text=st.text(max_size=120))
def test_any_text_is_read_without_complaint(settings, text):
    assert letter_of(settings, text) is None
    assert letter_of(settings, f"returns+{text}@attest.example") is None
