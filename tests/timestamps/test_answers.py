"""The client against a real authority over HTTP: what it takes, and all that it does not."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from attest.timestamps import answers
from attest.timestamps.answers import SHA512, fetch, read_roots
from attest.timestamps.failure import BadRoots, StampingFailed
from tests import tsa_server
from tests.mail_server import certificate, tls_context
from tests.tsa import UNTIL, tsa

DATA = b"attest.example/demand/x\n12\nAAAA\n"


def roots_of(made, folder):
    path = folder / "roots.pem"
    path.write_text(made.root_pem, encoding="ascii")
    return read_roots(path)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
@pytest.mark.parametrize("intermediate", [True, False])
def test_a_good_answer_is_taken_and_openssl_agrees(tmp_path, kind, intermediate):
    made = tsa(kind, intermediate=intermediate)
    with tsa_server.authority(made=made) as running:
        token = fetch(running.url, DATA, roots_of(made, tmp_path), 20)
    assert made.verifies(token.response, DATA)
    assert not made.verifies(token.response, DATA + b"x")
    assert abs(token.gen_time - datetime.now(UTC)) < timedelta(minutes=5)
    assert token.tsa == f"Example TSA {kind}"
    assert token.certificate_ends_on == UNTIL
    assert running.headers[0]["Content-Type"] == "application/timestamp-query"


def test_only_a_hash_leaves_the_house(tmp_path):
    made = tsa()
    with tsa_server.authority(made=made) as running:
        fetch(running.url, DATA, roots_of(made, tmp_path), 20)
        fetch(running.url, DATA, roots_of(made, tmp_path), 20)
    first, second = running.asked
    assert DATA not in first
    assert len(first) < 100
    assert first != second, "each request has a nonce of its own"


def test_a_longer_hash_can_be_asked_for(tmp_path):
    made = tsa()
    with tsa_server.authority(made=made) as running:
        token = fetch(running.url, DATA, roots_of(made, tmp_path), 20, SHA512)
    assert made.verifies(token.response, DATA)
    with pytest.raises(StampingFailed, match="another kind of hash"):
        answers.check(token.response, DATA, roots_of(made, tmp_path))


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (tsa_server.refuses, "refused to give a timestamp (status 2): Bad request format"),
        (tsa_server.garbage, "gave no timestamp that a verifier takes"),
        (tsa_server.empty, "gave no timestamp that a verifier takes"),
        (tsa_server.another_request, "gave an answer to another request"),
        (tsa_server.something_else, "gave a timestamp over something else"),
        (tsa_server.another_root, "does not verify against the root certificates given"),
        (tsa_server.changed, "does not verify against the root certificates given"),
        (tsa_server.broken, "answered with HTTP status 500"),
        (tsa_server.elsewhere, "answered with HTTP status 302"),
        (tsa_server.too_large, "answered with more than 64 KiB"),
        (tsa_server.drops, "broke off in the middle of its answer"),
        (tsa_server.breaks_off, "broke off in the middle of its answer"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_anything_else_is_refused_in_words(tmp_path, behaviour, says):
    with (
        tsa_server.authority(behaviour) as running,
        pytest.raises(StampingFailed, match=re.escape(says)),
    ):
        fetch(running.url, DATA, roots_of(running.tsa, tmp_path), 20)


@pytest.mark.parametrize("behaviour", [tsa_server.hangs, tsa_server.drips])
def test_whoever_takes_too_long_is_cut_off(tmp_path, behaviour):
    with (
        tsa_server.authority(behaviour) as running,
        pytest.raises(StampingFailed, match=r"did not answer within 1 second$"),
    ):
        fetch(running.url, DATA, roots_of(running.tsa, tmp_path), 1)


def test_an_encrypted_connection_that_is_not_the_authoritys_is_refused(tmp_path):
    tls = tls_context(certificate(tmp_path))
    with (
        tsa_server.authority(tls=tls) as running,
        pytest.raises(StampingFailed, match="web certificate is not trusted"),
    ):
        fetch(running.url, DATA, roots_of(running.tsa, tmp_path), 20)
    assert running.asked == []


def test_an_encrypted_connection_that_is_trusted(tmp_path, monkeypatch):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with tsa_server.authority(tls=tls_context(pem)) as running:
        fetch(running.url, DATA, roots_of(running.tsa, tmp_path), 20)


def test_a_server_that_does_not_encrypt(tmp_path):
    with (
        tsa_server.authority() as running,
        pytest.raises(StampingFailed, match="no encrypted connection"),
    ):
        fetch(running.url.replace("http", "https"), DATA, roots_of(running.tsa, tmp_path), 20)


def test_nobody_there(tmp_path):
    with tsa_server.authority() as running:
        pass
    with pytest.raises(StampingFailed, match="could not be reached: Connection refused"):
        fetch(running.url, DATA, roots_of(running.tsa, tmp_path), 20)


def test_another_kind_of_address_is_a_mistake_of_ours(tmp_path):
    with pytest.raises(ValueError, match="http"):
        fetch("file:///etc/passwd", DATA, roots_of(tsa(), tmp_path), 20)


def test_every_flipped_byte_of_a_token_is_refused_or_says_the_same(tmp_path):
    """Nothing that an authority sends may end in another exception than ours."""
    made, roots = tsa("ecdsa"), roots_of(tsa("ecdsa"), tmp_path)
    good = made.token(DATA)
    said = answers.check(good, DATA, roots)
    for place in range(0, len(good), 7):
        flipped = bytearray(good)
        flipped[place] ^= 0x55
        try:
            found = answers.check(bytes(flipped), DATA, roots)
        except StampingFailed:
            continue
        assert (found.gen_time, found.tsa) == (said.gen_time, said.tsa)


def test_several_roots_may_lie_in_a_file(tmp_path):
    made, other = tsa(), tsa(owner="Another TSA")
    path = tmp_path / "roots.pem"
    path.write_text("Two roots\n" + other.root_pem + made.root_pem + made.root_pem)
    roots = read_roots(path)
    assert len(roots.certificates) == len(roots.strict) == 2
    answers.check(made.token(DATA), DATA, roots)
    answers.check(other.token(DATA), DATA, roots)


@pytest.mark.parametrize(
    "content", [b"", b"no PEM", b"\0" * (1024 * 1024 + 1), b"-----BEGIN CERTIFICATE-----\nAAAA\n"]
)
def test_what_is_no_root_is_refused(tmp_path, content):
    (tmp_path / "roots.pem").write_bytes(content)
    with pytest.raises(BadRoots, match=r"roots\.pem does not hold certificates in PEM"):
        read_roots(tmp_path / "roots.pem")
