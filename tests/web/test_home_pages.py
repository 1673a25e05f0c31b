"""What needs somebody, and the list of demands: filtered, searched, sorted, page by page."""

import re
from datetime import date, timedelta

from attest.database.tables import Demand, Person
from attest.services.acts import drafts
from tests.rows import add_case


def references(page):
    return re.findall(
        r'<a class="govuk-link" href="/demands/[^"]+">([A-Z0-9]+-\d+-\d+)</a>', page.text
    )


def begin(house, *titles):
    with house.acting() as ctx:
        handler = ctx.session.get_one(Person, house.people["case_handler"].id)
        return [drafts.create(ctx, handler, title).reference for title in titles]


def change(house, **columns):
    with house.acting() as ctx:
        demand = ctx.session.get_one(Demand, house.case.demand.id)
        for name, value in columns.items():
            setattr(demand, name, value)


def test_the_first_page_says_what_waits_with_a_link_and_a_day(house):
    page = house.visitor("liaison").get("/").text
    assert "Acknowledge ND-2013-004 from Northshire Constabulary." in page
    assert 'href="/demands/ND-2013-004/acknowledge"' in page
    assert "due Monday 18 February 2013, in 10 working days" in page


def test_what_is_late_says_by_how_much(house):
    house.pass_time(days=16)
    page = house.visitor("liaison").get("/").text
    assert '<strong class="attest-tag attest-tag--late">2 working days late</strong>' in page


def test_nothing_to_do_says_whose_turn_it_is(house):
    page = house.visitor("case_handler").get("/").text
    assert "Nothing. Others have the next step" in page
    assert "ND-2013-004" in page


def test_who_has_no_demand_reads_what_will_come(house):
    assert "When a controller sends your organisation one" in (
        house.visitor("other_contractor").get("/").text
    )
    assert "You see no demands" in house.visitor("administrator").get("/demands").text


def test_who_has_only_demands_that_ended_is_led_to_them(house):
    change(house, state="closed")
    for role in ("case_handler", "signatory", "liaison"):
        page = house.visitor(role).get("/").text
        assert "There is no demand yet" not in page
        assert "1 demand that ended" in page
        assert "ND-2013-004" in house.visitor(role).get("/demands").text


def test_only_a_case_handler_is_offered_to_raise_a_demand(house):
    assert "Raise a demand" in house.visitor("case_handler").get("/demands").text
    for role in ("signatory", "liaison", "officer", "administrator"):
        assert "Raise a demand" not in house.visitor(role).get("/demands").text


def test_a_row_names_the_other_side(house):
    ours = house.visitor("signatory").get("/demands").text
    assert ">Contractor</th>" in ours
    assert "Halden Support Services plc" in ours
    theirs = house.visitor("liaison").get("/demands").text
    assert ">Controller</th>" in theirs
    assert ">Contractor</th>" not in theirs


def test_a_row_counts_open_copies_and_lateness(house):
    page = house.visitor("signatory").get("/demands").text
    assert "35 of 35" in page
    assert "18 February 2013" in page
    house.pass_time(days=16)
    assert ">2 working days</strong>" in house.visitor("signatory").get("/demands").text


def test_lateness_leaves_out_the_holidays_of_the_demand(house):
    # Good Friday and Easter Monday of 2013 lie between.
    change(house, due_on=date(2013, 3, 28))
    house.now = house.now.replace(month=4, day=3)
    assert ">2 working days</strong>" in house.visitor("signatory").get("/demands").text


def test_the_list_is_filtered_by_state(house):
    (draft,) = begin(house, "Another incident")
    handler = house.visitor("case_handler")
    assert references(handler.get("/demands?state=draft")) == [draft]
    assert references(handler.get("/demands?state=issued")) == ["ND-2013-004"]
    assert set(references(handler.get("/demands?state=open"))) == {draft, "ND-2013-004"}
    assert references(handler.get("/demands?state=overdue")) == []
    house.pass_time(days=20)
    assert references(handler.get("/demands?state=overdue")) == ["ND-2013-004"]


def test_the_list_is_searched_by_reference_and_party(house):
    begin(house, "Another incident")
    handler = house.visitor("case_handler")
    for words in ("2013-004", "halden", "  Eastshire "):
        assert references(handler.get("/demands", query_string={"search": words})) == [
            "ND-2013-004"
        ]
    # Signs that a database takes for "anything" stand for themselves.
    assert "No demand fits." in handler.get("/demands", query_string={"search": "%"}).text


def test_the_list_is_sorted(house):
    with house.acting() as ctx:
        ctx.session.get_one(Demand, house.case.demand.id).created_at -= timedelta(days=1)
    (draft,) = begin(house, "Another incident")
    with house.acting() as ctx:
        ctx.session.query(Demand).filter_by(reference=draft).one().due_on = date(2013, 2, 11)
    handler = house.visitor("case_handler")
    by_due = references(handler.get("/demands?sort=due"))
    assert by_due == [draft, "ND-2013-004"]
    assert references(handler.get("/demands?sort=newest")) == [draft, "ND-2013-004"]
    assert references(handler.get("/demands?sort=reference")) == sorted(by_due)


def test_an_address_with_nonsense_shows_the_list(house):
    page = house.visitor("case_handler").get("/demands?sort=;drop&state=mine&page=x&search=%00")
    assert page.status_code == 200
    assert references(house.visitor("case_handler").get("/demands?page=99999999999999")) == [
        "ND-2013-004"
    ]


def test_a_long_list_has_pages(house):
    begin(house, *[f"Incident {number}" for number in range(54)])
    handler = house.visitor("case_handler")
    first = handler.get("/demands?state=open&sort=reference")
    assert len(references(first)) == 50
    assert "Page 1 of 2" in first.text
    link = re.search(r'href="([^"]+page=2)"', first.text)
    assert link is not None
    second = handler.get(link[1].replace("&amp;", "&"))
    assert len(references(second)) == 5
    assert not set(references(first)) & set(references(second))


def test_a_demand_of_others_is_in_no_list(house):
    with house.acting() as ctx:
        add_case(ctx.session, reference="ZZ-2013-001")
    for role in ("case_handler", "liaison", "joint_controller", "administrator"):
        visitor = house.visitor(role)
        assert "ZZ-2013-001" not in visitor.get("/").text
        assert "ZZ-2013-001" not in visitor.get("/demands").text
