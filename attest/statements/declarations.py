"""The text that a signer reads and signs (docs/formats.md §3, "declaration"), template v1.

A pure function of the statement and of the log's prefix that its signer saw. The signing script
and the verifier render it again, byte by byte, so nothing here may ever change: another wording
is another template. For that reason it shares no words with pages.

One short sentence a line. What somebody typed stands in double quotes, with backslashes, quotes
and line breaks escaped, so that it cannot pass for a line of the declaration.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from attest.statements.copy_lines import copy_lines
from attest.statements.wording_v1 import day, moment, number, quoted

TEMPLATE = "v1"
LANG = "en-GB"


@dataclass(frozen=True, slots=True)
class Listing:
    """How many bodies of a type a prefix holds, and the hash of their list (`listing`)."""

    count: int
    sha256: str


class Context(Protocol):
    """What a declaration may say about the prefix of the log that its signer saw."""

    def file(self, file_id: str) -> Mapping[str, Any]:
        """The `file.named` body of a file in the prefix; KeyError if there is none."""

    def store(self, store_id: str) -> Mapping[str, Any]:
        """The `store.named` body of a store in the prefix; KeyError if there is none."""

    @property
    def files(self) -> Listing:
        """Every `file.named` in the prefix."""

    @property
    def stores(self) -> Listing:
        """Every `store.named` in the prefix."""

    @property
    def withdrawn(self) -> Listing:
        """Every `store.withdrawn` in the prefix."""

    @property
    def reference(self) -> str | None:
        """The reference of the demand standing in the prefix; None before the first."""


def listing(body_hashes: list[str]) -> Listing:
    """Count bodies, in log order, and hash their list: each hash in hex, then U+000A."""
    data = "".join(f"{item}\n" for item in body_hashes).encode("ascii")
    return Listing(len(body_hashes), hashlib.sha256(data).hexdigest())


def render(name: str, statement: Mapping[str, Any], context: Context) -> str:
    """Give the text for a statement that meets its schema, whatever its `declaration` says.

    `name` is the statement's name; KeyError for one without a declaration (the key statements),
    and for a file or store that the prefix does not hold.
    """
    predicate = statement["predicate"]
    lines = [*_TEMPLATES[name](statement["subject"], predicate, context), *_ending(predicate)]
    # Normalised, because the n of an escaped line break would join an accent that follows it.
    return unicodedata.normalize("NFC", "\n".join(lines))


def _demand(subject: list[Any], predicate: Mapping[str, Any], context: Context) -> list[str]:
    parties = predicate["parties"]
    lines = [f"This is the deletion demand with the reference {quoted(predicate['reference'])}."]
    if context.reference is not None:
        lines.append(f"It replaces the demand with the reference {quoted(context.reference)}.")
    for controller in parties["controllers"]:
        lines.append(f"{quoted(controller['name'])} is {_CONTROLLER[controller['role']]}.")
    lines.append(f"{quoted(parties['contractor']['name'])} is the contractor.")
    for carrier in parties["carriers"]:
        lines.append(f"{quoted(carrier['name'])} carried the data.")
    return [
        *lines,
        _CONCURRENCE[parties["concurrence"]],
        _ACTION[predicate["action"]],
        f"It must be done by {day(predicate['dueOn'])}.",
        f"Basis: {quoted(predicate['basis'])}.",
        f"Instruction: {quoted(predicate['instruction'])}.",
        *_covered(context),
    ]


def _attestation(subject: list[Any], predicate: Mapping[str, Any], context: Context) -> list[str]:
    file = context.file(predicate["fileId"])
    copies = predicate["copies"]
    lines = [
        "I attest what became of every copy of one file.",
        _reference(context),
        f"The file is {quoted(file['name'])} ({_MEDIUM[file['kind']]}).",
        f"Its entry in the log has the SHA-256 {subject[0]['digest']['sha256']}.",
        f"Its content has the SHA-256 {subject[1]['digest']['sha256']}."
        if len(subject) > 1
        else "No SHA-256 of its content was given.",
    ]
    if "supersedes" in predicate:
        lines.append(f"This supersedes the attestation with the hash {predicate['supersedes']}.")
    else:
        lines.append("This is the first attestation of this file.")
    lines.append(f"I answer for {number(len(copies), 'store', 'stores')}.")
    for position, copy in enumerate(copies, start=1):
        store = context.store(copy["storeId"])
        lines += copy_lines(position, copy, quoted(store["label"]), _MEDIUM[store["medium"]])
    return [
        *lines,
        *onward_lines(predicate["onward"]),
        "I declare that this is true to the best of my knowledge.",
    ]


def onward_lines(onward: Mapping[str, Any]) -> list[str]:
    """What an attestation says about onward disclosure, a sentence a line."""
    if not onward["disclosed"]:
        return ["No copy of the file left the parties that the demand names."]
    recipients = onward["recipients"]
    lines = [
        "Copies of the file left the parties that the demand names, to "
        f"{number(len(recipients), 'recipient', 'recipients')}."
    ]
    for recipient in recipients:
        when = f" on {day(recipient['on'])}" if "on" in recipient else ""
        lines.append(f"{quoted(recipient['name'])} was given {quoted(recipient['what'])}{when}.")
    return lines


def _review(subject: list[Any], predicate: Mapping[str, Any], context: Context) -> list[str]:
    listed = "".join(f"{item['name']} {item['digest']['sha256']}\n" for item in subject)
    count = number(len(subject), "attestation", "attestations")
    return [
        f"I {_DECISION[predicate['decision']]} {count}.",
        _reference(context),
        f"The list of what I reviewed has the SHA-256 {_sha256(listed)}.",
        *_reason(predicate),
    ]


def _closure(subject: list[Any], predicate: Mapping[str, Any], context: Context) -> list[str]:
    return [
        _CLOSURE[predicate["outcome"]],
        _reference(context),
        *_reason(predicate),
        *_covered(context),
    ]


def _reference(context: Context) -> str:
    if context.reference is None:
        raise KeyError("no demand stands in the prefix seen")
    return f"The deletion demand has the reference {quoted(context.reference)}."


def _reason(predicate: Mapping[str, Any]) -> list[str]:
    return [f"Reason: {quoted(predicate['reason'])}."] if "reason" in predicate else []


def _covered(context: Context) -> list[str]:
    lines = [
        f"The log names {number(context.files.count, 'file', 'files')}.",
        f"The list of files has the SHA-256 {context.files.sha256}.",
        f"The log names {number(context.stores.count, 'store', 'stores')}.",
        f"The list of stores has the SHA-256 {context.stores.sha256}.",
    ]
    if context.withdrawn.count:
        lines += [
            f"The log withdraws {number(context.withdrawn.count, 'store', 'stores')}.",
            f"The list of withdrawals has the SHA-256 {context.withdrawn.sha256}.",
        ]
    return lines


def _ending(predicate: Mapping[str, Any]) -> list[str]:
    seen = predicate["seen"]
    signer = predicate["signer"]
    return [
        f"I have seen the first {number(seen['size'], 'entry', 'entries')} of the log "
        f"{quoted(seen['origin'])}, with the root {seen['rootHash']}.",
        "This statement is permanent: nobody can change it or take it back.",
        f"Stated on {moment(predicate['statedAt'])}.",
        f"Signed by {quoted(signer['name'])}, {quoted(signer['role'])}, "
        f"of {quoted(signer['organisation'])}, "
        f"as {_DUTY[signer['duty']]} for the {signer['side']}.",
        f"Signed with the key {signer['keyid']}.",
    ]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


_MEDIUM = {"electronic": "electronic", "hard_copy": "hard copy"}
_DUTY = {"signatory": "signatory", "officer": "assurance officer"}
_DECISION = {"accepted": "accept", "rejected": "reject"}
_CONTROLLER = {"lead": "the lead controller", "joint": "a joint controller"}
_CONCURRENCE = {
    "lead": "The lead controller decides whether an attestation is accepted.",
    "each": "An attestation is accepted when every controller accepts it.",
}
_ACTION = {
    "delete": "The contractor must delete every copy of every file.",
    "return": "The contractor must return every copy of every file.",
    "delete_or_return": "The contractor must delete or return every copy of every file.",
}
_CLOSURE = {
    "closed": "The demand is closed: every file is accepted, and every copy is settled.",
    "closed_with_exceptions": "The demand is closed with exceptions: every file is accepted.",
    "withdrawn": "The demand is withdrawn: nothing more is asked for.",
}
_TEMPLATES: dict[str, Callable[[list[Any], Mapping[str, Any], Context], list[str]]] = {
    "deletion-demand": _demand,
    "deletion-attestation": _attestation,
    "attestation-review": _review,
    "demand-closure": _closure,
}
