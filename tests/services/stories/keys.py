"""Keys come and go: made, confirmed, compared, rotated, revoked now or from an old page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from attest.demo.acting import account_of, seat_of
from attest.services.acts import confirming, enrolling, revoking
from attest.signing import PrivateKey, fingerprint
from attest.statements.envelope import sign_payload
from tests import key_acts
from tests.services.stories import apt
from tests.services.stories.base import REFUSALS, Stories

signers = st.sampled_from(["officer", "officer", "signatory", "second", "joint"])


class KeyActs(Stories):
    """Rules of a story."""

    @rule(who=signers, confirm=st.booleans(), rotate=st.booleans())
    def another_key(self, who: str, confirm: bool, rotate: bool) -> None:
        """A lost passphrase, a colleague's first key; or the old key signs the new one."""
        stage, email = self.stage, self.email(who)
        duty = "officer" if who == "officer" else "signatory"
        old, new = stage.actor(email).key, PrivateKey.generate()
        if rotate and old is None:
            return
        keys = [new, old] if rotate and old is not None else [new]

        def enrol(ctx: Any) -> None:
            (person,) = account_of(ctx, email).people
            payload = enrolling.prepare_enrolment(ctx, person, duty, new.public_key)
            enrolling.enrol_key(ctx, person, sign_payload(payload, *keys))

        if self.do(enrolling.enrol_key, enrol):
            stage.actor(email).key = new
            self.odd_keys = True
        if confirm:
            self.confirm("signatory", "officer", False)

    @rule(
        who=st.sampled_from(["signatory", "signatory", "joint", "officer"]),
        whose=st.sampled_from(["officer", "officer", "signatory", "joint"]),
        compare=st.booleans(),
    )
    def confirm(self, who: str, whose: str, compare: bool) -> None:
        """Somebody reads a fingerprint out: the other one types it, and signs or notes it."""
        stage = self.stage
        subject, key = stage.actor(self.email(whose)).key, stage.actor(self.email(who)).key
        if subject is None or key is None:
            return
        typed = fingerprint(subject.keyid)
        if compare:
            self.act(who, confirming.compare_key, subject.keyid, typed)
            self.odd_keys = True
            return
        try:
            with stage.look() as ctx:
                seat = seat_of(ctx, stage, self.email(who))
                made = confirming.prepare_confirmation(ctx, seat, subject.keyid, typed, "telephone")
        except REFUSALS:
            return
        self.act(who, confirming.confirm_key, sign_payload(made.payload, key))
        self.odd_keys = True

    @rule(
        who=st.sampled_from(["officer", "signatory", "second", "joint"]),
        whose=st.sampled_from(["officer", "officer", "signatory", "second"]),
        hours=st.sampled_from([None, None, 0, 30]),
        hold=st.booleans(),
    )
    def revoke(self, who: str, whose: str, hours: int | None, hold: bool) -> None:
        """Somebody revokes a key, their own or another's, now or from a page that stays open."""
        stage, email = self.stage, self.email(who)
        own, subject = stage.actor(email).key, stage.actor(self.email(whose)).key
        if own is None or subject is None:
            return
        since = None if hours is None else stage.now - timedelta(hours=hours)
        try:
            made = key_acts.prepare(stage, email, subject.keyid, own, since=since)
        except REFUSALS:
            return
        envelope = sign_payload(made.payload, own)
        if hold:
            self.revocations.append((email, envelope))
        else:
            self.revoked(email, envelope)

    @apt.when(lambda story: bool(story.revocations))
    @rule()
    def a_revocation_that_stayed_open(self) -> None:
        if self.revocations:
            self.revoked(*self.revocations.pop())

    def revoked(self, email: str, envelope: bytes) -> None:
        if self.do(
            revoking.revoke_key,
            lambda ctx: revoking.revoke_key(ctx, account_of(ctx, email), envelope),
        ):
            self.odd_keys = True
            self.lost = True
