"""From a template and its data to the bytes of a PDF."""

import functools
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from attest.documents.glyphs import Caution, in_all_strings, showable

# Archivable (PDF/A-3a) and readable by a screen reader (PDF/UA-1).
_STANDARDS: list[Any] = ["a-3a", "ua-1"]


# A paper of a thousand files takes some hundred megabytes while it is made.
_one_at_a_time = threading.Lock()


class CannotRender(RuntimeError):
    """A template is wrong. No data, however odd, may cause this."""


# What typst says of a sign that no font has; the text is written as a string of Rust.
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_NUMBERED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Each try finds what the one before did not come to.
_TRIES = 5


@functools.cache
def _fonts(further: Path | None) -> typst.Fonts:
    """The fonts inside typst, and those of one folder; never the machine's own by themselves.

    They would make the bytes differ between machines.
    """
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[] if further is None else [str(further)],
    )


def render(
    template: str, data: dict[str, Any], *, at: datetime, fonts: Path | None = None
) -> bytes:
    """The PDF that `template` (a file of this package) makes of `data`.

    `data` holds what JSON can hold. `at` is the time that the PDF names as its own; with it fixed,
    the same data and fonts give the same bytes. `fonts` is a folder of further fonts, for scripts
    that typst's own lack. Where a combination of signs has no glyph after all, the text is written
    with fewer signs, down to ASCII.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    whole = in_all_strings(data, str)
    failure: typst.TypstError | None = None
    for caution, missing in _ways(whole, further=fonts is not None):
        shown = in_all_strings(whole, functools.partial(showable, caution=caution, missing=missing))
        shown["escaped"] = shown != whole
        try:
            return _compile(template, shown, at, fonts)
        except typst.TypstError as error:
            failure = error
            missing |= _without_glyph(error)
    raise CannotRender(f"{template}: {failure}") from failure


def _ways(whole: dict[str, Any], *, further: bool) -> Iterator[tuple[Caution, set[str]]]:
    """How boldly to try, boldest first, with the signs found missing so far."""
    missing: set[str] = set()
    # Where typst's own fonts have all there is, nothing bold is needed.
    if further and in_all_strings(whole, showable) != whole:
        for _ in range(_TRIES):
            yield Caution.DARING, missing
    for caution in (Caution.NONE, Caution.NO_MARKS, Caution.ASCII):
        yield caution, set()


def _without_glyph(error: typst.TypstError) -> set[str]:
    found = _NOT_SHOWN.findall(error.diagnostic)
    signs = "".join(_NUMBERED.sub(lambda number: chr(int(number[1], 16)), text) for text in found)
    return {sign for sign in signs if not sign.isascii()}


def _compile(template: str, data: dict[str, Any], at: datetime, fonts: Path | None) -> bytes:
    with _one_at_a_time, resources.as_file(resources.files("attest.documents")) as folder:
        compiler = typst.Compiler(
            Path(folder) / template,
            root=Path(folder),
            font_paths=_fonts(fonts),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        made = compiler.compile(
            format="pdf", pdf_standards=_STANDARDS, timestamp=int(at.astimezone(UTC).timestamp())
        )
    if not isinstance(made, bytes):
        raise CannotRender(f"{template}: no single PDF came out")
    return made
