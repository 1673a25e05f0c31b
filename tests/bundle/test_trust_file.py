"""The verifier's own trust file: read strictly, written so that it reads again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from attest.bundle.trust import Trust, encode_trust, parse_trust
from attest.statements.canonical import FormatError, decode, encode
from tests.cast import ANNE, OSCAR
from tests.logs import issued_log
from tests.packing import trust_of
from tests.tsa import certify

LOG = issued_log()
FULL = replace(
    trust_of(LOG, pinned=[ANNE, OSCAR]),
    revoked={OSCAR.keyid: datetime(2013, 6, 1, tzinfo=UTC)},
    tsa_roots=(certify("A root", "ecdsa", authority=True).pem,),
    may_withhold=frozenset({"letter.sent", "evidence.added"}),
)


def changed(**members):
    return encode({**decode(encode_trust(FULL)), **members})


def test_what_is_written_reads_again():
    assert parse_trust(encode_trust(FULL)) == FULL


@pytest.mark.parametrize(
    "pem",
    [
        "-----BEGIN CERTIFICATE-----\n",
        FULL.tsa_roots[0] * 2,
        "Issuer: somebody\n" + FULL.tsa_roots[0],
        FULL.tsa_roots[0] + "\n",
        FULL.tsa_roots[0].replace("CERTIFICATE", "PUBLIC KEY"),
        FULL.tsa_roots[0].replace("MII", "MIJ"),
        FULL.tsa_roots[0].replace("MII", "M*I"),
    ],
)
def test_a_root_is_one_certificate_in_pem(pem):
    with pytest.raises(FormatError, match="tsaRoots: "):
        parse_trust(changed(tsaRoots=[FULL.tsa_roots[0], pem]))


def test_only_origin_and_log_key_are_musts():
    said = decode(encode_trust(FULL))
    trust = parse_trust(encode({"origin": said["origin"], "logKey": said["logKey"]}))
    assert trust == Trust(LOG.origin, FULL.log_key)
    assert trust.demand_id == LOG.demand_id


def test_an_editors_line_feed_at_the_end_is_no_fault():
    assert parse_trust(encode_trust(FULL) + b"\n") == FULL


@pytest.mark.parametrize(
    "kind", ["attestation.signed", "key.enrolled", "file.named", "store.named"]
)
def test_what_may_never_be_withheld(kind):
    with pytest.raises(FormatError, match="never be withheld"):
        parse_trust(changed(mayWithhold=[kind]))


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"logKey": "AAAA"}, "logKey"),
        ({"logKey": "A" * 43 + "="}, "valid point"),
        ({"origin": "attest.example"}, "origin"),
        ({"origin": "attest.example/demand/1"}, "origin"),
        ({"origin": "/demand/" + LOG.demand_id}, "origin"),
        ({"pinned": [{"keyid": ANNE.keyid}]}, "holder"),
        ({"pinned": [{"keyid": ANNE.keyid, "holder": ANNE.holder}] * 2}, "names a key twice"),
        ({"revoked": [{"keyid": ANNE.keyid, "since": "2013-06-31T00:00:00Z"}]}, "since"),
        ({"seen": [{"note": "x"}]}, "receivedAt"),
        ({"clock": "mine"}, "clock"),
    ],
)
def test_refused(members, says):
    with pytest.raises(FormatError, match=says):
        parse_trust(changed(**members))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"null", b'{"origin": "x"}', b"\n\n"])
def test_no_trust_file(data):
    with pytest.raises(FormatError):
        parse_trust(data)


def test_spaces_are_refused():
    with pytest.raises(FormatError, match="canonical"):
        parse_trust(encode_trust(FULL).replace(b'":"', b'": "'))
