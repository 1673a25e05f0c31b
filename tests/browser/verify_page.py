"""verify.html on somebody's disk, and files to try it with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.bundles.corpus import HERE, rows

GOOD = "good/closed-with-reviews.zip"
BAD = "bad/an-attestation-backdated.zip"
INTACT = "intact/all-three-reasons.zip"

# A bundle's name, its bytes, and those of its trust file.
Case = tuple[str, bytes, bytes]


@dataclass
class Disk:
    """A computer without a network, with the page open on it."""

    page: Page
    file: Path
    requests: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes) -> Path:
        path = self.file.parent / name
        path.write_bytes(data)
        return path

    def choose(self, bundle: Path, trust: Path) -> None:
        self.page.set_input_files("#bundle", bundle)
        self.page.set_input_files("#trust", trust)

    def verify(self, name: str) -> None:
        self.choose(HERE / name, HERE / trust_beside(name))
        self.page.click("#verify")
        expect(self.page.locator("#result")).to_be_visible()


def trust_beside(name: str) -> str:
    """The trust file that the corpus has for a bundle."""
    trust: str = next(row["trust"] for row in rows() if row["file"] == name)
    return trust
