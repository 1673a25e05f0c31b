"""The HTML part of a letter, made from its text: the same words, laid out.

It reads what `wrapping.wrap` writes. Nothing in it comes from elsewhere (no image, no font, no
script), and no colour is set, so that a mail program's own, light or dark, are what is seen.
Everything is escaped; only an address of this Attest that stands alone on its line is a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from babel import Locale

from attest.mail.wrapping import COLUMNS, RULE

_LINK = re.compile(r" +(https?://[^\s<>\"']+)")
_TWO_COLUMNS = re.compile(r"(\S+(?: \S+)*) {2,}(\S.*)")
_ITEM = re.compile(r"([-*]|\d{1,9}\.) +")

_BODY = "margin:0;padding:16px;font:16px/1.5 Arial,Helvetica,sans-serif"
# Long names and addresses break rather than widen the page beyond a small screen.
_COLUMN = "max-width:600px;overflow-wrap:anywhere;word-break:break-word"
_PARAGRAPH = "margin:0 0 16px"
_BUTTON = (
    "display:inline-block;padding:10px 16px;border:2px solid;border-radius:4px;"
    "font-weight:bold;text-decoration:none;word-break:break-all"
)
_ADDRESS = "word-break:break-all"
_LIST = "margin:0 0 16px;padding-inline-start:24px"
_QUOTE = "margin:0 0 16px;padding:0 16px;border-inline-start:4px solid #808080"
_KEPT = f"{_PARAGRAPH};font:14px/1.5 monospace;white-space:pre-wrap"
_LABEL = "display:inline-block;min-width:12em"
_VALUE = "display:inline-block"
_FOOT = "padding-top:12px;border-top:1px solid #808080;font-size:14px"


def to_html(text: str, *, title: str, language: str, home: str) -> str:
    """A whole document of the letter's words.

    `language` as in `<html lang>`; `home` is what addresses of this Attest begin with.
    """
    blocks = [block for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    body = "\n".join(_block(block.split("\n"), home) for block in blocks)
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{escape(language)}" dir="{_direction(language)}"'
        ' style="color-scheme:light dark">\n'
        '<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n</head>\n"
        f'<body style="{_BODY}">\n<div style="{_COLUMN}">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _direction(language: str) -> str:
    right_to_left = Locale.parse(language, sep="-").character_order == "right-to-left"
    return "rtl" if right_to_left else "ltr"


def _block(lines: Sequence[str], home: str) -> str:
    if lines[0] == RULE:
        inner = _block(lines[1:], home) if lines[1:] else ""
        return f'<div style="{_FOOT}">{inner}</div>'
    if _ITEM.match(lines[0]):
        return _list(lines, home)
    if lines[0].startswith(">"):
        return _quote([line for line in lines if line.startswith(">")]) + _rest(lines, ">", home)
    if lines[0].startswith(" "):
        kept = [line for line in lines if line.startswith(" ")]
        return _kept(kept, home) + _rest(lines, " ", home)
    words = [line for line in lines if not line.startswith((" ", ">"))]
    return _paragraph(words) + _rest(lines, "", home)


def _rest(lines: Sequence[str], first: str, home: str) -> str:
    """What stands in a block after lines of its first sort; each run is drawn as what it is."""
    if not first:
        cut = next((i for i, line in enumerate(lines) if line.startswith((" ", ">"))), len(lines))
    else:
        cut = next((i for i, line in enumerate(lines) if not line.startswith(first)), len(lines))
    return f"\n{_block(lines[cut:], home)}" if lines[cut:] else ""


def _paragraph(lines: Sequence[str]) -> str:
    return f'<p style="{_PARAGRAPH}">{escape(" ".join(lines))}</p>'


def _kept(lines: Sequence[str], home: str) -> str:
    found = _LINK.fullmatch(lines[0]) if len(lines) == 1 else None
    if found is None or not _is_ours(found.group(1), home):
        kept = "<br>".join(_row(line.strip()) for line in lines)
        return f'<p dir="auto" style="{_KEPT}">{kept}</p>'
    return f'<p style="{_PARAGRAPH}">{_link(found.group(1), _BUTTON)}</p>'


def _row(line: str) -> str:
    """A line as it is; of two columns the second goes below the first on a small screen."""
    found = _TWO_COLUMNS.fullmatch(line)
    if found is None:
        return escape(line)
    label, value = (escape(part) for part in found.groups())
    return f'<span style="{_LABEL}">{label}</span> <span style="{_VALUE}">{value}</span>'


def _link(address: str, style: str) -> str:
    said = escape(address)
    return f'<a href="{said}" dir="ltr" style="{style}">{said}</a>'


def _is_ours(address: str, home: str) -> bool:
    return address == home or address.startswith(f"{home}/")


def _list(lines: Sequence[str], home: str) -> str:
    """Items stand at the margin; what goes on below one is indented."""
    items: list[str] = []
    starts: list[str] = []
    for line in lines:
        found = _ITEM.match(line)
        address = _LINK.fullmatch(line)
        if found:
            items.append(escape(line[found.end() :]))
            number = found.group(1).rstrip(".")
            starts.append(f'<li value="{int(number)}"' if number.isdigit() else "<li")
        elif address is not None and _is_ours(address.group(1), home):
            items[-1] += f"<br>{_link(address.group(1), _ADDRESS)}"
        else:
            items[-1] += f" {escape(line.strip())}"
    rows = "\n".join(
        f'{start} dir="auto">{item}</li>' for start, item in zip(starts, items, strict=True)
    )
    tag = "ol" if lines[0][0].isdigit() else "ul"
    return f'<{tag} style="{_LIST}">\n{rows}\n</{tag}>'


def _quote(lines: Sequence[str]) -> str:
    said = [line.removeprefix("> ").removeprefix(">") for line in lines]
    paragraphs = "".join(
        f'<p dir="auto" style="{_PARAGRAPH}">{"<br>".join(escape(line) for line in each)}</p>'
        for each in _paragraphs(said)
    )
    return f'<blockquote style="{_QUOTE}">{paragraphs}</blockquote>'


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines between empty ones, each line as somebody wrote it.

    A line's end is its writer's where the next word would have had room on it; else it is ours.
    """
    run: list[str] = []
    before = ""
    for line in lines:
        if not line:
            if run:
                yield run
            run = []
        elif run and len(f"> {before} {line.split(' ', 1)[0]}") > COLUMNS:
            run[-1] += f" {line}"
        else:
            run.append(line)
        before = line
    if run:
        yield run
