"""What strangers say about a letter, before it is kept."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from attest.mail.answers import WITHHELD, safe_line
from attest.mail.connecting import said
from attest.mail.receipt_link import receipt_token
from attest.mail.reports import read_report
from attest.mail.return_address import TOKEN_LENGTH, envelope_sender
from attest.services.accounts.invitations import invitation_token
from attest.settings import Settings
from tests.mail.came_back import with_status
from tests.mail_server import settings_for


@pytest.fixture
def tokens(settings: Settings) -> list[str]:
    letter = str(uuid4())
    sender = envelope_sender(settings, letter)
    return [
        sender.partition("+")[2].partition("@")[0],
        receipt_token(settings, letter),
        invitation_token(settings, str(uuid4())),
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.mark.parametrize("around", ["{}", "<a+{}@b.example>", "a%2B{}=b.example", "x/{}/y?{}"])
def test_no_token_is_kept(tokens: list[str], around: str) -> None:
    for token in tokens:
        words = around.replace("{}", token)
        for kept in (
            said(550, f"5.7.1 {words} is refused".encode()),
            read_report(
                with_status(f"Action: failed\nDiagnostic-Code: smtp; 550 {words} is refused")
            ).answer,
        ):
            assert token not in kept
            assert token[-TOKEN_LENGTH // 2 :] not in kept
            assert WITHHELD in kept
            assert kept.endswith("is refused")


def test_what_people_need_to_know_stays() -> None:
    words = (
        "550 5.1.1 <tom.beck@halden.example>: unknown "
        "[AM0PR04MB1234.eurprd04.prod.mail.example] 0f8fad5b-d9cb-469f-a165-70867728950e"
    )
    assert safe_line(words) == words


def test_an_answer_is_one_line_that_reads_from_left_to_right() -> None:
    assert said(550, "no\r\nsuch\u202euser\u2066\x00".encode()) == "550 no such user"
