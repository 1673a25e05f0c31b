"""Passwords: what makes one good enough, and how they are kept (Argon2id, RFC 9106)."""

from __future__ import annotations

import nacl.exceptions
from nacl.pwhash import argon2id

from attest.domain.refusal import Refused

SHORTEST = 12
LONGEST = 1000
RULE = (
    f"At least {SHORTEST} characters. Four words that have nothing to do with each other "
    "are easy to remember and hard to guess."
)

# What guessers try first, among those that are long enough.
_COMMON = ("password", "passw0rd", "123456789", "qwertyuiop", "letmein", "administrator")

_OPERATIONS = argon2id.OPSLIMIT_INTERACTIVE
_MEMORY = argon2id.MEMLIMIT_INTERACTIVE  # 64 MiB: more would let few people keep a server busy


def check_password(password: str, email: str) -> None:
    """Raises Refused for a password that is too short, too long, or among the first guesses."""
    if len(password) < SHORTEST:
        raise Refused(
            f"This password has {len(password)} characters. Use {SHORTEST} or more.",
            field="password",
        )
    if len(password) > LONGEST:
        raise Refused(f"Use {LONGEST:,} characters or fewer.", field="password")
    plain = password.lower()
    guessable = (
        len(set(plain)) < 5
        or plain == email.lower()
        or any(
            plain.startswith(word) and len(plain) - len(word) <= 8 and len(word) >= 6
            for word in (*_COMMON, email.partition("@")[0].lower())
        )
    )
    if guessable:
        raise Refused(
            "This password is easy to guess. Use several words that do not belong together.",
            field="password",
        )


def hash_password(password: str) -> str:
    """The Argon2id string that the database keeps."""
    hashed: bytes = argon2id.str(password.encode(), opslimit=_OPERATIONS, memlimit=_MEMORY)
    return hashed.decode("ascii")


def password_matches(kept: str | None, password: str) -> bool:
    """Whether it is the one; takes as long where no password is kept at all."""
    if len(password) > LONGEST:
        return False
    try:
        argon2id.verify((kept or _NOBODY).encode("ascii"), password.encode())
    except nacl.exceptions.InvalidkeyError:
        return False
    return kept is not None


# An unknown address costs as much time as a known one: this was made with the same parameters.
# It opens nothing, and to make it anew at every start would take as long as somebody's sign-in.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=2,p=1$"
    "W/jdCvnmbxjgPMhtajEelQ$448MoG0ISGWDmGlW53SnKz10YMTZpU6UhgYvDUXKS+E"
)
