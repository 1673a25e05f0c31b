"""The lines of a `sha256sum` listing, as GNU coreutils and the BSDs write them.

    <64 hex digits>  name        text mode
    <64 hex digits> *name        binary mode
    SHA256 (name) = <64 hex digits>   BSD, or `sha256sum --tag`

A leading backslash says that backslashes and line ends in the name are escaped (coreutils manual,
"md5sum invocation").
"""

import re

from attest.domain.list_rows import Line, Problem

_PLAIN = re.compile(r"(\\?)([0-9A-Za-z]+) [ *]?(.*)", re.DOTALL)
_TAGGED = re.compile(r"(\\?)([A-Za-z0-9/-]+) ?\((.*)\) ?= ?([0-9A-Za-z]*)", re.DOTALL)
_LOOKS_HASHED = re.compile(
    r"\\?[0-9A-Fa-f]{16,} [ *]?.|\\?[A-Z][A-Z0-9/-]+ ?\(.+\) ?= ?[0-9A-Fa-f]"
)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_ESCAPED = {"\\": "\\", "n": "\n", "r": "\r"}


def looks_like(text: str) -> bool:
    """Whether the first line that says something is one of a listing, well formed or not."""
    return any(
        _LOOKS_HASHED.match(line) is not None for line in _spoken_lines(text.split("\n", 50))[:1]
    )


def parse(text: str) -> tuple[list[Line], list[Problem]]:
    """The lines of a listing with the cells `name` and `sha256`, and the lines that are none.

    Blank lines and comments (`#`) are passed over. Hashes are not judged here.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        written = raw.removesuffix("\r")
        if not written.strip() or written.startswith("#"):
            continue
        parsed = _parse_line(written)
        if isinstance(parsed, str):
            problems.append(Problem(number, parsed))
        else:
            lines.append(Line(number, parsed))
    return lines, problems


def _parse_line(written: str) -> dict[str, str] | str:
    """The cells of one line, or a sentence that says why it has none."""
    if tagged := _TAGGED.fullmatch(written):
        escaped, algorithm, name, digest = tagged.groups()
        if algorithm.upper().replace("-", "") != "SHA256":
            return f"It holds a hash made with {algorithm}. Make the list with sha256sum."
    elif plain := _PLAIN.fullmatch(written):
        escaped, digest, name = plain.groups()
    else:
        return "It is no line of a sha256sum listing: a hash, two spaces and a name are needed."
    if escaped:
        try:
            name = _ESCAPE.sub(lambda found: _ESCAPED[found[1]], name)
        except KeyError:
            return (
                "The line starts with a backslash, but its name is not escaped as sha256sum does."
            )
    if name == "-":
        return "It is the hash of what was typed, not of a file: “-” is no file name."
    return {"name": name, "sha256": digest}


def _spoken_lines(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip() and not line.startswith("#")]
