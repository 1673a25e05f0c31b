"""The liaison's pages: acknowledge, "not us", name the officer."""

from __future__ import annotations

from attest.demo.acting import demand_of
from attest.signing import fingerprint, keyid
from tests import stage as play


def officer_name(pages) -> str | None:
    with pages.stage.look() as ctx:
        officer = demand_of(ctx, pages.stage).officer
        return officer.name if officer else None


def test_the_page_says_how_to_tell_that_it_is_genuine(pages_at) -> None:
    pages = pages_at("issued")
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/acknowledge").text
    key = pages.stage.actor(play.SIGNATORY).key
    assert key is not None
    assert "Both must be as the letter that brought the demand shows them." in page
    assert play.LEAD in page
    assert pages.stage.reference in page
    # Who could read them here would not ring.
    assert fingerprint(key.keyid) not in page
    assert fingerprint(keyid(pages.stage.log_key.public_key)) not in page


def test_no_page_shows_the_signatorys_fingerprint_before_it_was_heard(pages_at) -> None:
    pages = pages_at("issued")
    liaison = pages.visitor(play.LIAISON)
    key = pages.stage.actor(play.SIGNATORY).key
    assert key is not None
    shown = fingerprint(key.keyid)
    compare = f"/keys/{key.keyid}/compare"
    for path in ("", "/acknowledge", "/keys", compare, "/letters", "/timeline"):
        assert shown not in liaison.get(f"{pages.base}{path}").text, path
    assert "type the signing key’s groups" in liaison.get(f"{pages.base}/acknowledge").text
    liaison.post(f"{pages.base}{compare}", typed=shown)
    page = liaison.get(f"{pages.base}/acknowledge").text
    assert "signing key, by your organisation." in page
    assert "type the signing key’s groups" not in page
    assert shown in liaison.get(f"{pages.base}/keys").text


def test_acknowledging_leads_to_the_officer(pages_at) -> None:
    pages = pages_at("issued")
    liaison = pages.visitor(play.LIAISON)
    sent = liaison.post(f"{pages.base}/acknowledge", note="By Friday.")
    assert sent.location == f"{pages.base}/officer"
    assert play.state(pages.stage) == "acknowledged"
    assert "is acknowledged" in liaison.get(f"{pages.base}/acknowledge").text


def test_a_note_that_cannot_be_kept_stays_in_the_form(pages_at) -> None:
    pages = pages_at("issued")
    page = pages.visitor(play.LIAISON).post(
        f"{pages.base}/acknowledge", 400, note="mirrored \u202e text"
    )
    assert "mirrored" in page.text
    assert "There is a problem" in page.text
    assert play.state(pages.stage) == "issued"


def test_not_us_needs_a_reason_and_shows_it_afterwards(pages_at) -> None:
    pages = pages_at("issued")
    liaison = pages.visitor(play.LIAISON)
    page = liaison.post(f"{pages.base}/not-us", 400, reason=" ")
    assert "Say why this does not concern you." in page.text
    liaison.post(f"{pages.base}/not-us", reason="That was another Halden.")
    assert "That was another Halden." in liaison.get(f"{pages.base}/acknowledge").text
    liaison.post(f"{pages.base}/acknowledge")
    page = liaison.post(f"{pages.base}/not-us", 400, reason="On second thoughts")
    assert "acknowledged already" in page.text


def test_who_said_not_us_is_not_asked_again(pages_at) -> None:
    pages = pages_at("issued")
    liaison = pages.visitor(play.LIAISON)
    assert "Not for you?" in liaison.get(f"{pages.base}/acknowledge").text
    liaison.post(f"{pages.base}/not-us", reason="That was another Halden.")
    assert "Not for you?" not in liaison.get(f"{pages.base}/acknowledge").text
    waiting = f"{play.HALDEN} says “not us”: to be decided"
    assert waiting in pages.visitor(play.SIGNATORY).get(pages.base).text


def test_nothing_is_asked_for_once_the_demand_has_ended(pages_at) -> None:
    pages = pages_at("closed")
    liaison = pages.visitor(play.LIAISON)
    page = liaison.get(f"{pages.base}/acknowledge").text
    assert "Nothing is asked of you any more" in page
    assert "<textarea" not in page
    assert "This demand has ended." in liaison.get(f"{pages.base}/not-us", 400).text


def test_a_liaison_finds_the_way_to_replace_the_officer(pages_at) -> None:
    pages = pages_at("acknowledged")
    link = f'href="{pages.base}/officer"'
    page = pages.visitor(play.LIAISON).get(pages.base).text
    assert link in page
    assert f'href="{pages.base}/stores/new"' in page
    assert f'href="{pages.base}/worksheet"' in page
    assert link not in pages.visitor(play.OFFICER).get(pages.base).text
    assert link not in pages.visitor(play.SIGNATORY).get(pages.base).text
    done = pages_at("closed")
    assert link not in done.visitor(play.LIAISON).get(done.base).text


def test_a_new_officer_needs_a_name_a_title_and_an_address(pages_at) -> None:
    pages = pages_at("issued")
    liaison = pages.visitor(play.LIAISON)
    page = liaison.post(f"{pages.base}/officer", 400, who="another", name="Otto Oak").text
    assert "Type the officer’s title." in page
    assert "Type the officer’s email address." in page
    assert 'value="Otto Oak"' in page
    assert officer_name(pages) is None
    typed = {"name": "Otto Oak", "role": "Deputy", "email": "otto@halden.example"}
    sent = liaison.post(f"{pages.base}/officer", who="another", **typed)
    assert sent.location == pages.base
    assert officer_name(pages) == "Otto Oak"
    told = play.letters(pages.stage, "officer_invited")
    assert [letter.to_email for letter in told] == ["otto@halden.example"]


def test_a_liaison_can_be_the_officer(pages_at) -> None:
    pages = pages_at("acknowledged")
    liaison = pages.visitor(play.LIAISON)
    assert "Replace the assurance officer" in liaison.get(f"{pages.base}/officer").text
    sent = liaison.post(f"{pages.base}/officer", who="me")
    assert sent.location == f"{pages.base}/answer"
    assert officer_name(pages) == "Tom Beck"
    assert "What became of each copy?" in liaison.get(f"{pages.base}/answer").text


def test_an_officer_of_before_can_be_chosen_again(pages_at) -> None:
    pages = pages_at("acknowledged")
    liaison = pages.visitor(play.LIAISON)
    with pages.stage.look() as ctx:
        before = demand_of(ctx, pages.stage).officer_id
    liaison.post(f"{pages.base}/officer", who="me")
    assert "Ruth Adeyemi" in liaison.get(f"{pages.base}/officer").text
    liaison.post(f"{pages.base}/officer", who=before)
    assert officer_name(pages) == "Ruth Adeyemi"


def test_a_forged_choice_of_officer_changes_nothing(pages_at) -> None:
    pages = pages_at("acknowledged")
    with pages.stage.look() as ctx:
        stranger = demand_of(ctx, pages.stage).created_by_id
    pages.visitor(play.LIAISON).post(f"{pages.base}/officer", 400, who=stranger)
    assert officer_name(pages) == "Ruth Adeyemi"
