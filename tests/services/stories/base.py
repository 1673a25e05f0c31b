"""What every story has: a stage, acts that are done or refused, and what must hold after each."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from attest.database.tables import Demand
from attest.demo.acting import Stage, seat_of, tick
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.log.ledger import LogRefused
from attest.settings import Settings
from attest.statements.envelope import sign_payload
from tests import passing
from tests import stage as play
from tests.passing import Firm
from tests.services.stories import holding, watch

# Before they are invited, an officer or liaison has no account.
REFUSALS = (Refused, NotAllowed, NotFound, NoResultFound)
FIRMS = {firm.name: firm for firm in (passing.HALDEN, passing.PRINTERS, passing.COURIERS)}
EACH = "each"  # both controllers must accept, and both files are signed for
PASSED = "passed"  # both files are signed for as passed on, and no demand is raised yet
CHAIN = "chain"  # a demand, one raised from it, and one raised from that
POINTS = ("drafted", "handed", "issued", "ready", "answered", "attested", "accepted", "closed")

# Those whose act it mostly is stand there more than once.
anybody = st.sampled_from(
    ["liaison", "liaison", "officer", "casework", "casework", "signatory", "second", "joint"]
)
contractors = st.sampled_from(
    ["liaison", "liaison", "liaison", "officer", "officer", "officer", "signatory", "rival"]
)
controllers = st.sampled_from(
    ["casework", "casework", "casework", "signatory", "signatory", "second", "joint", "officer"]
)
some = st.integers(1, 7)  # which of the first three, as bits


class Stories(RuleBasedStateMachine):
    """What is refused changes nothing; what is not, must hold."""

    originals: ClassVar[Mapping[str, Stage]]
    tsa: ClassVar[Callable[[Settings], Settings]]
    done: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="attest-story-"))
        self.opened: Stage | None = None
        self.rows: watch.Rows = {}
        self.steps = 0
        self.numbers = 0
        self.odd_keys = False
        self.lost = False
        self.years = 0
        self.kept: list[tuple[str, str, Any, Any, Any]] = []
        self.revocations: list[tuple[str, bytes]] = []

    @initialize(point=st.sampled_from((*POINTS, EACH, EACH, PASSED, CHAIN)))
    def open(self, point: str) -> None:
        original = self.originals[point]
        database = self.folder / "story.db"
        shutil.copyfile(original.settings.instance_path.with_suffix(".db"), database)
        stage = play.copy_of(original, self.folder / "instance", f"sqlite:///{database}")
        stage.settings = type(self).tsa(stage.settings)
        self.opened = stage
        # Northshire has not heard Eastshire's key, which counts where each controller's does.
        self.odd_keys = point == EACH
        self.rows = watch.read(stage)

    @property
    def stage(self) -> Stage:
        assert self.opened is not None
        return self.opened

    def teardown(self) -> None:
        if self.opened is not None:
            self.settle()
            holding.letters_went_once(self.stage, self.rows)
            self.verify()
            self.stage.engine.dispose()
        shutil.rmtree(self.folder)

    # --- Who, and which ------------------------------------------------------------------------

    @property
    def demand(self) -> watch.Row:
        """The row of the demand that the story is about now."""
        return next(row for row in self.rows["demand"].values() if self.is_about(row))

    def is_about(self, demand: watch.Row) -> bool:
        """Whether the story is about this demand now."""
        return bool(demand["reference"] == self.stage.reference)

    @property
    def state(self) -> str:
        """Its state."""
        return str(self.demand["state"])

    def of_demand(self, table: str) -> list[watch.Row]:
        """The rows of a table that are about this demand."""
        mine = self.demand["id"]
        return [row for row in self.rows[table].values() if row["demand_id"] == mine]

    @property
    def firm(self) -> Firm:
        """The contractor of the demand that the story is about now."""
        mine = [row["id"] for row in self.rows["demand"].values() if self.is_about(row)]
        names = [
            row["name"]
            for row in self.rows["demand_party"].values()
            if row["role"] == "contractor" and row["demand_id"] in mine
        ]
        return FIRMS.get(names[0] if names else "", passing.HALDEN)

    def email(self, role: str) -> str:
        """The address of whoever has this role in the demand that the story is about now."""
        return {
            "casework": play.CASEWORK,
            "signatory": play.SIGNATORY,
            "second": play.SECOND,
            "joint": play.JOINT,
            "liaison": self.firm.liaison,
            "officer": self.firm.officer,
            "rival": play.OTHER_CONTRACTOR,
        }[role]

    def number(self) -> int:
        """One that was not used yet."""
        self.numbers += 1
        return self.numbers

    def chosen(self, things: Mapping[str, Any], bits: int) -> list[Any]:
        """Some of the first three."""
        return [each for n, each in enumerate(list(things.values())[:3]) if bits >> n & 1]

    def demands(self) -> list[tuple[str, str]]:
        """Reference and state of every demand."""
        with self.stage.look() as ctx:
            found = ctx.session.execute(
                select(Demand.reference, Demand.state).order_by(Demand.reference)
            )
            return [(row[0], row[1]) for row in found]

    # --- Acts ----------------------------------------------------------------------------------

    def act(self, role: str, act: Callable[..., Any], *arguments: Any, **needs: Any) -> bool:
        """Acts at the demand that the story is about, or is refused."""
        email = self.email(role)
        return self.do(
            act, lambda ctx: act(ctx, seat_of(ctx, self.stage, email, **needs), *arguments)
        )

    def do(self, act: Callable[..., Any], doing: Callable[[Any], Any]) -> bool:
        """One transaction: done or refused, and looked at afterwards."""
        name = f"{act.__module__.rpartition('.')[2]}.{act.__name__}"
        try:
            with self.stage.act() as ctx:
                doing(ctx)
        except LogRefused as refused:
            raise AssertionError(f"{name} found out only from the log: {refused}") from refused
        except REFUSALS:
            # Rolled back as a whole: what the next act finds is compared with what was before.
            type(self).refused[name] += 1
            return False
        type(self).done[name] += 1
        self.look(name)
        return True

    def look(self, name: str) -> None:
        """Compares every row with what it was before this act."""
        after = watch.read(self.stage)
        watch.compare(self.rows, after, name)
        self.rows = after

    def signs(
        self,
        role: str,
        prepare: Callable[..., Any],
        act: Callable[..., Any],
        *,
        hold: bool = False,
        many: bool = False,
        **needs: Any,
    ) -> None:
        """Prepares and signs; hands it in now, or later when much may have changed."""
        email = self.email(role)
        key = self.stage.actor(email).key
        if key is None:
            return
        try:
            with self.stage.look() as ctx:
                made = prepare(ctx, seat_of(ctx, self.stage, email, **needs))
        except REFUSALS:
            return
        sent = [(item.id, sign_payload(item.payload, key)) for item in made.items]
        page = (self.stage.reference, email, act, sent, many)
        if hold:
            self.kept.append(page)
        else:
            self.hand_in(*page)

    def hand_in(self, reference: str, email: str, act: Any, sent: Any, many: bool) -> None:
        """What a page that signs sends, once or when it has stayed open for long."""
        before, self.stage.reference = self.stage.reference, reference
        data = sent if many else sent[0][1]
        try:
            self.do(act, lambda ctx: act(ctx, seat_of(ctx, self.stage, email, draft=None), data))
        finally:
            self.stage.reference = before

    def tick(self) -> None:
        """The worker's round."""
        tick(self.stage)
        self.look(watch.TICK)
        holding.exceptions_came_back(self.stage, self.rows)

    # --- What must hold ------------------------------------------------------------------------

    @invariant()
    def all_holds(self) -> None:
        if self.opened is None:
            return
        self.settle()
        self.steps += 1
        if self.steps % 8 == 0:
            self.verify()

    def settle(self) -> None:
        """Rows and log agree, and no demand is in a state that it may not be in."""
        assert play.problems(self.stage) == []
        holding.no_forbidden_state(self.rows)

    def verify(self) -> None:
        """0 for the lead; 3 only where a key is about that was made on the way."""
        for reference, state in self.demands():
            if state == "draft":
                continue
            before, self.stage.reference = self.stage.reference, reference
            data = play.bundle(self.stage)
            for role in ("signatory", "joint", "liaison"):
                status, why = play.reasons(play.verified(self.stage, self.email(role), data))
                told = set(why)
                assert status == (3 if told else 0)
                expected = {"not witnessed"}
                if self.odd_keys or role != "signatory":
                    expected.add("keys not pinned")
                if self.lost:
                    expected.add("key revoked")
                assert told <= expected, (reference, role, why)
            self.stage.reference = before
