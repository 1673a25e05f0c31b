"""Passwords as they are kept, and what nobody's password costs."""

from __future__ import annotations

from unittest.mock import patch

from nacl.pwhash import argon2id

from attest.services.accounts.passwords import hash_password, password_matches

PASSWORD = "correct horse battery"


def test_only_the_password_itself_matches() -> None:
    kept = hash_password(PASSWORD)
    assert password_matches(kept, PASSWORD)
    assert not password_matches(kept, PASSWORD + " ")
    assert not password_matches(kept, PASSWORD * 100)


def test_nobody_costs_as_much_as_somebody() -> None:
    asked = []

    def verify(kept: bytes, password: bytes) -> bool:
        asked.append(kept.rsplit(b"$", 2)[0])
        return True  # even whoever guesses its password does not come in

    with patch.object(argon2id, "verify", verify):
        assert not password_matches(None, PASSWORD)
        assert password_matches(hash_password(PASSWORD), PASSWORD)
    nobody, somebody = asked
    assert nobody == somebody
