"""docs/verify-by-hand.md does what it says: each of its commands is run, in its order."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "verify-by-hand.md"
VERIFIED = "Signature Verified Successfully"
# What the page promises to need; the rest is the shell's own.
PROGRAMS = (
    *("unzip", "openssl", "sha256sum"),
    *("base32", "cat", "cp", "cut", "grep", "head", "mv", "sed", "tail", "tr", "wc"),
)


def commands() -> list[str]:
    return re.findall(r"^```bash\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def run(folder: Path, blocks: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs them as one person would, in one shell that stops at the first failure."""
    programs = folder / "programs"
    programs.mkdir()
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found is not None, f"{name} is missing. Run: make system-packages"
        (programs / name).symlink_to(found)
    return subprocess.run(
        [str(shutil.which("bash")), "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=folder,
        env={"PATH": str(programs), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(DOCS / "vectors" / "good.zip", tmp_path / "bundle.zip")
    shutil.copy(DOCS / "vectors" / "good.trust.json", tmp_path / "trust.json")
    return tmp_path


def test_every_command_says_what_the_page_says(folder):
    done = run(folder, commands())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines.count(VERIFIED) == 2
    # The tree's root, and the one that the checkpoint names.
    root = (folder / "checkpoint").read_text("utf-8").splitlines()[2]
    assert lines.count(root) == 2
    assert any(line.startswith("I attest what became of every copy") for line in lines)
    assert any(re.fullmatch(r"([a-z2-7]{4} ){8}", line) for line in lines)


@pytest.mark.parametrize(
    ("altered", "by"),
    [
        ("leaves.jsonl", "s/2013/2012/"),
        ("checkpoint", "2s/.*/7/"),
        ("bodies.jsonl", 's/payload":"e/payload":"f/'),
    ],
)
def test_what_was_altered_shows(folder, altered, by):
    blocks = commands()
    spoil = f"sed -i '{by}' {altered}"
    done = run(folder, [blocks[0], spoil, *blocks[1:]])
    root = (folder / "checkpoint").read_text("utf-8").splitlines()[2]
    lines = done.stdout.splitlines()
    assert done.returncode != 0 or lines.count(root) != 2 or lines.count(VERIFIED) != 2
