"""Build the pages that stand alone: one HTML file each, with script and style inside.

static/standalone/NAME.html says where they go, NAME.js is where the script begins and
standalone.css the style of all of them. The result lies in static/built/, and its own policy lets
it run that script and nothing else: it asks nobody for anything. The same sources give the same
bytes, whose SHA-256 is printed. With --notes it is written into the release notes as well.
"""

import argparse
import base64
import hashlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "static" / "standalone"
BUILT = ROOT / "static" / "built"
MODULES = ROOT / "build" / "node_modules"
NOTES = ROOT / "CHANGELOG.md"

STYLE, SCRIPT, POLICY = "<!-- style -->", "<!-- script -->", "<!-- policy -->"


def esbuild() -> Path:
    """The program for this machine, as set-up fetched it."""
    found = sorted(MODULES.glob("@esbuild/*/bin/esbuild"))
    if len(found) != 1:
        raise SystemExit("esbuild is missing. Run: make setup")
    return found[0]


def bundled(entry: Path) -> str:
    """The script with everything that it imports, readable, and with the licences of others."""
    done = subprocess.run(
        [
            *(str(esbuild()), str(entry.relative_to(ROOT)), "--bundle", "--format=esm"),
            *("--target=es2022", "--legal-comments=inline", "--log-level=warning"),
        ],
        cwd=ROOT,
        env={"NODE_PATH": str(MODULES)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode("utf-8")


def page(template: str, style: str, script: str) -> str:
    """The template with everything in its place. The policy names what is inside by its hash."""
    for place in (STYLE, SCRIPT, POLICY):
        if template.count(place) != 1:
            raise SystemExit(f"The page must have exactly one {place}")
    style, script = f"\n{style}", f"\n{script}"
    policy = (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    # The script comes last: nothing inside it is taken for a place.
    return (
        template.replace(POLICY, f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
        .replace(STYLE, f"<style>{style}</style>")
        .replace(SCRIPT, f'<script type="module">{script}</script>')
    )


def source(inside: str) -> str:
    """A hash source (CSP Level 3, §2.3.1) for what stands between two tags."""
    digest = hashlib.sha256(inside.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content(name: str) -> bytes:
    """A page, built."""
    template = (SOURCES / f"{name}.html").read_text(encoding="utf-8")
    style = (SOURCES / "standalone.css").read_text(encoding="utf-8")
    return page(template, style, bundled(SOURCES / f"{name}.js")).encode("utf-8")


def names() -> list[str]:
    """The pages that there are."""
    return sorted(template.stem for template in SOURCES.glob("*.html"))


def with_hashes(notes: str, hashes: dict[str, str]) -> str:
    """The release notes with the hash of each page in its row, in what is not yet released."""
    head, start, rest = notes.partition("## Unreleased\n")
    newest, end, older = rest.partition("\n## ")
    for name, digest in hashes.items():
        row = rf"(?<=\| `{name}\.html` \| `)[0-9a-f]{{64}}(?=` \|)"
        newest, found = re.subn(row, digest, newest)
        if found != 1:
            raise SystemExit(f"The release notes must have one row with {name}.html and its hash")
    return head + start + newest + end + older


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the pages that stand alone.")
    parser.add_argument(
        "--notes", action="store_true", help="write the hashes into the release notes"
    )
    args = parser.parse_args()
    BUILT.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for name in names():
        data = content(name)
        (BUILT / f"{name}.html").write_bytes(data)
        hashes[name] = hashlib.sha256(data).hexdigest()
        print(f"{hashes[name]}  {name}.html")
    (BUILT / ".done").touch()
    if args.notes:
        notes = with_hashes(NOTES.read_text(encoding="utf-8"), hashes)
        NOTES.write_text(notes, encoding="utf-8")


if __name__ == "__main__":
    main()
