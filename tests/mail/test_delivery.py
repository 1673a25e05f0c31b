import socket
import stat
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from attest.mail.delivery import deliver
from attest.mail.message import Attachment, Outgoing, Topic
from attest.mail.return_address import letter_of
from attest.settings import Settings
from tests.mail.short_patience import short_for
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
from tests.ports import kept_port

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
LETTER = Outgoing(
    letter_id="77777777-2222-4333-8444-555555555555",
    message_id="<77777777@attest.example>",
    to_name="Tom Beck",
    to_email="tom.beck@halden.example",
    subject="ND-2013-004: 5 files are overdue",
    text="Dear Tom Beck,\n\n.\n..\nFive files – overdue.\n",
    topics=(Topic("11111111-2222-4333-8444-555555555555", "ND-2013-004"),),
    attachments=(Attachment("checkpoint.txt", b"attest.example/demand/x\n12\nAAAA\n"),),
)


def smtp(tmp_path, port: int, **more: Any):
    options = {
        "smtp_host": HOST,
        "smtp_port": port,
        "smtp_tls": "none",
        "smtp_timeout_seconds": PATIENCE,
    }
    return settings_for(tmp_path, **options | more)


def attempt(tmp_path, behaviour: Behaviour, **more: Any):
    with mail_server(behaviour) as port:
        return deliver(LETTER, smtp(tmp_path, port, **more), NOW)


def test_accepted(tmp_path):
    behaviour = Behaviour()
    result = attempt(tmp_path, behaviour)
    assert (result.state, result.answer) == ("sent", "250 2.0.0 kept")
    (envelope,) = behaviour.received
    # Each letter has a return address of its own.
    assert envelope.mail_from is not None
    assert letter_of(Settings.load(tmp_path / "instance", {}), envelope.mail_from) == (
        LETTER.letter_id
    )
    assert envelope.rcpt_tos == ["tom.beck@halden.example"]
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Message-ID"] == LETTER.message_id
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize(
    ("step", "reply", "state"),
    [
        ("rcpt", "450 4.2.1 Try later", "deferred"),
        ("rcpt", "550 5.1.1 No such user", "bounced"),
        ("rcpt", "251 User not local; will forward", "sent"),
        ("data", "451 4.3.0 Try later", "deferred"),
        ("data", "554 5.7.1 Refused", "bounced"),
        # The sender is ours: that's for the administrator to mend, not this reader's fault.
        ("mail", "451 Not now", "deferred"),
        ("mail", "553 5.1.8 We do not know you", "deferred"),
    ],
)
def test_what_the_server_says_is_kept_apart(tmp_path, step, reply, state):
    result = attempt(tmp_path, Behaviour(**{step: reply}))
    assert result.state == state
    if state != "sent":
        assert result.answer == reply


def test_hung_up_before_the_letter_was_given(tmp_path):
    assert attempt(tmp_path, Behaviour(hang_up="rcpt")).state == "deferred"


def test_hung_up_after_the_letter_was_given(tmp_path):
    """The server has it, and we never hear so: nobody may claim either."""
    behaviour = Behaviour(hang_up="before 250")
    result = attempt(tmp_path, behaviour)
    assert result.state == "unknown"
    assert "connection broke" in result.answer
    assert len(behaviour.received) == 1


def test_nobody_listens(tmp_path):
    with kept_port() as port:
        result = deliver(LETTER, smtp(tmp_path, port), NOW)
    assert result.state == "deferred"
    assert "no answer from the mail server" in result.answer


def test_no_such_host(tmp_path, monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert deliver(LETTER, smtp(tmp_path, 25), NOW).state == "deferred"


@pytest.mark.parametrize("nonsense", [b"hello\r\n", b"220 hi\r\n999 what\r\n", b"554 go away\r\n"])
def test_a_server_that_talks_nonsense_puts_it_off(tmp_path, nonsense):
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]

        def talk() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(nonsense)
                connection.settimeout(PATIENCE)
                while connection.recv(1024):
                    pass

        thread = threading.Thread(target=talk)
        thread.start()
        result = deliver(LETTER, smtp(tmp_path, port, smtp_timeout_seconds=1), NOW)
        thread.join()
    assert result.state == "deferred"


def test_a_server_that_says_nothing_after_the_letter(tmp_path, monkeypatch):
    short_for(monkeypatch, "dot")
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        heard = threading.Event()

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 hi\r\n")
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 go on\r\n")
                        break
                    connection.sendall(b"250 OK\r\n")
                for line in lines:
                    if line == b".\r\n":
                        heard.set()
                        break
                lines.read(1)

        thread = threading.Thread(target=talk)
        thread.start()
        result = deliver(LETTER, smtp(tmp_path, port), NOW)
        thread.join()
    assert heard.is_set()
    assert result.state == "unknown"


def test_starttls_is_a_must_unless_the_settings_say_otherwise(tmp_path):
    behaviour = Behaviour()
    result = attempt(tmp_path, behaviour, smtp_tls="starttls")
    assert result.state == "deferred"
    assert "STARTTLS" in result.answer
    assert behaviour.received == []


@pytest.fixture
def pem(tmp_path):
    return certificate(tmp_path)


def test_starttls_and_a_password(tmp_path, pem, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    behaviour = Behaviour()
    with mail_server(
        behaviour,
        tls_context=tls_context(pem),
        require_starttls=True,
        authenticator=authenticator,
        auth_required=True,
    ) as port:
        secrets = {"smtp_user": USER, "smtp_password": PASSWORD}
        settings = smtp(tmp_path, port, smtp_tls="starttls", **secrets)
        result = deliver(LETTER, settings, NOW)
    assert result.state == "sent"
    assert len(behaviour.received) == 1


def test_a_wrong_password_bounces_nothing_and_is_not_repeated_in_the_answer(
    tmp_path, pem, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with mail_server(
        Behaviour(), tls_context=tls_context(pem), authenticator=authenticator, auth_required=True
    ) as port:
        secrets = {"smtp_user": USER, "smtp_password": "not this one"}
        settings = smtp(tmp_path, port, smtp_tls="starttls", **secrets)
        result = deliver(LETTER, settings, NOW)
    assert result.state == "deferred"
    assert "535" in result.answer
    assert "not this one" not in result.answer


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, pem):
    behaviour = Behaviour()
    with mail_server(behaviour, tls_context=tls_context(pem)) as port:
        result = deliver(LETTER, smtp(tmp_path, port, smtp_tls="starttls"), NOW)
    assert result.state == "deferred"
    assert behaviour.received == []


def test_without_a_server_letters_are_files(tmp_path):
    settings = settings_for(tmp_path)
    result = deliver(LETTER, settings, NOW)
    (path,) = settings.mail_path.iterdir()
    assert result.state == "sent"
    assert result.answer == f"written to {path.name}"
    assert path.name == f"20130204T110000Z-{LETTER.letter_id}.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "Tom Beck <tom.beck@halden.example>"
    (attachment,) = message.iter_attachments()
    assert attachment.get_content().encode() == LETTER.attachments[0].data


def test_a_file_that_cannot_be_written_is_put_off(tmp_path):
    settings = settings_for(tmp_path)
    settings.mail_path.rmdir()
    settings.mail_path.write_text("in the way")
    assert deliver(LETTER, settings, NOW).state == "deferred"


def test_what_is_no_address_bounces_without_asking_a_server(tmp_path):
    behaviour = Behaviour()
    nobody = Outgoing(**vars(LETTER) | {"to_email": "tom@halden.example\r\nDATA"})
    with mail_server(behaviour) as port:
        result = deliver(nobody, smtp(tmp_path, port), NOW)
    assert result.state == "bounced"
    assert behaviour.received == []
