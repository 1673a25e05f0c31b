from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from attest.mail import imap
from attest.mail.imap import MOST_OF_HEADERS, MailboxFailed, ReturnMailbox
from attest.mail.reports import MOST
from attest.settings import Settings
from tests.imap_server import HANDLED, ImapServer, imap_server
from tests.mail_server import HOST, PASSWORD, USER, settings_for
from tests.ports import kept_port

OURS = b"Delivered-To: attest+token@attest.example\r\nSubject: a report\r\n\r\nwords\r\n"
OTHER = b"To: attest@attest.example\r\nSubject: a question\r\n\r\nwords\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture(scope="module")
def settings(server, tmp_path_factory) -> Settings:
    plain = settings_for(tmp_path_factory.mktemp("imap"))
    return replace(
        plain,
        imap_host=HOST,
        imap_port=server.tls_port,
        imap_user=USER,
        imap_password=PASSWORD,
        imap_ca=server.authority,
    )


@pytest.fixture(autouse=True)
def _emptied(server) -> None:
    server.empty()


def refused(settings: Settings, **more: Any) -> str:
    with pytest.raises(MailboxFailed) as failed, ReturnMailbox(replace(settings, **more)):
        pass
    return str(failed.value)


def test_looking_marks_nothing(server, settings):
    server.put(OURS, OTHER)
    with ReturnMailbox(settings) as mailbox:
        uids, _ = mailbox.unread()
        headers = dict(mailbox.headers(uids))
        bodies = [mailbox.message(uid) for uid in uids]
    assert len(uids) == 2
    assert b"attest+token@attest.example" in headers[uids[0]]
    assert b"Subject" not in headers[uids[0]]
    assert bodies == [OURS, OTHER]
    assert server.count("UNSEEN") == 2


def test_what_is_handled_is_read_and_no_other(server, settings):
    server.put(OURS, OTHER)
    with ReturnMailbox(settings) as mailbox:
        (first, second), _ = mailbox.unread()
        mailbox.handled(first)
        assert mailbox.unread()[0] == [second]
    assert (server.count("SEEN"), server.count("UNSEEN")) == (1, 1)
    assert server.count("DELETED") == 0


def test_what_is_handled_can_be_moved_away(server, settings):
    server.put(OURS, OTHER)
    with ReturnMailbox(replace(settings, imap_handled_folder=HANDLED)) as mailbox:
        mailbox.handled(mailbox.unread()[0][0])
    assert (server.count(), server.count(folder=HANDLED)) == (1, 1)
    assert server.count("SEEN", folder=HANDLED) == 1


def test_a_server_that_cannot_move_is_asked_to_copy_and_remove_that_one(
    server, settings, monkeypatch
):
    server.put(OURS, OTHER)
    with ReturnMailbox(replace(settings, imap_handled_folder=HANDLED)) as mailbox:
        assert {"MOVE", "UIDPLUS"} <= mailbox._offered
        monkeypatch.setattr(mailbox, "_offered", mailbox._offered - {"MOVE"})
        (first, second), _ = mailbox.unread()
        mailbox.handled(first)
        assert mailbox.unread()[0] == [second]
    assert (server.count(), server.count(folder=HANDLED)) == (1, 1)


def test_a_folder_that_is_missing_is_said_and_the_message_stays(server, settings):
    server.put(OURS)
    with (
        ReturnMailbox(replace(settings, imap_handled_folder="Nowhere")) as mailbox,
        pytest.raises(MailboxFailed, match="exist"),
    ):
        mailbox.handled(mailbox.unread()[0][0])
    assert server.count() == 1
    assert "exist" in refused(settings, imap_folder="Nowhere")


def test_a_message_that_has_gone_is_none(settings):
    with ReturnMailbox(settings) as mailbox:
        assert mailbox.unread()[0] == []
        assert list(mailbox.headers([77])) == []
        assert mailbox.message(77) is None


def test_no_more_is_fetched_of_a_message_than_is_read(server, settings):
    server.put(OURS + b"x" * (2 * MOST))
    with ReturnMailbox(settings) as mailbox:
        body = mailbox.message(mailbox.unread()[0][0])
    assert body is not None
    assert len(body) == MOST


def test_more_than_are_asked_for_at_once(server, settings):
    server.put(*[OTHER] * 103)
    with ReturnMailbox(settings) as mailbox:
        assert len(list(mailbox.headers(mailbox.unread()[0]))) == 103


def test_no_more_is_fetched_of_headers_than_is_read(server, settings):
    server.put(b"To: " + b"a@b.example, " * 100_000 + b"\r\n" + OURS, OURS)
    with ReturnMailbox(settings) as mailbox:
        huge, small = (headers for _, headers in mailbox.headers(mailbox.unread()[0]))
    assert len(huge) == MOST_OF_HEADERS
    assert b"attest+token@attest.example" in small


def test_uids_are_searched_in_windows_from_where_it_stopped(server, settings, monkeypatch):
    server.put(*[OTHER] * 7)
    monkeypatch.setattr(imap, "_WINDOW", 3)
    with ReturnMailbox(settings) as mailbox:
        assert mailbox.uid_next is not None
        newest = mailbox.uid_next - 1
        above = newest - 7
        every = list(range(above + 1, newest + 1))
        assert mailbox.unread(above) == (every, newest)
        assert mailbox.unread(above, most=2) == (every[:2], above + 2)
        assert mailbox.unread(above, most=3) == (every[:3], above + 3)
        assert mailbox.unread(newest) == ([], newest)
        monkeypatch.setattr(imap, "_WINDOWS", 1)
        assert mailbox.unread(above) == (every[:3], above + 3)


def test_a_server_that_does_not_say_which_uid_comes_next(server, settings, monkeypatch):
    server.put(OTHER, OTHER)
    with ReturnMailbox(settings) as mailbox:
        monkeypatch.setattr(mailbox, "uid_next", None)
        (first, second), to = mailbox.unread()
        assert to == second
        assert mailbox.unread(first) == ([second], second)
        # "*" is the newest message even where that is not over what was asked for.
        assert mailbox.unread(second) == ([], second)
        assert mailbox.unread(most=1) == ([first], first)


def test_starttls(server, settings):
    server.put(OURS)
    later = replace(settings, imap_tls="starttls", imap_port=server.port)
    with ReturnMailbox(later) as mailbox:
        assert len(mailbox.unread()[0]) == 1


def test_without_tls_the_password_is_never_shown(server, settings):
    server.put(OURS)
    plain = replace(settings, imap_tls="none", imap_port=server.port)
    with ReturnMailbox(plain) as mailbox:
        assert len(mailbox.unread()[0]) == 1


def test_without_tls_and_without_such_a_form_nothing_is_sent(server, settings, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr("imaplib.IMAP4._get_capabilities", lambda self: _only_plain(self))
    monkeypatch.setattr("imaplib.IMAP4.login", lambda self, *_: said.append("login"))
    monkeypatch.setattr("imaplib.IMAP4.authenticate", lambda self, *_: said.append("auth"))
    words = refused(settings, imap_tls="none", imap_port=server.port)
    assert "in the clear" in words
    assert said == []


def _only_plain(server: Any) -> None:
    server.capabilities = ("IMAP4REV1", "AUTH=PLAIN")


def test_a_certificate_that_nobody_vouches_for_is_refused(settings):
    assert "not trusted" in refused(settings, imap_ca=None)
    assert PASSWORD not in refused(settings, imap_ca=None)


def test_a_name_that_is_not_the_certificates_is_refused(settings):
    assert "not trusted" in refused(settings, imap_host="localhost")


def test_a_wrong_password_is_said_without_it(settings, monkeypatch):
    goodbyes: list[Any] = []
    leave = ReturnMailbox._leave

    def left(mailbox: ReturnMailbox) -> None:
        goodbyes.append(mailbox._server)
        leave(mailbox)

    monkeypatch.setattr(ReturnMailbox, "_leave", left)
    words = refused(settings, imap_password="wrong horse")
    assert "horse" not in words
    assert "uthentication" in words
    # The connection is not left standing.
    (server,) = goodbyes
    assert server.state == "LOGOUT"


def test_a_server_that_takes_a_password_by_login_alone(server, settings, monkeypatch):
    server.put(OURS)
    said: list[str] = []
    monkeypatch.setattr("imaplib.IMAP4._get_capabilities", lambda self: _only_login(self))
    monkeypatch.setattr("imaplib.IMAP4.authenticate", lambda self, *_: said.append("auth"))
    with ReturnMailbox(settings) as mailbox:
        assert len(mailbox.unread()[0]) == 1
    assert said == []


def _only_login(server: Any) -> None:
    server.capabilities = ("IMAP4REV1",)


def test_a_password_in_any_script_is_sent_and_one_that_cannot_be_is_not_quoted(server, settings):
    assert "uthentication" in refused(settings, imap_password="çöl")
    words = refused(settings, imap_tls="none", imap_port=server.port, imap_password="çöl")
    assert "çöl" not in words


def test_nobody_listens(settings):
    with kept_port() as port:
        assert refused(settings, imap_port=port)


def test_without_settings_there_is_no_mailbox(settings):
    with pytest.raises(MailboxFailed, match="not set"):
        ReturnMailbox(replace(settings, imap_password=None))
