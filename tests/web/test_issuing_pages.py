"""The signatory reads a demand, signs it, or returns it."""

import json
import re
from html import unescape

import pytest

from attest.database.tables import Demand, LogEntry, Person
from attest.services.acts import enrolling
from attest.signing import PrivateKey, unb64
from attest.statements.canonical import decode
from attest.statements.envelope import sign_payload
from tests.web.drafting import TERMS, Draft, error_of

KEY = PrivateKey.from_seed(bytes(range(32)))


@pytest.fixture
def draft(house):
    made = Draft(house)
    made.hand_over()
    return made


def give_key(house, key=KEY):
    with house.acting() as ctx:
        person = ctx.session.get_one(Person, house.people["signatory"].id)
        payload = enrolling.prepare_enrolment(ctx, person, "signatory", key.public_key)
        enrolling.enrol_key(ctx, person, sign_payload(payload, key))


def to_sign(page):
    found = re.search(r'<script type="application/json" id="to-sign"[^>]*>(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def envelope(data, key=KEY):
    (item,) = data["items"]
    made = sign_payload(unb64(item["payload"]), key).decode()
    return {"envelopes": [{"id": item["id"], "envelope": made}]}


def issue_page(draft, signatory):
    return signatory.get(f"/demands/{draft.reference}/issue").text


def test_everything_is_on_one_page(house, draft):
    give_key(house)
    page = unescape(issue_page(draft, house.visitor("signatory")))
    for words in (
        "Halden Support Services plc",
        "list.csv",
        "File share",
        "They were sent in error.",
        "tom.beck@halden.example",
        "They held more than was needed.",
        f"Sign and issue {draft.reference}",
        "This is the deletion demand with the reference",
    ):
        assert words in page


def test_without_a_key_it_can_be_read_and_returned(house, draft):
    page = issue_page(draft, house.visitor("signatory"))
    assert "You have no signing key yet." in page
    assert 'href="/keys/new"' in page
    assert "to-sign" not in page
    assert "Return it to the case handlers" in page


def test_signing_issues_the_demand_and_leads_to_a_receipt(house, draft):
    give_key(house)
    signatory = house.visitor("signatory")
    data = to_sign(issue_page(draft, signatory))
    assert data["postTo"] == f"/demands/{draft.reference}/issue/envelopes"
    assert data["listing"]["files"]["count"] == 1
    answer = signatory.send(data["postTo"], envelope(data)).get_json()
    assert answer["results"] == [{"id": data["items"][0]["id"], "ok": True}]
    receipt = signatory.get(answer["next"]).text
    assert "Tom Beck of Halden Support Services plc gets a letter within a minute." in receipt
    assert draft.row().state == "issued"
    with house.acting() as ctx:
        demand = ctx.session.get_one(Demand, draft.row().id)
        kinds = [entry.type for entry in ctx.session.query(LogEntry).filter_by(demand_id=demand.id)]
    assert kinds.count("demand.issued") == 1
    assert "invitation_of_liaison" in [letter.kind for letter in house.letters()]


def test_the_same_envelope_twice_is_answered_the_same(house, draft):
    give_key(house)
    signatory = house.visitor("signatory")
    data = to_sign(issue_page(draft, signatory))
    first = signatory.send(data["postTo"], envelope(data)).get_json()
    assert signatory.send(data["postTo"], envelope(data)).get_json() == first


def test_afterwards_the_pages_of_the_draft_lead_on(house, draft):
    give_key(house)
    signatory = house.visitor("signatory")
    data = to_sign(issue_page(draft, signatory))
    signatory.send(data["postTo"], envelope(data))
    again = signatory.get(f"/demands/{draft.reference}/issue", 302)
    assert again.location == f"/demands/{draft.reference}/issued"
    draft.get("", 404)
    draft.get("/terms", 404)


def test_a_demand_that_changed_meanwhile_is_not_signed(house, draft):
    give_key(house)
    signatory = house.visitor("signatory")
    data = to_sign(issue_page(draft, signatory))
    draft.post("/take-back")
    draft.post("/terms", **{**TERMS, "basis": "Another basis"})
    house.pass_time(minutes=1)
    for _ in range(2):  # while it is with the case handler, and when it is back
        answer = signatory.send(data["postTo"], envelope(data), 409).get_json()
        assert answer["reload"] == f"/demands/{draft.reference}/issue"
        assert answer["sentence"].startswith("The draft changed since you opened this page")
        if draft.row().handed_at is None:
            draft.post("/hand-over")
    assert draft.row().state == "draft"


def test_another_key_or_a_changed_statement_is_refused(house, draft):
    give_key(house)
    signatory = house.visitor("signatory")
    data = to_sign(issue_page(draft, signatory))
    stolen = PrivateKey.from_seed(bytes(32))
    sentence = signatory.send(data["postTo"], envelope(data, stolen), 400).get_json()["sentence"]
    assert "another key" in sentence
    changed = envelope(data)
    inside = decode(changed["envelopes"][0]["envelope"].encode())
    inside["signatures"][0]["sig"] = "A" * 86 + "=="
    changed["envelopes"][0]["envelope"] = json.dumps(
        inside, separators=(",", ":"), sort_keys=True, ensure_ascii=False
    )
    sentence = signatory.send(data["postTo"], changed, 400).get_json()["sentence"]
    assert "changed on the way" in sentence
    assert draft.row().state == "draft"


def test_a_draft_is_returned_with_a_note(house, draft):
    signatory = house.visitor("signatory")
    address = f"/demands/{draft.reference}/issue"
    page = signatory.post(address, 400, note=" ").text
    assert error_of(page, "note") == "Say what has to change."
    signatory.post(address, note="Name the backup too.")
    assert draft.row().handed_at is None
    page = draft.get()
    assert "The signatory returned it" in page
    assert "Name the backup too." in page
    assert "draft_returned" in [letter.kind for letter in house.letters()]
    # Its page sends the signatory to where it lies.
    assert signatory.get(address, 302).location == draft.address


def test_a_due_date_that_passed_stands_in_the_way(house, draft):
    give_key(house)
    house.pass_time(days=30)
    page = issue_page(draft, house.visitor("signatory"))
    assert "The due date is in the past." in page
    assert "to-sign" not in page


def test_whoever_signs_nothing_here_signs_nothing(house, draft):
    give_key(house)
    data = to_sign(issue_page(draft, house.visitor("signatory")))
    for role, status in (("case_handler", 403), ("joint_controller", 404), ("liaison", 404)):
        house.visitor(role).send(data["postTo"], envelope(data), status)
    assert draft.row().state == "draft"
