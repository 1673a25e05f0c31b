"""The kinds by which a timeline is filtered."""

from attest.domain.event_kinds import KINDS, types_of
from attest.domain.wording import EVENTS


def test_every_event_is_of_one_kind() -> None:
    found = [name for kind in KINDS for name in types_of(kind)]
    assert sorted(found) == sorted(EVENTS)
    assert types_of("made-up") == ()
