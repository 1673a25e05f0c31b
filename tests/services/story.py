"""One demand on which random people act in random order (test_random_acts.py plays it)."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy.exc import NoResultFound

from attest.demo import script
from attest.demo.acting import Stage, make_key, seat_of, tick
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.domain.standing import OPEN, REJECTED
from attest.services import (
    answering,
    answers,
    attesting,
    closing,
    drafts,
    issuing,
    reopening,
    reviewing,
)
from attest.services.draft_stores import StoreAnswers
from attest.statements.envelope import sign_payload
from tests import key_acts
from tests import stage as play
from tests.services.story_of_people import PeopleActs

STORIES = int(os.environ.get("ATTEST_STORIES", "6"))
OPENING = ("drafted", "handed", "issued", "ready", "answered", "attested", "accepted")
EACH = "each"  # both controllers must accept, and both files are signed for
# Before they are invited, an officer or liaison has no account.
REFUSALS = (Refused, NotAllowed, NotFound, NoResultFound)
FINAL = ("closed", "withdrawn")

files = st.sampled_from([play.FILES, play.FILES[:1], play.FILES[1:]])
contractors = st.sampled_from([play.LIAISON, play.OFFICER, play.SIGNATORY])
controllers = st.sampled_from([play.SIGNATORY, play.SECOND, play.CASEWORK, play.JOINT])
anybody = st.one_of(contractors, controllers)


class Story(PeopleActs):
    """One demand. What is refused changes nothing; what is not, must hold."""

    opening: dict[str, Path]
    originals: dict[str, Stage]

    def __init__(self) -> None:
        super().__init__()
        self.stage: Stage | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="attest-story-"))
        self.steps = 0
        self.verified_at = -1
        self.odd_keys = False
        self.lost = False
        self.revocations: list[tuple[str, bytes]] = []
        self.kept: list[tuple[str, Any]] = []
        self.labels = 0

    def begin(self, point: str) -> Stage:
        original = self.originals[point]
        database = self.folder / "story.db"
        shutil.copyfile(self.opening[point], database)
        self.stage = play.copy_of(original, self.folder / "instance", f"sqlite:///{database}")
        # Northshire has not heard Eastshire's key, which counts where each controller's does.
        self.odd_keys = point == EACH
        return self.stage

    def teardown(self) -> None:
        if self.stage is not None:
            self.verify()
            self.stage.engine.dispose()
        shutil.rmtree(self.folder)

    def act(self, email: str, act: Any, *arguments: Any, **needs: Any) -> None:
        """Acts, or is refused."""
        stage = self.playing()
        with suppress(*REFUSALS), stage.act() as ctx:
            act(ctx, seat_of(ctx, stage, email, **needs), *arguments)

    def playing(self) -> Stage:
        assert self.stage is not None
        return self.stage

    def signs(self, email: str, prepare: Any, keep: Any, hold: bool, **needs: Any) -> None:
        """Prepares and signs; hands it in now, or later when much may have changed."""
        stage = self.playing()
        key = stage.actor(email).key
        if key is None:
            return
        with suppress(*REFUSALS):
            with stage.look() as ctx:
                made = prepare(ctx, seat_of(ctx, stage, email, **needs))
            envelopes = [(item.id, sign_payload(item.payload, key)) for item in made.items]
            if hold:
                self.kept.append((email, (keep, envelopes, needs)))
            else:
                self.hand_in(email, keep, envelopes, needs)

    def hand_in(self, email: str, keep: Any, envelopes: Any, needs: Any) -> None:
        stage = self.playing()
        with suppress(*REFUSALS), stage.act() as ctx:
            keep(ctx, seat_of(ctx, stage, email, **(needs | {"draft": None})), envelopes)

    # --- What people do ------------------------------------------------------------------------

    @rule(point=st.sampled_from((*OPENING, EACH, EACH)))
    def open(self, point: str) -> None:
        if self.stage is None:
            self.begin(point)

    @rule(which=st.sampled_from(["over", "back", "returned"]), email=controllers)
    def draft(self, which: str, email: str) -> None:
        if self.stage is None:
            self.begin("drafted")
        act = {
            "over": drafts.hand_over,
            "back": drafts.take_back,
            "returned": drafts.return_with_note,
        }
        more = ("Look again.",) if which == "returned" else ()
        self.act(email, act[which], *more, draft=True)

    @rule(email=st.sampled_from([play.SIGNATORY, play.SECOND]), hold=st.booleans())
    def issue(self, email: str, hold: bool) -> None:
        if self.stage is None:
            self.begin("handed")
        self.signs(
            email,
            issuing.prepare_issue,
            lambda ctx, seat, made: issuing.issue_demand(ctx, seat, made[0][1]),
            hold,
            draft=True,
        )

    @rule(dispute=st.booleans())
    def liaison(self, dispute: bool) -> None:
        if self.stage is None:
            self.begin("issued")
        if dispute:
            self.act(play.LIAISON, answering.dispute, "Not us.")
        else:
            self.act(play.LIAISON, answering.acknowledge)

    @rule(email=anybody, fresh=st.booleans())
    def store(self, email: str, fresh: bool) -> None:
        if self.stage is None:
            self.begin("attested")
        self.labels += fresh
        label = f"Share {self.labels}" if fresh else play.SHARE.label
        self.act(email, answering.name_store, StoreAnswers(label, "electronic", "file_share"))

    @rule(
        names=files,
        outcome=st.sampled_from(["deleted", "deleted", "deleted", "none_found", "beyond_use"]),
        who=st.sampled_from(["Administrator", "Somebody else"]),
        days=st.integers(1, 20),
        everywhere=st.booleans(),
    )
    def answer(self, names: Any, outcome: str, who: str, days: int, everywhere: bool) -> None:
        if self.stage is None:
            self.begin("ready")
        stage = self.playing()
        typed = {
            "deleted": play.deleted(stage) | {"performed_by": who},
            "none_found": {
                "outcome": "none_found",
                "search_scope": "Everything",
                "search_on": stage.now.date(),
                "search_by": who,
            },
            "beyond_use": play.beyond_use(stage.now.date() + timedelta(days=days)),
        }[outcome]
        by_name, stores = play.files(stage), play.stores(stage)
        if not everywhere:
            stores = dict(list(stores.items())[:1])
        cells = [(by_name[name].id, store.id) for name in names for store in stores.values()]
        self.act(play.OFFICER, answers.save, cells, typed)
        self.act(play.OFFICER, answers.save_onward, None, False, "")

    @rule(hold=st.booleans(), first_only=st.booleans())
    def attest(self, hold: bool, first_only: bool) -> None:
        if self.stage is None:
            self.begin("answered")

        def prepare(ctx: Any, seat: Any) -> Any:
            ready = attesting.ready_files(ctx, seat)
            return attesting.prepare_attestations(ctx, seat, ready[:1] if first_only else ready)

        self.signs(play.OFFICER, prepare, attesting.sign_attestations, hold)

    @rule(
        email=st.sampled_from([play.SIGNATORY, play.SIGNATORY, play.SECOND, play.JOINT]),
        accept=st.sampled_from([True, True, False]),
        hold=st.booleans(),
        first_only=st.booleans(),
    )
    def review(self, email: str, accept: bool, hold: bool, first_only: bool) -> None:
        if self.stage is None:
            self.begin("attested")

        def prepare(ctx: Any, seat: Any) -> Any:
            waiting = reviewing.reviewable(ctx, seat)
            return reviewing.prepare_review(
                ctx,
                seat,
                waiting[:1] if first_only else waiting,
                "accepted" if accept else "rejected",
                None if accept else "Say who did it.",
            )

        self.signs(
            email,
            prepare,
            lambda ctx, seat, made: reviewing.review_attestations(ctx, seat, made[0][1]),
            hold,
        )

    @rule(email=anybody, name=st.sampled_from(play.FILES))
    def reopen(self, email: str, name: str) -> None:
        if self.stage is None:
            self.begin("accepted")
        file = play.files(self.playing())[name]
        self.act(email, reopening.reopen_file, file.id, "Another copy was found.")

    @rule(
        outcome=st.sampled_from(["closed", "closed_with_exceptions", "closed", "withdrawn"]),
        hold=st.booleans(),
    )
    def close(self, outcome: str, hold: bool) -> None:
        if self.stage is None:
            self.begin("accepted")
        self.signs(
            play.SIGNATORY,
            lambda ctx, seat: closing.prepare_closure(ctx, seat, outcome, "For a reason."),
            lambda ctx, seat, made: closing.close_demand(ctx, seat, made[0][1]),
            hold,
        )

    @rule(days=st.sampled_from([0, 0, 1, 5, 12]), minutes=st.integers(0, 600))
    def time_passes(self, days: int, minutes: int) -> None:
        if self.stage is None:
            self.begin("ready")
        stage = self.playing()
        for _ in range(days):
            stage.now += timedelta(days=1)
            tick(stage)
        stage.now += timedelta(minutes=minutes)
        tick(stage)

    @rule(
        who=st.sampled_from(
            [(play.OFFICER, "officer"), (play.SECOND, "signatory"), (play.SIGNATORY, "signatory")]
        ),
        confirm=st.booleans(),
    )
    def another_key(self, who: tuple[str, str], confirm: bool) -> None:
        """A lost passphrase; or a colleague's first key."""
        if self.stage is None:
            self.begin("attested")
        stage = self.playing()
        if not play.may_see(stage, who[0], draft=None):
            return
        make_key(stage, *who)
        self.odd_keys = True
        if confirm and who[0] == play.OFFICER:
            with suppress(*REFUSALS):
                script.confirm_officer(stage)

    @rule(who=st.sampled_from([play.OFFICER, play.SIGNATORY]), confirm=st.booleans())
    def rotate_a_key(self, who: str, confirm: bool) -> None:
        """The old key signs the new one, if it still may."""
        if self.stage is None:
            self.begin("attested")
        stage = self.playing()
        if stage.actor(who).key is None:
            return
        with suppress(*REFUSALS):
            key_acts.rotate(stage, who)
            self.odd_keys = True
        if confirm and who == play.OFFICER:
            with suppress(*REFUSALS):
                script.confirm_officer(stage)

    @rule(
        who=st.sampled_from([play.OFFICER, play.SIGNATORY, play.SECOND, play.JOINT]),
        whose=st.sampled_from([play.OFFICER, play.SIGNATORY, play.SECOND]),
        hours=st.sampled_from([None, None, 0, 30]),
        hold=st.booleans(),
    )
    def revoke_a_key(self, who: str, whose: str, hours: int | None, hold: bool) -> None:
        """Somebody revokes a key, their own or another's, now or from a page that stays open."""
        if self.stage is None:
            self.begin("attested")
        stage = self.playing()
        own, subject = stage.actor(who).key, stage.actor(whose).key
        if own is None or subject is None:
            return
        since = None if hours is None else stage.now - timedelta(hours=hours)
        with suppress(*REFUSALS):
            made = key_acts.prepare(stage, who, subject.keyid, own, since=since)
            envelope = sign_payload(made.payload, own)
            if hold:
                self.revocations.append((who, envelope))
            else:
                self.revoked(who, envelope)

    @rule()
    def a_revocation_that_stayed_open(self) -> None:
        if self.revocations:
            self.revoked(*self.revocations.pop())

    def revoked(self, who: str, envelope: bytes) -> None:
        with suppress(*REFUSALS):
            key_acts.hand_in(self.playing(), who, envelope)
            self.odd_keys = True
            self.lost = True

    @rule(newest=st.booleans())
    def a_page_that_stayed_open(self, newest: bool) -> None:
        if self.kept:
            email, held = self.kept.pop(-1 if newest else 0)
            self.hand_in(email, *held)

    # --- What must hold ------------------------------------------------------------------------

    @invariant()
    def all_holds(self) -> None:
        if self.stage is None:
            return
        assert play.problems(self.stage) == []
        self.no_forbidden_state()
        self.steps += 1
        if self.steps % 8 == 0:
            self.verify()

    def no_forbidden_state(self) -> None:
        stage = self.playing()
        state, kinds = play.state(stage), play.log_types(stage)
        rows = play.files(stage)
        assert (state == "draft") is (kinds == [])
        if state in ("closed", "closed_with_exceptions"):
            assert {row.state for row in rows.values()} == {"accepted"}
        if state in FINAL:
            assert kinds[-1] == "demand.closed" or kinds[-1].startswith("key.")
        if state == "awaiting_review":
            assert not {row.state for row in rows.values()} & {OPEN, REJECTED}
        for row in rows.values():
            assert row.last_attestation is not None or row.state == OPEN

    def verify(self) -> None:
        """0 for the lead; 3 only where a key is about that was made on the way."""
        stage = self.playing()
        if play.state(stage) == "draft":
            return
        data = play.bundle(stage)
        for email in (play.SIGNATORY, play.LIAISON):
            status, why = play.reasons(play.verified(stage, email, data))
            told = set(why)
            assert status == (3 if told else 0)
            expected = {"not witnessed"}
            if self.odd_keys or email == play.LIAISON:
                expected.add("keys not pinned")
            if self.lost:
                expected.add("key revoked")
            assert told <= expected, (email, why)
