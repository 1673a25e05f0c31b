"""The HTML part says the same words as the text, and nothing in it can do any harm."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attest.mail.html import to_html
from attest.mail.places import LINK, WITNESS
from attest.mail.wrapping import quoted, wrap
from tests.mail.examples import ALL, HOME

# What only marks a line in the text: HTML draws it.
_MARKS = re.compile(r"[-*>]|--|\d{1,9}\.")
_ALLOWED = {"html", "head", "meta", "title", "body", "div", "p", "a", "ul", "ol", "li", "br"} | {
    "blockquote",
    "span",
}


class Reader(HTMLParser):
    """What a mail program makes of it."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.words = [] if tag == "head" else [*self.words, " "]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]


def words(text: str) -> list[str]:
    return [word for word in text.split() if not _MARKS.fullmatch(word)]


def read(text: str, language: str = "en") -> Reader:
    return Reader(to_html(text, title="ND-2013-004", language=language, home=HOME))


@pytest.mark.parametrize("letter", ALL.values(), ids=ALL.keys())
def test_both_parts_say_the_same(letter):
    text = letter.text.replace(LINK, f"{HOME}/invitation/abc.def").replace(WITNESS, "Keep this.")
    found = read(f"Dear Tom Beck,\n\n{text}")
    assert words("".join(found.words)) == words(f"Dear Tom Beck, {text}")
    assert {tag for tag, _ in found.tags} <= _ALLOWED
    for address in found.links:
        assert address
        assert address in text


LINES = st.text(
    st.one_of(st.sampled_from("-*> 1.<&\"'{}#ab"), st.characters(exclude_categories=("C", "Z"))),
    max_size=90,
)


@settings(max_examples=150)
@given(st.lists(LINES, max_size=6), LINES, LINES)
def test_hostile_words_stay_words(lines, said, name):
    listed = "\n".join(f"- {line}" for line in lines)
    text = wrap(f"A {name}\n\n{listed}\n\n{quoted(said)}\n\n    {HOME}/a\n\n--\nThe foot.\n")
    found = read(text)
    assert words("".join(found.words)) == words(text)
    assert {tag for tag, _ in found.tags} <= _ALLOWED
    assert found.links == [f"{HOME}/a"]


@pytest.mark.parametrize(
    "line",
    [
        "https://evil.example/a",
        f"{HOME}.evil.example/a",
        f"{HOME}@evil.example/",
        "javascript:alert(1)",
        f'{HOME}/"onmouseover="alert(1)',
    ],
)
def test_only_an_address_of_ours_is_a_link(line):
    assert read(f"Look:\n\n    {line}\n").links == []


def test_an_address_of_ours_alone_below_an_item_is_a_link():
    text = wrap(f"- Review it.\n  {HOME}/a\n- {'x' * 80} https://evil.example/b\n")
    found = read(text)
    assert found.links == [f"{HOME}/a"]
    assert [tag for tag, _ in found.tags].count("li") == 2


def test_a_word_that_looks_like_an_item_starts_no_list():
    text = wrap(f"{'word ' * 14}a - store {'word ' * 14}- b\n")
    assert "\n- b" in text
    assert "li" not in {tag for tag, _ in read(text).tags}


def test_lists_quotes_and_the_foot_are_drawn_as_what_they_are():
    text = "To do:\n\n1. Ring\n   them.\n2. Type.\n\n> One.\n> Two.\n>\n> Three.\n\n--\nAttest.\n"
    tags = [tag for tag, _ in read(text).tags]
    assert tags.count("li") == 2
    assert tags.count("blockquote") == 1
    assert tags.count("br") == 1


def test_the_second_column_of_a_line_can_go_below_the_first():
    text = "Compare:\n\n  this log's key         7rqe w3lk\n  a                      b  <c>\n"
    found = read(text)
    assert [tag for tag, _ in found.tags].count("span") == 4
    assert words("".join(found.words)) == words(text)


def test_the_reader_s_language_and_direction():
    (_, english), (_, arabic) = read("Hello.").tags[0], read("Hello.", "ar").tags[0]
    assert (english["lang"], english["dir"]) == ("en", "ltr")
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")


def test_nothing_is_fetched_and_no_colour_is_set():
    document = to_html(ALL["reminder"].text, title="x", language="en", home=HOME)
    assert not re.search(r"src=|url\(|@import|<img|<script|<link", document)
    assert not re.search(r"[;\"](background|color):", document)
