"""Choosing a time zone, a language and a digest, for oneself and for one's organisation."""

from datetime import timedelta

import pytest

from attest.database.engine import write_session
from attest.database.tables import Demand, Organisation, Person
from attest.domain.refusal import NotAllowed, Refused
from attest.services.accounts import time_zones
from attest.services.accounts.preferring import Choices, prefer, prefer_for_all
from attest.services.context import Context
from attest.services.facts import preferences
from attest.services.instance import load_log_key
from tests.mail_server import settings_for
from tests.rows import NOW, add_case, opened


@pytest.fixture
def place(database_url, tmp_path):
    settings = settings_for(tmp_path)
    with opened(database_url) as engine, write_session(engine) as session:
        yield Context(session, NOW, settings, load_log_key(settings)), add_case(session)


def test_a_persons_own_word_comes_first_then_the_organisations(place):
    ctx, case = place
    person = case.case_handler
    assert preferences.zone_of(ctx.settings, person) == "Europe/London"
    assert preferences.language_of(person) == "en"
    prefer_for_all(ctx, person, Choices("Europe/Paris", "cy"))
    ctx.session.expire_all()
    assert preferences.zone_of(ctx.settings, person) == "Europe/Paris"
    assert preferences.language_of(person) == "cy"
    prefer(ctx, person, Choices("Asia/Tokyo", "en"), daily_digest=False)
    assert preferences.zone_of(ctx.settings, person) == "Asia/Tokyo"
    assert preferences.language_of(person) == "en"
    prefer(ctx, person, Choices(), daily_digest=False)
    assert preferences.zone_of(ctx.settings, person) == "Europe/Paris"
    assert preferences.zone_of(ctx.settings, case.liaison) == "Europe/London"


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "../../etc/passwd", "EST5EDT", "x" * 300])
def test_only_zones_of_the_list(place, zone):
    ctx, case = place
    for act in (
        lambda: prefer(ctx, case.case_handler, Choices(zone), daily_digest=False),
        lambda: prefer_for_all(ctx, case.case_handler, Choices(zone)),
    ):
        with pytest.raises(Refused, match="from the list") as refused:
            act()
        assert refused.value.field == "time_zone"
    assert ctx.session.get_one(Person, case.case_handler.id).time_zone is None


def test_only_languages_of_the_list(place):
    ctx, case = place
    with pytest.raises(Refused) as refused:
        prefer(ctx, case.case_handler, Choices(language="xx"), daily_digest=False)
    assert refused.value.field == "language"


def test_a_digest_is_for_the_controllers_side(place):
    ctx, case = place
    prefer(ctx, case.signatory, Choices(), daily_digest=True)
    assert case.signatory.daily_digest
    with pytest.raises(Refused) as refused:
        prefer(ctx, case.officer, Choices(), daily_digest=True)
    assert refused.value.field == "daily_digest"


def test_not_everybody_chooses_for_all(place):
    ctx, case = place
    prefer_for_all(ctx, case.liaison, Choices("Europe/Dublin"))
    assert ctx.session.get_one(Organisation, case.contractor.id).time_zone == "Europe/Dublin"
    with pytest.raises(NotAllowed):
        prefer_for_all(ctx, case.officer, Choices("Europe/Paris"))


def test_the_ladders_are_looked_at_anew_once_working_hours_are_others(place):
    ctx, case = place
    later = NOW + timedelta(hours=20)

    def next_look() -> object:
        ctx.session.flush()
        ctx.session.expire_all()
        return ctx.session.get_one(Demand, case.demand.id).chase_at

    case.demand.chase_at = later
    ctx.session.flush()
    prefer(ctx, case.liaison, Choices("", "en"), daily_digest=False)
    assert next_look() == later
    prefer(ctx, case.liaison, Choices("Asia/Tokyo"), daily_digest=False)
    assert next_look() == NOW


def test_the_list_of_zones_is_found_by_city():
    zones = dict(time_zones.time_zones())
    assert zones["Europe/London"] == "London, Europe"
    assert zones["America/Argentina/Buenos_Aires"] == "Buenos Aires, Argentina, America"
    assert "UTC" in zones
    assert not {"EST5EDT", "US/Eastern", "posixrules"} & set(zones)
    words = [words for _, words in time_zones.time_zones()][:-1]
    assert words == sorted(words)
