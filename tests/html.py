"""One check that every page has to pass, whatever it is about.

A parser that follows the standard finds what is not HTML; the rest is what a person
with a screen reader, or a form without its guard, would stumble over.
"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSER_MESSAGES

LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
# Their value or picture is their name, or nobody sees them.
NEED_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
# References by id, each a list of ids.
REFERENCES = ("aria-controls", "aria-describedby", "aria-errormessage", "aria-labelledby")


def check_page(html: str, path: str) -> None:
    """Raise an AssertionError that names the path and each problem of the page."""
    problems = list(find_problems(html))
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise AssertionError(f"{path} has {len(problems)} problem(s):\n{lines}")


def find_problems(html: str) -> Iterator[str]:
    """What is wrong with a whole page, in sentences."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    source = html.splitlines()
    for (line, column), code, details in parser.errors:
        message = PARSER_MESSAGES[code] % details
        near = source[line - 1].strip() if 0 < line <= len(source) else ""
        yield f"line {line}, column {column}: {message} Near: {near[:120]}"

    # Comments are in the tree too, and have no name.
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    yield from _problems_of_the_frame(root, elements)
    yield from _problems_of_ids(elements)
    for form in _named(elements, "form"):
        yield from _problems_of_a_form(form, elements)
    yield from _problems_of_controls(elements)
    for image in _named(elements, "img"):
        if image.get("alt") is None:
            yield f"the picture {image.get('src')!r} has no alt"


def _named(elements: list[Element], *names: str) -> list[Element]:
    return [element for element in elements if element.tag in names]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _shown(element: Element) -> str:
    """The start tag, as a person would look for it in the template."""
    wanted = ("type", "name", "id", "action", "href", "for")
    attributes = "".join(
        f' {name}="{element.get(name)}"' for name in wanted if element.get(name) is not None
    )
    return f"<{element.tag}{attributes}>"


def _problems_of_the_frame(root: Element, elements: list[Element]) -> Iterator[str]:
    if not (root.get("lang") or "").strip():
        yield "<html> has no lang"
    # A drawing may have a title of its own, but in another namespace.
    titles = _named(elements, "title")
    if len(titles) != 1 or not _text(titles[0]):
        yield "there is no <title>, or it is empty"
    headings = [_text(heading) for heading in _named(elements, "h1")]
    if len(headings) != 1:
        yield f"there must be one <h1>, not {len(headings)}: {headings}"
    elif not headings[0]:
        yield "the <h1> is empty"


def _problems_of_ids(elements: list[Element]) -> Iterator[str]:
    ids = Counter(element.attrib["id"] for element in elements if "id" in element.attrib)
    for name, count in ids.items():
        if count > 1:
            yield f"{count} elements have the id {name!r}"
        if not name or re.search(r"\s", name):
            yield f"{name!r} cannot be an id: it is empty or holds a space"
    for element in elements:
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{_shown(element)}: {attribute} names {name!r}, which is not there"
    for link in _named(elements, "a"):
        target = link.get("href") or ""
        # "#" and "#top" lead to the top of the page, by the standard.
        if target.startswith("#") and target not in {"#", "#top"} and target[1:] not in ids:
            yield f"{_shown(link)} leads to nothing on this page"


def _problems_of_a_form(form: Element, elements: list[Element]) -> Iterator[str]:
    method = (form.get("method") or "").lower()
    if method not in {"get", "post"}:
        yield f"{_shown(form)} must say method get or post"
    if not (form.get("action") or "").strip():
        yield f"{_shown(form)} must have an action"
    if method == "post":
        inside = [
            *form.iter("input"),
            # A field elsewhere on the page may say that it belongs to the form.
            *(
                e
                for e in _named(elements, "input")
                if e.get("form") and e.get("form") == form.get("id")
            ),
        ]
        if not any(
            field.get("name") == "csrf_token"
            and field.get("type") == "hidden"
            and field.get("value")
            for field in inside
        ):
            yield f"{_shown(form)} has no csrf_token"


def _problems_of_controls(elements: list[Element]) -> Iterator[str]:
    by_id = {element.attrib["id"]: element for element in elements if "id" in element.attrib}
    labelled: set[Element] = set()
    for label in _named(elements, "label"):
        if not _text(label):
            yield f"{_shown(label)} is empty"
            continue
        target = label.get("for")
        if target is None:
            labelled.update(child for child in label.iter() if child.tag in LABELABLE)
        elif target in by_id and by_id[target].tag in LABELABLE:
            labelled.add(by_id[target])
        else:
            yield f"{_shown(label)} labels no field"
    for control in _named(elements, "input", "select", "textarea"):
        kind = (control.get("type") or "text").lower()
        if control.tag == "input" and kind in NEED_NO_LABEL:
            continue
        names = (control.get("aria-labelledby") or "").split()
        spoken = (control.get("aria-label") or "").strip() or any(
            _text(by_id[name]) for name in names if name in by_id
        )
        if not spoken and control not in labelled:
            yield f"{_shown(control)} has no label"
