"""The review: sets of answers in full, a decision, and the page that signs it."""

from __future__ import annotations

import pytest

from attest.demo import script
from tests import stage as play
from tests.web.staged import Staged, to_sign, values


def decide(pages: Staged, decision: str, number: int = 2, **more: str):
    """The signing page for the first `number` attestations that wait."""
    visitor = pages.visitor(play.SIGNATORY)
    waiting = values(visitor.get(f"{pages.base}/review"), "attestation")
    fields = {"attestation": waiting[:number], "decision": decision, "reason": ""} | more
    return visitor, visitor.post(f"{pages.base}/review", 200, **fields)


def test_equal_answers_are_shown_once_with_the_files_that_share_them(pages_at) -> None:
    pages = pages_at("attested")
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/review").text
    assert "Review 2 attestations" in text
    assert text.count("The same answers for 2 files") == 1
    assert text.count("Done on 5 February 2013 by &#34;Systems administrator&#34;.") == 2
    assert "list.csv" in text
    assert "costings.xlsx" in text


def test_accepting_signs_one_review_for_many_files(pages_at) -> None:
    pages = pages_at("attested")
    visitor, page = decide(pages, "accepted")
    assert "2 attestations will be accepted." in page.text
    assert len(to_sign(page)["items"][0]["reviewed"]) == 2
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    for _ in range(2):
        answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
        assert answer.json == {"results": [{"id": "review", "ok": True}], "next": pages.base}
    assert {file.state for file in play.files(pages.stage).values()} == {"accepted"}
    assert play.log_types(pages.stage).count("attestation.reviewed") == 1
    assert play.problems(pages.stage) == []
    assert "No attestation waits for your review." in visitor.get(f"{pages.base}/review").text


def test_rejecting_some_brings_the_rest_back_to_the_review(pages_at) -> None:
    pages = pages_at("attested")
    visitor, page = decide(pages, "rejected", 1, reason="Which tool?\nWhich version?")
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
    assert answer.json is not None
    assert answer.json["next"] == f"{pages.base}/review"
    assert sorted(f.state for f in play.files(pages.stage).values()) == ["attested", "rejected"]


def test_what_is_new_comes_first_and_is_marked(pages_at) -> None:
    pages = pages_at("attested")
    stage = pages.stage
    script.review(stage, "rejected", "Which tool?", files=["costings.xlsx"])
    play.fill(stage, "File share", play.deleted(stage) | {"tool": "sdelete"}, ["costings.xlsx"])
    stage.now = stage.now.replace(hour=16)
    script.attest_all(stage)
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/review").text
    assert text.index("What is new since the attestation before") < text.index(">list.csv<")
    assert "</span>Tool: &#34;sdelete&#34;.</ins>" in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"decision": "", "reason": ""}, "Choose accept or reject."),
        ({"decision": "rejected", "reason": ""}, "Say what has to be put right, for the officer."),
        ({"decision": "perhaps", "reason": ""}, "Choose one of these."),
    ],
)
def test_a_decision_must_be_whole(pages_at, fields: dict[str, str], sentence: str) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.SIGNATORY)
    first = values(visitor.get(f"{pages.base}/review"), "attestation")[0]
    text = visitor.post(f"{pages.base}/review", 400, attestation=[first], **fields).text
    assert sentence in text
    assert text.count(" checked") >= 1  # the tick is still there


def test_at_least_one_file_must_be_ticked(pages_at) -> None:
    pages = pages_at("attested")
    answer = pages.visitor(play.SIGNATORY).post(f"{pages.base}/review", 400, decision="accepted")
    assert "Tick at least one file" in answer.text


def test_a_tick_that_is_out_of_date_is_told_so(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.SIGNATORY)
    waiting = values(visitor.get(f"{pages.base}/review"), "attestation")
    script.review(pages.stage, "rejected", "Which tool?", files=["list.csv"])
    late = visitor.post(f"{pages.base}/review", 409, attestation=waiting, decision="accepted").text
    assert "Something changed in the meantime" in late
    assert f'href="{pages.base}/review"' in late


def test_a_review_that_somebody_else_overtook_is_not_kept(pages_at) -> None:
    pages = pages_at("attested")
    visitor, page = decide(pages, "accepted")
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    script.review(pages.stage, "rejected", "Which tool?", files=["list.csv"])
    answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]}, 409)
    assert answer.json is not None
    assert answer.json["reload"] == f"{pages.base}/review"
    assert "Nothing was signed" in answer.json["sentence"]
    assert play.files(pages.stage)["costings.xlsx"].state == "attested"


def test_nothing_is_accepted_while_the_officers_key_is_not_confirmed(pages_at) -> None:
    pages = pages_at("acknowledged")
    stage = pages.stage
    script.make_officer_key(stage)
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    visitor = pages.visitor(play.SIGNATORY)
    assert "Confirm the officer’s key" in visitor.get(f"{pages.base}/review").text
    whole = values(visitor.get(f"{pages.base}/review"), "attestation")
    fields = {"attestation": whole, "decision": "accepted", "reason": ""}
    text = visitor.post(f"{pages.base}/review", 400, **fields).text
    assert "has not been confirmed" in text


def test_only_those_whose_review_counts_may(pages_at) -> None:
    pages = pages_at("attested")
    for email in (play.CASEWORK, play.LIAISON, play.OFFICER, play.JOINT):
        # Some of them get a letter that leads here: they are sent on.
        sent = pages.visitor(email).get(f"{pages.base}/review", 302)
        assert sent.headers["Location"] == pages.base
    pages.visitor(play.OTHER_CONTRACTOR).get(f"{pages.base}/review", 404)


def test_many_files_are_chosen_as_a_whole_set(pages_at, monkeypatch) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.SIGNATORY)
    with pages.stage.look() as ctx:
        from attest.demo.acting import seat_of
        from attest.services.views.review_sets import answer_sets

        found = answer_sets(ctx, seat_of(ctx, pages.stage, play.SIGNATORY))
    fields = {"set": [found[0].id], "decision": "accepted", "reason": ""}
    page = visitor.post(f"{pages.base}/review", 200, **fields)
    assert len(to_sign(page)["items"][0]["reviewed"]) == 2
    fields["set"] = ["0" * 24]
    visitor.post(f"{pages.base}/review", 409, **fields)
