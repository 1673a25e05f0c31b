"""Timestamps: which pass, which do not and why, and what two others say of them."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import rfc3161_client
from cryptography import x509

from attest.bundle.certificate import read_pem
from attest.bundle.der import element
from attest.bundle.distinguished import name_text
from attest.bundle.token import Timestamp, check_token
from attest.certificates import check_signature
from attest.domain.scalars import FormatError
from tests.bad_token_cases import BAD
from tests.forged_tokens import TEXT, sequence
from tests.token_cases import GOOD, Case
from tests.tsa import tsa


def taken(case: Case) -> Timestamp:
    roots = [read_pem(pem) for pem in case.roots]
    return check_token(case.response, case.text, roots, check_signature)


@pytest.mark.parametrize("name", GOOD)
def test_good(name: str) -> None:
    assert taken(GOOD[name]()).tsa


@pytest.mark.parametrize("name", BAD)
def test_bad(name: str) -> None:
    maker, reason = BAD[name]
    with pytest.raises(FormatError) as refused:
        taken(maker())
    assert reason in str(refused.value)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_every_byte_matters(kind: str) -> None:
    case = GOOD[f"{kind}_by_openssl"]()
    roots = [read_pem(pem) for pem in case.roots]
    for at in range(len(case.response)):
        # One bit, another one from byte to byte; every value of every byte was tried once.
        flipped = bytearray(case.response)
        flipped[at] ^= 1 << at % 8
        with pytest.raises(FormatError):
            check_token(bytes(flipped), case.text, roots, check_signature)


# --- What a token proves ----------------------------------------------------------------------

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)


def seconds(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


@pytest.mark.parametrize(
    ("name", "time", "accuracy", "proved"),
    [
        ("root_ended_since", seconds(0), None, seconds(0)),
        ("accuracy_of_nothing", seconds(0), 0, seconds(0)),
        # 0.75 s and 1.5001 s are 2.2501 s.
        ("fraction_and_accuracy", seconds(1), 2, seconds(3)),
        ("fraction_to_the_nanosecond", seconds(1), None, seconds(1)),
    ],
)
def test_a_token_never_proves_more_than_it_says(
    name: str, time: datetime, accuracy: int | None, proved: datetime
) -> None:
    stamp = taken(GOOD[name]())
    assert (stamp.time, stamp.accuracy, stamp.proved) == (time, accuracy, proved)


def test_what_is_said_of_the_tsa() -> None:
    stamp = taken(GOOD["p384_and_p521"]())
    assert stamp.tsa == "CN=Odd TSA,O=Example Time,C=GB"
    assert stamp.signed_with == "ECDSA P-384 with SHA-256"
    assert stamp.until == datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
    # The first certificate of the chain to end, here the root's.
    assert taken(GOOD["root_ended_since"]()).until == seconds(1)


@pytest.mark.parametrize(
    "parts",
    [
        [("CN", "Example TSA"), ("C", "GB")],
        [("CN", 'a "b", c+d; <e>\\')],
        [("O", "#hash"), ("OU", " space "), ("L", "Zürich")],
        [("DC", "example"), ("UID", "somebody"), ("ST", "-"), ("STREET", "1 High Street")],
    ],
)
def test_names_are_written_as_rfc_4514_says(parts: list[tuple[str, str]]) -> None:
    kinds = {short: kind for kind, short in x509.name._NAMEOID_TO_NAME.items()}
    name = x509.Name([x509.NameAttribute(kinds[kind], value) for kind, value in parts])
    assert name_text(name.public_bytes(), "a name") == name.rfc4514_string()


def test_what_no_name_should_hold_is_shown_in_hexadecimal() -> None:
    hidden = sequence(element(0x31, sequence(b"\x06\x03\x55\x04\x03", element(0x0C, b"a\nb"))))
    assert name_text(hidden, "a name") == "CN=#0c03610a62"


# --- Second opinions --------------------------------------------------------------------------

# OpenSSL takes the first root of a name, and calls a certificate's last second its end.
_NOT_OPENSSL = {"two_roots_of_one_name", "ends_at_that_moment"}
# rfc3161-client asks OpenSSL, and wants a chain to end in a certificate that signs itself.
_NOT_CLIENT = {
    *_NOT_OPENSSL,
    "root_is_the_issuing_authority",
    "root_is_the_issuing_authority_and_in_the_token",
}


@pytest.mark.parametrize("name", [name for name in GOOD if name not in _NOT_OPENSSL])
def test_openssl_takes_the_good_ones(name: str, tmp_path: Path) -> None:
    case = GOOD[name]()
    (tmp_path / "response").write_bytes(case.response)
    (tmp_path / "roots.pem").write_text("".join(case.roots))
    (tmp_path / "data").write_text(case.text)
    command = ["openssl", "ts", "-verify", "-in", "response", "-data", "data"]
    moment = str(int(taken(case).time.timestamp()))
    done = subprocess.run(
        [*command, "-CAfile", "roots.pem", "-attime", moment, "-partial_chain"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert b"Verification: OK" in done.stdout + done.stderr, done.stderr.decode()


@pytest.mark.parametrize("name", [name for name in GOOD if name not in _NOT_CLIENT])
def test_rfc3161_client_takes_the_good_ones(name: str) -> None:
    case = GOOD[name]()
    response = rfc3161_client.decode_timestamp_response(case.response)
    roots = [x509.load_pem_x509_certificate(pem.encode()) for pem in case.roots]
    verifier = rfc3161_client.VerifierBuilder(roots=roots).build()
    assert verifier.verify_message(response, case.text.encode())


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
@pytest.mark.parametrize("data", ["", "something else"])
def test_openssl_refuses_what_is_over_something_else(kind: str, data: str) -> None:
    by = tsa("rsa" if kind == "rsa" else "ecdsa")
    token = by.token(TEXT.encode())
    assert by.verifies(token, TEXT.encode())
    assert not by.verifies(token, data.encode())
