"""Checkpoints against C2SP's examples, and against notes that are almost one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.scalars import FormatError
from attest.log.checkpoint import (
    Checkpoint,
    checkpoint_text,
    note_key_id,
    open_checkpoint,
    origin,
    parse_checkpoint,
    sign_checkpoint,
)
from attest.signing import PrivateKey, b64, verify

KEY = PrivateKey.from_seed(bytes(range(32)))
OTHER = PrivateKey.from_seed(bytes(32))
ORIGIN = "attest.example/demand/3f0b6a52-6f5e-4d53-9d0a-0c8ddc52f1a1"
ROOT = bytes(range(32))
NOTE = sign_checkpoint(ORIGIN, 12, ROOT, KEY)

# The example of C2SP tlog-witness; its key is that of Go's checksum database.
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks"
    "+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
)


def line(key: PrivateKey, name: str = ORIGIN, text: str | None = None) -> str:
    signed = (text or checkpoint_text(ORIGIN, 12, ROOT)).encode()
    return f"— {name} {b64(note_key_id(name, key.public_key) + key.sign(signed))}\n"


# Verifier keys: a name, the key ID, and a type byte (1, Ed25519) before the key.
VERIFIER_KEYS = {
    # C2SP signed-note
    "example.com/foo": ("530d903a", "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
    # golang.org/x/mod/sumdb/note
    "PeterNeumann": ("c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
    # Go's checksum database
    "sum.golang.org": ("033de0ae", "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
}


@pytest.mark.parametrize("name", VERIFIER_KEYS)
def test_known_key_ids(name: str) -> None:
    key_id, key = VERIFIER_KEYS[name]
    assert note_key_id(name, base64.b64decode(key)[1:]).hex() == key_id


def test_known_notes_verify() -> None:
    """The note that golang.org/x/mod/sumdb/note is tested with, and a checkpoint of Go's own."""
    joke = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    key = base64.b64decode(VERIFIER_KEYS["PeterNeumann"][1])[1:]
    assert verify(key, joke.encode(), signature[4:])

    # C2SP's example took this signature from a tree with another origin line.
    example = parse_checkpoint(EXAMPLE)
    text = checkpoint_text("go.sum database tree", example.size, example.root)
    key = base64.b64decode(VERIFIER_KEYS["sum.golang.org"][1])[1:]
    assert verify(key, text.encode(), example.signatures[0].signature)


def test_the_example_checkpoint_parses() -> None:
    parsed = parse_checkpoint(EXAMPLE)
    assert (parsed.origin, parsed.size) == ("example.com/behind-the-sofa", 20852163)
    assert parsed.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    assert [s.key_id.hex() for s in parsed.signatures] == ["033de0ae", "a292ea05"]
    assert parsed.signed_text == EXAMPLE.split("\n\n")[0] + "\n"


@given(
    st.integers(0, 2**53 - 1),
    st.binary(min_size=32, max_size=32),
    st.from_regex(r"[a-z0-9./é-]{1,40}", fullmatch=True),
)
def test_round_trip(size: int, root: bytes, instance: str) -> None:
    name = origin(instance, "3f0b6a52-6f5e-4d53-9d0a-0c8ddc52f1a1")
    note = sign_checkpoint(name, size, root, KEY)
    for form in (note, note.encode()):
        opened = open_checkpoint(form, name, KEY.public_key)
        assert (opened.origin, opened.size, opened.root) == (name, size, root)
    with pytest.raises(FormatError, match="log key"):
        open_checkpoint(note, name, OTHER.public_key)
    with pytest.raises(FormatError, match="another log"):
        open_checkpoint(note, name + "x", KEY.public_key)


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 255))
def test_no_byte_can_be_changed(position: int, value: int) -> None:
    data = bytearray(NOTE.encode())
    if data[position] == value:
        return
    data[position] = value
    with pytest.raises(FormatError):
        open_checkpoint(bytes(data), ORIGIN, KEY.public_key)


def test_up_to_sixteen_other_signatures_are_ignored() -> None:
    others = [line(OTHER, f"witness.example/{number}") for number in range(17)]
    text, ours = NOTE.split("\n\n")
    full = f"{text}\n\n{''.join(others[:8])}{ours}{''.join(others[8:16])}"
    assert len(open_checkpoint(full, ORIGIN, KEY.public_key).signatures) == 17
    with pytest.raises(FormatError, match="more than 17"):
        open_checkpoint(full + others[16], ORIGIN, KEY.public_key)


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n12\n", "\n012\n"),
        NOTE.replace("\n12\n", "\n+12\n"),
        NOTE.replace("\n12\n", "\n\uff11\uff12\n"),
        NOTE.replace("\n12\n", "\n9007199254740992\n"),
        NOTE.replace("\n12\n", "\n12\nextension\n"),
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—"),
        NOTE.replace("— ", "—\u00a0"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("\n\n", "\n\n\n"),
        NOTE.removesuffix("\n"),
        NOTE + "\n",
        NOTE + "trailing",
        NOTE.replace(b64(ROOT), b64(ROOT[:31])),
        NOTE.replace(b64(ROOT), b64(ROOT).rstrip("=")),
        NOTE.split("\n\n")[0] + "\n\n",
        NOTE.replace(ORIGIN, ORIGIN.replace("/", " ")),
        NOTE.replace(ORIGIN, ORIGIN.replace("/", "+")),
        NOTE.replace(ORIGIN, ""),
        "\ufeff" + NOTE,
        NOTE.split("\n\n")[0] + f"\n\n— {ORIGIN} AAAA\n",
        NOTE.split("\n\n")[0] + f"\n\n— {ORIGIN} x\n",
        NOTE + "x" * 200_000,
        "",
    ],
)
def test_what_is_no_checkpoint(note: str) -> None:
    with pytest.raises(FormatError):
        parse_checkpoint(note)


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(FormatError, match="UTF-8"):
        parse_checkpoint(b"\xff" + NOTE.encode())
    with pytest.raises(FormatError, match="UTF-8"):
        parse_checkpoint("\ud800" + NOTE)


def test_the_log_key_signs_once_and_over_these_lines() -> None:
    with pytest.raises(FormatError, match="one signature by the log key"):
        open_checkpoint(NOTE + line(KEY), ORIGIN, KEY.public_key)
    elsewhere = NOTE.split("\n\n")[0] + "\n\n" + line(KEY, text=checkpoint_text(ORIGIN, 13, ROOT))
    with pytest.raises(FormatError, match="does not verify"):
        open_checkpoint(elsewhere, ORIGIN, KEY.public_key)
    under_another_name = NOTE.split("\n\n")[0] + "\n\n" + line(KEY, "attest.example/other")
    with pytest.raises(FormatError, match="one signature by the log key"):
        open_checkpoint(under_another_name, ORIGIN, KEY.public_key)


@pytest.mark.parametrize("instance", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\u202eb"])
def test_instance_names(instance: str) -> None:
    with pytest.raises(FormatError, match="no space"):
        origin(instance, "3f0b6a52-6f5e-4d53-9d0a-0c8ddc52f1a1")
    with pytest.raises(FormatError, match="UUID"):
        origin("attest.example", "3F0B6A52-6f5e-4d53-9d0a-0c8ddc52f1a1")


def test_a_checkpoint_that_would_not_parse_is_not_signed() -> None:
    with pytest.raises(FormatError):
        sign_checkpoint("two words", 1, ROOT, KEY)
    with pytest.raises(FormatError):
        sign_checkpoint(ORIGIN, 1, b"short", KEY)
    with pytest.raises(FormatError):
        sign_checkpoint(ORIGIN, -1, ROOT, KEY)
    assert isinstance(parse_checkpoint(NOTE), Checkpoint)
