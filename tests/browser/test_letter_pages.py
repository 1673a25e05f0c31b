"""Letters as proof of service in a browser, and the button of a reader who has no account."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from attest.database.tables import FailingAddress, Letter
from attest.demo.acting import demand_of
from attest.mail.receipt_link import receipt_link
from attest.services.letters import letter_events, receipts
from tests import stage as play
from tests.browser.conftest import PHONE, LiveAt, NewVisitor
from tests.browser.live import Live
from tests.browser.looking import problems

ANSWER = f"550 5.1.1 <{play.OFFICER}>: Recipient address rejected: User unknown in virtual mailbox"


def trouble(live: Live) -> Letter:
    """One letter that bounced, one of which nobody knows, and the one that brought the demand."""
    with live.stage.act() as ctx:
        demand = demand_of(ctx, live.stage)
        demand.asks_receipt = True
        mine = ctx.session.scalars(
            select(Letter).where(
                Letter.demand_id == demand.id, Letter.kind != receipts.ISSUE_LETTER
            )
        ).all()
        officers = next(row for row in mine if row.to_email == play.OFFICER)
        letter_events.note(ctx.session, officers.id, ctx.now, "report_failed", ANSWER)
        ctx.session.execute(
            update(Letter)
            .where(Letter.id == officers.id)
            .values(state="bounced", answer=ANSWER, rung="before_2", kind="reminder")
        )
        leads = next(row for row in mine if row.to_email == play.CASEWORK)
        leads.state = "unknown"
        ctx.session.add(
            FailingAddress(
                demand_id=demand.id,
                email=play.OFFICER,
                since=ctx.now,
                letter_id=officers.id,
                answer=ANSWER,
            )
        )
        return ctx.session.scalars(select(Letter).where(Letter.kind == receipts.ISSUE_LETTER)).one()


def shown(page: Page, name: str) -> None:
    """A picture of the whole page, where somebody asks for one."""
    if folder := os.environ.get("ATTEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_reader_confirms_and_the_other_side_reads_it(
    live_at: LiveAt, new_visitor: NewVisitor, assert_accessible: Callable[[Page], None]
) -> None:
    live = live_at("attested")
    letter = trouble(live)
    address = receipt_link(live.stage.settings, letter.id).removeprefix(
        live.stage.settings.base_url
    )
    # Somebody on a telephone, who has no account, no script and no cookies.
    reader = new_visitor(base_url=live.address, viewport=PHONE, java_script_enabled=False)
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Have you received this letter?")
    shown(reader, "received-before")
    reader.get_by_role("button", name="I have received this").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Thank you")
    expect(reader.get_by_role("button")).to_have_count(0)
    assert reader.context.cookies() == []
    shown(reader, "received-after")

    for name, arguments in (("wide", {}), ("narrow", {"viewport": PHONE})):
        page = new_visitor(base_url=live.address, **arguments)
        live.sign_in(page.context, play.CASEWORK)
        page.goto(f"/demands/{live.stage.reference}/letters")
        expect(
            page.get_by_role("heading", name="Letters do not arrive at 1 address")
        ).to_be_visible()
        expect(page.get_by_role("link", name="1 letter bounced")).to_be_visible()
        assert list(problems(page)) == []
        assert_accessible(page)
        shown(page, f"letters-{name}")
        page.get_by_label("State").select_option("Bounced or not known")
        page.get_by_label("Sorted by").select_option("Oldest first")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("2 letters found.")).to_be_visible()
        page.get_by_role("link", name="Show all").click()
        expect(page).to_have_url(re.compile("/letters$"))
        brought = page.locator("tbody tr", has_text=letter.subject)
        expect(brought).to_contain_text("Received, says its reader")
        brought.get_by_role("link", name=letter.subject).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("The deletion demand")
        expect(page.get_by_text("Somebody with its link pressed")).to_be_visible()
        expect(page.get_by_text("It is not shown.")).to_be_visible()
        assert list(problems(page)) == []
        assert_accessible(page)
        shown(page, f"letter-{name}")
        if name == "wide":
            page.emulate_media(media="print")
            expect(page.get_by_role("link", name="Download this as CSV")).to_be_hidden()
            shown(page, "letter-print")
