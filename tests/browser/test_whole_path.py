"""The reference case, played by people in browsers of their own, from invitation to verifying.

Everything goes through pages and letters; keys are made and used by WebCrypto. What comes out is
checked by the verifier, with each side's own trust file, and each signature by PyNaCl.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.database.engine import make_engine
from attest.demo import case, script
from attest.demo.acting import Stage
from attest.services import accounts
from attest.services.instance import create_instance, load_log_key
from attest.services.invitations import invitation_link
from attest.services.membership import new_organisation
from attest.services.people import ensure_person
from attest.signing import fingerprint
from tests.browser import contractor_scenes as contractor
from tests.browser import controller_scenes as controller
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
from tests.browser.evidence import take, verify, verify_each_signature
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
    start = datetime(2013, 2, 4, 9, 0, tzinfo=UTC)
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


def test_a_demand_from_the_first_invitation_to_a_verified_bundle(
    live: Live, new_visitor: NewVisitor, tmp_path: Path
) -> None:
    handler, signatory, liaison, officer = (new_visitor(base_url=live.address) for _ in range(4))
    presses = count_presses(officer)

    invited(live, handler, signatory, new_visitor())
    reference = live.stage.reference = drafted(handler)
    base = f"/demands/{reference}"
    issued(live, handler, signatory, tmp_path)
    acknowledged(live, liaison, base)
    keys_compared(live, signatory, officer, tmp_path)

    live.at(date(2013, 2, 14), "15:00")
    officer.goto(live.link(script.OFFICER, "/answer"))
    presses.clear()
    answers = script.answers_of_case(timedelta(0), drives=dict.fromkeys(case.REJECTED, 2))
    contractor.fill_matrix(officer, answers)
    contractor.passed_on_to_nobody(officer)
    assert len(presses) <= FEW, f"{len(presses)} presses to answer for 35 copies"
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 5, PASSPHRASE["officer"])

    reviewed_and_corrected(live, signatory, officer)
    exception_ended(live, signatory, officer)
    live.at(date(2013, 3, 15), "12:00")
    signatory.goto(live.link(script.SIGNATORY, "/close"))
    controller.close(signatory, PASSPHRASE["signatory"])
    taken_home(signatory, officer, reference, tmp_path)


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
    controller.hand_over(handler)
    return reference


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


def acknowledged(live: Live, liaison: Page, base: str) -> None:
    """The liaison knows nothing but the letter."""
    live.at(date(2013, 2, 5))
    come_in(liaison, live.link(script.LIAISON, "/invitation/"), PASSWORD)
    contractor.acknowledge(liaison)
    contractor.name_further_stores(liaison, base)
    liaison.goto(f"{base}/officer")
    contractor.name_officer(liaison)


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


def reviewed_and_corrected(live: Live, signatory: Page, officer: Page) -> None:
    """Three are accepted, two rejected; both come back filled in, and are signed again."""
    live.at(date(2013, 2, 15), "10:00")
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    accepted = [name for name in contractor.FILES if name not in case.REJECTED]
    controller.review(signatory, "Accept", accepted, PASSPHRASE["signatory"])
    controller.review(
        signatory, "Reject", list(case.REJECTED), PASSPHRASE["signatory"], case.REJECTION
    )
    live.at(date(2013, 2, 26))
    officer.goto(live.link(script.OFFICER, "/answer"))
    expect(officer.get_by_text(case.REJECTION)).to_be_visible()
    for name in case.REJECTED:
        contractor.correct_media(officer, name)
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 2, PASSPHRASE["officer"])
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    expect(signatory.get_by_text("What is new since the attestation before").first).to_be_visible()
    expect(signatory.get_by_role("main")).to_contain_text(case.DRIVES[2])
    controller.review(signatory, "Accept", list(case.REJECTED), PASSPHRASE["signatory"])


def exception_ended(live: Live, signatory: Page, officer: Page) -> None:
    """On the day the backup is due to expire, the files open by themselves."""
    live.at(date(2013, 3, 13), "10:00")
    officer.goto(live.link(script.OFFICER, "/answer"))
    backup = next(place for place in case.STORES if place.key == "backup")
    select(officer, None, backup.label)
    gone = case.answer("backup", contractor.FILES[0], backup_gone=True)
    answer(officer, gone["outcome"], gone)
    follow(officer, "Go on to signing")
    contractor.sign_all(officer, 5, PASSPHRASE["officer"])
    live.at(date(2013, 3, 14), "10:00")
    signatory.goto(live.link(script.SIGNATORY, "/review"))
    controller.review(signatory, "Accept", list(contractor.FILES), PASSPHRASE["signatory"])


def taken_home(signatory: Page, officer: Page, reference: str, folder: Path) -> None:
    """The same bundle for both; what each side's trust file makes of it."""
    taken = {}
    for side, page in (("controller", signatory), ("contractor", officer)):
        (folder / side).mkdir()
        page.goto(f"/demands/{reference}/downloads")
        taken[side] = {
            name: take(page, f"{reference}-{name}", folder / side)
            for name in ("bundle.zip", "certificate.pdf", "trust.json")
        }
    controllers, contractors = taken["controller"], taken["contractor"]
    bundle = controllers["bundle.zip"]
    assert bundle.read_bytes() == contractors["bundle.zip"].read_bytes()
    assert contractors["certificate.pdf"].read_bytes().startswith(b"%PDF-")
    assert verify(bundle, controllers["trust.json"]) == 0
    assert Counter(verify_each_signature(bundle)) == {
        "key-enrolment": 2,
        "key-confirmation": 1,
        "deletion-demand": 1,
        "deletion-attestation": 12,
        "attestation-review": 4,
        "demand-closure": 1,
    }

    assert verify(bundle, contractors["trust.json"]) == 3, "nobody compared the signatory's key"
    heard = own_fingerprint(signatory)
    officer.goto(f"/demands/{reference}/keys")
    follow(officer, "Compare this key")
    officer.get_by_label("The fingerprint that you hear").fill(heard)
    press(officer, "Compare")
    officer.goto(f"/demands/{reference}/downloads")
    (folder / "later").mkdir()
    assert verify(bundle, take(officer, f"{reference}-trust.json", folder / "later")) == 0
