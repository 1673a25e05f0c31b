"""Mail servers that hang up, dawdle or babble at each step: the state and the words are right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attest.mail.line import Result
from attest.settings import Settings
from tests.mail.one_letter import send
from tests.mail.short_patience import short_for
from tests.mail_server import (
    HOST,
    PATIENCE,
    Behaviour,
    certificate,
    mail_server,
    settings_for,
    tls_context,
)
from tests.scripted_server import DEFAULTS, DRIP, ENDLESS, HANG_UP, SILENT, Script, scripted


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        settings_for(tmp_path), smtp_host=HOST, smtp_tls="none", smtp_timeout_seconds=PATIENCE
    )


def talk(settings: Settings, **answers: bytes | None) -> tuple[Result, Script]:
    with scripted(**answers) as (script, port):
        return send(replace(settings, smtp_port=port)), script


@pytest.mark.parametrize(
    ("answers", "state", "ours"),
    [
        ({"greeting": HANG_UP}, "deferred", True),
        ({"EHLO": HANG_UP}, "deferred", True),
        ({"MAIL": HANG_UP}, "deferred", True),
        ({"RCPT": HANG_UP}, "deferred", False),
        ({"DATA": HANG_UP}, "deferred", False),
        ({"dot": HANG_UP}, "unknown", False),
        ({"RSET": HANG_UP, "QUIT": HANG_UP}, "sent", False),
    ],
)
def test_a_server_that_hangs_up(settings, answers, state, ours):
    result, _ = talk(settings, **answers)
    assert (result.state, result.ours) == (state, ours)


@pytest.mark.parametrize(
    ("answers", "state", "ours", "says"),
    [
        ({"greeting": b"421 4.3.2 closing\r\n"}, "deferred", True, "421 4.3.2 closing"),
        ({"greeting": b"554 5.7.1 not from you\r\n"}, "deferred", True, "554 5.7.1 not from you"),
        ({"EHLO": b"421 busy\r\n", "HELO": b"421 busy\r\n"}, "deferred", True, "421 busy"),
        ({"MAIL": b"421 4.7.0 later\r\n"}, "deferred", True, "421 4.7.0 later"),
        ({"MAIL": b"452 4.3.1 disk full\r\n"}, "deferred", True, "452 4.3.1 disk full"),
        ({"RCPT": b"421 4.7.0 later\r\n"}, "deferred", False, "421 4.7.0 later"),
        ({"RCPT": b"452 4.2.2 mailbox full\r\n"}, "deferred", False, "452 4.2.2 mailbox full"),
        ({"RCPT": b"552 5.2.2 mailbox full\r\n"}, "bounced", False, "552 5.2.2 mailbox full"),
        ({"RCPT": b"530 5.7.0 sign in first\r\n"}, "deferred", True, "530 5.7.0 sign in"),
        ({"RCPT": b"450 4.1.8 <a@b>: no such domain\r\n"}, "deferred", True, "450 4.1.8"),
        ({"RCPT": b"553 5.7.1 <a@b>: Sender address rejected\r\n"}, "deferred", True, "553 5.7.1"),
        ({"RCPT": b"554 5.7.1 <a@b>: Relay access denied\r\n"}, "deferred", True, "554 5.7.1"),
        ({"RCPT": b"550 5.7.1 not wanted here\r\n"}, "bounced", False, "550 5.7.1"),
        # The reader's own address, another one, and what the reader's server said of it.
        ({"RCPT": b"550 5.1.1 <a.5.1.7@b>: unknown\r\n"}, "bounced", False, "550 5.1.1"),
        ({"RCPT": b"550 5.1.1 unknown to 10.5.1.7\r\n"}, "bounced", False, "550 5.1.1"),
        ({"RCPT": b"550 host b said: 550 Relay access denied\r\n"}, "bounced", False, "550 host"),
        ({"DATA": b"452 4.3.1 disk full\r\n"}, "deferred", False, "452 4.3.1 disk full"),
        ({"DATA": b"554 5.5.1 no\r\n"}, "bounced", False, "554 5.5.1 no"),
        ({"dot": b"452 4.3.1 disk full\r\n"}, "deferred", False, "452 4.3.1 disk full"),
        ({"dot": b"421 4.3.2 closing\r\n"}, "deferred", False, "421 4.3.2 closing"),
        ({"dot": b"552 5.3.4 too big\r\n"}, "bounced", False, "552 5.3.4 too big"),
        ({"dot": b"354 again?\r\n"}, "unknown", False, "nonsense: 354 again?"),
        ({"dot": b"hello\r\n"}, "unknown", False, "nonsense: -1"),
    ],
)
def test_what_it_answers_where(settings, answers, state, ours, says):
    result, _ = talk(settings, **answers)
    assert (result.state, result.ours) == (state, ours)
    assert says in result.answer


@pytest.mark.parametrize("babble", [SILENT, DRIP, ENDLESS], ids=["silent", "drips", "endless"])
@pytest.mark.parametrize(
    ("step", "state", "ours"),
    [
        ("greeting", "deferred", True),
        ("MAIL", "deferred", True),
        ("RCPT", "deferred", False),
        ("DATA", "deferred", False),
        ("dot", "unknown", False),
    ],
)
def test_a_server_that_never_comes_to_an_end(settings, monkeypatch, step, state, ours, babble):
    short_for(monkeypatch, step)
    result, _ = talk(settings, **{step: babble})
    assert (result.state, result.ours) == (state, ours)
    assert len(result.answer) <= 500


@pytest.mark.parametrize(("step", "state"), [("RCPT", "bounced"), ("dot", "bounced")])
def test_a_multiline_answer_is_one_harmless_line(settings, step, state):
    babble = b"550-5.7.1 \x1b[31mred\x00\x07\r\n550-caf\xe9 \xe2\x80\xae evil\r\n550 5.7.1 end\r\n"
    result, _ = talk(settings, **{step: babble})
    assert result.state == state
    assert result.answer == "550 5.7.1 [31mred caf\ufffd evil 5.7.1 end"


@pytest.mark.parametrize("half", [b"250 2.0.0 ke", b"250-2.0.0 kept\r\n"])
def test_half_an_answer_is_none(settings, monkeypatch, half):
    short_for(monkeypatch, "dot")
    assert talk(settings, dot=half)[0].state == "unknown"


def test_a_line_that_is_too_long_is_no_answer(settings):
    result, _ = talk(settings, dot=b"250 " + b"x" * 20_000 + b"\r\n")
    assert result.state == "unknown"
    result, _ = talk(settings, RCPT=b"550 " + b"x" * 20_000 + b"\r\n")
    assert result.state == "deferred"


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_an_answer_too_many_is_never_taken_for_the_letters(settings, step):
    """Sent before the letter is there, it must not count as its 250."""
    answer = DEFAULTS["" if step == "greeting" else step]
    result, script = talk(settings, **{step: answer + b"250 2.0.0 kept\r\n"})
    assert result.state == "deferred"
    assert "." not in script.verbs()
    assert "answered what it was not asked" in result.answer


@pytest.mark.parametrize(("step", "state"), [("rcpt", "deferred"), ("before 250", "unknown")])
@pytest.mark.parametrize("smtp_tls", ["starttls", "tls"])
def test_an_encrypted_line_that_breaks(settings, tmp_path, smtp_tls, step, state):
    pem = certificate(tmp_path)
    context = tls_context(pem)
    options: dict[str, Any] = (
        {"ssl_context": context} if smtp_tls == "tls" else {"tls_context": context}
    )
    with mail_server(Behaviour(hang_up=step), **options) as port:
        result = send(replace(settings, smtp_port=port, smtp_tls=smtp_tls, smtp_ca=pem))
    assert (result.state, result.ours) == (state, False)
