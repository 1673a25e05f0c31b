"""The reference case, played by people in browsers of their own, from invitation to verifying.

Every event of it, on its day (docs/reference-case.md). Nobody's act is done by a service.
Everything goes through pages and letters; keys are made and used by WebCrypto. What comes out is
checked by the verifier, with each side's own trust file, and each signature by PyNaCl.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.database.engine import make_engine
from attest.demo import case, exhibits, late_scenes, script
from attest.demo.acting import Stage
from attest.services.accounts import accounts
from attest.services.accounts.invitations import invitation_link
from attest.services.accounts.membership import new_organisation
from attest.services.accounts.people import ensure_person
from attest.services.instance import create_instance, load_log_key
from attest.services.upkeep import checking
from attest.signing import fingerprint
from tests.browser import contractor_scenes as contractor
from tests.browser import controller_scenes as controller
from tests.browser import late_scenes as late
from tests.browser.acts import (
    answer,
    come_in,
    follow,
    heading,
    make_key,
    own_fingerprint,
    press,
    select,
)
from tests.browser.conftest import NewVisitor
from tests.browser.evidence import taken_home
from tests.browser.live import Live, address_of, free_port, serving

PASSWORD = "correct horse battery staple"
PASSPHRASE = {"signatory": "a quiet lamp over stairs", "officer": "seven boxes under rain"}
# The officer's presses of the mouse for 35 copies, the form of each kind of answer included.
FEW = 75


@pytest.fixture
def live(sqlite_template: Path, tmp_path: Path) -> Iterator[Live]:
    """An instance as `attest init` leaves it: one organisation, one invited case handler."""
    listening = free_port()
    folder = tmp_path / "instance"
    settings = create_instance(
        folder,
        instance_name="attest.example",
        base_url=address_of(listening),
        mail_from="attest@attest.example",
    )
    shutil.copyfile(sqlite_template, folder / "attest.sqlite3")
    engine = make_engine(settings.database_url)
    start = datetime(2013, 2, 1, 10, 30, tzinfo=UTC)
    with serving(Stage(settings, engine, load_log_key(settings), start), listening) as running:
        yield running
    engine.dispose()


def first_link(live: Live) -> str:
    """What `attest init` prints."""
    with live.stage.act() as ctx:
        handler = ensure_person(
            ctx,
            organisation_id=new_organisation(ctx, case.LEAD.name, case.LEAD.code).id,
            name="Case handler",
            role="Information governance manager",
            email=script.CASEWORK,
            duties=frozenset({"case_handler"}),
        )
        link = accounts.new_link(ctx, handler.account, accounts.INVITATION)
        return invitation_link(ctx.settings, link.id)


def list_of_case(name: str) -> Path:
    """A list as a case handler has it."""
    return Path(str(resources.files("attest.demo").joinpath(name)))


def count_presses(page: Page) -> list[str]:
    """A list that grows with each press of the mouse on this page."""
    presses: list[str] = []
    page.expose_function("pressed", lambda target: presses.append(target))
    page.add_init_script(
        "addEventListener('pointerdown', (event) => window.pressed(event.target.tagName), true)"
    )
    return presses


def test_every_event_from_the_first_invitation_to_a_verified_bundle(
    live: Live, new_visitor: NewVisitor, tmp_path: Path
) -> None:
    handler, signatory, liaison, officer = (new_visitor(base_url=live.address) for _ in range(4))
    presses = count_presses(officer)

    invited(live, handler, signatory, new_visitor())
    reference = live.stage.reference = drafted(handler)
    incident = incident_of(handler)
    late.answer_facts(handler, incident)
    live.at(date(2013, 2, 4), "08:20")
    late.report(handler, incident)
    handler.goto(f"{live.base}/draft")
    controller.hand_over(handler)
    issued(live, handler, signatory, tmp_path)
    acknowledged(live, liaison, live.base)
    keys_compared(live, signatory, officer, tmp_path)
    answered(live, officer, presses)
    live.at(date(2013, 2, 11), "15:00")
    late.tell_staff(handler, incident)
    shredded(live, officer, presses)
    more_time(live, handler, liaison)
    attested(live, officer, presses)
    assert len(presses) <= FEW, f"{len(presses)} presses to answer for 35 copies"
    reviewed(live, signatory)
    unanswered(live)
    corrected(live, signatory, officer)
    printout_found(live, signatory, officer)
    exception_ended(live, signatory, officer)
    live.at(date(2013, 3, 15), "12:00")
    signatory.goto(live.link(script.SIGNATORY, "/close"))
    controller.close(signatory, PASSPHRASE["signatory"])
    taken_home(signatory, officer, reference, tmp_path)
    late.take_pack(handler, incident, reference, tmp_path)
    with live.stage.look() as ctx:
        assert list(checking.check(ctx)) == []


def invited(live: Live, handler: Page, signatory: Page, stranger: Page) -> None:
    """Each comes in by a link that works once."""
    link = first_link(live)
    come_in(handler, link, PASSWORD)
    stranger.goto(link)
    heading(stranger, "This link can't be used")
    controller.invite_signatory(handler)
    come_in(signatory, live.link(script.SIGNATORY, "/invitation/"), PASSWORD)


def drafted(handler: Page) -> str:
    """The task list, section by section; both lists give the same five files."""
    reference = controller.raise_demand(handler)
    controller.describe_incident(handler)
    controller.name_parties(handler)
    controller.import_list(handler, list_of_case("manifest.csv"))
    press(handler, "Import 5 files")
    expect(handler.get_by_text("5 files added.")).to_be_visible()
    follow(handler, "Go on with the draft")
    controller.import_list(handler, list_of_case("SHA256SUMS"))
    expect(handler.get_by_text("says nothing new")).to_be_visible()
    handler.goto(f"/demands/{reference}/draft")
    controller.name_stores(handler)
    controller.set_terms(handler)
    return reference


def incident_of(handler: Page) -> str:
    """The incident's reference, from the draft's page, where the handler is."""
    link = handler.get_by_role("main").locator("a[href^='/incidents/']").first
    return (link.get_attribute("href") or "").removeprefix("/incidents/")


def issued(live: Live, handler: Page, signatory: Page, folder: Path) -> None:
    """Returned once with a note; then signed."""
    make_key(signatory, PASSPHRASE["signatory"], folder)
    signatory.goto(live.link(script.SIGNATORY, "/issue"))
    controller.return_draft(signatory, "Say when it was noticed.")
    handler.goto(live.link(script.CASEWORK, "/draft"))
    expect(handler.get_by_text("Say when it was noticed.")).to_be_visible()
    controller.hand_over(handler)
    live.at(date(2013, 2, 4), "11:00")
    signatory.goto(live.link(script.SIGNATORY, "/issue"))
    controller.issue(signatory, live.stage.reference, PASSPHRASE["signatory"])
    # The letter leaves now, and not together with one that would chase tomorrow.
    live.tick()


def acknowledged(live: Live, liaison: Page, base: str) -> None:
    """The liaison knows nothing but the letter."""
    live.at(date(2013, 2, 5), "08:50")
    come_in(liaison, live.link(script.LIAISON, "/invitation/"), PASSWORD)
    contractor.acknowledge(liaison)
    contractor.name_further_stores(liaison, base)
    liaison.goto(f"{base}/officer")
    contractor.name_officer(liaison)
    late.name_contact(liaison, base)


def keys_compared(live: Live, signatory: Page, officer: Page, folder: Path) -> None:
    """The officer's key is made, read out, and confirmed."""
    live.at(date(2013, 2, 6))
    come_in(officer, live.link(script.OFFICER, "/invitation/"), PASSWORD)
    key = make_key(officer, PASSPHRASE["officer"], folder)
    live.at(date(2013, 2, 7))
    heard = own_fingerprint(officer)
    assert heard == fingerprint(key.keyid)
    signatory.goto(live.link(script.SIGNATORY, "/confirm"))
    wrong = heard[:-1] + ("b" if heard[-1] == "a" else "a")
    controller.confirm_key(signatory, heard, PASSPHRASE["signatory"], wrong=wrong)


def answered(live: Live, officer: Page, presses: list[str]) -> None:
    """What has been done by 8 February, with the erasure report. It is kept as it is saved."""
    live.at(date(2013, 2, 8), "16:00")
    officer.goto(live.link(script.OFFICER, "/answer"))
    presses.clear()
    done = ("share", "mailbox", "relay", "cabinet", "unit7")
    contractor.fill_matrix(officer, script.answers_of_case(timedelta(0)), done)
    counted = len(presses)
    late.attach(officer, live.base, exhibits.REPORT, "share", None)
    del presses[counted:]


def shredded(live: Live, officer: Page, presses: list[str]) -> None:
    """Of two files the officer types two of the three serials."""
    live.at(date(2013, 2, 12), "12:00")
    officer.goto(f"{live.base}/answer")
    answers = script.answers_of_case(timedelta(0), drives=dict.fromkeys(case.REJECTED, 2))
    contractor.fill_matrix(officer, answers, ["laptops"])
    counted = len(presses)
    late.attach(officer, live.base, exhibits.PHOTOGRAPH, "laptops", None)
    del presses[counted:]


def more_time(live: Live, handler: Page, liaison: Page) -> None:
    """Three working days more are asked for, two granted."""
    live.at(date(2013, 2, 13), "11:00")
    late.ask_for_time(liaison, live.base)
    live.at(date(2013, 2, 14), "10:00")
    handler.goto(live.link(script.CASEWORK, "/extension"))
    late.grant_less(handler)


def attested(live: Live, officer: Page, presses: list[str]) -> None:
    """The backup is put beyond use; nothing was passed on; five signatures."""
    live.at(date(2013, 2, 14), "15:00")
    officer.goto(f"{live.base}/answer")
    contractor.fill_matrix(officer, script.answers_of_case(timedelta(0)), ["backup"])
    contractor.passed_on_to_nobody(officer)
    counted = len(presses)
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 5, PASSPHRASE["officer"])
    del presses[counted:]


def reviewed(live: Live, signatory: Page) -> None:
    """Three are accepted, two rejected."""
    live.at(date(2013, 2, 15), "10:00")
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    accepted = [name for name in contractor.FILES if name not in case.REJECTED]
    controller.review(signatory, "Accept", accepted, PASSPHRASE["signatory"])
    controller.review(
        signatory, "Reject", list(case.REJECTED), PASSPHRASE["signatory"], case.REJECTION
    )
    live.tick()


def unanswered(live: Live) -> None:
    """Letters on 18, 20 and 21 February; on 25 February the escalation contact gets one."""
    told = "2 files are due on Wednesday 20 February 2013"
    for day, subject in (
        (18, f"{told} (in 2 working days)"),
        (20, f"{told} (today)"),
        (21, "2 files are overdue"),
        (25, "2 files are 3 working days late"),
    ):
        live.at(date(2013, 2, day), "09:30")
        for reader in (script.LIAISON, script.OFFICER):
            assert live.letters(reader)[0].subject == f"{live.stage.reference}: {subject}"
        assert bool(live.letters(late_scenes.DIRECTOR)) is (day == 25)
    [letter] = live.letters(late_scenes.DIRECTOR)
    assert all(name in letter.text for name in case.REJECTED)


def corrected(live: Live, signatory: Page, officer: Page) -> None:
    """Both come back filled in; with the certificate they are signed again, and accepted."""
    live.at(date(2013, 2, 26))
    officer.goto(live.link(script.OFFICER, "/answer"))
    expect(officer.get_by_text(case.REJECTION)).to_be_visible()
    for name in case.REJECTED:
        contractor.correct_media(officer, name)
    late.attach(officer, live.base, exhibits.CERTIFICATE, "laptops", case.REJECTED)
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 2, PASSPHRASE["officer"])
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    expect(signatory.get_by_text("What is new since the attestation before").first).to_be_visible()
    expect(signatory.get_by_role("main")).to_contain_text(case.DRIVES[2])
    controller.review(signatory, "Accept", list(case.REJECTED), PASSPHRASE["signatory"])


def printout_found(live: Live, signatory: Page, officer: Page) -> None:
    """A second printout of the costings: the accepted file is open again, for Unit 7 alone."""
    live.at(date(2013, 2, 27), "11:00")
    late.find_printout(officer, live.base, contractor.FILES.index(case.COSTINGS) + 1)
    live.at(date(2013, 2, 28), "10:00")
    officer.goto(live.link(script.OFFICER, "/answer"))
    select(officer, case.COSTINGS, late.UNIT7.label)
    found = case.answer("unit7", case.COSTINGS, found=True)
    answer(officer, found["outcome"], found)
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 1, PASSPHRASE["officer"])
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    controller.review(signatory, "Accept", [case.COSTINGS], PASSPHRASE["signatory"])


def exception_ended(live: Live, signatory: Page, officer: Page) -> None:
    """On the day on which the exception ends, the files open by themselves."""
    live.at(date(2013, 3, 12), "09:30")
    assert any("An exception has ended" in letter.text for letter in live.letters(script.OFFICER))
    live.at(date(2013, 3, 13), "10:00")
    officer.goto(live.link(script.OFFICER, "/answer"))
    backup = next(place for place in case.STORES if place.key == "backup")
    select(officer, None, backup.label)
    gone = case.answer("backup", contractor.FILES[0], backup_gone=True)
    answer(officer, gone["outcome"], gone)
    late.attach_again(officer, live.base, exhibits.CERTIFICATE, "laptops")
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 5, PASSPHRASE["officer"])
    live.at(date(2013, 3, 14), "10:00")
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    controller.review(signatory, "Accept", list(contractor.FILES), PASSPHRASE["signatory"])
