"""Random attacks by whoever holds what: none gets what docs/threats.md says that it never gets."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bundles import attackers as who
from tests.bundles.attackers import NEVER, Attempt
from tests.bundles.forging import edited, written_on
from tests.cast import LOG_KEY
from tests.logs import LogWriter
from tests.packing import checked, packed

EVERYBODY = who.attackers()
TRUSTS = who.trusts()

by_name = pytest.mark.parametrize("attacker", EVERYBODY, ids=lambda attacker: attacker.name)
some = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def hold(attempt: Attempt) -> None:
    """What passes keeps every promise of the attacker's row."""
    if attempt.report.status == 1:
        return
    for number in attempt.attacker.never:
        NEVER[number](attempt)


def checkpoint(draw, attacker, log: LogWriter, logged_honestly: bool) -> str:
    """What the log key signed: whatever suits who holds it, else what it once signed."""
    if attacker.signs_the_log or logged_honestly:
        return log.checkpoint(key=LOG_KEY)
    size = draw(st.integers(1, who.world().log.size))
    return who.world().log.checkpoint(size)


@by_name
def test_who_writes_on(attacker):
    @some
    @given(st.data(), written_on(attacker), st.sampled_from(TRUSTS))
    def attack(data, log, trust):
        # An honest server logs what its users sign; who holds no key at all signs nothing.
        note = checkpoint(data.draw, attacker, log, bool(attacker.keys))
        hold(Attempt(attacker, log, trust, checked(packed(log, checkpoint=note), trust)))

    attack()


@by_name
def test_who_edits(attacker):
    @some
    @given(st.data(), edited(attacker), st.sampled_from(TRUSTS))
    def attack(data, log, trust):
        note = checkpoint(data.draw, attacker, log, False)
        hold(Attempt(attacker, log, trust, checked(packed(log, checkpoint=note), trust)))

    attack()
