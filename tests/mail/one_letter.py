"""One letter, and what becomes of it over a connection of its own."""

from contextlib import closing

from attest.domain import text
from attest.mail.delivery import Delivery
from attest.mail.line import Result
from attest.mail.message import Outgoing
from attest.settings import Settings
from tests.rows import NOW

LETTER = Outgoing(
    letter_id="66666666-2222-4333-8444-555555555555",
    message_id="<66666666@attest.example>",
    to_name="Tom Beck",
    to_email="tom.beck@halden.example",
    subject="ND-2013-004: 5 files are overdue",
    text="Dear Tom Beck,\n\nFive files are overdue.\n",
)


def send(settings: Settings) -> Result:
    """Sends it. Whatever the mail server says, it is one line that can be kept and shown."""
    with closing(Delivery(settings)) as line:
        result = line.send(
            LETTER.letter_id, LETTER.to_name, LETTER.to_email, lambda build: build(LETTER), NOW
        )
    assert result is not None
    assert text.problem(result.answer) is None
    assert len(result.answer) <= 500
    return result
