"""Bring the catalogues of letters up to date with the templates: `make catalogues`.

Every sentence in `{% trans %}`, `_()`, `phrase()` and `phrases()` goes into each
templates/mail/languages/*.po. What was translated stays, what is new is empty, what is gone goes.
A new language begins with:  .venv/bin/python -m tools.update_catalogues --new CODE
"""

import argparse
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po
from babel.plural import to_gettext

from attest.mail.catalogues import FOLDER, read, template_folder

ROOT = Path(__file__).resolve().parent.parent

# What a call holds: where the singular and the plural stand.
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "phrase": None, "phrases": (1, 2)}
_MARKS = re.compile(r"\b(?:phrases?|n?gettext)\(")
_OPTIONS = {
    "extensions": "jinja2.ext.i18n",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
# Of the header: dates, and places for names.
_IDLE = (
    '"Project-Id-Version:',
    '"Report-Msgid-Bugs-To:',
    '"POT-Creation-Date:',
    '"PO-Revision-Date:',
    '"Last-Translator:',
    '"Language-Team:',
    '"Generated-By:',
)
# The forms of CLDR's day patterns, which no sentence names.
PATTERNS = ("EEEE d MMMM y", "d MMMM y")


def sentences() -> Catalog:
    """Every sentence that letters may say, in the order of the files."""
    found = Catalog(fuzzy=False)
    for place, ids in _extracted():
        found.add(ids, locations=[(place, 0)])
    for pattern in PATTERNS:
        found.add(
            pattern,
            auto_comments=["A day, as a pattern of the CLDR: keep the letters, order them."],
        )
    return found


def _extracted() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for folder, ending, method, options in (
        (template_folder(), "*.txt", "jinja2.ext.babel_extract", _OPTIONS),
        (ROOT / "attest", "*.py", "python", {}),
    ):
        for path in sorted(folder.rglob(ending)):
            # Reading every module word by word would take seconds.
            if ending == "*.py" and not _MARKS.search(path.read_text(encoding="utf-8")):
                continue
            for _line, message, _comments, _context in extract_from_file(
                method, path, keywords=_KEYWORDS, options=options
            ):
                # Lines are left out: they would change with every letter.
                yield path.relative_to(folder).as_posix(), message


def merged(old: Catalog | None, code: str) -> Catalog:
    """The sentences with what `old` says of them."""
    new = Catalog(
        locale=Locale.parse(code, sep="-"),
        project="Attest",
        copyright_holder="The Attest contributors",
        fuzzy=False,
    )
    # What gettext's own tables say of plurals is older than the CLDR: Welsh has six forms.
    plurals = to_gettext(Locale.parse(code, sep="-").plural_form)
    if old is not None:
        plurals = f"nplurals={old.num_plurals}; plural={old.plural_expr};"
    new.mime_headers = [("Plural-Forms", plurals)]
    for message in [each for each in sentences() if each.id]:
        known = None if old is None else old.get(message.id)
        string = known.string if known is not None else None
        comments = known.user_comments if known is not None else ()
        new.add(
            message.id,
            string,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=comments,
        )
    return new


def head(path: Path) -> str:
    """The comments above everything, as they are: babel would push them together."""
    lines = itertools.takewhile(
        lambda line: line.startswith("#"), path.read_text(encoding="utf-8").splitlines()
    )
    return "".join(f"{line}\n" for line in lines)


def written(catalogue: Catalog, comments: str = "") -> bytes:
    """The file, without a date: the same sentences give the same bytes."""
    catalogue.header_comment = ""
    out = io.BytesIO()
    write_po(out, catalogue, width=98, include_lineno=False, omit_header=False)
    lines = out.getvalue().decode("utf-8").split("\n")
    body = "\n".join(line for line in lines if not line.startswith(_IDLE))
    return (comments + body.lstrip("#\n")).encode("utf-8")


def main() -> None:
    """Writes the files."""
    asks = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asks.add_argument("--new", metavar="CODE", help="begin a catalogue, such as fr or pt-BR")
    asked = asks.parse_args()
    folder = template_folder() / FOLDER
    if asked.new:
        (folder / f"{asked.new}.po").touch()
    for path in sorted(folder.glob("*.po")):
        old = read(path) if path.stat().st_size else None
        new = merged(old, path.stem)
        path.write_bytes(written(new, head(path)))
        empty = sum(1 for message in new if message.id and not _full(message.string))
        print(f"{path.name}: {len(new):,} sentences, {empty:,} without a translation")


def _full(string: str | list[str] | tuple[str, ...] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


if __name__ == "__main__":
    main()
