"""Addresses that are taken are such that a letter to them can be made."""

import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.email_address import is_email_address
from attest.mail.message import mailbox

GOOD = [
    "tom.beck@halden.example",
    "Tom.Beck@Halden.Example",
    "o'neill@police.example",
    "a+b=c@x.example",
    "#!$%&*/?^_`{|}~-@x.example",
    "tom@xn--ldn-5qa.example",
    "tom@mail_1.halden.example",
    "t" * 64 + "@x.example",
    "beck@" + "x." * 121 + "example",  # 254 characters
]
BAD = [
    "",
    "tom",
    "tom@",
    "@halden.example",
    "tom@halden",
    "tom@halden..example",
    "tom@.halden.example",
    "tom@halden.example.",
    "tom@-halden.example",
    "tom..beck@halden.example",
    ".tom@halden.example",
    "tom.@halden.example",
    "tom beck@halden.example",
    '"tom beck"@halden.example',
    "tom@[192.0.2.1]",
    "tom@halden.example\n",
    "<tom@halden.example>",
    "tom@beck@halden.example",
    "töm@halden.example",
    "tom@hälden.example",
    "tom@\u212aent.example",  # the sign for kelvin, a K to whom case is no matter
    "beck@" + "x." * 121 + "examples",
    "t" * 65 + "@x.example",
    "tom@" + "x" * 250 + ".example",
]


@pytest.mark.parametrize("address", GOOD)
def test_what_is_taken_can_be_written_to(address):
    assert is_email_address(address)
    assert mailbox("Tom Beck", address).addr_spec == address
    assert smtplib.quoteaddr(address) == f"<{address}>"


@pytest.mark.parametrize("address", BAD)
def test_what_is_none(address):
    assert not is_email_address(address)


@given(st.from_regex(r"[a-z.'+@\-_\"]{1,12}@[a-z.@\-_]{1,12}", fullmatch=True))
def test_a_letter_can_be_made_to_every_address_that_is_taken(address):
    if is_email_address(address):
        assert mailbox("Tom Beck", address).addr_spec == address
