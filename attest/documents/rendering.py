"""From a template and its data to the bytes of a PDF."""

import functools
import json
import threading
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


@functools.cache
def _fonts() -> typst.Fonts:
    """The fonts inside typst alone: the machine's own would make bytes differ between machines."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def render(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The PDF that `template` (a file of this package) makes of `data`.

    `data` holds what JSON can hold. `at` is the time that the PDF names as its own; with it fixed,
    the same data give the same bytes. Where a combination of signs has no glyph after all, the
    text is written with fewer signs, down to ASCII.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    whole = in_all_strings(data, str)
    failure: typst.TypstError | None = None
    for caution in Caution:
        shown = in_all_strings(whole, functools.partial(showable, caution=caution))
        shown["escaped"] = shown != whole
        try:
            return _compile(template, shown, at)
        except typst.TypstError as error:
            failure = error
    raise CannotRender(f"{template}: {failure}") from failure


def _compile(template: str, data: dict[str, Any], at: datetime) -> bytes:
    with _one_at_a_time, resources.as_file(resources.files("attest.documents")) as folder:
        compiler = typst.Compiler(
            Path(folder) / template,
            root=Path(folder),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        made = compiler.compile(
            format="pdf", pdf_standards=_STANDARDS, timestamp=int(at.astimezone(UTC).timestamp())
        )
    if not isinstance(made, bytes):
        raise CannotRender(f"{template}: no single PDF came out")
    return made
