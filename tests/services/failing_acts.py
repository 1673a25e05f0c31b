"""Letters come back in the play: what tests of failing addresses share."""

from __future__ import annotations

from attest.database.tables import Letter
from attest.demo.acting import Stage, account_of
from attest.mail.return_address import envelope_sender
from attest.services.sending.returns import Outcome, take_message
from tests import stage as play
from tests.mail.came_back import POSTFIX, message

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


def nobody_signed_in(stage: Stage) -> None:
    """The contractor's liaison has not followed the link yet."""
    with stage.act() as ctx:
        account_of(ctx, play.LIAISON).password_hash = None


def nobody_there(stage: Stage) -> None:
    """And its letter comes back: the address was wrong from the start."""
    nobody_signed_in(stage)
    come_back(stage, POSTFIX)
