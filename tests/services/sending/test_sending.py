import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import Engine, select

from attest.bundle.judge import Judge
from attest.database import log_rows, outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Invitation, Letter, SentCheckpoint
from attest.domain.refusal import NotFound
from attest.log.checkpoint import open_checkpoint, origin
from attest.log.merkle import Frontier, leaf_hash
from attest.mail.letter import LINK
from attest.mail.letter import Letter as Words
from attest.services.accounts.invitations import invitation_id_of
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.letters.post import queue_letter
from attest.services.sending import letter_leaves
from attest.services.sending.sending import send_due
from attest.settings import Settings
from attest.signing import PrivateKey
from attest.statements.canonical import decode
from tests.locks import check_demands_come_first, locks
from tests.mail_server import HOST, PATIENCE, Behaviour, mail_server, settings_for
from tests.rows import NOW, Case, add_issued_case, letter_columns, opened

WORDS = Words("reminder", "ND-2013-004: 5 files are due", "Five files are due.\n")


@dataclass
class House:
    """An instance with one issued demand."""

    engine: Engine
    settings: Settings
    log_key: PrivateKey
    case: Case

    def send(self, now: datetime = NOW, **more: Any) -> dict[str, int]:
        return dict(send_due(self.engine, self.settings, self.log_key, now, **more))

    @contextmanager
    def acting(self, now: datetime = NOW):
        with write_session(self.engine) as session:
            yield Context(session, now, self.settings, self.log_key)

    def write(self, key: str = "reminder:1", *, about_demand: bool = True, **more: Any) -> None:
        with self.acting() as ctx:
            assert queue_letter(
                ctx,
                letter=more.pop("letter", WORDS),
                key=key,
                person=self.case.liaison,
                demand_id=self.case.demand.id if about_demand else None,
                **more,
            )

    def letters(self) -> list[Letter]:
        with read_session(self.engine) as session:
            return list(session.scalars(select(Letter).order_by(Letter.queued_at, Letter.key)))

    def letter(self, key: str = "reminder:1") -> Letter:
        (letter,) = (one for one in self.letters() if one.key == key)
        return letter

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The plain events that the log holds after the demand was issued."""
        with read_session(self.engine) as session:
            entries = list(log_rows.entries(session, self.case.demand.id))
        return [(e.type, decode(e.body)) for e in entries[4:] if e.body is not None]

    def witnessed(self) -> dict[int, str]:
        with read_session(self.engine) as session:
            return {row.size: row.note for row in session.scalars(select(SentCheckpoint))}

    def check_log(self) -> int:
        """Judges the whole log again, and opens its checkpoint; gives its size."""
        demand_id = self.case.demand.id
        name = origin(self.settings.instance_name, demand_id)
        with read_session(self.engine) as session:
            entries = list(log_rows.entries(session, demand_id))
            head = log_rows.read_head(session, demand_id)
        judge = Judge(name, demand_id)
        for entry in entries:
            assert entry.body is not None
            assert hashlib.sha256(entry.body).hexdigest() == entry.body_hash
            judge.admit(entry.leaf, entry.body)
        assert head is not None
        assert Frontier(leaf_hash(e.leaf) for e in entries).root == head.root == judge.root
        checkpoint = open_checkpoint(head.checkpoint, name, self.log_key.public_key)
        assert (checkpoint.size, checkpoint.root) == (head.size, head.root)
        return head.size


@pytest.fixture
def house(database_url, tmp_path):
    settings = settings_for(tmp_path)
    log_key = load_log_key(settings)
    with opened(database_url) as engine:
        with write_session(engine) as session:
            case = add_issued_case(session, log_key)
        yield House(engine, settings, log_key, case)


@pytest.fixture
def behaviour():
    return Behaviour()


@pytest.fixture
def posted(house, behaviour):
    """The same house, with a mail server."""
    with mail_server(behaviour) as port:
        house.settings = replace(
            house.settings,
            smtp_host=HOST,
            smtp_port=port,
            smtp_tls="none",
            smtp_timeout_seconds=PATIENCE,
        )
        yield house


def written(house: House) -> list[Any]:
    files = sorted(house.settings.mail_path.glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def test_a_letter_goes_out_with_the_newest_checkpoint_and_is_logged(house):
    with read_session(house.engine) as session:
        head = log_rows.read_head(session, house.case.demand.id)
    assert head is not None
    house.write()
    assert house.send() == {"sent": 1}
    letter = house.letter()
    assert (letter.state, letter.sent_at, letter.attempts) == ("sent", NOW, 1)
    assert (letter.checkpoint_size, letter.checkpoint) == (head.size, head.checkpoint)
    assert house.witnessed() == {head.size: head.checkpoint}
    ((kind, body),) = house.events()
    assert kind == "letter.sent"
    assert body["letter"] == "reminder"
    assert body["to"] == house.case.liaison.account.email
    assert body["messageId"] == letter.message_id
    assert body["checkpointSize"] == head.size
    assert house.check_log() == head.size + 1
    (message,) = written(house)
    notes = [part for part in message.iter_attachments() if part.get_filename() == "checkpoint.txt"]
    assert [part.get_content() for part in notes] == [head.checkpoint]
    assert message["Message-ID"] == letter.message_id


def test_the_text_names_its_reader(house):
    house.write()
    house.send()
    (message,) = written(house)
    text = message.get_body(("plain",)).get_content()
    assert text.splitlines() == ["Dear Tom Beck,", "", "Five files are due."]


def test_each_letter_carries_what_the_log_has_become_by_then(house):
    for number in range(3):
        house.write(f"reminder:{number}")
    assert house.send() == {"sent": 3}
    sizes = [letter.checkpoint_size for letter in house.letters()]
    assert sorted(sizes) == [4, 5, 6]
    assert sorted(house.witnessed()) == [4, 5, 6]
    assert house.check_log() == 7


def test_what_was_sent_is_not_sent_again(house):
    house.write()
    house.send()
    assert house.send(NOW + timedelta(days=30)) == {}
    assert len(written(house)) == 1


def test_no_more_than_the_limit(house):
    for number in range(3):
        house.write(f"reminder:{number}")
    assert house.send(limit=2) == {"sent": 2}
    assert house.send(limit=2) == {"sent": 1}


def test_a_letter_about_no_demand_touches_no_log(house):
    house.write(about_demand=False)
    assert house.send() == {"sent": 1}
    assert house.events() == []
    assert house.witnessed() == {}
    (message,) = written(house)
    assert list(message.iter_attachments()) == []


def test_the_link_is_made_when_the_letter_is_sent_and_never_kept(house):
    with house.acting() as ctx:
        invitation = Invitation(
            id="77777777-2222-4333-8444-555555555555",
            account_id=house.case.liaison.account_id,
            purpose="invitation",
            created_at=NOW,
            expires_at=NOW + timedelta(days=14),
        )
        ctx.session.add(invitation)
    letter = Words("invitation_of_liaison", "ND-2013-004: hello", f"Here:\n\n    {LINK}\n")
    house.write("invitation", letter=letter, invitation=invitation)
    assert LINK in house.letter("invitation").text
    house.send()
    (message,) = written(house)
    text = message.get_body(("plain",)).get_content()
    start = "https://attest.example/invitation/"
    assert start in text
    token = text.split(start)[1].split()[0]
    assert invitation_id_of(house.settings, token) == invitation.id
    assert token not in house.letter("invitation").text


def test_a_token_of_another_instance_opens_nothing(house):
    with pytest.raises(NotFound):
        invitation_id_of(house.settings, "IjEi.forged")


def test_a_link_and_an_invitation_come_together(house):
    with pytest.raises(ValueError, match="link"):
        house.write(letter=Words("x", "Subject", f"Go to {LINK}\n"))
    with pytest.raises(ValueError, match="link"):
        house.write(invitation=Invitation(id="x"))


def test_put_off_then_sent_is_one_message_and_one_leaf(posted, behaviour):
    posted.write()
    behaviour.rcpt = "450 4.2.1 Try later"
    assert posted.send() == {"deferred": 1}
    letter = posted.letter()
    assert (letter.state, letter.answer) == ("deferred", "450 4.2.1 Try later")
    assert posted.events() == []
    assert posted.witnessed() == {}
    assert posted.send() == {}
    behaviour.rcpt = None
    assert posted.send(letter.next_attempt_at) == {"sent": 1}
    (envelope,) = behaviour.received
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Message-ID"] == letter.message_id
    assert [kind for kind, _ in posted.events()] == ["letter.sent"]
    assert posted.letter().attempts == 2


def test_a_bounce_is_logged_and_the_case_handler_is_told(posted, behaviour):
    posted.write()
    behaviour.rcpt = "550 5.1.1 No such user"
    assert posted.send(limit=1) == {"bounced": 1}
    ((kind, body),) = posted.events()
    assert kind == "letter.failed"
    assert body["messageId"] == posted.letter().message_id
    assert posted.witnessed() == {}
    (told,) = (one for one in posted.letters() if one.kind == "delivery_problem")
    assert told.to_email == posted.case.case_handler.account.email
    assert "did not arrive" in told.subject
    assert "550 5.1.1 No such user" in told.text
    assert "tom.beck" in told.text
    posted.check_log()


def test_a_bounce_of_such_a_letter_writes_no_further_one(posted, behaviour):
    posted.write()
    behaviour.rcpt = "550 5.1.1 No such user"
    assert posted.send() == {"bounced": 1}
    assert posted.send(NOW + timedelta(minutes=1)) == {"bounced": 1}
    assert posted.send(NOW + timedelta(days=1)) == {}
    assert sorted(one.kind for one in posted.letters()) == ["delivery_problem", "reminder"]
    assert [kind for kind, _ in posted.events()] == ["letter.failed"] * 2


def test_a_letter_that_is_put_off_for_ever_bounces(posted, behaviour):
    posted.write()
    behaviour.rcpt = "450 4.2.1 Try later"
    now = NOW
    for _ in outbox.PAUSES:
        assert posted.send(now) == {"deferred": 1}
        now = posted.letter().next_attempt_at
    with locks(posted.engine) as taken:
        assert posted.send(now, limit=1) == {"bounced": 1}
    assert [kind for kind, _ in posted.events()] == ["letter.failed"]
    check_demands_come_first(posted.engine, taken)


def test_unknown_is_told_not_logged_and_not_sent_again(posted, behaviour):
    posted.write()
    behaviour.hang_up = "before 250"
    assert posted.send(limit=1) == {"unknown": 1}
    assert posted.letter().state == "unknown"
    assert posted.events() == []
    # It may have arrived, and then its reader holds this checkpoint.
    assert list(posted.witnessed()) == [4]
    (told,) = (one for one in posted.letters() if one.kind == "delivery_problem")
    assert "may not have arrived" in told.subject
    behaviour.hang_up = None
    posted.send(NOW + timedelta(days=9))
    assert [m.rcpt_tos for m in behaviour.received].count([posted.letter().to_email]) == 1


def test_a_worker_that_died_leaves_a_letter_unknown(house):
    house.write()
    with write_session(house.engine) as session:
        (claimed,) = outbox.claim(session, NOW, 1)
        outbox.hand_over([claimed], NOW)
        claimed.checkpoint_size, claimed.checkpoint = 4, "the note it carried"
    assert house.send(NOW + timedelta(minutes=1)) == {}
    later = NOW + outbox.CLAIM_LASTS + timedelta(seconds=1)
    assert house.send(later, limit=1) == {"unknown": 1}
    assert house.letter().state == "unknown"
    assert house.witnessed() == {4: "the note it carried"}
    assert house.events() == []
    assert [one.kind for one in house.letters() if one.state == "queued"] == ["delivery_problem"]


def test_what_is_no_address_bounces_and_its_report_can_still_be_logged(house):
    with write_session(house.engine) as session:
        outbox.queue(
            session,
            **letter_columns(
                "odd", to_email="tom\u202e@halden.example", demand_id=house.case.demand.id
            ),
        )
    assert house.send(limit=1) == {"bounced": 1}
    ((kind, body),) = house.events()
    assert (kind, body["to"]) == ("letter.failed", "unreadable")


def test_marking_is_tried_again_when_somebody_else_moved_the_head(house, monkeypatch):
    house.write()
    append, failures = letter_leaves.append, [True, True]

    def unlucky(*arguments: Any) -> str:
        if failures:
            failures.pop()
            raise log_rows.HeadMoved(house.case.demand.id)
        return append(*arguments)

    monkeypatch.setattr(letter_leaves, "append", unlucky)
    assert house.send() == {"sent": 1}
    assert [kind for kind, _ in house.events()] == ["letter.sent"]
    assert house.letter().state == "sent"


def test_when_the_log_cannot_be_written_the_letter_is_not_marked_either(house, monkeypatch):
    house.write()

    def broken(*_: Any) -> str:
        raise log_rows.HeadMoved(house.case.demand.id)

    monkeypatch.setattr(letter_leaves, "append", broken)
    with pytest.raises(log_rows.HeadMoved):
        house.send()
    assert house.letter().state == "sending"
    assert house.witnessed() == {}
    assert house.events() == []


@pytest.mark.usefixtures("patient")
def test_two_senders_at_once_send_each_letter_once_and_never_fork_the_log(house):
    for number in range(12):
        house.write(f"reminder:{number:02d}")
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(house.send) for _ in range(2)]
        assert sum(run.result().get("sent", 0) for run in runs) == 12
    assert len(written(house)) == 12
    assert {letter.state for letter in house.letters()} == {"sent"}
    assert house.check_log() == 4 + 12
