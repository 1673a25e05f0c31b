"""Bundles with timestamps, made by a real authority of tests/tsa.py.

Its signatures are not deterministic, and its certificates are new in every run. So these files are
made once and kept: `tests.bundles.build` makes one only where the file is not there, and no test
holds their bytes against the script. Their verdicts are checked like all others.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from attest.bundle.trust import SeenCheckpoint, Trust
from attest.log.checkpoint import checkpoint_text
from tests.bundle.forgery import Made, Table
from tests.bundles.case import Cases
from tests.bundles.intact_outside import REVOKED
from tests.cast import ANNE, OSCAR
from tests.logs import LogWriter, closed_log, issued_log
from tests.packing import packed, trust_of
from tests.tsa import Kind, tsa

forged = Table()
cases = Cases()

# The tokens are of the day on which they were made, which lies long before this one.
LATER = datetime(2048, 1, 1, tzinfo=UTC)


def text(log: LogWriter, size: int) -> bytes:
    """What a timestamp of that size is over."""
    return checkpoint_text(log.origin, size, log.root(size)).encode()


def token(log: LogWriter, size: int, kind: Kind = "ecdsa") -> bytes:
    return tsa(kind).token(text(log, size))


def trust_for(log: LogWriter, *kinds: Kind) -> Trust:
    """It trusts these authorities, and received its checkpoint long after the timestamps."""
    wanted: tuple[Kind, ...] = kinds or ("ecdsa",)
    roots = tuple(tsa(kind).root_pem for kind in wanted)
    return trust_of(log, seen=(SeenCheckpoint(log.checkpoint(), LATER),), tsa_roots=roots)


# --- Good -----------------------------------------------------------------------------------------


@cases.bundle()
def every_kind_of_evidence() -> Made:
    """The smallest log with every entry under evidence/, two kinds of timestamps among them."""
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue()
    return packed(
        log,
        earlier={2: log.checkpoint(2)},
        timestamps={3: token(log, 3, "rsa"), 4: token(log, 4)},
        readme=None,
    ), trust_for(log, "rsa", "ecdsa")


@cases.bundle()
def a_key_revoked_after_a_timestamp() -> Made:
    """Only the timestamp is older than the revocation, and it covers all that the key signed."""
    log = closed_log()
    since = LATER.replace(year=2047)
    bundle = packed(log, timestamps={log.size: token(log, log.size)})
    return bundle, replace(trust_for(log), revoked={OSCAR.keyid: since})


@cases.bundle()
def timestamps_that_nobody_checks() -> Made:
    """Without roots they are counted, and the report says that they were not checked."""
    log = issued_log()
    return packed(log, timestamps={8: token(log, 8), 4: b"no token at all"}), trust_of(log)


# --- Intact, but ----------------------------------------------------------------------------------


@cases.bundle(REVOKED)
def a_key_revoked_before_the_timestamp() -> Made:
    log = closed_log()
    since = datetime(2014, 1, 1, tzinfo=UTC)
    bundle = packed(log, timestamps={log.size: token(log, log.size)})
    return bundle, replace(trust_for(log), revoked={OSCAR.keyid: since})


@cases.bundle(REVOKED)
def a_timestamp_that_does_not_cover_the_attestation() -> Made:
    log = issued_log()
    stamped = log.size
    log.attest(log.files[0])
    since = LATER.replace(year=2047)
    bundle = packed(log, timestamps={stamped: token(log, stamped)})
    return bundle, replace(trust_for(log), revoked={OSCAR.keyid: since})


@cases.bundle(REVOKED)
def a_timestamp_that_nobody_checked_proves_nothing() -> Made:
    log = closed_log()
    bundle = packed(log, timestamps={log.size: token(log, log.size)})
    trust = replace(trust_for(log), tsa_roots=())
    return bundle, replace(trust, revoked={OSCAR.keyid: LATER.replace(year=2047)})


# --- Bad ------------------------------------------------------------------------------------------


def stamped(log: LogWriter, size: int, response: bytes) -> Made:
    return packed(log, timestamps={size: response}), trust_for(log)


@forged.bundle(13, "over something else")
def a_timestamp_over_another_size() -> Made:
    log = issued_log()
    return stamped(log, 8, token(log, 7))


@forged.bundle(13, "over something else")
def a_timestamp_over_another_demand() -> Made:
    log = issued_log()
    return stamped(log, 8, token(issued_log(name="other"), 8))


@forged.bundle(13, "over something else")
def a_timestamp_over_another_past() -> Made:
    """Of the same size and origin: the operator had it made for a log that it shows to nobody."""
    log, fork = issued_log(), issued_log()
    fork.leaves[0] = fork.leaves[1]
    return stamped(log, 8, token(fork, 8))


@forged.bundle(13, "over something else")
def a_timestamp_over_the_signed_note() -> Made:
    """With the signature lines, and not over the three lines alone."""
    log = issued_log()
    return stamped(log, 8, tsa("ecdsa").token(log.checkpoint().encode()))


@forged.bundle(13, "not among the roots that you trust")
def a_timestamp_by_an_authority_that_the_operator_made() -> Made:
    log = issued_log()
    return stamped(log, 8, tsa("ecdsa", owner="The operator's TSA").token(text(log, 8)))


@forged.bundle(13, "something stands behind")
def a_timestamp_with_something_behind_it() -> Made:
    log = issued_log()
    return stamped(log, 8, token(log, 8) + b"\0")


@forged.bundle(13, "not DER")
def a_timestamp_that_breaks_off() -> Made:
    log = issued_log()
    return stamped(log, 8, token(log, 8)[:-1])


@forged.bundle(13, "not DER")
def a_timestamp_that_is_an_empty_file() -> Made:
    return stamped(issued_log(), 8, b"")
