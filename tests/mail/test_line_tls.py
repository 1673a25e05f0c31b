"""TLS is required unless the settings say otherwise: nothing goes in the clear for want of it.

What is wrong with it ends as "not sent, will be tried again", about our side and no reader's, with
a sentence that says what an administrator can do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from attest.mail.line import Result
from attest.settings import Settings
from tests.mail.one_letter import LETTER, send
from tests.mail_server import (
    HOST,
    PASSWORD,
    PATIENCE,
    USER,
    Behaviour,
    authenticator,
    certificate,
    mail_server,
    settings_for,
    tls_context,
)
from tests.scripted_server import HANG_UP, scripted

ENCRYPTED = pytest.mark.parametrize("smtp_tls", ["starttls", "tls"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """With a password, which is worth as much as the letter."""
    return replace(
        settings_for(tmp_path),
        smtp_host=HOST,
        smtp_tls="starttls",
        smtp_user=USER,
        smtp_password=PASSWORD,
        smtp_timeout_seconds=PATIENCE,
    )


def expect_not_sent(result: Result, *says: str) -> None:
    assert (result.state, result.ours) == ("deferred", True)
    for words in says:
        assert words in result.answer
    assert PASSWORD not in result.answer


def attempt(settings: Settings, pem: Path, **more: Any) -> tuple[Result, Behaviour]:
    """One letter to a server that shows this certificate."""
    wanted = replace(settings, **more)
    context = tls_context(pem)
    options: dict[str, Any] = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": authenticator,
        "auth_required": True,
    }
    if wanted.smtp_tls == "tls":
        # To aiosmtpd such a line is not encrypted, and it would ask for no password over it.
        wanted = replace(wanted, smtp_user=None, smtp_password=None)
        options = {"ssl_context": context}
    behaviour = Behaviour()
    with mail_server(behaviour, **options) as port:
        return send(replace(wanted, smtp_port=port)), behaviour


@ENCRYPTED
def test_an_authority_of_ones_own_vouches_for_the_server(settings, tmp_path, smtp_tls):
    pem = certificate(tmp_path)
    result, behaviour = attempt(settings, pem, smtp_tls=smtp_tls, smtp_ca=pem)
    assert result.state == "sent"
    assert [each.rcpt_tos for each in behaviour.received] == [[LETTER.to_email]]


@ENCRYPTED
def test_a_foreign_certificate(settings, tmp_path, smtp_tls):
    pem = certificate(tmp_path)
    result, behaviour = attempt(settings, pem, smtp_tls=smtp_tls)
    expect_not_sent(result, "certificate is not trusted", "self-signed", "in smtp_ca")
    assert behaviour.received == []
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other")
    result, behaviour = attempt(settings, pem, smtp_tls=smtp_tls, smtp_ca=other)
    expect_not_sent(result, "certificate is not trusted", "in smtp_ca")
    assert behaviour.received == []


@ENCRYPTED
def test_an_expired_certificate(settings, tmp_path, smtp_tls):
    pem = certificate(tmp_path, ends=-timedelta(hours=1))
    result, behaviour = attempt(settings, pem, smtp_tls=smtp_tls, smtp_ca=pem)
    expect_not_sent(result, "certificate has expired", "Renew it on the mail server")
    assert behaviour.received == []


@ENCRYPTED
@pytest.mark.parametrize(
    ("name", "host"), [("mail.attest.example", HOST), ("mail.attest.example", "localhost")]
)
def test_a_certificate_for_another_name(settings, tmp_path, smtp_tls, name, host):
    pem = certificate(tmp_path, name=name)
    result, behaviour = attempt(settings, pem, smtp_tls=smtp_tls, smtp_ca=pem, smtp_host=host)
    expect_not_sent(result, "certificate is not trusted", host, "Set smtp_host to a name")
    assert behaviour.received == []


@pytest.mark.parametrize("name", ["nowhere.pem", "empty.pem", "words.pem"])
def test_an_authority_that_is_none(settings, tmp_path, name):
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "words.pem").write_text("words")
    result, behaviour = attempt(settings, certificate(tmp_path), smtp_ca=tmp_path / name)
    expect_not_sent(result, "smtp_ca cannot be read")
    assert behaviour.received == []


def test_a_server_without_starttls_or_one_from_which_it_was_stripped(settings):
    offers = b"250-mail.attest.example\r\n250-XXXXXXXA\r\n250 AUTH PLAIN LOGIN\r\n"
    with scripted(EHLO=offers, AUTH=b"235 OK\r\n") as (script, port):
        result = send(replace(settings, smtp_port=port))
    expect_not_sent(result, "offers no STARTTLS", 'set smtp_tls to "tls"')
    assert script.verbs() <= {"EHLO", "QUIT"}


def test_a_server_that_knows_no_extensions(settings):
    with scripted(EHLO=b"502 what\r\n", HELO=b"250 hello\r\n") as (script, port):
        result = send(replace(settings, smtp_port=port))
    expect_not_sent(result, "offers no STARTTLS")
    assert script.verbs() <= {"EHLO", "HELO", "QUIT"}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"454 4.7.0 TLS not available\r\n", "454 4.7.0 TLS not available"),
        (b"250 never mind\r\n", "250 never mind"),
        (HANG_UP, "no answer from the mail server"),
        # What it says before it is encrypted counts for nothing afterwards.
        (b"220 go\r\n250 mail.attest.example\r\n235 OK\r\n", ""),
    ],
)
def test_starttls_that_is_offered_and_comes_to_nothing(settings, answer, says):
    offers = b"250-mail.attest.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
    # The last server waits for us, and we for it: it speaks no TLS.
    patience = PATIENCE if says else 1
    with scripted(EHLO=offers, STARTTLS=answer, AUTH=b"235 OK\r\n") as (script, port):
        result = send(replace(settings, smtp_port=port, smtp_timeout_seconds=patience))
    expect_not_sent(result, says)
    assert not script.verbs() & {"AUTH", "MAIL", "RCPT", "DATA"}
    assert not any(PASSWORD.encode() in line for line in script.heard)


def test_a_port_that_speaks_no_tls_from_the_start(settings):
    with scripted() as (script, port):
        result = send(replace(settings, smtp_port=port, smtp_tls="tls"))
    expect_not_sent(result, f"does not speak TLS from the start on port {port}", '"starttls"')
    assert "MAIL" not in script.verbs()


def test_a_port_that_speaks_tls_from_the_start_where_it_should_not(settings, tmp_path):
    with mail_server(Behaviour(), ssl_context=tls_context(certificate(tmp_path))) as port:
        result = send(replace(settings, smtp_port=port, smtp_timeout_seconds=1))
    expect_not_sent(result, "no answer from the mail server", "see smtp_host, smtp_port")


def test_a_wrong_password(settings, tmp_path):
    pem = certificate(tmp_path)
    result, behaviour = attempt(settings, pem, smtp_ca=pem, smtp_password="wrong horse")
    expect_not_sent(result, "535", "smtp_user or smtp_password is not what")
    assert "horse" not in result.answer
    assert behaviour.received == []


def test_a_password_that_no_server_takes_is_not_quoted(settings, tmp_path):
    pem = certificate(tmp_path)
    result, behaviour = attempt(settings, pem, smtp_ca=pem, smtp_password="пароль")
    expect_not_sent(result, "outside ASCII")
    assert "п" not in result.answer
    assert behaviour.received == []


def test_a_server_that_takes_no_password(settings):
    with scripted() as (script, port):
        result = send(replace(settings, smtp_port=port, smtp_tls="none"))
    expect_not_sent(result, "takes no password here", "often 587")
    assert script.verbs() <= {"EHLO", "QUIT"}


def test_a_server_that_starts_tls_and_speaks_none(settings):
    offers = b"250-mail.attest.example\r\n250 STARTTLS\r\n"
    babble = b"220 go\r\n" + b"x" * 5_000
    with scripted(EHLO=offers, STARTTLS=babble) as (script, port):
        result = send(replace(settings, smtp_port=port))
    expect_not_sent(result, "offered STARTTLS and then spoke no TLS")
    assert not script.verbs() & {"AUTH", "MAIL", "RCPT", "DATA"}
