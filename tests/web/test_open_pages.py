"""Pages for anybody: verifying, help, health; the demonstration's letters; the installation."""

from datetime import timedelta

from attest.mail.delivery import deliver
from attest.mail.message import Attachment, Outgoing
from attest.services.upkeep.heartbeat import beat
from attest.services.upkeep.mailbox_memory import MailboxMemory
from attest.signing import fingerprint
from tests.cast import LOG_KEY


def put_letter(house, number=1, **more):
    letter = {
        "letter_id": f"{number:08d}-0000-4000-8000-000000000000",
        "message_id": f"<{number}@attest.example>",
        "to_name": "Tom Beck",
        "to_email": "tom@mail.example",
        "subject": f"Letter {number}",
        "text": "Follow http://localhost/invitation/abc.def, please.\n<script>alert(1)</script>\n",
        **more,
    }
    now = house.now + timedelta(seconds=number)
    assert deliver(Outgoing(**letter), house.settings, now).state == "sent"


def test_anybody_reads_how_to_verify(house):
    page = house.visitor().get("/verify").text
    assert "attest verify bundle.zip --trust trust.json" in page
    assert fingerprint(LOG_KEY.keyid) in page
    for words in ("VERIFIED", "FAILED", "INTACT, BUT"):
        assert words in page


def test_health(house):
    answer = house.visitor().get("/healthz")
    assert (answer.text, answer.mimetype) == ("ok\n", "text/plain")


def test_without_the_setting_there_is_no_mailbox(house):
    put_letter(house)
    house.visitor().get("/mail", 404)
    assert "/mail" not in house.visitor().get("/help").text


def test_an_empty_mailbox_says_what_will_come(demo_house):
    assert "No letter yet" in demo_house.visitor().get("/mail").text


def test_letters_stand_newest_first_in_pages(demo_house):
    for number in range(1, 24):
        put_letter(demo_house, number)
    visitor = demo_house.visitor()
    first = visitor.get("/mail").text
    assert first.index("Letter 23<") < first.index("Letter 4<")
    assert "Letter 3<" not in first
    second = visitor.get("/mail?page=2").text
    assert "Letter 3<" in second
    for wrong in ("0", "3", "-1", "99999999999999999999"):
        visitor.get(f"/mail?page={wrong}", 404)


def test_a_letter_is_shown_as_text_with_links(demo_house):
    note = "attest.example/demand/x\n7\nAAAA\n\n— x y\n"
    put_letter(demo_house, attachments=(Attachment("checkpoint.txt", note.encode()),))
    visitor = demo_house.visitor()
    listing = visitor.get("/mail").text
    path = listing.split('href="/mail/')[1].split('"')[0]
    page = visitor.get(f"/mail/{path}").text
    link = "http://localhost/invitation/abc.def"
    assert f'<a class="govuk-link" href="{link}">{link}</a>, please.' in page
    assert "<script>alert" not in page
    assert "attest.example/demand/x\n7\nAAAA" in page


def test_only_letters_are_read(demo_house):
    secret = demo_house.settings.instance_path / "secret.eml"
    secret.write_text("Subject: secret\n\nwords")
    link = demo_house.settings.mail_path / "20130204-link.eml"
    link.symlink_to(secret)
    visitor = demo_house.visitor()
    for name in ("..%2Fsecret.eml", "../secret.eml", "secret-key", ".hidden.eml", link.name):
        visitor.get(f"/mail/{name}", 404)


def test_the_administrator_sees_whether_letters_leave(house):
    visitor = house.visitor("administrator")
    page = visitor.get("/instance").text
    assert "The worker does not run" in page
    assert fingerprint(LOG_KEY.keyid) in page
    beat(house.settings, house.now)
    assert "The worker sends letters" in visitor.get("/instance").text


def test_the_administrator_sees_whether_the_mailbox_can_be_read(house_with):
    house = house_with(imap_host="mail.attest.example", imap_user="returns", imap_password="secret")
    visitor = house.visitor("administrator")
    page = visitor.get("/instance").text
    assert "has not read the mailbox at mail.attest.example yet" in page
    memory = MailboxMemory(waiting={7: (1, house.now)})
    memory.failed(house.now, "LOGIN: <b>Authentication failed.")
    memory.save(house.settings)
    page = visitor.get("/instance").text
    assert "cannot be read: LOGIN: &lt;b&gt;Authentication failed. Until it can" in page
    memory.went_well(house.now)
    memory.save(house.settings)
    page = visitor.get("/instance").text
    assert "last read the mailbox at mail.attest.example" in page
    assert "tries 1 message again" in page
    assert "cannot be read" not in page


def test_the_administrator_sees_that_no_mailbox_is_set(house):
    assert "No mailbox is set" in house.visitor("administrator").get("/instance").text
