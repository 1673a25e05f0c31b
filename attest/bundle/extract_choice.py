"""What belongs into the extract of one file: which leaves, chosen from a whole log.

The smallest set from which the file's last attestation can be judged (docs/formats.md §9). The
verifier of an extract uses `keys_used` as well, so that no key stands in one for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attest.bundle.judge import Judge
from attest.bundle.keyring import KeyRing
from attest.domain.facts import Attestation, NamedFile
from attest.domain.scalars import is_uuid
from attest.domain.standing import FileState


class CannotExtract(Exception):
    """There is nothing to be extracted. Its text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A file, its last attestation, and the leaves that belong to them, ascending.

    `state` is how the file stands in the whole log.
    """

    file: NamedFile
    attestation: Attestation
    state: FileState
    leaves: tuple[int, ...]


def find_file(judge: Judge, wanted: str) -> NamedFile:
    """The file with this fileId or exact name. Raises CannotExtract for none and for several."""
    if is_uuid(wanted):
        file = judge.facts.file(wanted)
        if file is not None:
            return file
    found = [file for file in judge.facts.files() if file.name == wanted]
    if not found:
        raise CannotExtract(
            f"No file here has the identifier or the exact name “{wanted}”. "
            "`attest verify` lists the files of a bundle."
        )
    if len(found) > 1:
        ids = ", ".join(file.file_id for file in found)
        raise CannotExtract(
            f"{len(found)} files have the name “{wanted}”. Give the identifier of one: {ids}."
        )
    return found[0]


def choose(judge: Judge, file: NamedFile) -> Choice:
    """The leaves of a file's extract. Raises CannotExtract where it has no attestation."""
    facts = judge.facts
    attestation = next(facts.attestations(file.number), None)
    if attestation is None:
        raise CannotExtract(f"There is no attestation of “{file.name}” yet.")
    leaves = {file.leaf, attestation.leaf}
    signers = {attestation.key}
    # The judge has seen to it that the attestation answers these, and no others.
    leaves |= {store.leaf for store in judge.view(attestation.seen).stores}
    for demand in facts.demands:
        leaves.add(demand.leaf)
        signers.add(demand.key)
    for review in facts.reviews(file.number):
        if review.attestation == attestation.number:
            leaves.add(review.leaf)
            signers.add(review.key)
    leaves |= {leaf for leaf in facts.reopenings(file.number) if leaf > attestation.leaf}
    view = judge.view()
    closure = view.closure
    if closure is not None:
        leaves.add(closure.leaf)
        signers.add(closure.key)
    for keyid in keys_used(judge.keys, (judge.keys.numbered(number).keyid for number in signers)):
        leaves |= _key_leaves(judge.keys, keyid)
    return Choice(file, attestation, view.file(file.number).state, tuple(sorted(leaves)))


def keys_used(keys: KeyRing, signers: Iterable[str]) -> frozenset[str]:
    """The keys of these signers, and those that signed anything about a key that is used."""
    used: set[str] = set()
    waiting = list(signers)
    while waiting:
        keyid = waiting.pop()
        key = keys.get(keyid)
        if key is None or keyid in used:
            continue
        used.add(keyid)
        waiting += [item.signer for item in key.confirmations]
        waiting += [item.signer for item in key.revocations]
        if key.rotated_from is not None:
            waiting.append(key.rotated_from)
    return frozenset(used)


def _key_leaves(keys: KeyRing, keyid: str) -> set[int]:
    key = keys.get(keyid)
    if key is None:
        return set()
    confirmed = (item.leaf for item in key.confirmations)
    revoked = (item.leaf for item in key.revocations)
    return {key.leaf, *confirmed, *revoked}
