"""The closed schemas of the signed statements (docs/formats.md §3).

Checked here is what a statement says by itself: its members, and where two of them must agree.
What it says about the log is the judge's to check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attest.domain import copies
from attest.signing import keyid, unb64
from attest.statements.bodies import MAX_LABEL, MAX_LINE, MAX_NAME, MAX_PROSE
from attest.statements.schema import (
    Check,
    FormatError,
    array,
    base64_of,
    choice,
    date,
    exactly,
    fail,
    integer,
    line,
    obj,
    prose,
    sha256,
    time,
    uuid,
)

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"

MAX_STORES = 10_000
MAX_SUBJECTS = 1_000
MAX_PARTIES = 100
MAX_RECIPIENTS = 1_000
MAX_DECLARATION = 500_000

_HOLDER: dict[str, Check] = {
    "name": line(MAX_LABEL),
    "role": line(MAX_LABEL),
    "organisation": line(MAX_LABEL),
    "side": choice("controller", "contractor"),
    "duty": choice("signatory", "officer"),
}
HOLDER = obj(_HOLDER)
SIGNER = obj({**_HOLDER, "keyid": sha256})

_KEY: dict[str, Check] = {"nonce": base64_of(16), "statedAt": time}
_DEMAND: dict[str, Check] = {
    **_KEY,
    "demandId": uuid,
    "signer": SIGNER,
    "declaration": obj(
        {"lang": exactly("en-GB"), "template": exactly("v1"), "text": prose(MAX_DECLARATION)}
    ),
    "seen": obj({"origin": line(MAX_NAME), "size": integer(), "rootHash": base64_of(32)}),
}

_PARTY = obj({"name": line(MAX_LABEL)})
_PARTIES = obj(
    {
        "controllers": array(
            obj({"name": line(MAX_LABEL), "role": choice("lead", "joint")}),
            least=1,
            most=MAX_PARTIES,
        ),
        "contractor": _PARTY,
        "carriers": array(_PARTY, least=0, most=MAX_PARTIES),
        "concurrence": choice("lead", "each"),
    }
)


def _copy(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise fail(where, "must be an object")
    found = copies.problems(value)
    if found:
        raise fail(f"{where}.{found[0].member}", found[0].sentence)


def _onward(value: Any, where: str) -> None:
    if isinstance(value, dict) and value.get("disclosed") is False:
        if set(value) != {"disclosed"}:
            raise fail(where, "names recipients although nothing was disclosed")
        return
    if not isinstance(value, dict) or value.get("disclosed") is not True:
        raise fail(f"{where}.disclosed", "must be true or false")
    _RECIPIENTS({name: part for name, part in value.items() if name != "disclosed"}, where)


_RECIPIENTS = obj(
    {
        "recipients": array(
            obj({"name": line(500), "what": line(MAX_LINE)}, {"on": date}),
            least=1,
            most=MAX_RECIPIENTS,
        )
    }
)

PREDICATES: dict[str, Check] = {
    "key-enrolment": obj({**_KEY, "publicKey": base64_of(32), "holder": HOLDER}),
    "key-confirmation": obj(
        {
            **_KEY,
            "keyid": sha256,
            "holder": HOLDER,
            "signer": SIGNER,
            "method": choice("telephone", "in_person", "video"),
        }
    ),
    "key-revocation": obj(
        {**_KEY, "keyid": sha256, "signer": SIGNER, "reason": prose(MAX_PROSE)},
        {"compromisedSince": time},
    ),
    "deletion-demand": obj(
        {
            **_DEMAND,
            "reference": line(MAX_LABEL),
            "parties": _PARTIES,
            "basis": line(MAX_LINE),
            "action": choice("delete", "return", "delete_or_return"),
            "dueOn": date,
            "instruction": prose(MAX_PROSE),
        }
    ),
    "deletion-attestation": obj(
        {
            **_DEMAND,
            "fileId": uuid,
            "copies": array(_copy, least=0, most=MAX_STORES),
            "onward": _onward,
        },
        {"supersedes": sha256},
    ),
    "attestation-review": obj(
        {**_DEMAND, "decision": choice("accepted", "rejected")}, {"reason": prose(MAX_PROSE)}
    ),
    "demand-closure": obj(
        {**_DEMAND, "outcome": choice("closed", "closed_with_exceptions", "withdrawn")},
        {"reason": prose(MAX_PROSE)},
    ),
}

_SUBJECT = obj({"name": line(MAX_NAME), "digest": obj({"sha256": sha256})})


def predicate_type(name: str) -> str:
    """The URN of a statement's name."""
    return f"urn:attest:{name}:v1"


def check_statement(name: str, statement: Any) -> None:
    """Hold a whole statement against the schema of `name`; FormatError names what is wrong."""
    if name not in PREDICATES:
        raise FormatError(f"{name} is not the name of a statement")
    obj(
        {
            "_type": exactly(STATEMENT_TYPE),
            "subject": array(_SUBJECT, least=1, most=MAX_SUBJECTS),
            "predicateType": exactly(predicate_type(name)),
            "predicate": PREDICATES[name],
        }
    )(statement, "")
    _AGREE[name](statement["subject"], statement["predicate"])


def _enrolment(subject: list[Any], predicate: Mapping[str, Any]) -> None:
    _only(subject, "key", keyid(unb64(predicate["publicKey"])))


def _key(subject: list[Any], predicate: Mapping[str, Any]) -> None:
    _only(subject, "key", predicate["keyid"])


def _log(subject: list[Any], predicate: Mapping[str, Any]) -> None:
    _only(subject, "log", unb64(predicate["seen"]["rootHash"]).hex())


def _demand(subject: list[Any], predicate: Mapping[str, Any]) -> None:
    _log(subject, predicate)
    parties = predicate["parties"]
    if [party["role"] for party in parties["controllers"]].count("lead") != 1:
        raise FormatError("predicate.parties.controllers: exactly one of them leads")
    named = [party["name"] for party in parties["controllers"]]
    named += [parties["contractor"]["name"], *(party["name"] for party in parties["carriers"])]
    if len(set(named)) != len(named):
        raise FormatError("predicate.parties: names an organisation twice")


def _attestation(subject: list[Any], predicate: Mapping[str, Any]) -> None:
    if len(subject) > 2 or (len(subject) == 2 and subject[1]["name"] != "content"):
        raise FormatError("subject: must be the named file, then at most its content")
    order = [copy["storeId"] for copy in predicate["copies"]]
    if order != sorted(set(order)):
        raise FormatError("predicate.copies: must be in storeId order, each store once")


def _review(subject: list[Any], predicate: Mapping[str, Any]) -> None:
    for index, item in enumerate(subject):
        uuid(item["name"], f"subject[{index}].name")
    if len({item["name"] for item in subject}) != len(subject):
        raise FormatError("subject: names a file twice")
    if predicate["decision"] == "rejected" and "reason" not in predicate:
        raise FormatError("predicate.reason: is missing, and a rejection needs one")


def _only(subject: list[Any], name: str, digest: str) -> None:
    if subject != [{"name": name, "digest": {"sha256": digest}}]:
        raise FormatError(f"subject: must be the {name} alone, with its hash")


_AGREE: dict[str, Callable[[list[Any], Mapping[str, Any]], None]] = {
    "key-enrolment": _enrolment,
    "key-confirmation": _key,
    "key-revocation": _key,
    "deletion-demand": _demand,
    "deletion-attestation": _attestation,
    "attestation-review": _review,
    "demand-closure": _log,
}
