"""Each act signed on another computer: the page, the file, the command, the upload, the log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from attest.demo import script
from attest.offline.signed import SignedFile, SignedItem, encode_signed, parse_signed
from attest.offline.to_sign import parse_to_sign
from attest.signing import PrivateKey, fingerprint
from attest.statements.canonical import encode
from attest.statements.envelope import parse_envelope, sign_payload
from tests import changing
from tests import stage as play
from tests.web.elsewhere import download, forms, name_of, sign, upload, upload_to
from tests.web.house import Visitor
from tests.web.staged import Staged, values

PagesAt = Callable[[str], Staged]


def key_of(pages: Staged, email: str) -> PrivateKey:
    key = pages.stage.actor(email).key
    assert key is not None
    return key


def officer_at(pages: Staged, query: str = "") -> tuple[Visitor, TestResponse]:
    visitor = pages.visitor(play.OFFICER)
    return visitor, visitor.get(f"{pages.base}/sign{query}")


def test_attestations(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("answered")
    visitor, page = officer_at(pages)
    assert "Sign on a computer that I trust" in page.text
    assert "This is the stronger way" in page.text
    file = download(visitor, page)
    assert name_of(file) == f"{pages.stage.reference}.to-sign.jsonl"
    data = sign(tmp_path, file, key_of(pages, play.OFFICER))
    for _ in range(2):
        text = upload(visitor, page, data).text
        assert "All 2 are signed" in text
        assert "list.csv" in text
        (receipt,) = re.findall(rf'href="({pages.base}/signed[?]stated=[^"]+)"', text)
        assert "You signed 2 files" in visitor.get(receipt).text
    assert play.log_types(pages.stage).count("attestation.signed") == 2
    assert {file.state for file in play.files(pages.stage).values()} == {"attested"}
    assert play.problems(pages.stage) == []
    assert play.verified(pages.stage).failure is None


def test_some_of_the_files(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("answered")
    visitor, page = officer_at(pages, "?file=2")
    file = download(visitor, page)
    assert len(parse_to_sign(file.data).items) == 1
    upload(visitor, page, sign(tmp_path, file, key_of(pages, play.OFFICER)))
    assert play.files(pages.stage)["list.csv"].state == "open"
    assert play.files(pages.stage)["costings.xlsx"].state == "attested"


def test_a_file_half_of_which_is_out_of_date_keeps_the_other_half(
    pages_at: PagesAt, tmp_path: Path
) -> None:
    pages = pages_at("answered")
    visitor, page = officer_at(pages)
    data = sign(tmp_path, download(visitor, page), key_of(pages, play.OFFICER))
    changed = play.deleted(pages.stage) | {"note": "Twice"}
    play.fill(pages.stage, "File share", changed, ["list.csv"])
    text = upload(visitor, page, data).text
    assert "1 of 2 are signed" in text
    assert "The answers for “list.csv” changed since you opened this page." in text
    assert f'href="{pages.base}/sign"' in text
    assert play.files(pages.stage)["costings.xlsx"].state == "attested"
    # What is left is signed anew; what was kept is not kept twice.
    again = officer_at(pages)[1]
    data = sign(tmp_path, download(visitor, again), key_of(pages, play.OFFICER))
    assert "Signed" in upload(visitor, again, data).text
    assert play.log_types(pages.stage).count("attestation.signed") == 2


def test_what_changed_meanwhile_is_said_with_the_way_on(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("answered")
    visitor, page = officer_at(pages, "?file=1")
    data = sign(tmp_path, download(visitor, page), key_of(pages, play.OFFICER))
    play.name_store(pages.stage)
    text = upload(visitor, page, data, 409).text
    assert "Nothing was kept" in text
    assert "A store was named since you opened this page" in text
    assert f'href="{pages.base}/sign"' in text
    assert "attestation.signed" not in play.log_types(pages.stage)


def review(pages: Staged, **fields: object) -> tuple[Visitor, TestResponse]:
    visitor = pages.visitor(play.SIGNATORY)
    waiting = values(visitor.get(f"{pages.base}/review"), "attestation")
    return visitor, visitor.post(f"{pages.base}/review", 200, attestation=waiting, **fields)


def test_a_review(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("attested")
    reason = "Which tool?\r\nWhich “version” & when?"
    visitor, page = review(pages, decision="rejected", reason=reason)
    file = download(visitor, page)
    (item,) = parse_to_sign(file.data).items
    assert len(item.reviewed) == 2
    predicate = json.loads(item.payload)["predicate"]
    assert (predicate["decision"], predicate["reason"]) == (
        "rejected",
        "Which tool?\nWhich “version” & when?",
    )
    data = sign(tmp_path, file, key_of(pages, play.SIGNATORY))
    for _ in range(2):
        assert "Your review is signed" in upload(visitor, page, data).text
    assert {file.state for file in play.files(pages.stage).values()} == {"rejected"}
    assert play.log_types(pages.stage).count("attestation.reviewed") == 1
    assert play.problems(pages.stage) == []


def test_a_review_of_what_was_reviewed_meanwhile(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("attested")
    visitor, page = review(pages, decision="accepted", reason="")
    file = download(visitor, page)
    data = sign(tmp_path, file, key_of(pages, play.SIGNATORY))
    script.review(pages.stage, "rejected", "Which tool?")
    text = upload(visitor, page, data, 409).text
    assert "reviewed, reopened or attested again" in text
    assert "No attestation waits" in download(visitor, page, 409).text


def test_a_closure(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("accepted")
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.post(f"{pages.base}/close", 200, outcome="closed", reason="")
    data = sign(tmp_path, download(visitor, page), key_of(pages, play.SIGNATORY))
    for _ in range(2):
        text = upload(visitor, page, data).text
        assert "It is signed, and both sides are told." in text
        assert f'href="{pages.base}/downloads"' in text
    assert play.state(pages.stage) == "closed"
    assert play.problems(pages.stage) == []


def test_a_demand(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("handed")
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.get(f"{pages.base}/issue")
    file = download(visitor, page)
    found = parse_to_sign(file.data)
    assert len(found.bodies) == 4
    assert found.reference is None
    data = sign(tmp_path, file, key_of(pages, play.SIGNATORY))
    for _ in range(2):
        assert f'href="{pages.base}/issued"' in upload(visitor, page, data).text
    assert play.state(pages.stage) == "issued"
    assert play.problems(pages.stage) == []


def test_a_demand_beside_a_note_that_was_not_complete(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("handed")
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.post(f"{pages.base}/issue", 400, note="")
    data = sign(tmp_path, download(visitor, page), key_of(pages, play.SIGNATORY))
    upload(visitor, page, data)
    assert play.state(pages.stage) == "issued"


def test_an_amendment(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("ready")
    changing.to_be_signed(pages.stage)
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.get(f"{pages.base}/amendment/sign")
    file = download(visitor, page)
    assert name_of(file) == f"{pages.stage.reference}.to-sign.jsonl"
    found = parse_to_sign(file.data)
    # The new file and the store that is named again are not in the log yet.
    assert b"further files.docx" in b"".join(found.bodies)
    (item,) = found.items
    predicate = json.loads(item.payload)["predicate"]
    assert predicate["instruction"] == "Shred the paper too."
    data = sign(tmp_path, file, key_of(pages, play.SIGNATORY))
    for _ in range(2):
        text = upload(visitor, page, data).text
        assert "The demand is amended. Both sides get a letter with what changed." in text
        assert f'href="{pages.base}/changes"' in text
    assert play.log_types(pages.stage)[-3:] == ["file.named", "store.named", "demand.amended"]
    assert "further files.docx" in play.files(pages.stage)
    assert play.problems(pages.stage) == []
    assert play.verified(pages.stage).failure is None


def test_an_amendment_when_something_happened_meanwhile(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("ready")
    changing.to_be_signed(pages.stage)
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.get(f"{pages.base}/amendment/sign")
    data = sign(tmp_path, download(visitor, page), key_of(pages, play.SIGNATORY))
    play.name_store(pages.stage)
    text = upload(visitor, page, data, 409).text
    assert "Something happened in this demand since you opened this page" in text
    assert f'href="{pages.base}/amendment/sign"' in text
    assert "demand.amended" not in play.log_types(pages.stage)
    # Read once more and signed again, it holds.
    again = visitor.get(f"{pages.base}/amendment/sign")
    data = sign(tmp_path, download(visitor, again), key_of(pages, play.SIGNATORY))
    assert "The demand is amended." in upload(visitor, again, data).text
    assert play.problems(pages.stage) == []


def test_the_confirmation_of_a_key(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("acknowledged")
    script.make_officer_key(pages.stage)
    officer = key_of(pages, play.OFFICER)
    heard = fingerprint(officer.keyid)
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.post(
        f"{pages.base}/keys/{officer.keyid}/confirm", 200, typed=heard, method="telephone"
    )
    file = download(visitor, page)
    assert heard.encode() not in file.data
    signatory = key_of(pages, play.SIGNATORY)
    sign(tmp_path, file, signatory, said="aaaa bbbb\n\n", status=3)
    data = sign(tmp_path, file, signatory, said=f"{heard}\n")
    for _ in range(2):
        assert "The key is confirmed." in upload(visitor, page, data).text
    assert play.log_types(pages.stage)[-2:] == ["key.enrolled", "key.confirmed"]


def test_the_revocation_of_a_key(pages_at: PagesAt, tmp_path: Path) -> None:
    pages = pages_at("attested")
    visitor, key = pages.visitor(play.OFFICER), key_of(pages, play.OFFICER)
    said = {"key": key.keyid, "reason": "The laptop was stolen.", "lost": "no"}
    page = visitor.post(f"/keys/{key.keyid}/revoke", 200, **said)
    file = download(visitor, page)
    assert name_of(file) == f"revocation-{key.keyid[:8]}.to-sign.jsonl"
    data = sign(tmp_path, file, key)
    for _ in range(2):
        assert "The key is revoked." in upload(visitor, page, data).text
    assert play.log_types(pages.stage).count("key.revoked") == 1


# --- what may come back, other than what should ---------------------------------------------------


@pytest.fixture
def closing(pages_at: PagesAt, tmp_path: Path) -> tuple[Staged, Visitor, TestResponse, bytes]:
    """A closure that is signed and was not uploaded yet."""
    pages = pages_at("accepted")
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.post(f"{pages.base}/close", 200, outcome="closed", reason="")
    data = sign(tmp_path, download(visitor, page), key_of(pages, play.SIGNATORY))
    return pages, visitor, page, data


Closing = tuple[Staged, Visitor, TestResponse, bytes]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: None, "Choose the file signed.jsonl"),
        (lambda data: b"", "a part of it is missing"),
        (lambda data: data[:-9], "a part of it is missing"),
        (lambda data: b"%PDF-1.7\n", "line 1"),
        (lambda data: data.replace(b'"items":1', b'"items":2'), "as many items"),
        (lambda data: data + b"[]\n", "line 3"),
    ],
)
def test_another_file_is_refused_and_the_right_one_still_taken(
    closing: Closing, change: Callable[[bytes], bytes | None], sentence: str
) -> None:
    pages, visitor, page, data = closing
    answer = upload(visitor, page, change(data), 400)
    assert sentence in answer.text
    assert "Nothing was kept" in answer.text
    address = f"{pages.base}/close/envelopes"
    assert f'action="{address}" enctype="multipart/form-data"' in answer.text
    assert play.state(pages.stage) != "closed"
    upload_to(visitor, address, data)
    assert play.state(pages.stage) == "closed"


def test_the_file_that_was_to_be_signed_is_told_apart(closing: Closing) -> None:
    _, visitor, page, _ = closing
    text = upload(visitor, page, download(visitor, page).data, 400).text
    assert "This is the file that is to be signed." in text


def test_a_signature_that_was_changed(closing: Closing) -> None:
    pages, visitor, page, data = closing
    found = parse_signed(data)
    (item,) = found.items
    changed = json.loads(item.envelope)
    sig = changed["signatures"][0]["sig"]
    changed["signatures"][0]["sig"] = ("B" if sig[0] == "A" else "A") + sig[1:]
    envelope = json.dumps(changed, separators=(",", ":"), sort_keys=True).encode()
    bad = encode_signed(SignedFile(found.keyid, (SignedItem(item.id, envelope),)))
    assert "The signature does not fit" in upload(visitor, page, bad, 400).text
    assert play.state(pages.stage) != "closed"


def test_a_file_of_another_act_and_of_another_key(closing: Closing, tmp_path: Path) -> None:
    pages, visitor, page, data = closing
    text = upload_to(visitor, f"{pages.base}/review/envelopes", data, 400).text
    assert "This is not the statement that the page asked you to sign." in text
    file = download(visitor, page)
    sign(tmp_path, file, key_of(pages, play.OFFICER), status=2)
    assert play.state(pages.stage) != "closed"


def test_a_file_of_another_demand(closing: Closing) -> None:
    pages, visitor, page, data = closing
    found = parse_signed(data)
    (item,) = found.items
    statement = json.loads(parse_envelope(item.envelope).payload)
    statement["predicate"]["demandId"] = "5a0c1f0e-3f0a-4d5e-9a55-0c6f4a1c7e01"
    envelope = sign_payload(encode(statement), key_of(pages, play.SIGNATORY))
    other = encode_signed(SignedFile(found.keyid, (SignedItem(item.id, envelope),)))
    text = upload(visitor, page, other, 400).text
    assert "This file was signed for another demand." in text


def test_whoever_was_signed_out_signs_in_and_chooses_the_file_again(closing: Closing) -> None:
    pages, visitor, page, data = closing
    address = forms(page)[-1].action
    visitor.client.delete_cookie("attest")
    answer = upload_to(visitor, address, data, 401)
    assert "signed.jsonl" in answer.text
    assert play.state(pages.stage) != "closed"
    back = pages.visitor(play.SIGNATORY)
    assert "Choose the file signed.jsonl" in upload_to(back, address, None, 400).text
    upload_to(back, address, data)
    assert play.state(pages.stage) == "closed"


def test_only_whoever_may_sign_gets_the_file(pages_at: PagesAt) -> None:
    pages = pages_at("answered")
    for email, status in ((play.LIAISON, 403), (play.SIGNATORY, 403), (play.OTHER_CONTRACTOR, 404)):
        pages.visitor(email).get(f"{pages.base}/sign?offline=to-sign", status)
