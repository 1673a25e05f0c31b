"""What is looked at before anybody may sign: the twin of static/checks.js, sentence by sentence.

The server made the payloads, and nothing that it says about them is trusted. The very bytes that
will be signed are decoded, their declaration is rendered again from the other fields, and every
file, listing and reviewed attestation that it names is held against its hash. Whatever disagrees
is refused. (docs/formats.md §8)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attest.offline.key_words import key_sentence
from attest.offline.to_sign import Item, ToSignFile
from attest.signing import fingerprint, is_valid_public_key, unb64
from attest.signing import keyid as keyid_of
from attest.statements.bodies import check_plain
from attest.statements.canonical import FormatError, decode
from attest.statements.declarations import Listing, listing, render
from attest.statements.envelope import statement_hash
from attest.statements.predicates import check_statement

_NAME = re.compile(r"urn:attest:([a-z-]+):v1")
NO_LISTING = listing([])


class Disagreement(ValueError):
    """Something does not agree, so nothing may be signed: a sentence that says what."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A statement whose words are what its fields say."""

    id: str
    name: str
    payload: bytes
    statement: Mapping[str, Any]
    text: str
    label: str
    reviewed: tuple[Declared, ...] = ()

    @property
    def predicate(self) -> Mapping[str, Any]:
        """The statement's predicate."""
        found: Mapping[str, Any] = self.statement["predicate"]
        return found


@dataclass(frozen=True, slots=True)
class _Body:
    hash: str
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies that came along, by what they name, in their order, which is the log's."""

    files: dict[str, _Body] = field(default_factory=dict)
    stores: dict[str, _Body] = field(default_factory=dict)
    withdrawn: dict[str, _Body] = field(default_factory=dict)

    def kinds(self) -> Mapping[str, Mapping[str, _Body]]:
        """By the names that a listing has for them."""
        return {"files": self.files, "stores": self.stores, "withdrawn": self.withdrawn}


class _Context:
    """What the signer saw, as far as the file shows it: a `declarations.Context`."""

    def __init__(self, file: ToSignFile, bodies: Bodies) -> None:
        self._bodies = bodies
        self._listing = file.listing or {}
        self.reference = file.reference

    def file(self, file_id: str) -> Mapping[str, Any]:
        return self._bodies.files[file_id].members

    def store(self, store_id: str) -> Mapping[str, Any]:
        return self._bodies.stores[store_id].members

    @property
    def files(self) -> Listing:
        return self._listing["files"]

    @property
    def stores(self) -> Listing:
        return self._listing["stores"]

    @property
    def withdrawn(self) -> Listing:
        return self._listing.get("withdrawn", NO_LISTING)


def inspect(file: ToSignFile) -> list[Declared]:
    """Everything to sign, checked, in the file's order. Raises Disagreement."""
    bodies = read_bodies(file.bodies)
    items = [_inspect(item, file, bodies) for item in file.items]
    _insist(bool(items), "There is nothing to sign here.")
    kinds = {(item.name, item.predicate.get("demandId")) for item in items}
    _insist(len(kinds) == 1, "The statements are not all of one kind and one demand.")
    hashes = {statement_hash(item.payload) for item in items}
    _insist(len(hashes) == len(items), "A statement is here twice.")
    return items


def confirms_what_was_typed(items: Sequence[Declared], typed: str) -> bool:
    """Whether what was typed as heard is the fingerprint of the key that `items` confirm."""
    heard = re.sub(r"[\s.,;:–—-]", "", typed.lower())
    return all(heard == fingerprint(item.predicate["keyid"]).replace(" ", "") for item in items)


def read_statement(payload: bytes) -> tuple[str, Mapping[str, Any]]:
    """Name and statement of payload bytes. Raises Disagreement."""
    try:
        statement = decode(payload)
        kind = statement.get("predicateType") if isinstance(statement, dict) else None
        found = _NAME.fullmatch(kind) if isinstance(kind, str) else None
        if found is None:
            raise Disagreement("This statement is of a kind that is not known here.")
        check_statement(found[1], statement)
    except FormatError as error:
        raise Disagreement(
            f"This statement holds something that it should not, or lacks something ({error})."
        ) from None
    return found[1], statement


def label_of(name: str, statement: Mapping[str, Any]) -> str:
    """What a statement is called where many are listed; for a review, see `reviewed`."""
    if name == "deletion-attestation":
        return str(statement["subject"][0]["name"])
    if name == "deletion-demand":
        return f"the deletion demand {statement['predicate']['reference']}"
    return {
        "attestation-review": "the review",
        "demand-closure": "the closure of the demand",
    }.get(name, "the statement about the key")


def read_bodies(encoded: Sequence[bytes]) -> Bodies:
    """The bodies by what they name. Raises Disagreement."""
    bodies = Bodies()
    for data in encoded:
        try:
            members = decode(data)
            kind = _kind(members)
            check_plain(kind, members)
        except FormatError as error:
            raise Disagreement(f"A file or a store here is damaged ({error}).") from None
        found, number = {
            "file.named": (bodies.files, "fileId"),
            "store.named": (bodies.stores, "storeId"),
            "store.withdrawn": (bodies.withdrawn, "storeId"),
        }[kind]
        _insist(members[number] not in found, "A file or a store is here twice.")
        found[members[number]] = _Body(hashlib.sha256(data).hexdigest(), members)
    return bodies


def _kind(members: Any) -> str:
    if not isinstance(members, dict) or "storeId" not in members:
        return "file.named"
    return "store.named" if "label" in members else "store.withdrawn"


def _insist(agrees: bool, sentence: str) -> None:
    if not agrees:
        raise Disagreement(sentence)


def _inspect(item: Item, file: ToSignFile, bodies: Bodies) -> Declared:
    name, statement = read_statement(item.payload)
    predicate = statement["predicate"]
    if name.startswith("key-"):
        _check_key(name, statement, file)
        text = key_sentence(name, predicate)
        return Declared(item.id, name, item.payload, statement, text, label_of(name, statement))
    _insist(file.also_keyid is None, "Only the enrolment of a key is signed by two keys.")
    _insist(
        predicate["signer"]["keyid"] == file.keyid,
        "This statement names another key than yours as its signer.",
    )
    if name == "deletion-attestation":
        _check_attestation(statement, bodies)
    if name == "deletion-demand":
        _check_demand(statement, file, bodies)
    reviewed: tuple[Declared, ...] = ()
    if name == "attestation-review":
        reviewed = _read_reviewed(item, statement, file, bodies)
    _check_declaration(name, statement, _Context(file, bodies))
    label = ", ".join(each.label for each in reviewed) or label_of(name, statement)
    text = predicate["declaration"]["text"]
    return Declared(item.id, name, item.payload, statement, text, label, reviewed)


def _check_declaration(name: str, statement: Mapping[str, Any], context: _Context) -> None:
    """The text is exactly what the template makes of the other members."""
    try:
        rendered = render(name, statement, context)
    except (KeyError, TypeError, ValueError, AttributeError):
        # Fields that the template cannot put into words, or what they name is not here.
        rendered = None
    _insist(
        rendered == statement["predicate"]["declaration"]["text"],
        "The words of the declaration are not what its fields say.",
    )


def _check_key(name: str, statement: Mapping[str, Any], file: ToSignFile) -> None:
    """The key asked for signs; that the subject is the key named, the schema has said."""
    predicate = statement["predicate"]
    if name == "key-enrolment":
        public_key = unb64(predicate["publicKey"])
        _insist(is_valid_public_key(public_key), "The public key is not usable.")
        _insist(keyid_of(public_key) == file.keyid, "This statement enrols another key than yours.")
        _insist(file.also_keyid != file.keyid, "The old key and the new one are the same.")
        return
    _insist(file.also_keyid is None, "Only the enrolment of a key is signed by two keys.")
    _insist(
        predicate["signer"]["keyid"] == file.keyid,
        "This statement names another key than yours as its signer.",
    )


def _check_attestation(statement: Mapping[str, Any], bodies: Bodies) -> None:
    predicate = statement["predicate"]
    file = bodies.files.get(predicate["fileId"])
    if file is None:
        raise Disagreement("A file or a store that the statement names is missing.")
    expected = [{"name": file.members.get("name"), "digest": {"sha256": file.hash}}]
    if "sha256" in file.members:
        expected.append({"name": "content", "digest": {"sha256": file.members["sha256"]}})
    _insist(
        statement["subject"] == expected,
        "The file that is shown is not the file that would be signed for.",
    )
    named = [file, *(bodies.stores.get(copy["storeId"]) for copy in predicate["copies"])]
    for body in named:
        if body is None:
            raise Disagreement("A file or a store that the statement names is missing.")
        _insist(
            body.members.get("demandId") == predicate["demandId"],
            "A file or a store here belongs to another demand.",
        )


def _check_demand(statement: Mapping[str, Any], file: ToSignFile, bodies: Bodies) -> None:
    """No other list can hide behind the counts and hashes of a demand's text."""
    listed = file.listing or {}
    for name, found in bodies.kinds().items():
        _insist(
            all(
                body.members.get("demandId") == statement["predicate"]["demandId"]
                for body in found.values()
            ),
            "A file or a store here belongs to another demand.",
        )
        shown = listing([body.hash for body in found.values()])
        expected = listed.get(name, NO_LISTING if name == "withdrawn" else None)
        _insist(
            shown == expected,
            "The files and stores here are not the ones that the demand covers.",
        )


def _read_reviewed(
    item: Item, statement: Mapping[str, Any], file: ToSignFile, bodies: Bodies
) -> tuple[Declared, ...]:
    """The attestations under review, each held against the hash that the subject names."""
    subject = statement["subject"]
    _insist(len(item.reviewed) == len(subject), "The attestations under review are not all here.")
    found = []
    for named, payload in zip(subject, item.reviewed, strict=True):
        name, attestation = read_statement(payload)
        predicate = attestation["predicate"]
        _insist(
            name == "deletion-attestation"
            and predicate["demandId"] == statement["predicate"]["demandId"]
            and predicate["fileId"] == named["name"]
            and statement_hash(payload) == named["digest"]["sha256"],
            "An attestation here is not the one that would be reviewed.",
        )
        _check_attestation(attestation, bodies)
        _check_declaration(name, attestation, _Context(file, bodies))
        text, label = predicate["declaration"]["text"], attestation["subject"][0]["name"]
        found.append(Declared(named["name"], name, payload, attestation, text, label))
    return tuple(found)
