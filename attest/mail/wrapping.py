"""Plain text in 76 columns: paragraphs flow, lists hang, addresses are never broken."""

from __future__ import annotations

import re
import textwrap

COLUMNS = 76
RULE = "--"  # above the letter's foot

_ITEM = re.compile(r"(\s*(?:[-*]|\d+\.)\s+|> )")
# Ends of lines that no template writes: somebody typed them into a name, to begin a line of ours.
_TYPED_ENDS = re.compile(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_OTHER_BLANKS = re.compile(r"[\t\n\x0b\x0c\r]")


def wrap(text: str) -> str:
    """Fills each paragraph to at most 76 columns.

    A paragraph is a run of lines between empty ones. A line that starts with "- ", "1. " or
    "> " starts an item of its own, indented where it goes on; a line that starts with blanks is
    kept as it is (tables, addresses, fingerprints), and so is the "--" above the foot. A word
    longer than a line stays whole, because a broken link is no link.
    """
    text = _TYPED_ENDS.sub(" ", text).strip("\n")
    blocks = [_block(block) for block in re.split(r"\n\s*\n", text)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def quoted(text: str) -> str:
    """What somebody else wrote, marked line by line with "> " so that it's seen to be theirs."""
    return "\n".join(f"> {line}" if line else ">" for line in text.splitlines())


def _block(block: str) -> str:
    pieces: list[str] = []
    for line in block.splitlines():
        starts_anew = _ITEM.match(line) or line.startswith((" ", ">")) or pieces[-1:] == [RULE]
        if pieces and not starts_anew and not pieces[-1].startswith((" ", ">")):
            pieces[-1] += f" {line.strip()}"
        elif line.strip():
            pieces.append(line.rstrip())
    return "\n".join(_fill(piece) for piece in pieces)


def _fill(piece: str) -> str:
    item = _ITEM.match(piece)
    if item is None and piece.startswith((" ", ">")):
        return piece
    if len(piece) <= COLUMNS and not _OTHER_BLANKS.search(piece):
        return piece  # most lines of most letters, and textwrap takes its time
    lead = item.group(1) if item else ""
    hanging = lead if lead == "> " else " " * len(lead)
    return textwrap.fill(
        piece[len(lead) :],
        width=COLUMNS,
        initial_indent=lead,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
