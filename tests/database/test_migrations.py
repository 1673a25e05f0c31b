import base64
import json

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from attest.database import migrate
from attest.database.tables import Base
from attest.services.acts import reopening
from tests.rows import opened


def test_the_migrated_schema_is_what_the_tables_say(blank_database_url):
    migrate.upgrade(blank_database_url)
    with opened(blank_database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_says_where_the_database_stands(blank_database_url):
    with opened(blank_database_url) as engine:
        assert migrate.current(engine) is None
        assert not migrate.is_current(engine)
        assert migrate.upgrade(blank_database_url) == migrate.newest()
        assert migrate.current(engine) == migrate.newest()
        assert migrate.is_current(engine)


def test_upgrading_twice_changes_nothing(database_url):
    assert migrate.upgrade(database_url) == migrate.newest()


def test_each_revision_can_be_taken_back(database_url):
    with opened(database_url) as engine:
        with engine.begin() as connection:
            config = migrate._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
        assert inspect(engine).get_table_names() == ["alembic_version"]


def test_revisions_follow_each_other_in_one_line():
    script = ScriptDirectory.from_config(migrate._config())
    revisions = list(script.walk_revisions())
    assert [r.revision for r in revisions] == sorted((r.revision for r in revisions), reverse=True)
    assert len(script.get_heads()) == 1


def test_a_folder_that_is_missing_is_made(tmp_path):
    url = f"sqlite:///{tmp_path / 'deep' / 'attest.sqlite3'}"
    migrate.upgrade(url)
    with opened(url) as engine:
        assert migrate.is_current(engine)


def test_env_says_how_to_migrate(tmp_path):
    with pytest.raises(RuntimeError, match="attest db upgrade"):
        command.upgrade(migrate._config(), "head")


def test_keys_in_logs_are_found_in_logs_that_are_there(blank_database_url):
    """A log from before the table: its keys are those whose enrolments are bodies in it."""
    config = migrate._config()
    with opened(blank_database_url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for statement in _A_LOG_OF_BEFORE:
            connection.execute(text(statement), {"at": "2013-02-04 09:00:00"})
        command.upgrade(config, "head")
        found = connection.execute(text("SELECT keyid, demand_id FROM key_in_log")).all()
    assert [tuple(pair) for pair in found] == [("k1", "d1")]


def test_recipients_are_found_in_attestations_that_are_there(blank_database_url):
    """From before the table: the last attestation of each file says who they are."""
    copies = [{"storeId": "s1", "passedTo": {"name": "Printers  Ltd"}}, {"storeId": "s2"}]
    recipients = [{"name": "PRINTERS LTD"}, {"name": "Straße AG"}, {"name": "org"}]
    predicate = {"copies": copies, "onward": {"disclosed": True, "recipients": recipients}}
    payload = base64.b64encode(json.dumps({"predicate": predicate}).encode()).decode()
    body = json.dumps({"payload": payload}).encode()
    config = migrate._config()
    with opened(blank_database_url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for statement in _A_LOG_OF_BEFORE:
            connection.execute(text(statement), {"at": "2013-02-04 09:00:00"})
        command.upgrade(config, "0012")
        for statement in _AN_ATTESTATION_OF_BEFORE:
            told = {"at": "2013-02-04 09:00:00", "body": body}
            binds = {name: told[name] for name in told if f":{name}" in statement}
            connection.execute(text(statement), binds)
        command.upgrade(config, "head")
        found = connection.execute(
            text("SELECT file_id, store_id, name, key FROM passed_on ORDER BY name")
        ).all()
        (passed_on,) = connection.execute(text("SELECT has_passed_on FROM demand")).scalars()
    assert [tuple(row) for row in found] == [
        ("f1", "s1", "Printers Ltd", "printers ltd"),
        ("f1", None, "Straße AG", "strasse ag"),
    ]
    assert passed_on


def test_recipients_keep_the_day_when_they_were_named_first(blank_database_url):
    """What the worker opened is said again; what a person opened is said anew, or still asked."""
    person = {"name": "Anne", "role": "SIRO"}
    worker = {"name": "Attest", "role": reopening.WORKER["role"]}
    log: list[tuple[str, bytes, str | None, int]] = []

    def attest(file: str, day: int, *names: str) -> None:
        recipients = [{"name": name} for name in names]
        predicate = {"copies": [], "onward": {"disclosed": True, "recipients": recipients}}
        payload = base64.b64encode(json.dumps({"predicate": predicate}).encode()).decode()
        log.append(("attestation.signed", json.dumps({"payload": payload}).encode(), file, day))

    def reopen(file: str, by: dict[str, str]) -> None:
        log.append(("file.reopened", json.dumps({"fileId": file, "by": by}).encode(), None, 5))

    for file in ("f1", "f2", "f3"):
        attest(file, 4, "Printers Ltd")
    reopen("f1", worker)
    reopen("f2", person)
    reopen("f3", person)
    attest("f1", 6, "PRINTERS LTD", "Couriers LLP")
    attest("f2", 6, "Printers Ltd")
    config = migrate._config()
    with opened(blank_database_url) as engine, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for statement in _A_LOG_OF_BEFORE:
            connection.execute(text(statement), {"at": "2013-02-04 09:00:00"})
        command.upgrade(config, "0012")
        for number in (1, 2, 3):
            connection.execute(text(_A_FILE), {"id": f"f{number}", "position": number})
        for seq, (kind, body, of, day) in enumerate(log, start=1):
            entry = {"seq": seq, "at": f"2013-02-{day:02} 09:00:00", "hash": f"b{seq + 1}"}
            connection.execute(text(_AN_ENTRY), entry | {"type": kind, "body": body})
            if of:
                connection.execute(text(_AN_ATTESTATION), entry | {"file": of})
        command.upgrade(config, "head")
        found = connection.execute(
            text("SELECT file_id, key, since, opened_again FROM passed_on ORDER BY 1, 2")
        ).all()
    assert [(file, key, str(since)[:10], bool(again)) for file, key, since, again in found] == [
        ("f1", "couriers llp", "2013-02-06", False),
        ("f1", "printers ltd", "2013-02-04", False),
        ("f2", "printers ltd", "2013-02-06", False),
        ("f3", "printers ltd", "2013-02-04", True),
    ]


_A_FILE = (
    "INSERT INTO named_file (id, demand_id, position, name, kind, state) "
    "VALUES (:id, 'd1', :position, :id, 'electronic', 'attested')"
)
_AN_ENTRY = (
    "INSERT INTO log_entry (demand_id, seq, at, type, leaf, body_hash, body) "
    "VALUES ('d1', :seq, :at, :type, 'leaf', :hash, :body)"
)
_AN_ATTESTATION = (
    "INSERT INTO attestation (hash, demand_id, file_id, seq, keyid, stated_at, excepted, state, "
    "answers) VALUES (:hash, 'd1', :file, :seq, 'k1', :at, 0, 'signed', 'a1')"
)


_AN_ATTESTATION_OF_BEFORE = (
    "INSERT INTO demand_party (id, demand_id, role, position, name, contact_point) "
    "VALUES ('dp1', 'd1', 'lead', 0, 'Org', false)",
    "INSERT INTO store (id, demand_id, position, label, medium, kind, named_by_side, standing) "
    "VALUES ('s1', 'd1', 1, 'Share', 'electronic', 'file_share', 'controller', true)",
    "INSERT INTO named_file (id, demand_id, position, name, kind, state, last_attestation) "
    "VALUES ('f1', 'd1', 1, 'list.csv', 'electronic', 'attested', 'h2')",
    "INSERT INTO log_entry (demand_id, seq, at, type, leaf, body_hash, body) VALUES "
    "('d1', 1, :at, 'attestation.signed', 'leaf', 'b2', :body)",
    "INSERT INTO attestation (hash, demand_id, file_id, seq, keyid, stated_at, excepted, state, "
    "answers) VALUES ('h2', 'd1', 'f1', 1, 'k1', :at, 1, 'signed', 'a1')",
)


_A_LOG_OF_BEFORE = (
    "INSERT INTO organisation (id, name, code, created_at) VALUES ('o1', 'Org', 'OR', :at)",
    "INSERT INTO account (id, email, epoch, created_at) VALUES ('a1', 'a@example.org', 0, :at)",
    "INSERT INTO person (id, account_id, organisation_id, name, role, active, created_at) "
    "VALUES ('p1', 'a1', 'o1', 'Anne', 'SIRO', true, :at)",
    "INSERT INTO incident (id, organisation_id, title, created_at) VALUES ('i1', 'o1', 'T', :at)",
    "INSERT INTO demand (id, reference, incident_id, organisation_id, state, concurrence, action, "
    "calendar, created_at, created_by_id, files_total, files_open, files_attested, "
    "files_accepted, stores_total, copies_settled, copies_excepted) VALUES ('d1', 'OR-1', 'i1', "
    "'o1', 'issued', 'lead', 'delete', 'GB-ENG', :at, 'p1', 0, 0, 0, 0, 0, 0, 0)",
    "INSERT INTO signing_key (keyid, person_id, side, duty, public_key, holder, enrolled_at) "
    "VALUES ('k1', 'p1', 'controller', 'signatory', '01', '{}', :at)",
    "INSERT INTO key_statement (hash, name, keyid, signer_keyid, stated_at, envelope) VALUES "
    "('h1', 'key-enrolment', 'k1', 'k1', :at, 'the envelope')",
    "INSERT INTO log_entry (demand_id, seq, at, type, leaf, body_hash, body) VALUES "
    "('d1', 0, :at, 'key.enrolled', 'leaf', 'b1', 'the envelope')",
)
