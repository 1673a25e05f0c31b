"""Signed statements other than those of keys: steps 8 to 12 of docs/formats.md §6.

8.  The envelope's one signature verifies over the exact bytes, by an enrolled and unrevoked key;
    then the payload is parsed by the closed schema of its leaf's type; `signer` is that key's
    holder, of the side, duty and organisation that §3 asks for.
9.  `seen` and `demandId` are this log's; `seen` is a prefix, not empty, no longer than the
    statement's own index, and covers what §3 asks; `statedAt` lies within 600 s around the span
    from the last leaf seen to the statement's own.
10. An attestation's subject is a file named in the prefix seen, `copies` answers every store
    standing there, `supersedes` names the file's last attestation exactly when there is one.
11. The declaration's text is what the template makes.
12. A review's subjects are their files' last attestations in the prefix seen; a closure needs
    what its outcome says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from attest.bundle.failure import Failure
from attest.bundle.keyring import Key
from attest.bundle.opening import Statement, open_envelope, open_statement
from attest.bundle.state import LogState
from attest.domain.facts import Attestation, NamedFile
from attest.domain.outcomes import is_settled
from attest.domain.standing import ACCEPTED, View
from attest.log.leaf import Leaf
from attest.signing import unb64, verify
from attest.statements.bodies import SIGNED_TYPES
from attest.statements.declarations import Context, render

_TOLERANCE = timedelta(seconds=600)

_Effect = Callable[[], None]


class SignedRules:
    """Checks one statement against the log so far, and says what admitting it will change."""

    def __init__(self, state: LogState) -> None:
        self._state = state
        self._rules: dict[str, Callable[[Statement, Key, int, int], _Effect]] = {
            "demand.issued": self._demand,
            "demand.amended": self._demand,
            "attestation.signed": self._attestation,
            "attestation.reviewed": self._review,
            "demand.closed": self._closure,
        }

    def check(
        self, entry: Leaf, body: bytes, leaf: int, *, signatures: bool, trusted: bool
    ) -> tuple[Statement, _Effect]:
        """Steps 8 to 12 for the next leaf. Raises Failure; changes nothing."""
        statement, key = self._authority(
            entry, body, leaf, signatures=signatures and not trusted, trusted=trusted
        )
        predicate = statement.predicate
        self._origin_and_prefix(predicate, leaf)
        seen: int = predicate["seen"]["size"]
        self._time(entry, statement, seen, leaf)
        effect = self._rules[entry.type](statement, key, seen, leaf)
        if signatures and not trusted:
            self._declaration(entry, statement, seen, leaf)
        return statement, effect

    # 8. Who signed, and may they?
    def _authority(
        self, entry: Leaf, body: bytes, leaf: int, *, signatures: bool, trusted: bool
    ) -> tuple[Statement, Key]:
        envelope = open_envelope(body, 8, leaf)
        if len(envelope.signatures) != 1:
            raise Failure(8, leaf, "a statement has exactly one signature")
        signature = envelope.signatures[0]
        key = self._state.keys.get(signature.keyid)
        if key is None:
            raise Failure(8, leaf, "the key that signed is not enrolled")
        if key.revoked:
            raise Failure(8, leaf, "the key that signed was revoked before")
        if signatures and not verify(key.public_key, envelope.signed_bytes, signature.sig):
            raise Failure(8, leaf, "the signature does not verify")
        name = SIGNED_TYPES[entry.type]
        statement = open_statement(envelope, name, 8, leaf, trusted=trusted)
        if statement.predicate["signer"] != {**key.holder, "keyid": key.keyid}:
            raise Failure(8, leaf, "signer is not the holder of the key that signed")
        side, duty, organisations = self._asked_for(entry.type, statement.predicate)
        if key.holder["side"] != side or key.holder["duty"] != duty:
            raise Failure(8, leaf, f"{entry.type} needs the key of a {side}'s {duty}")
        if key.holder["organisation"] not in organisations:
            raise Failure(8, leaf, "the signer's organisation is not one that may sign this")
        return statement, key

    def _asked_for(
        self, kind: str, predicate: Mapping[str, Any]
    ) -> tuple[str, str, tuple[str, ...]]:
        """Side, duty and organisations by §3's tables."""
        if kind == "demand.issued":
            controllers = predicate["parties"]["controllers"]
            lead = tuple(c["name"] for c in controllers if c["role"] == "lead")
            return "controller", "signatory", lead
        demand = self._state.facts.demands[-1]
        if kind == "attestation.signed":
            return "contractor", "officer", (demand.contractor,)
        if kind == "attestation.reviewed":
            return "controller", "signatory", demand.controllers
        return "controller", "signatory", (demand.lead,)

    # 9. The log that the signer saw.
    def _origin_and_prefix(self, predicate: Mapping[str, Any], leaf: int) -> None:
        seen = predicate["seen"]
        if predicate["demandId"] != self._state.demand_id:
            raise Failure(9, leaf, "demandId is another demand's")
        if seen["origin"] != self._state.origin:
            raise Failure(9, leaf, "seen.origin is another log's")
        if not 1 <= seen["size"] <= leaf:
            raise Failure(9, leaf, "seen is empty, or longer than the log before this leaf")
        if unb64(seen["rootHash"]) != self._state.prefixes.root_at(seen["size"]):
            raise Failure(9, leaf, "seen is not a prefix of this log")

    # 9. Neither backdated nor postdated.
    def _time(self, entry: Leaf, statement: Statement, seen: int, leaf: int) -> None:
        # Differences, because a sum could leave the years that a time can have.
        if self._state.prefixes.at(seen - 1) - statement.stated_at > _TOLERANCE:
            raise Failure(9, leaf, "statedAt is earlier than the last leaf that the signer saw")
        if statement.stated_at - entry.at > _TOLERANCE:
            raise Failure(9, leaf, "statedAt is later than the leaf")

    # 9. A demand covers every file and store; an amendment the demand before it.
    def _demand(self, statement: Statement, key: Key, seen: int, leaf: int) -> _Effect:
        state = self._state
        if not state.facts.demands:
            covered = max(state.files.last, state.stores.last)
        else:
            covered = state.facts.demands[-1].leaf
        if seen <= covered:
            raise Failure(9, leaf, f"seen does not cover leaf {covered}")
        return lambda: state.facts.demand(leaf, seen, key.number, statement.predicate)

    # 10. The file, every store, and what is superseded.
    def _attestation(self, statement: Statement, key: Key, seen: int, leaf: int) -> _Effect:
        facts, predicate = self._state.facts, statement.predicate
        file = facts.file(predicate["fileId"])
        if file is None or file.leaf >= seen:
            raise Failure(10, leaf, "fileId is no file named in the prefix seen")
        if list(statement.subject) != self._file_subject(file):
            raise Failure(10, leaf, "the subject is not the file as it was named")
        answered = [copy["storeId"] for copy in predicate["copies"]]
        standing = [store.store_id for store in self._state.view(seen).stores]
        if answered != standing:
            raise Failure(10, leaf, _stores_differ(answered, standing))
        self._supersedes(statement, file, leaf)
        settled = all(is_settled(copy["outcome"]) for copy in predicate["copies"])
        disclosed = bool(predicate["onward"]["disclosed"])
        return lambda: facts.attest(
            leaf,
            seen,
            key.number,
            file.file_id,
            statement.hash,
            stated_at=statement.stated_at,
            settled=settled,
            disclosed=disclosed,
        )

    # 10. Exactly when the file has an attestation already, and then the last one.
    def _supersedes(self, statement: Statement, file: NamedFile, leaf: int) -> None:
        last = next(self._state.facts.attestations(file.number), None)
        if statement.predicate.get("supersedes") != (None if last is None else last.statement):
            raise Failure(10, leaf, "supersedes does not name the file's last attestation")

    def _file_subject(self, file: NamedFile) -> list[dict[str, Any]]:
        body = self._state.prefixes.bodies[file.leaf].hex()
        subject = [{"name": file.name, "digest": {"sha256": body}}]
        if file.content is not None:
            subject.append({"name": "content", "digest": {"sha256": file.content}})
        return subject

    # 12. The attestations reviewed; 9. every earlier review of theirs by the same organisation.
    def _review(self, statement: Statement, key: Key, seen: int, leaf: int) -> _Effect:
        facts, view = self._state.facts, self._state.view(seen)
        organisation = key.holder["organisation"]
        attestations: list[int] = []
        for subject in self._reviewed(statement, leaf):
            last = self._last_seen(subject["name"], view)
            if last is None or subject["digest"]["sha256"] != last.statement:
                raise Failure(12, leaf, "a subject is not its file's last attestation in seen")
            earlier = (r for r in facts.reviews(last.file) if r.organisation == organisation)
            newest = next(earlier, None)
            if newest is not None and newest.leaf >= seen:
                raise Failure(9, leaf, f"seen does not cover the review at leaf {newest.leaf}")
            attestations.append(last.number)
        accepted = statement.predicate["decision"] == "accepted"
        return lambda: facts.review(
            leaf,
            key.number,
            organisation,
            attestations,
            stated_at=statement.stated_at,
            accepted=accepted,
        )

    def _reviewed(self, statement: Statement, leaf: int) -> Sequence[Mapping[str, Any]]:
        """The subjects of a review that are judged here: all of them."""
        return statement.subject

    def _last_seen(self, file_id: str, view: View) -> Attestation | None:
        file = self._state.facts.file(file_id)
        return None if file is None else view.last_attestation(file.number)

    # 9. A closure covers every act; 12. it needs what its outcome says, at its own leaf.
    def _closure(self, statement: Statement, key: Key, seen: int, leaf: int) -> _Effect:
        state, outcome = self._state, statement.predicate["outcome"]
        if seen <= state.last_act:
            raise Failure(9, leaf, f"seen does not cover leaf {state.last_act}")
        if outcome != "withdrawn":
            view = state.view()
            for number in range(state.facts.file_count):
                standing = view.file(number)
                if standing.state != ACCEPTED or standing.attestation is None:
                    raise Failure(12, leaf, f"{outcome}, but a file is {standing.state}")
                if outcome == "closed" and not standing.attestation.settled:
                    raise Failure(12, leaf, "closed, but a copy is not settled")

        def close() -> None:
            state.facts.close(leaf, key.number, outcome, stated_at=statement.stated_at)
            state.closed = True

        return close

    # 11. What the signer read is what these members and the prefix make.
    def _declaration(self, entry: Leaf, statement: Statement, seen: int, leaf: int) -> None:
        said = {"subject": statement.subject, "predicate": statement.predicate}
        try:
            text = render(SIGNED_TYPES[entry.type], said, self._context(statement, seen))
        except KeyError:
            raise Failure(11, leaf, "the prefix seen lacks what the declaration names") from None
        if statement.predicate["declaration"]["text"] != text:
            raise Failure(11, leaf, "the declaration is not what the template makes")

    def _context(self, statement: Statement, seen: int) -> Context:
        """What the declaration may name."""
        return self._state.context(seen)


def _stores_differ(answered: list[str], standing: list[str]) -> str:
    left_out = len(set(standing) - set(answered))
    if left_out:
        return f"copies leaves {left_out} of the {len(standing)} standing stores out"
    return "copies answers a store that does not stand in the prefix seen"
