"""Each byte of a good bundle's evidence is flipped, one at a time, and every single one is refused.

The zip around it is well made each time, so that it is never the checksum that refuses.
"""

import io
import zlib

import pytest

from attest.bundle.archive import Archive
from attest.bundle.layout import (
    ATTRIBUTES,
    CENTRAL,
    CENTRAL_MAGIC,
    END,
    END_MAGIC,
    LOCAL,
    LOCAL_MAGIC,
    MADE_BY,
    NO_DATE,
    NO_TIME,
    STORED,
    VERSION_PLAIN,
)
from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.certificates import check_signature
from tests.bundles.corpus import HERE, rows

FILE = "good/every-kind-of-evidence.zip"
TRUST = next(
    parse_trust((HERE / row["trust"]).read_bytes()) for row in rows() if row["file"] == FILE
)


def entries() -> dict[str, bytes]:
    archive = Archive(io.BytesIO((HERE / FILE).read_bytes()))
    return {name: archive.read(name) for name in archive.entries}


GOOD = entries()

# One test would keep one process busy while the others wait.
PARTS = 8


def zipped(parts: dict[str, bytes]) -> bytes:
    """A well-made zip. All of it is stored: deflating each time would take most of the time."""
    body, directory = bytearray(), bytearray()
    for name, data in parts.items():
        sizes = (zlib.crc32(data), len(data), len(data), len(name), 0)
        common = (VERSION_PLAIN, 0, STORED, NO_TIME, NO_DATE, *sizes)
        directory += CENTRAL.pack(
            CENTRAL_MAGIC, MADE_BY | VERSION_PLAIN, *common, 0, 0, 0, ATTRIBUTES, len(body)
        )
        directory += name.encode()
        body += LOCAL.pack(LOCAL_MAGIC, *common) + name.encode() + data
    count = len(parts)
    end = END.pack(END_MAGIC, 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def status(parts: dict[str, bytes]) -> int:
    return check(io.BytesIO(zipped(parts)), TRUST, check_signature).status


def test_it_has_every_kind_of_entry_and_is_good():
    kinds = {name.rsplit("/", 1)[0] for name in GOOD}
    assert kinds == {"evidence", "evidence/earlier", "evidence/timestamps"}
    assert {"evidence/checkpoint", "evidence/leaves.jsonl", "evidence/bodies.jsonl"} < set(GOOD)
    assert status(GOOD) == 0


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", GOOD)
def test_every_byte_counts(name, part):
    data = GOOD[name]
    for at in range(part, len(data), PARTS):
        # Another bit each time: some change a letter's case, some make it no ASCII.
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        assert status({**GOOD, name: bytes(flipped)}) == 1, at
