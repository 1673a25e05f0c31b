"""An administrator's own templates: used where they can be, checked before they have to be.

They lie in a folder (setting `letters_path`) under the names of ours, and win over them; what a
template of ours includes may be theirs alone. Where one cannot be used, ours is, and the journal
says why: no letter is lost to a template.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from jinja2 import TemplateError, meta, nodes

from attest.mail import catalogues
from attest.mail.languages import ENGLISH, choices, language
from attest.mail.letter import ENCODING, Letter, Words, environment, render
from attest.mail.places import LINK, WITNESS
from attest.mail.samples import every

# What every template may name beside its letter's own facts.
EVERYWHERE = frozenset({"_", "gettext", "language", "ngettext", "witness"})
# Filled in when a letter leaves (finishing.py).
_FINISHING = {"_witness_words": frozenset({"receipt", "checkpoints"})}

# How the template engine says that a fact has no such part: a template's author knows no classes.
_NO_PART = re.compile(r"'[\w.]+ object' has no attribute")

_log = structlog.get_logger(__name__)


def words(letter: Letter, code: str | None, own: Path | None) -> Words:
    """The letter in a language, in the words of the administrator's folder where they will do."""
    if own is None:
        return letter.words(code)
    ours = letter.words(code)
    try:
        theirs = letter.words(code, own)
        lacking = lacks(letter, ours, theirs)
    except Exception as error:  # whatever a template may do
        lacking = [said(error)]
    if not lacking:
        return theirs
    _log.error("own template not used", letter=letter.kind, why="; ".join(lacking))
    return ours


def rendered(name: str, code: str, own: Path | None, **values: Any) -> str:
    """A template that is no letter, such as `_witness_words`; ours where theirs fails."""
    if own is not None:
        try:
            return render(name, code, own, **values)
        except Exception as error:
            _log.error("own template not used", letter=name, why=said(error))
    return render(name, code, **values)


def lacks(letter: Letter, ours: Words, theirs: Words) -> list[str]:
    """What the letter must hold and `theirs` does not, a sentence each."""
    found = []
    if theirs.text.count(LINK) != ours.text.count(LINK):
        found.append("it must hold the place of the one-use link, {{ link }}, exactly as often")
    if WITNESS in ours.text and WITNESS not in theirs.text:
        found.append('it lacks {% include "_witness.txt" %}, which says what the letter proves')
    values = letter.values or {}
    for name, link in _links(values):
        if link in ours.text and link not in theirs.text:
            found.append(f"it lacks the link, {{{{ {name} }}}}")
    reference = getattr(values.get("about"), "reference", None)
    if reference and reference in ours.subject and reference not in theirs.subject:
        found.append("its subject lacks the reference, {{ about.reference }}")
    return found


def problems(own: Path) -> list[str]:
    """Everything that is wrong with the folder, a line each; none where all of it can be used."""
    ours = {path.name.removesuffix(".txt") for path in catalogues.template_folder().glob("*.txt")}
    found = list(_files(own, ours))
    for code in choices(own):
        for name, letter in every().items():
            try:
                lacking = lacks(letter, letter.words(code), letter.words(code, own))
            except Exception as error:
                lacking = [said(error)]
            found += [f"{name}, {code}: {each}" for each in lacking]
    return list(dict.fromkeys(found))


def report(own: Path | None) -> int:
    """Writes what is wrong with the folder into the journal; gives how much that is."""
    found = [] if own is None else problems(own)
    for each in found:
        _log.error("own template not used", why=each)
    return len(found)


def said(error: Exception) -> str:
    """Why a template cannot be used, in one line."""
    line = getattr(error, "lineno", None)
    file = getattr(error, "name", None) if isinstance(error, TemplateError) else None
    where = f"{file}, line {line}: " if file and line else ""
    why = _NO_PART.sub("a fact has no part", " ".join(str(error).split()))
    return f"{where}{why or type(error).__name__}"


def _files(own: Path, ours: set[str]) -> Iterator[str]:
    parsed = environment(language(ENGLISH, own), own)
    codes = set(choices(own))
    for path in sorted(own.glob("*.txt")):
        kind, _, code = path.name.removesuffix(".txt").partition(".")
        if kind not in ours:
            yield f"{path.name}: Attest has no letter of this name. See attest letters --list"
            continue
        if code and code not in codes:
            yield f"{path.name}: no language {code} is known"
        try:
            tree = parsed.parse(path.read_text(encoding=ENCODING))
            named = meta.find_undeclared_variables(tree)  # which knows filters, too
        except TemplateError as error:
            yield f"{path.name}, line {getattr(error, 'lineno', '?')}: {said(error)}"
            continue
        except (OSError, UnicodeDecodeError) as error:
            yield f"{path.name}: it cannot be read as UTF-8: {said(error)}"
            continue
        known = facts(kind) | (_bound_by_ours() if kind.startswith("_") else frozenset())
        for unknown in sorted(named - known):
            names = ", ".join(sorted(known - EVERYWHERE))
            yield f"{path.name}: {unknown} is not known here; known are {names}"
        for part in sorted(set(_unknown_parts(tree, kind, named - _bound(tree)))):
            yield f"{path.name}: {part} is not known here"
    for code, path in catalogues.files(own).items():
        if path.is_relative_to(own):
            try:
                catalogues.translations(path)
                entries = [(each.id, catalogues.wrong(each)) for each in catalogues.read(path)]
            except catalogues.CatalogueRefused as error:
                yield str(error)
                continue
            for sentence, why in entries:
                if sentence and why:
                    first = sentence if isinstance(sentence, str) else sentence[0]
                    yield f"languages/{code}.po: {first[:60]!r}: {why}"


def facts(kind: str) -> frozenset[str]:
    """What a template of this name may name: of an include, what some letter gives it."""
    if kind in _FINISHING:
        return _FINISHING[kind] | EVERYWHERE
    return frozenset().union(*_given(kind)) | EVERYWHERE


def _given(kind: str) -> list[Mapping[str, Any]]:
    """The facts of each sample that a template of this name may be written with."""
    return [
        letter.values or {}
        for letter in every().values()
        if letter.kind == kind or kind.startswith("_")
    ]


def _bound(tree: nodes.Template) -> set[str]:
    """Names that a template gives values itself, such as a loop's."""
    return {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}


@cache
def _bound_by_ours() -> frozenset[str]:
    """The same of all of ours: what they include may name them."""
    parsed = environment(language(ENGLISH), None)
    texts = (path.read_text(ENCODING) for path in catalogues.template_folder().glob("*.txt"))
    return frozenset().union(*(_bound(parsed.parse(text)) for text in texts))


def _unknown_parts(tree: nodes.Template, kind: str, free: Collection[str]) -> Iterator[str]:
    """`about.refernce`: what a template wants of a fact, of these, that has it in no sample."""
    given = _given(kind)
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name in free:
            name, part = node.node.name, node.attr
            found = [values[name] for values in given if values.get(name) is not None]
            if found and not any(_has(value, part) for value in found):
                yield f"{name}.{part}"


def _has(value: Any, part: str) -> bool:
    return hasattr(value, part) or (isinstance(value, Mapping) and part in value)


def _links(values: Any) -> list[tuple[str, str]]:
    found = [("link", values.get("link")), ("about.link", getattr(values.get("about"), "link", ""))]
    return [(name, link) for name, link in found if isinstance(link, str) and link and link != LINK]
