"""What must not be signed: every alteration that the signing page refuses, and more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from attest.offline.inspect import Disagreement, confirms_what_was_typed, inspect
from attest.offline.key_words import key_sentence
from attest.offline.lines import write_lines
from attest.offline.to_sign import Item, ToSignFile, encode_to_sign, parse_to_sign
from attest.signing import b64, fingerprint, unb64
from attest.statements import build
from attest.statements.canonical import FormatError, encode
from tests.browser.alterations import CASES, closure, demand, key, officer_s, review
from tests.browser.signing_pages import NOW, OFFICER, PEOPLE, SIGNATORY, SIGNERS

Data = dict[str, Any]


def lines_of(data: Data) -> bytes:
    """The page's data as the file would have it, whatever it holds."""
    items = data.get("items", [])
    head: Data = {
        "v": 1,
        "kind": "to-sign",
        "keyid": data.get("keyid", "00" * 32),
        "bodies": len(data.get("bodies", [])),
        "items": len(items),
    }
    head |= {name: data[name] for name in ("reference", "listing") if name in data}
    documents: list[Any] = [head, *({"body": body} for body in data.get("bodies", []))]
    for item in items:
        documents.append({"id": item["id"], "payload": item["payload"]})
        documents += [{"reviewed": payload} for payload in item.get("reviewed", [])]
    return write_lines(documents)


def read(data: Data) -> Any:
    return inspect(parse_to_sign(lines_of(data)))


@pytest.mark.parametrize("case", CASES)
def test_what_the_page_refuses_is_refused_here(case: str) -> None:
    make, change = CASES[case]
    data = make()
    change(data)
    with pytest.raises((Disagreement, FormatError)):
        read(data)


@pytest.mark.parametrize("make", [officer_s, demand, review, closure, key])
def test_what_the_cases_start_from_can_be_signed(make: Callable[[], Data]) -> None:
    data = make()
    items = read(data)
    assert [item.id for item in items] == [item["id"] for item in data["items"]]
    assert [item.payload for item in items] == [unb64(item["payload"]) for item in data["items"]]


def test_a_review_shows_what_it_is_about() -> None:
    (item,) = read(review())
    assert [each.label for each in item.reviewed] == ["a.csv", "b.csv"]
    assert item.label == "a.csv, b.csv"


def test_a_body_with_a_member_that_no_schema_lists() -> None:
    data = officer_s()
    body = json.loads(unb64(data["bodies"][3])) | {"fee": "1000"}
    data["bodies"][3] = b64(encode(body))
    with pytest.raises(Disagreement, match="damaged"):
        read(data)


def test_a_day_that_does_not_exist_is_refused_before_it_is_rendered() -> None:
    data = officer_s()
    payload = unb64(data["items"][0]["payload"]).replace(b"2013-02-08", b"2013-02-30")
    data["items"][0]["payload"] = b64(payload.replace(b"8 February", b"30 February"))
    with pytest.raises(Disagreement, match="holds something that it should not"):
        read(data)


def enrolment(**changes: Any) -> ToSignFile:
    payload = build.key_enrolment(
        OFFICER.public_key, PEOPLE["officer"], nonce=build.new_nonce(), stated_at=NOW
    )
    return ToSignFile(**({"keyid": OFFICER.keyid, "items": (Item("key", payload),)} | changes))


def test_an_enrolment_by_the_key_itself() -> None:
    (item,) = inspect(enrolment())
    assert item.text == (
        "I, Ruth Amble, Information Assurance Manager of Halden Support Services plc, "
        "assurance officer for the contractor, hold this signing key and nobody else does."
    )
    assert inspect(enrolment(also_keyid=SIGNATORY.keyid))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"keyid": SIGNATORY.keyid}, "enrols another key than yours"),
        ({"also_keyid": OFFICER.keyid}, "the same"),
    ],
)
def test_an_enrolment_by_other_keys(changes: Data, sentence: str) -> None:
    with pytest.raises(Disagreement, match=sentence):
        inspect(enrolment(**changes))


def test_a_second_key_signs_nothing_else() -> None:
    for make in (officer_s, key):
        file = parse_to_sign(lines_of(make()))
        with pytest.raises(Disagreement, match="signed by two keys"):
            inspect(
                ToSignFile(
                    file.keyid,
                    file.items,
                    file.bodies,
                    file.listing,
                    file.reference,
                    also_keyid="ab" * 32,
                )
            )


def test_a_revocation_names_its_signer_and_says_since_when() -> None:
    payload = build.key_revocation(
        OFFICER.keyid,
        SIGNERS["officer"],
        "The laptop was stolen.",
        nonce=build.new_nonce(),
        stated_at=NOW,
        compromised_since=NOW,
    )
    (item,) = inspect(ToSignFile(OFFICER.keyid, (Item("key", payload),)))
    assert item.text.endswith(
        f"revoke the signing key with the fingerprint {fingerprint(OFFICER.keyid)}. "
        "It may have been in other hands since 2013-02-14T10:00:00Z. "
        "Reason: The laptop was stolen."
    )
    with pytest.raises(Disagreement, match="another key than yours as its signer"):
        inspect(ToSignFile(SIGNATORY.keyid, (Item("key", payload),)))


def test_what_was_heard_is_compared_as_ears_and_hands_give_it() -> None:
    items = read(key())
    heard = fingerprint(OFFICER.keyid)
    assert "fingerprint" in items[0].text
    assert heard not in items[0].text
    for typed in (heard, heard.upper(), heard.replace(" ", "-"), f" {heard}\n"):
        assert confirms_what_was_typed(items, typed)
    for typed in ("", heard[:-1], heard + "a", fingerprint(SIGNATORY.keyid)):
        assert not confirms_what_was_typed(items, typed)


def test_a_file_of_nothing_but_a_head() -> None:
    with pytest.raises(FormatError):
        encode_to_sign(ToSignFile(OFFICER.keyid, ()))


def test_the_words_of_every_kind_of_key_statement() -> None:
    for name in ("key-enrolment", "key-confirmation", "key-revocation"):
        said = key_sentence(
            name,
            {
                "holder": PEOPLE["officer"],
                "signer": SIGNERS["signatory"],
                "keyid": OFFICER.keyid,
                "method": "video",
                "reason": "Lost.",
            },
        )
        assert said.startswith("I, ")
