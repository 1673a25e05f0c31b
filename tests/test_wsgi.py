"""The application as gunicorn gets it."""

import pytest

from attest import wsgi
from attest.database.migrate import upgrade
from attest.services.instance import create_instance
from attest.settings import SettingsError


@pytest.fixture
def instance(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTEST_INSTANCE_PATH", str(tmp_path))
    return create_instance(
        tmp_path,
        instance_name="attest.example",
        base_url="https://attest.example",
        mail_from="attest@attest.example",
    )


def test_the_application_answers(instance):
    upgrade(instance.database_url)
    answer = wsgi.create().test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_tables_of_another_version_are_refused(instance):
    with pytest.raises(SettingsError, match="attest db upgrade"):
        wsgi.create()
