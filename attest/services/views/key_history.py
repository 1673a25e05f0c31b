"""A key's life in words: made, from which, confirmed, replaced, revoked. Newest last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from attest.domain.wording import CONFIRMATION_METHODS, short_day
from attest.services.facts.demand_keys import KeyView


@dataclass(frozen=True)
class Chapter:
    """One thing that happened to a key. `said` is what its signer typed."""

    at: datetime
    sentence: str
    said: str = ""
    since: datetime | None = None  # from when it may have been in other hands


def histories(views: Sequence[KeyView]) -> Mapping[str, list[Chapter]]:
    """The history of each key, by keyid; `views` are all keys of one demand."""
    by_id = {view.key.keyid: view for view in views}
    return {
        view.key.keyid: sorted(_chapters(view, by_id), key=lambda chapter: chapter.at)
        for view in views
    }


def _chapters(view: KeyView, views: Mapping[str, KeyView]) -> Iterator[Chapter]:
    key = view.key
    if key.rotated_from is None:
        yield Chapter(key.enrolled_at, "Made.")
    else:
        yield Chapter(
            key.enrolled_at,
            f"Made from the key of {_made(views.get(key.rotated_from))}, which signed it too. "
            "That alone proves nothing.",
        )
    for said in view.confirmations:
        how = CONFIRMATION_METHODS[said.method or ""]
        yield Chapter(said.stated_at, f"Confirmed {how} by {_signer(said.signer_keyid, views)}.")
    for said in view.void:
        yield Chapter(
            said.stated_at,
            f"Confirmed by {_signer(said.signer_keyid, views)}, which counts for nothing here: "
            "that key was revoked before.",
        )
    if key.replaced_at is not None:
        yield Chapter(key.replaced_at, "Replaced: its holder made another one.")
    for told in view.revocations:
        by = told.by
        yield Chapter(
            told.at,
            f"Revoked by {by['name']}, {by['role']}, {by['organisation']}.",
            told.reason,
            told.since,
        )


def _made(old: KeyView | None) -> str:
    if old is None:
        return "before"
    return short_day(old.key.enrolled_at)


def _signer(keyid: str, views: Mapping[str, KeyView]) -> str:
    found = views.get(keyid)
    return str(found.key.holder["name"]) if found else "a signatory"
