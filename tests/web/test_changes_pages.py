"""The pages of changed minds: amendments, stores withdrawn, files never received."""

from __future__ import annotations

import io
from datetime import timedelta

from attest.demo import script
from attest.demo.acting import demand_of
from tests import changing
from tests import stage as play
from tests.web.staged import to_sign

NEW = "further.docx"


def due_fields(day) -> dict[str, str]:
    return {
        "due_on-day": str(day.day),
        "due_on-month": str(day.month),
        "due_on-year": str(day.year),
    }


def due_on(pages):
    with pages.stage.look() as ctx:
        return demand_of(ctx, pages.stage).due_on


def test_a_demand_is_amended_through_the_pages(pages_at) -> None:
    pages = pages_at("accepted")
    handler, amendment = pages.visitor(play.CASEWORK), f"{pages.base}/amendment"
    assert "stands as it was issued" in handler.get(f"{pages.base}/changes").text
    handler.post(amendment)
    assert "Nothing is otherwise than in the demand that stands." in handler.get(amendment).text
    handler.get(f"{amendment}/terms")
    terms = {
        **due_fields(due_on(pages) + timedelta(days=7)),
        "action": "delete",
        "concurrence": "lead",
        "basis": "Sent in error",
        "instruction": "Shred the paper too.",
    }
    assert (
        "Write the instruction."
        in handler.post(f"{amendment}/terms", 400, **{**terms, "instruction": ""}).text
    )
    handler.post(f"{amendment}/terms", **terms)
    handler.get(f"{amendment}/files")
    assert "Type the file" in handler.post(f"{amendment}/files", 400, kind="electronic").text
    handler.post(f"{amendment}/files", name=NEW, kind="electronic")
    listed = {"act": "list", "manifest": (io.BytesIO(b"name\none.csv\ntwo.csv\n"), "list.csv")}
    handler.post(f"{amendment}/files", **listed)
    text = handler.get(f"{amendment}/files").text
    assert "one.csv" in text
    remove = text.split('name="file" value="')[3].split('"')[0]
    handler.post(f"{amendment}/files/remove", file=remove)
    text = handler.get(amendment).text
    assert "“further.docx” and “one.csv”" in text
    assert "Monday 25 February 2013" in text
    for email in (play.LIAISON, play.JOINT):
        other = pages.visitor(email)
        other.get(amendment, 403)
        assert "being prepared" not in other.get(f"{pages.base}/changes").text
    handler.post(f"{amendment}/hand-over")
    handler.get(f"{amendment}/terms", 302)
    assert "with the signatory" in handler.get(amendment).text

    signatory = pages.visitor(play.SIGNATORY)
    assert f'href="{amendment}/sign"' in signatory.get(f"{pages.base}/changes").text
    page = signatory.get(f"{amendment}/sign")
    assert "It replaces the demand with the reference" in page.text
    assert "one.csv" in page.text
    data = to_sign(page)
    assert data["listing"]["files"]["count"] == 4
    signed = pages.sign_page(signatory, page, play.SIGNATORY)
    for _ in range(2):
        answer = signatory.send(signed["postTo"], {"envelopes": signed["envelopes"]})
        assert answer.json == {
            "results": [{"id": "amendment", "ok": True}],
            "next": f"{pages.base}/changes",
        }
    for email in (play.CASEWORK, play.LIAISON, play.JOINT):
        visitor = pages.visitor(email)
        text = visitor.get(f"{pages.base}/changes").text
        assert "Monday 18 February 2013" in text
        assert "Monday 25 February 2013" in text
        assert "“further.docx” and “one.csv”" in text
        told = visitor.get(f"{pages.base}/timeline").text
        assert "Due date: Monday 18 February 2013, now Monday 25 February 2013" in told
    assert ">further.docx<" in pages.visitor(play.OFFICER).get(f"{pages.base}?state=open").text
    signatory.get(f"{amendment}/sign", 302)
    assert play.problems(pages.stage) == []


def test_an_amendment_that_changed_meanwhile_is_looked_at_again(pages_at) -> None:
    pages = pages_at("ready")
    changing.draft(pages.stage, files=[NEW])
    changing.hand_over(pages.stage)
    signatory = pages.visitor(play.SIGNATORY)
    page = signatory.get(f"{pages.base}/amendment/sign")
    signed = pages.sign_page(signatory, page, play.SIGNATORY)
    play.name_store(pages.stage)
    answer = signatory.send(signed["postTo"], {"envelopes": signed["envelopes"]}, 409)
    assert "Something happened" in answer.json["sentence"]
    assert answer.json["reload"] == f"{pages.base}/amendment/sign"


def test_it_is_returned_and_discarded(pages_at) -> None:
    pages = pages_at("ready")
    changing.draft(pages.stage, files=[NEW])
    changing.hand_over(pages.stage)
    signatory, handler = pages.visitor(play.SIGNATORY), pages.visitor(play.CASEWORK)
    address = f"{pages.base}/amendment"
    assert "Say what has to change." in signatory.post(f"{address}/sign", 400, note="").text
    signatory.post(f"{address}/sign", note="Name the day.")
    assert "Name the day." in handler.get(address).text
    handler.post(f"{address}/hand-over")
    handler.post(f"{address}/take-back")
    assert "with 1 file to be added" in handler.get(f"{address}/discard").text
    handler.post(f"{address}/discard")
    handler.get(address, 404)
    assert "demand.amended" not in play.log_types(pages.stage)


def test_what_is_left_over_of_an_ended_demand_can_be_discarded_alone(pages_at) -> None:
    pages = pages_at("accepted")
    changing.draft(pages.stage, files=[NEW])
    changing.hand_over(pages.stage)
    script.close(pages.stage)
    signatory, handler = pages.visitor(play.SIGNATORY), pages.visitor(play.CASEWORK)
    address, hub = f"{pages.base}/amendment", f"{pages.base}/changes"
    left = "nobody signs"
    assert left in signatory.get(hub).text
    assert left in handler.get(address).text
    for visitor, page in ((signatory, hub), (signatory, address), (handler, address)):
        text = visitor.get(page).text
        for action in (f"{address}/sign", f"{address}/take-back", f"{address}/hand-over"):
            assert f'"{action}"' not in text
    assert signatory.get(f"{address}/sign", 302).headers["Location"] == hub
    assert f'"{address}/discard"' in handler.get(hub).text
    handler.get(f"{address}/discard")
    handler.post(f"{address}/discard")
    assert left not in handler.get(hub).text


def test_a_bad_list_says_which_lines(pages_at) -> None:
    pages = pages_at("ready")
    handler, address = pages.visitor(play.CASEWORK), f"{pages.base}/amendment/files"
    handler.post(f"{pages.base}/amendment")
    bad = {"act": "list", "manifest": (io.BytesIO(b"name,size\nx.csv,many\n"), "list.csv")}
    text = handler.post(address, 400, **bad).text
    assert "Nothing was added" in text
    assert "Line 2" in text
    assert "Choose a list first." in handler.post(address, 400, act="list").text


def test_a_store_is_withdrawn_and_the_controller_agrees(pages_at) -> None:
    pages = pages_at("ready")
    store = play.stores(pages.stage)[play.SHARE.label].id
    liaison, address = pages.visitor(play.LIAISON), f"{pages.base}/stores/{store}/withdraw"
    assert f'href="{address}"' in liaison.get(f"{pages.base}/stores").text
    assert "The store still stands." in liaison.get(address).text
    assert "Say why it need not" in liaison.post(address, 400, reason="").text
    liaison.post(address, reason="We left that building.")
    assert "stands until the demand is amended" in liaison.get(f"{pages.base}/stores").text
    assert "That can be done once only." in liaison.get(address).text
    handler = pages.visitor(play.CASEWORK)
    text = handler.get(f"{pages.base}/changes").text
    assert "We left that building." in text
    assert "Agree: amend the demand" in text
    assert "It stays" in text
    handler.post(f"{pages.base}/amendment")
    page = handler.get(f"{pages.base}/amendment/stores").text
    assert "Agree: it is not searched any more" in page
    handler.post(f"{pages.base}/amendment/stores", 400, **{f"{store}-keep": "perhaps"})
    handler.post(f"{pages.base}/amendment/stores", **{f"{store}-keep": "release"})
    assert "No longer searched" in handler.get(f"{pages.base}/amendment").text
    changing.hand_over(pages.stage)
    changing.sign_it(pages.stage)
    assert "let go" in liaison.get(f"{pages.base}/changes").text
    assert "File share" not in pages.visitor(play.OFFICER).get(f"{pages.base}/answer").text
    assert "No longer searched" in liaison.get(f"{pages.base}/stores").text
    assert play.problems(pages.stage) == []


def test_a_store_stays(pages_at) -> None:
    pages = pages_at("ready")
    changing.withdraw_store(pages.stage)
    store = play.stores(pages.stage)[play.SHARE.label].id
    address = f"{pages.base}/stores/{store}/keep"
    signatory = pages.visitor(play.SIGNATORY)
    assert "has no event that refuses it" in signatory.get(address).text
    assert "Say why it has to be searched." in signatory.post(address, 400, reason="").text
    signatory.post(address, reason="It had a copy.")
    assert "decided already" in signatory.post(address, 400, reason="Twice.").text
    assert "It had a copy." in pages.visitor(play.LIAISON).get(f"{pages.base}/changes").text


def test_a_file_never_received_is_ruled_on(pages_at) -> None:
    pages = pages_at("ready")
    liaison, address = pages.visitor(play.LIAISON), f"{pages.base}/files/1/never-received"
    assert f'href="{address}"' in liaison.get(f"{pages.base}/files/1").text
    assert "cannot be taken out of it" in liaison.get(address).text
    assert "Say how you know." in liaison.post(address, 400, reason="").text
    liaison.post(address, reason="It is in no mail of ours.")
    assert "You have said so already." in liaison.get(address).text
    handler = pages.visitor(play.CASEWORK)
    assert "The contractor says that it never received this file." in (
        handler.get(f"{pages.base}/files/1").text
    )
    text = handler.get(f"{pages.base}/changes").text
    rule = text.split(f'href="{pages.base}/claims/')[1].split('"')[0]
    where = f"{pages.base}/claims/{rule}"
    assert "nothing takes it out or describes it anew" in handler.get(where).text
    assert "Choose how you rule." in handler.post(where, 400, reason="So.").text
    handler.post(where, ruling="nil_return", reason="Our gateway is silent.")
    assert "Somebody has ruled on this already." in handler.get(where).text
    # Who ruled in a second tab reads the ruling, and what they typed themselves.
    late = handler.post(where, 400, ruling="stands", reason="Our gateway says\nit went out.").text
    assert "Our gateway is silent." in late
    assert "Our gateway says\nit went out." in late
    assert "Our gateway says" not in handler.get(where).text
    text = liaison.get(f"{pages.base}/files/1").text
    assert "Nil returns will do" in text
    assert "Our gateway is silent." in text
