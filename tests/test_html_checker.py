"""The checker of pages lets good pages pass and names what is wrong with bad ones."""

import pytest

from tests.html import check_page


def page(body: str = "", *, head: str = "<title>Demands – Attest</title>") -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>'
        f'<meta charset="utf-8">{head}</head>\n<body>\n<h1>Demands</h1>\n{body}\n</body>\n</html>\n'
    )


TOKEN = '<input type="hidden" name="csrf_token" value="abc">'

GOOD = {
    "plain": "<p>Nothing needs you.</p>",
    "labelled by for": '<label for="ref">Reference</label><input id="ref" name="ref">',
    "labelled from around": "<label>Reference <input name=ref></label>",
    "labelled by attribute": '<select name="s" aria-label="State"><option>Open</option></select>',
    "labelled by another element": (
        '<span id="why">Reason</span><textarea name="reason" aria-labelledby="why"></textarea>'
    ),
    "a guarded form": f'<form method="post" action="/sign">{TOKEN}<button>Sign</button></form>',
    "a guard beside its form": (
        '<form id="f" method="POST" action="/sign"></form>'
        '<input form="f" type="hidden" name="csrf_token" value="abc">'
    ),
    "a search": '<form method="get" action="/demands"><input type="submit" value="Find"></form>',
    "a decorative picture": '<img src="/static/rule.svg" alt="">',
    "a drawing with a title": (
        '<svg viewBox="0 0 1 1" role="img"><title>Two of five</title><path d="M0 0"/></svg>'
    ),
    "a link inside the page": '<a href="#open">Open copies</a><h2 id="open">Open copies</h2>',
    "the top of the page": '<a href="#top">Back to top</a>',
    "a comment": "<!-- for whoever reads the source -->",
    "signs": "<p>Records &amp; drives &ndash; 5 &times; 3</p>",
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
def test_a_good_page_passes(body: str) -> None:
    check_page(page(body), "/demands")


BAD = {
    "an unclosed element": ("<div><p>Text</p>", "Expected closing tag|Unexpected end tag"),
    "a stray end": ("<p>Text</p></div>", r"End tag \(div\) seen too early"),
    "a block in a paragraph": ("<p><div>Text</div></p>", r"Unexpected end tag \(p\)"),
    "a block in a table": ("<table><tr><td>1</td></tr><p>2</p></table>", "in table context"),
    "a doubled attribute": ('<p class="a" class="b">Text</p>', "attribute"),
    "a bare ampersand entity": ("<p>&nosuch;</p>", "[Nn]amed entity"),
    "an empty element closed early": ("<span/>", "[Tt]railing solidus"),
    "a form in a form": (
        '<form method="get" action="/a"><form method="get" action="/b"></form></form>',
        r"Unexpected start tag \(form\)",
    ),
    "a doubled id": ('<p id="a">1</p><p id="a">2</p>', "2 elements have the id 'a'"),
    "an id with a space": ('<p id="a b">1</p>', "'a b' cannot be an id"),
    "a second heading": ("<h1>Again</h1>", r"one <h1>, not 2: \['Demands', 'Again'\]"),
    "no method": ('<form action="/a"></form>', "must say method get or post"),
    "an odd method": ('<form method="put" action="/a"></form>', "must say method get or post"),
    "no action": ('<form method="get"></form>', "must have an action"),
    "no guard": ('<form method="post" action="/sign"></form>', '"/sign"> has no csrf_token'),
    "an empty guard": (
        '<form method="post" action="/sign">'
        '<input type="hidden" name="csrf_token" value=""></form>',
        "has no csrf_token",
    ),
    "another form's guard": (
        f'<form method="post" action="/a">{TOKEN}</form><form method="post" action="/b"></form>',
        '"/b"> has no csrf_token',
    ),
    "no label": ('<input name="ref">', '<input name="ref"> has no label'),
    "a placeholder is no label": ('<input name="q" placeholder="Find">', "has no label"),
    "no label for a choice": ('<select name="s"><option>1</option></select>', "has no label"),
    "no label for long text": ('<textarea name="t"></textarea>', "has no label"),
    "no label for a tick": ('<input type="checkbox" name="c">', "has no label"),
    "an empty label": ('<label for="r"> </label><input id="r">', '<label for="r"> is empty'),
    "a label for nothing": ('<label for="r">Reference</label>', "labels no field"),
    "a label for a block": ('<label for="r">Day</label><div id="r"></div>', "labels no field"),
    "a hint that is not there": (
        '<label for="r">R</label><input id="r" aria-describedby="r-hint">',
        "aria-describedby names 'r-hint', which is not there",
    ),
    "a link to nothing": ('<a href="#open">Open</a>', "leads to nothing on this page"),
    "no alt": ('<img src="/static/seal.svg">', "'/static/seal.svg' has no alt"),
}


@pytest.mark.parametrize(("body", "problem"), BAD.values(), ids=BAD.keys())
def test_a_bad_page_is_named_with_its_problem(body: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem) as raised:
        check_page(page(body), "/demands/ND-2013-004")
    assert str(raised.value).startswith("/demands/ND-2013-004 has ")


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        (page(head=""), "no <title>"),
        (page(head="<title> </title>"), "no <title>"),
        (page().replace(' lang="en"', ""), "<html> has no lang"),
        (page().replace('lang="en"', 'lang=""'), "<html> has no lang"),
        (page().replace("<!DOCTYPE html>\n", ""), "DOCTYPE"),
        (page().replace("<h1>Demands</h1>", ""), "one <h1>, not 0"),
        (page().replace("<h1>Demands</h1>", "<h1></h1>"), "the <h1> is empty"),
        ("", "no <title>"),
    ],
)
def test_the_frame_of_a_page_is_checked(html: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        check_page(html, "/")


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(AssertionError, match="/x has 3 problem") as raised:
        check_page(page('<img src="a.png"><input name="a"><h1>Again</h1>'), "/x")
    assert len(str(raised.value).splitlines()) == 4
