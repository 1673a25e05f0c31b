"""Timestamps over checkpoints, against a real authority over HTTP."""

import io
import threading
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import event, update

from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.certificates import check_signature
from attest.database import stamps
from attest.database.engine import read_session, write_session
from attest.database.tables import LogHead, Timestamp
from attest.demo.acting import seat_of
from attest.services.exports import evidence
from attest.services.upkeep import stamping
from attest.settings import SettingsError
from tests import stage as play
from tests import tsa_server
from tests.rows import add_issued_case
from tests.services.stamped import stamped_stage
from tests.tsa import tsa

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stamped(stage_at, tmp_path):
    with stamped_stage(stage_at("acknowledged"), tmp_path) as found:
        yield found


@pytest.fixture
def quick(quick_stage_at, tmp_path):
    with stamped_stage(quick_stage_at("acknowledged"), tmp_path) as found:
        yield found


def test_the_newest_checkpoint_gets_a_timestamp_and_then_nothing_is_due(stamped):
    head = stamped.head()
    assert stamped.stamp() == {"kept": 1}
    (row,) = stamped.kept()
    assert (row.demand_id, row.size, row.tsa) == (head.demand_id, head.size, "Example TSA rsa")
    assert row.certificate_ends_on.year == 2049
    head = stamped.head()
    assert (head.stamped_size, head.stamped_at) == (head.size, stamped.stage.now)
    assert (head.stamp_attempts, head.stamp_next_at, head.stamp_answer) == (0, None, None)
    stamped.stage.now += timedelta(days=1)
    assert stamped.stamp() == {}
    assert len(stamped.running.asked) == 1
    assert stamped.problems() == []


def test_the_timestamp_is_over_the_three_lines_and_openssl_agrees(stamped):
    stamped.stamp()
    (row,) = stamped.kept()
    text = stamped.head().checkpoint.split("\n\n")[0] + "\n"
    assert text.count("\n") == 3
    assert stamped.running.tsa.verifies(row.token, text.encode())


def test_a_log_that_grew_gets_another_one_but_not_too_often(stamped):
    stamped.stamp()
    stamped.acts()
    stamped.stage.now += 9 * MINUTE
    assert stamped.stamp() == {}
    stamped.acts()
    stamped.stage.now += MINUTE
    assert stamped.stamp() == {"kept": 1}
    assert [row.size for row in stamped.kept()][-1] == stamped.head().size
    assert len(stamped.kept()) == 2


def test_without_a_pause_every_round_may_have_one(quick):
    quick.stamp(tsa_minutes=0)
    quick.acts()
    assert quick.stamp(tsa_minutes=0) == {"kept": 1}
    assert quick.stamp(tsa_minutes=0) == {}


def test_the_bundle_carries_them_and_repeats_itself(stamped):
    stamped.stamp()
    stamped.acts()
    stamped.stage.now += timedelta(hours=1)
    stamped.stamp()
    data = play.bundle(stamped.stage)
    assert data == play.bundle(stamped.stage)
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        found = {
            name: bundle.read(name)
            for name in bundle.namelist()
            if name.startswith("evidence/timestamps/")
        }
    assert found == {f"evidence/timestamps/{row.size}.tsr": row.token for row in stamped.kept()}
    assert len(found) == 2


def test_a_reader_who_trusts_the_root_verifies_it_all(stamped):
    stamped.stamp()
    with stamped.stage.look() as ctx:
        seat = seat_of(ctx, stamped.stage, play.SIGNATORY)
        trust = parse_trust(evidence.trust_file(ctx, seat))
    assert trust.tsa_roots == (), "whom to trust is no server's choice"
    data = io.BytesIO(play.bundle(stamped.stage))
    report = check(data, replace(trust, tsa_roots=(stamped.running.tsa.root_pem,)), check_signature)
    assert report.failure is None
    (told,) = report.head()["timestamps"]
    assert told["size"] == stamped.head().size
    assert "Example TSA rsa" in told["tsa"]
    other = replace(trust, tsa_roots=(tsa(owner="Another TSA").root_pem,))
    refused = check(data, other, check_signature)
    assert refused.failure is not None
    assert refused.failure.step == 13


def test_a_bundle_of_an_older_state_has_none_of_larger_sizes(quick):
    quick.stamp()
    (row,) = quick.kept()
    with quick.stage.look() as ctx:
        found = stamps.timestamps(ctx.session, row.demand_id, row.size - 1)
        assert list(found) == []


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (tsa_server.refuses, "refused to give a timestamp (status 2)"),
        (tsa_server.garbage, "gave no timestamp that a verifier takes"),
        (tsa_server.another_request, "gave an answer to another request"),
        (tsa_server.something_else, "gave a timestamp over something else"),
        (tsa_server.another_root, "does not verify against the root certificates given"),
        (tsa_server.changed, "does not verify against the root certificates given"),
        (tsa_server.broken, "answered with HTTP status 500"),
        (tsa_server.too_large, "answered with more than 64 KiB"),
        (tsa_server.drops, "broke off in the middle of its answer"),
        (tsa_server.hangs, "did not answer within 1 second"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_goes_wrong_is_said_and_tried_again(quick, behaviour, says):
    quick.running.answer = behaviour
    # Whoever answers badly may take its time over it: on a busy machine a second is nothing.
    patience = 1 if behaviour is tsa_server.hangs else tsa_server.PATIENCE
    assert quick.stamp(tsa_timeout_seconds=patience) == {"put off": 1}
    assert quick.kept() == []
    head = quick.head()
    assert head.stamp_answer is not None
    assert head.stamp_answer.startswith("The time-stamping service 127.0.0.1 ")
    assert says in head.stamp_answer
    assert (head.stamp_attempts, head.stamp_next_at) == (1, quick.stage.now + MINUTE)
    assert quick.stamp() == {}, "not before the pause is over"
    quick.running.answer = tsa_server.well
    quick.stage.now += MINUTE
    assert quick.stamp() == {"kept": 1}
    head = quick.head()
    assert (head.stamp_attempts, head.stamp_next_at, head.stamp_answer) == (0, None, None)
    assert quick.problems() == []


def test_pauses_grow_to_an_hour_and_nobody_gives_up(stamped):
    stamped.running.answer = tsa_server.broken
    pauses = []
    for _ in range(7):
        assert stamped.stamp() == {"put off": 1}
        again = stamped.head().stamp_next_at
        assert again is not None
        pauses.append((again - stamped.stage.now) // MINUTE)
        stamped.stage.now = again
    assert pauses == [1, 5, 15, 30, 60, 60, 60]


def test_what_grows_while_the_authority_is_away_gets_one_for_its_newest_size(quick):
    quick.running.answer = tsa_server.broken
    quick.stamp()
    quick.acts()
    quick.running.answer = tsa_server.well
    quick.stage.now += timedelta(hours=1)
    assert quick.stamp() == {"kept": 1}
    assert [row.size for row in quick.kept()] == [quick.head().size]


def test_an_act_is_never_blocked_while_the_authority_thinks(stamped):
    """The log grows while a request hangs; the timestamp is then of the earlier size."""
    stamped.running.answer = tsa_server.hangs
    before = stamped.head().size
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(stamped.stamp)
        assert stamped.running.waiting.wait(tsa_server.PATIENCE)
        stamped.acts()
        assert stamped.head().size == before + 1
        stamped.running.go_on.set()
        assert asking.result() == {"kept": 1}
    assert [row.size for row in stamped.kept()] == [before]
    head = stamped.head()
    assert (head.size, head.stamped_size) == (before + 1, before)
    assert stamped.problems() == []
    stamped.stage.now += 10 * MINUTE
    stamped.running.answer = tsa_server.well
    assert stamped.stamp() == {"kept": 1}
    assert [row.size for row in stamped.kept()] == [before, before + 1]


def test_two_workers_at_once_ask_once(stamped):
    stamped.running.answer = tsa_server.hangs
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(stamped.stamp)]
        assert stamped.running.waiting.wait(tsa_server.PATIENCE)
        runs.append(pool.submit(stamped.stamp))
        assert runs[1].result() == {}
        stamped.running.go_on.set()
        assert runs[0].result() == {"kept": 1}
    assert len(stamped.running.asked) == 1


def test_a_worker_that_died_between_asking_and_keeping_leaves_nothing_half(stamped, monkeypatch):
    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(stamps, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            stamped.stamp()
    assert stamped.kept() == []
    assert stamped.problems() == []
    assert stamped.stamp() == {}, "as far as anybody knows, somebody is at it"
    stamped.stage.now += stamps.CLAIM_LASTS
    assert stamped.stamp() == {"kept": 1}
    assert len(stamped.running.asked) == 2


def test_whoever_comes_too_late_keeps_nothing_and_puts_nothing_off(stamped):
    """The claim ran out, another worker was quicker: one timestamp, and no failure is left."""
    with write_session(stamped.stage.engine) as session:
        late = stamps.claim(session, stamped.stage.now, 10 * MINUTE)
        assert late is not None
        attempt, size, demand_id = late.stamp_attempts, late.size, late.demand_id
    stamped.stage.now += stamps.CLAIM_LASTS
    assert stamped.stamp() == {"kept": 1}
    (row,) = stamped.kept()
    with write_session(stamped.stage.engine) as session:
        second = Timestamp(
            demand_id=demand_id,
            size=size,
            token=b"late",
            gen_time=row.gen_time,
            tsa="late",
            certificate_ends_on=row.certificate_ends_on,
        )
        assert not stamps.keep(session, second, stamped.stage.now)
        stamps.put_off(session, demand_id, attempt, stamped.stage.now, "late")
    assert [row.token for row in stamped.kept()] == [row.token]
    assert stamped.head().stamp_answer is None


def test_a_checkpoint_that_the_log_key_did_not_sign_is_not_sent_in(quick):
    with quick.stage.act() as ctx:
        ctx.session.execute(update(LogHead).values(root=b"\0" * 32))
    assert quick.stamp() == {"put off": 1}
    assert quick.running.asked == []
    assert quick.head().stamp_answer == (
        "The newest checkpoint is not signed by the log key; see `attest check`"
    )


def test_after_three_failures_in_a_row_the_rest_waits_for_the_next_round(stamped):
    """Ten demands and an authority that is down: ten times its patience would be a long time."""
    add_demands(stamped, 4)
    stamped.running.answer = tsa_server.broken
    assert stamped.stamp() == {"put off": 3}
    assert stamped.stamp() == {"put off": 2}
    assert stamped.stamp() == {}
    stamped.running.answer = tsa_server.well
    stamped.stage.now += MINUTE
    assert stamped.stamp() == {"kept": 5}


def test_one_answer_that_is_wrong_keeps_no_other_demand_waiting(stamped):
    add_demands(stamped, 4)
    wrong = iter([tsa_server.garbage, tsa_server.refuses])
    stamped.running.answer = lambda handler, data: next(wrong, tsa_server.well)(handler, data)
    assert stamped.stamp() == {"put off": 2, "kept": 3}
    assert len({row.demand_id for row in stamped.kept()}) == 3


def test_each_round_asks_the_database_a_fixed_number_of_times(quick):
    asked: Counter[str] = Counter()

    def count(_connection, _cursor, statement, *_):
        asked[statement.split()[0]] += 1

    event.listen(quick.stage.engine, "before_cursor_execute", count)
    quick.stamp()
    done = sum(asked.values())
    assert quick.stamp() == {}
    assert sum(asked.values()) - done <= 3
    assert done <= 15


def test_the_query_goes_by_its_index(stamped):
    statement = (
        "SELECT demand_id FROM log_head WHERE stamped_size < size ORDER BY updated_at, demand_id"
    )
    with read_session(stamped.stage.engine) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}").all()
        else:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    assert "ix_log_head_unstamped" in str(plan)


def test_nothing_secret_is_told(quick):
    quick.running.answer = tsa_server.broken
    secret = quick.running.url + "/account-7-secret"
    with structlog.testing.capture_logs() as told:
        quick.stamp(tsa_url=secret)
    (line,) = told
    assert line["event"] == "not timestamped"
    assert "secret" not in str(told)
    assert "secret" not in (quick.head().stamp_answer or "")


def test_the_order_to_stop_is_obeyed_between_two_demands(quick):
    asked = stamping.authority(quick.settings)
    assert asked is not None
    stop = threading.Event()
    stop.set()
    done = stamping.stamp_due(
        quick.stage.engine,
        quick.settings,
        quick.stage.log_key,
        asked,
        lambda: quick.stage.now,
        stop.is_set,
    )
    assert done == Counter()
    assert quick.running.asked == []


def test_roots_that_are_none_are_a_wrong_setting(quick, tmp_path):
    (tmp_path / "none.pem").write_text("nothing")
    with pytest.raises(SettingsError, match="tsa_roots is wrong"):
        stamping.authority(replace(quick.settings, tsa_roots=tmp_path / "none.pem"))
    with pytest.raises(SettingsError, match="cannot be read"):
        stamping.authority(replace(quick.settings, tsa_roots=tmp_path / "missing.pem"))
    assert stamping.authority(quick.stage.settings) is None


def add_demands(stamped, number):
    """So many further demands with logs of their own."""
    with stamped.stage.act() as ctx:
        for position in range(number):
            add_issued_case(ctx.session, ctx.log_key, f"ND-2013-1{position:02}")
