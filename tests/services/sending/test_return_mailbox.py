import re
from dataclasses import replace
from datetime import timedelta

import pytest

from attest.mail.reports import MOST
from attest.mail.return_address import envelope_sender
from attest.services.sending import return_mailbox, returns
from attest.services.upkeep.mailbox_memory import MailboxMemory, remembered
from tests import stage as play
from tests.imap_server import HANDLED
from tests.mail.came_back import message
from tests.services.returning import STRANGER, mailbox_of, report, states
from tests.services.returning import fetched as fetched
from tests.services.returning import server as server
from tests.services.returning import stage as stage

FOLDER = "Returns"


def test_what_came_back_is_taken_and_marked_and_the_rest_left_alone(stage, server):
    server.put(STRANGER, report(stage), STRANGER)
    assert mailbox_of(stage).look() == 1
    assert states(stage)["invitation_of_liaison"] == "bounced"
    assert (server.count("UNSEEN"), server.count("SEEN")) == (2, 1)


def test_strangers_are_looked_at_once_even_after_a_restart_and_stay_as_they_are(
    stage, server, fetched
):
    server.put(STRANGER, report(stage), STRANGER)
    assert mailbox_of(stage).look() == 1
    assert [each.split()[0] for each in fetched] == ["headers"] * 3 + ["message"]
    with server.mailbox() as opened:
        flags = opened.fetch("1:*", "(FLAGS)")[1]
    # Neither read nor marked with anything of ours.
    bare = [re.sub(rb"^\d+ |\\\\Recent", b"", each) for each in flags]
    assert bare == [b"(FLAGS ())", rb"(FLAGS (\Seen))", b"(FLAGS ())"]
    fetched.clear()
    assert mailbox_of(stage).look() == 0
    assert fetched == []
    server.put(STRANGER)
    assert mailbox_of(stage).look() == 0
    assert len(fetched) == 1


def test_what_was_left_to_people_can_be_looked_at_again_by_forgetting(stage, server, fetched):
    server.put(STRANGER)
    mailbox_of(stage).look()
    stage.settings.mailbox_memory_path.unlink()
    mailbox_of(stage).look()
    assert [each.split()[0] for each in fetched] == ["headers", "headers"]


@pytest.mark.parametrize("damaged", [b"", b"{}", b"[]", b"\xff", b'{"waiting": 1}'])
def test_a_memory_that_cannot_be_read_is_empty(stage, server, damaged):
    stage.settings.mailbox_memory_path.write_bytes(damaged)
    assert remembered(stage.settings) == MailboxMemory()
    server.put(report(stage))
    assert mailbox_of(stage).look() == 1


def test_where_nothing_can_be_kept_it_is_remembered_until_the_process_ends(stage, server, fetched):
    stage.settings.mailbox_memory_path.mkdir()
    server.put(STRANGER, report(stage))
    mailbox = mailbox_of(stage)
    assert mailbox.look() == 1
    fetched.clear()
    assert (mailbox.look(), fetched) == (0, [])


def test_what_belongs_to_an_erased_letter_is_fetched_once(stage, server, fetched):
    server.put(report(stage))
    (letter,) = play.letters(stage, "invitation_of_liaison")
    with stage.act() as ctx:
        ctx.session.get_one(type(letter), letter.id).erased_at = stage.now
    mailbox = mailbox_of(stage)
    assert mailbox.look() == 0
    assert len(fetched) == 2
    fetched.clear()
    stage.now += timedelta(days=1)
    assert (mailbox.look(), fetched, server.count("UNSEEN")) == (0, [], 1)


def test_a_mailbox_that_was_made_anew_is_looked_at_from_its_beginning(stage, server, fetched):
    stage.settings = replace(stage.settings, imap_folder=FOLDER)
    for number in range(2):
        with server.mailbox() as opened:
            if number:
                opened.delete(FOLDER)
            opened.create(FOLDER)
            opened.append(FOLDER, "", "", report(stage))
        before = remembered(stage.settings)
        # A UID that was looked at, of another mailbox.
        assert mailbox_of(stage).look() == 1
        after = remembered(stage.settings)
        assert after.looked_to == 1
        assert after.validity != before.validity
    with server.mailbox() as opened:
        opened.delete(FOLDER)
    assert [each.split()[0] for each in fetched] == ["headers", "message"] * 2


def test_another_mailbox_is_looked_at_from_its_beginning():
    memory = MailboxMemory("returns at a", 7, 90, {3: (1, play.START)})
    # Not every server says what comes next.
    for uid_next in (91, None):
        memory.turn_to("returns at a", 7, uid_next)
        assert (memory.looked_to, list(memory.waiting)) == (90, [3])
    for mailbox, validity, uid_next in (
        ("returns at b", 7, 91),
        ("returns at a", 8, 91),
        ("returns at a", 7, 90),
    ):
        memory = MailboxMemory("returns at a", 7, 90, {3: (1, play.START)})
        memory.turn_to(mailbox, validity, uid_next)
        assert (memory.looked_to, memory.waiting) == (0, {})


def test_what_has_waited_longest_comes_first():
    at = play.START
    memory = MailboxMemory(waiting={3: (1, at), 2: (5, at - timedelta(minutes=1))})
    memory.begin(4, at)
    assert memory.due(at) == [2, 3]


def test_a_huge_message_to_a_return_address_costs_no_more_than_is_read(stage, server, monkeypatch):
    (letter,) = play.letters(stage, "invitation_of_liaison")
    to = envelope_sender(stage.settings, letter.id)
    server.put(message(f"Delivered-To: {to}\nSubject: big\n\n") + b"x" * (8 * MOST))
    taken: list[int] = []
    take = returns.take_message

    def measured(*arguments):
        taken.append(len(arguments[4]))
        return take(*arguments)

    monkeypatch.setattr(returns, "take_message", measured)
    assert mailbox_of(stage).look() == 1
    assert taken == [MOST]


def test_a_look_has_an_end_and_the_next_one_goes_on(stage, server, monkeypatch, fetched):
    monkeypatch.setattr(return_mailbox, "MOST_LOOKED_AT", 3)
    server.put(*[STRANGER] * 4, report(stage))
    assert mailbox_of(stage).look() == 0
    assert len(fetched) == 3
    assert mailbox_of(stage).look() == 1
    assert len(fetched) == 3 + 2 + 1


def test_no_more_than_so_many_are_read_whole_in_a_look(stage, server, monkeypatch, fetched):
    monkeypatch.setattr(return_mailbox, "MOST_AT_ONCE", 1)
    server.put(report(stage), STRANGER, report(stage, "demand_issued"))
    assert mailbox_of(stage).look() == 1
    assert states(stage)["demand_issued"] == "sent"
    assert mailbox_of(stage).look() == 1
    assert states(stage)["demand_issued"] == "bounced"
    assert sum(each.startswith("message") for each in fetched) == 2


def test_what_is_handled_goes_where_the_settings_say(stage, server):
    stage.settings = replace(stage.settings, imap_handled_folder=HANDLED)
    server.put(report(stage))
    assert mailbox_of(stage).look() == 1
    assert (server.count(), server.count(folder=HANDLED)) == (0, 1)


def test_it_stops_when_it_is_told_to(stage, server):
    server.put(report(stage))
    assert mailbox_of(stage).look(lambda: True) == 0
    assert server.count("UNSEEN") == 1
