"""Letters that chase, from one controller to one reader, come together in one message."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Extension, FailingAddress, Letter, Person
from attest.mail import letters
from attest.mail.together_letters import KIND, MOST_LINES
from attest.services.chasing import one_message, together
from attest.services.chasing.one_message import Due, write_together
from attest.services.context import Context
from attest.services.instance import load_log_key
from tests.mail_server import settings_for
from tests.rows import Case, add_case, opened
from tests.services.several import add_demand, due

NOW = datetime(2013, 2, 19, 10, tzinfo=UTC)
SECOND, THIRD = "ND-2013-005", "ND-2013-006"


class Room:
    """Three demands of one controller to one contractor: two late, one due in two days."""

    def __init__(self, engine: Any, folder: Any) -> None:
        self.engine = engine
        self.settings = settings_for(folder)
        self.log_key = load_log_key(self.settings)
        with write_session(engine) as session:
            self.case: Case = add_case(session)
            self.ids = [
                self.case.demand.id,
                add_demand(session, self.case, SECOND, date(2013, 2, 14), files=12).id,
                add_demand(session, self.case, THIRD, date(2013, 2, 21), files=1).id,
            ]

    def ctx(self, session: Any) -> Context:
        return Context(session, NOW, self.settings, self.log_key)

    def all_due(self, ctx: Context, *places: int) -> list[Due]:
        found = []
        for place in places or (0, 1, 2):
            demand = ctx.session.get_one(Demand, self.ids[place])
            kind, rung = (("overdue", "after_1"), ("escalation", "after_3"), ("reminder", "b_2"))[
                place
            ]
            for person in (demand.liaison, demand.officer):
                assert person is not None
                found.append(due(ctx, demand, person, kind, rung))
        return found

    def write(self, *places: int) -> int:
        with write_session(self.engine) as session:
            ctx = self.ctx(session)
            return write_together(ctx, self.all_due(ctx, *places))

    def letters(self) -> list[Letter]:
        with read_session(self.engine) as session:
            return list(session.scalars(select(Letter).order_by(Letter.to_name, Letter.key)))

    def carriers(self) -> list[Letter]:
        return [letter for letter in self.letters() if letter.kind == KIND]


@pytest.fixture
def room(database_url, tmp_path):
    with opened(database_url) as engine:
        yield Room(engine, tmp_path)


def test_one_message_a_reader_holds_all_that_is_due(room):
    assert room.write() == 6
    carriers = room.carriers()
    assert [each.to_name for each in carriers] == ["Ruth Adeyemi", "Tom Beck"]
    for carrier in carriers:
        along = [each for each in room.letters() if each.carried_by_id == carrier.id]
        assert {each.demand_id for each in along} == set(room.ids)
        assert {each.message_id for each in along} == {carrier.message_id}
        assert {each.to_email for each in along} == {carrier.to_email}
        assert carrier.demand_id is None
        assert carrier.subject == f"{SECOND} and 2 more demands: 17 files are overdue"


def test_a_message_has_an_end(room, monkeypatch):
    monkeypatch.setattr(one_message, "MOST", 2)
    assert room.write() == 6
    letters, carriers = room.letters(), room.carriers()
    assert [each.to_name for each in carriers] == ["Ruth Adeyemi", "Tom Beck"]
    along = [each.carried_by_id for each in letters if each.carried_by_id]
    assert sorted(along) == sorted([each.id for each in carriers] * 2)
    # What is left of each goes alone.
    assert len([each for each in letters if each.demand_id and not each.carried_by_id]) == 2


def test_each_demands_own_row_says_nothing_of_the_others(room):
    room.write()
    for letter in room.letters():
        if letter.kind != KIND:
            others = {"ND-2013-004", SECOND, THIRD} - {letter.subject.split(":")[0]}
            assert len(others) == 2
            assert not any(other in letter.subject + letter.text for other in others)


def test_the_words_name_each_demand_and_ten_lines_in_all(room):
    room.write()
    text = room.carriers()[0].text
    for reference in ("ND-2013-004", SECOND, THIRD):
        assert f"/demands/{reference}/acknowledge" in text
    assert len([line for line in text.splitlines() if line.startswith("- ")]) <= MOST_LINES
    assert "ND-2013-006 0.csv" in text  # the smallest demand is not crowded out
    assert "- and 8 others" in text
    assert "- and 2 others" in text
    assert text.index(SECOND) < text.index("ND-2013-004") < text.index(THIRD)
    assert "Please put this letter before somebody" in text  # the harshest sets the tone
    assert "ring Priya Nair" in " ".join(text.split())


def test_more_time_that_was_asked_for_stands_with_its_demand_alone(room):
    with write_session(room.engine) as session:
        session.add(
            Extension(
                id=str(uuid4()),
                demand_id=room.ids[2],
                seq=0,
                body_hash="0" * 64,
                due_on=date(2013, 2, 21),
                until=date(2013, 2, 25),
                reason="The backup runs on Monday only.",
                asked_at=NOW,
            )
        )
    room.write()
    text = " ".join(room.carriers()[0].text.split())
    said = "has asked for 2 more working days, until Monday 25 February 2013. Until"
    assert text.count("has asked for") == 1
    assert text.index(f"{THIRD}: is due") < text.index(said)


def test_a_letter_alone_stays_alone(room):
    assert room.write(1) == 2
    assert room.carriers() == []
    assert all(letter.carried_by_id is None for letter in room.letters())


def test_what_has_its_letter_already_is_not_gathered_again(room):
    assert room.write(0) == 2
    assert room.write() == 4
    for carrier in room.carriers():
        assert "ND-2013-004" not in carrier.text
        assert carrier.subject.startswith(f"{SECOND} and 1 more demand: ")
    assert room.write() == 0
    assert len(room.letters()) == 8


@pytest.mark.usefixtures("patient")
def test_two_workers_write_each_once(room):
    with ThreadPoolExecutor(4) as pool:
        new = list(pool.map(lambda _: room.write(), range(4)))
    assert sorted(new) == [0, 0, 0, 6]
    assert len(room.carriers()) == 2
    assert len(room.letters()) == 8


def test_two_controllers_never_come_together(room):
    with write_session(room.engine) as session:
        other = add_case(session, reference="WM-2013-001")
        ctx = room.ctx(session)
        tom = ctx.session.get_one(Demand, room.ids[0]).liaison
        assert tom is not None
        write_together(
            ctx,
            [
                due(ctx, ctx.session.get_one(Demand, room.ids[0]), tom, "overdue", "after_1"),
                due(ctx, other.demand, tom, "overdue", "after_1"),
            ],
        )
    assert room.carriers() == []
    assert len(room.letters()) == 2


def test_what_was_settled_meanwhile_is_not_asked_for(room):
    room.write()
    with write_session(room.engine) as session:
        ctx = room.ctx(session)
        carrier = session.scalars(select(Letter).where(Letter.kind == KIND).limit(1)).one()
        along = session.scalars(
            select(Letter).where(
                Letter.carried_by_id == carrier.id, Letter.demand_id != room.ids[1]
            )
        ).all()
        together.rewrite(ctx, carrier, along)
        assert SECOND not in carrier.text + carrier.subject
        assert carrier.subject == "ND-2013-004 and 1 more demand: 5 files are overdue"
        assert "honest exception" in carrier.text  # the tone is that of what is left


def test_one_that_is_left_is_told_by_itself(room):
    room.write()
    with write_session(room.engine) as session:
        carrier = session.scalars(select(Letter).where(Letter.kind == KIND).limit(1)).one()
        one = select(Letter).where(
            Letter.carried_by_id == carrier.id, Letter.demand_id == room.ids[2]
        )
        together.rewrite(room.ctx(session), carrier, session.scalars(one).all())
        assert carrier.subject == f"{THIRD}: 1 file is still open"
        assert carrier.text.startswith(f"Dear {carrier.to_name},\n\nIn a demand of ")


def test_a_crash_before_the_end_leaves_nothing(room):
    def crash() -> None:
        with write_session(room.engine) as session:
            ctx = room.ctx(session)
            write_together(ctx, room.all_due(ctx))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert room.letters() == []
    assert room.write() == 6


def test_no_letter_for_no_demand(room):
    with write_session(room.engine) as session:
        session.execute(delete(Letter))
        with pytest.raises(ValueError, match="no demand"):
            together.letter_of(room.ctx(session), [])


def test_who_stands_in_for_addresses_that_fail_reads_so(room):
    with write_session(room.engine) as session:
        ctx = room.ctx(session)
        handler = session.get_one(Person, room.case.case_handler.id)
        found = [
            due(ctx, session.get_one(Demand, demand_id), handler, "overdue", "after_1")
            for demand_id in room.ids[:2]
        ]
        late = [replace(each, letter=_late(each)) for each in found]
        write_together(ctx, late)
        carrier = session.scalars(select(Letter).where(Letter.kind == KIND)).one()
        assert "do not arrive" not in carrier.text
        first = session.scalars(select(Letter).where(Letter.demand_id == room.ids[0])).one()
        session.add(
            FailingAddress(
                demand_id=room.ids[0],
                email="tom.beck@halden.example",
                since=NOW,
                letter_id=first.id,
                answer="550 no such user",
            )
        )
        session.flush()
        along = session.scalars(select(Letter).where(Letter.carried_by_id == carrier.id)).all()
        together.rewrite(ctx, carrier, along)
        text = " ".join(carrier.text.split())
        assert text.count("do not arrive, so this one comes to you instead") == 1
        assert "Please ring Halden Support Services plc, and put the address right." in text
        assert "questions, ring" not in text  # it is the reader's own house


def _late(each: Due) -> letters.Letter:
    return letters.controller_late(
        each.about, each.files, each.total, colleagues=[], unreachable=False
    )


def test_what_nobody_has_acknowledged_comes_along(room):
    with write_session(room.engine) as session:
        ctx = room.ctx(session)
        tom = session.get_one(Person, room.case.liaison.id)
        first = due(ctx, session.get_one(Demand, room.ids[0]), tom, "overdue", "after_1")
        third = due(ctx, session.get_one(Demand, room.ids[2]), tom, "reminder", "issued_2")
        asked = letters.not_acknowledged(
            third.about, issued_on=date(2013, 2, 15), files=1, expires_on=None, ring=ANYBODY
        )
        write_together(ctx, [first, replace(third, letter=asked)])
    (carrier,) = room.carriers()
    text = " ".join(carrier.text.split())
    assert f"{THIRD}: nobody has acknowledged it yet; it was signed on Monday 4 February" in text
    assert f"/demands/{THIRD}/acknowledge" in text
    assert carrier.subject == "ND-2013-004 and 1 more demand: 5 files are overdue"


ANYBODY = letters.Writer("Priya Nair", "Case handler", "Northshire Constabulary")
