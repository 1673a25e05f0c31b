"""The letters of a demand as pages: the list, one letter, and the files to download."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from attest.database.tables import FailingAddress, Invitation, Letter
from attest.demo.acting import demand_of, seat_of, tick
from attest.mail.receipt_link import receipt_token
from attest.mail.return_address import envelope_sender
from attest.services.accounts.invitations import invitation_link
from attest.services.chasing import ticks
from attest.services.letters import letter_events, letter_list, receipts
from tests import chase_acts as chase
from tests import stage as play

RETURNED = "550 5.1.1 <clerk@halden.example>: user unknown"


def brought(pages) -> Letter:
    with pages.stage.look() as ctx:
        return ctx.session.scalars(select(Letter).where(Letter.kind == receipts.ISSUE_LETTER)).one()


def change(pages, letter: Letter, **columns: object) -> None:
    with pages.stage.act() as ctx:
        ctx.session.execute(update(Letter).where(Letter.id == letter.id).values(**columns))


def test_what_the_list_says_of_troubled_letters(pages_at) -> None:
    pages = pages_at("issued")
    letter = brought(pages)
    change(pages, letter, state="bounced", answer=RETURNED, rung="issued_1")
    with pages.stage.act() as ctx:
        ctx.session.add(
            FailingAddress(
                demand_id=demand_of(ctx, pages.stage).id,
                email=play.LIAISON,
                since=pages.stage.now,
                letter_id=letter.id,
                answer=RETURNED,
            )
        )
    base = f"{pages.base}/letters"
    page = pages.visitor(play.CASEWORK).get(base).text
    assert "Letters do not arrive at 1 address" in page
    assert f'href="{base}/{letter.id}"' in page
    assert "1 letter bounced" in page
    assert "1 working day after the day of issue" in page.lower()
    assert "user unknown" in page
    only = pages.visitor(play.CASEWORK).get(f"{base}?state=bounced&kind=chasing").text
    assert "1 letter found" in only
    nothing = pages.visitor(play.CASEWORK).get(f"{base}?state=deferred").text
    assert "No letter fits." in nothing
    # Nothing of an address stands in an address.
    assert not re.search(r'(?:href|action)="[^"]*@[^"]*"', page)


def test_one_letter(pages_at) -> None:
    pages = pages_at("attested")
    letter = brought(pages)
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/letters/{letter.id}").text
    for words in (
        "The deletion demand, with an invitation",
        play.LIAISON,
        play.HALDEN,
        "Liaison",
        "English",
        "Not asked for.",
        letter.message_id.strip("<>"),
        "letter.sent",
        "It is not shown.",
        "This installation has no mail server: it was written to a file",
        "Written to a file",
    ):
        assert words in page, words
    assert "/invitation/" not in page
    with pages.stage.act() as ctx:
        demand_of(ctx, pages.stage).asks_receipt = True
        letter_events.note(ctx.session, letter.id, ctx.now, "report_failed", "<script>x</script>")
    change(pages, letter, state="unknown", received_at=pages.stage.now)
    page = pages.visitor(play.JOINT).get(f"{pages.base}/letters/{letter.id}").text
    assert "It may or may not have arrived" in page
    assert "Ring its reader and ask whether it came" in page
    assert "A report came back: it was not delivered." in page
    assert "&lt;script&gt;x" in page
    assert "That proves that somebody with the link in this letter did, and not who." in page


def test_only_controllers_read_why_a_letter_was_not_sent(pages_at) -> None:
    pages = pages_at("acknowledged")
    stage = pages.stage
    stage.now = datetime(2013, 2, 11, 9, 30, tzinfo=UTC)
    with stage.act() as ctx:
        ticks.chase_everybody(ctx)
    chase.pause(stage, stage.now.date() + timedelta(days=2))
    tick(stage)
    dropped = play.letters(stage, "reminder")
    assert {letter.state for letter in dropped} == {"dropped"}
    why = "the chasing was paused meanwhile"
    for place in (f"/letters/{dropped[0].id}", f"/letters/{dropped[0].id}.csv", "/letters.csv"):
        told = {
            email: pages.visitor(email).get(f"{pages.base}{place}").text
            for email in (play.CASEWORK, play.JOINT, play.LIAISON)
        }
        assert why in told[play.CASEWORK], place
        assert why in told[play.JOINT], place
        assert "paused" not in told[play.LIAISON], place
        assert "It said" not in told[play.CASEWORK], place
    assert (
        "It was not needed any more."
        in pages.visitor(play.LIAISON).get(f"{pages.base}/letters").text
    )


def test_nobody_opens_a_letter_that_is_not_for_them(pages_at) -> None:
    pages = pages_at("attested")
    tick(pages.stage)
    with pages.stage.look() as ctx:
        rows = ctx.session.scalars(select(Letter).where(Letter.demand_id.is_not(None))).all()
    lead = next(row for row in rows if row.to_email == play.CASEWORK)
    for ending in ("", ".csv"):
        where = f"{pages.base}/letters/{lead.id}{ending}"
        pages.visitor(play.CASEWORK).get(where)
        for email in (play.LIAISON, play.JOINT, play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
            pages.visitor(email).get(where, 404)


def test_downloads(pages_at) -> None:
    pages = pages_at("attested")
    letter = brought(pages)
    all_of_them = pages.visitor(play.LIAISON).get(f"{pages.base}/letters.csv")
    assert all_of_them.mimetype == "text/csv"
    assert f"filename={pages.stage.reference}-letters.csv" in all_of_them.headers[
        "Content-Disposition"
    ].replace('"', "")
    assert play.CASEWORK not in all_of_them.text
    head, *lines = all_of_them.text.strip().split("\r\n")
    assert len(lines) > 2
    one = pages.visitor(play.LIAISON).get(f"{pages.base}/letters/{letter.id}.csv")
    assert one.text.strip().split("\r\n") == [
        head,
        next(line for line in lines if letter.id in line),
    ]


def test_paging_keeps_what_was_chosen(pages_at) -> None:
    pages = pages_at("issued")
    letter = brought(pages)
    columns = [column.name for column in Letter.__table__.columns]
    with pages.stage.act() as ctx:
        like = {name: getattr(letter, name) for name in columns} | {"state": "unknown"}
        ctx.session.execute(
            insert(Letter),
            [
                {**like, "id": f"00000000-0000-4000-8000-{n:012d}", "key": f"copy:{n}"}
                for n in range(60)
            ],
        )
    base = f"{pages.base}/letters"
    page = pages.visitor(play.CASEWORK).get(f"{base}?state=unknown&sort=oldest").text
    assert "60 letters found" in page
    assert f"{base}?page=2&amp;state=unknown&amp;sort=oldest" in page
    second = pages.visitor(play.CASEWORK).get(f"{base}?page=2&state=unknown&sort=oldest").text
    assert second.count("Ring and ask.") == 10


def test_a_draft_has_no_letters_page(pages_at) -> None:
    pages = pages_at("drafted")
    for part in ("letters", "letters.csv"):
        pages.visitor(play.CASEWORK).get(f"{pages.base}/{part}", 404)


def test_no_link_of_a_letter_stands_on_any_page(pages_at) -> None:
    pages = pages_at("issued")
    stage = pages.stage
    chase.name_both(stage, receipt=True)
    stage.now += timedelta(days=1)
    tick(stage)
    handler = pages.visitor(play.CASEWORK)
    chasing = handler.get(f"{pages.base}/chasing").text
    found = re.findall(r'href="([^"]+/chasing/letter[^"]+)"', chasing)
    reads = [link.replace("&amp;", "&") for link in found]
    assert len(reads) > 5
    with stage.look() as ctx:
        rows = ctx.session.scalars(select(Letter).where(Letter.demand_id.is_not(None))).all()
        links = ctx.session.scalars(select(Invitation.id)).all()
        secrets = {"/received/", "/invitation/"}
        for row in rows:
            sender = envelope_sender(stage.settings, row.id)
            secrets |= {receipt_token(stage.settings, row.id), sender.partition("@")[0]}
        secrets |= {invitation_link(stage.settings, link) for link in links}
    for email in (play.CASEWORK, play.JOINT, play.LIAISON):
        visitor = pages.visitor(email)
        places = ["", "/timeline", "/letters", "/letters.csv"]
        with stage.look() as ctx:
            seat = seat_of(ctx, stage, email)
            seen = ctx.session.scalars(letter_list.visible(seat)).all()
        for row in seen:
            places += [f"/letters/{row.id}", f"/letters/{row.id}.csv"]
        shown = [visitor.get(f"{pages.base}{place}") for place in places]
        if email == play.CASEWORK:
            shown += [visitor.get(read) for read in reads]
        for answer in shown:
            assert not [secret for secret in secrets if secret in answer.text]
