"""What checks timestamps as a trust file asks for it."""

from __future__ import annotations

from collections.abc import Callable

from attest.bundle.algorithms import CheckSignature
from attest.bundle.certificate import read_pem
from attest.bundle.failure import Failure
from attest.bundle.token import Timestamp, check_token
from attest.bundle.trust import Trust
from attest.bundle.verified import CannotVerify
from attest.log.checkpoint import checkpoint_text
from attest.statements.canonical import FormatError

# Takes a TimeStampResp and the text that it should be over. Raises FormatError.
CheckToken = Callable[[bytes, str], Timestamp]


def token_checker(trust: Trust, check_signature: CheckSignature | None) -> CheckToken | None:
    """A check against the roots of a trust file; None where it has none.

    Raises CannotVerify where there are roots and nothing to check signatures with.
    """
    if not trust.tsa_roots:
        return None
    if check_signature is None:
        raise CannotVerify(
            "Your trust file has tsaRoots, and this command works with PyNaCl alone, which "
            "cannot check timestamps. Run `attest verify` with the same arguments."
        )
    roots = tuple(read_pem(pem) for pem in trust.tsa_roots)
    return lambda response, text: check_token(response, text, roots, check_signature)


def check_over_prefix(
    check: CheckToken, response: bytes, origin: str, size: int, root: bytes, name: str
) -> Timestamp:
    """Check a timestamp over the prefix with that size and 32-byte root; `name` is its entry's.

    Raises Failure of step 13.
    """
    try:
        return check(response, checkpoint_text(origin, size, root))
    except FormatError as error:
        raise Failure(13, None, f"{name}: {error}") from None
