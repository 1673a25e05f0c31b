"""Letters come back in the play: what tests of failing addresses share."""

from __future__ import annotations

from attest.database.tables import Letter
from attest.demo.acting import Stage
from attest.mail.return_address import envelope_sender
from attest.services.returns import Outcome, take_message
from tests import stage as play
from tests.mail.came_back import message

KIND = "invitation_of_liaison"


def the_letter(stage: Stage, kind: str = KIND) -> Letter:
    """The one letter of a kind."""
    (found,) = play.letters(stage, kind)
    return found


def come_back(stage: Stage, text: str, letter: Letter | None = None) -> Outcome:
    """This message comes back to the return address of a letter, the liaison's first one."""
    letter = letter or the_letter(stage)
    raw = message(text, envelope_sender(stage.settings, letter.id))
    return take_message(stage.engine, stage.settings, stage.log_key, stage.now, raw)
