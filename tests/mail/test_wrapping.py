"""What somebody typed never begins a line that is ours."""

import pytest

from attest.mail.wrapping import quoted, wrap


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1d"])
@pytest.mark.parametrize("forged", ["> Anne Archer writes", "    https://x.example", "--", "- b"])
def test_a_name_begins_no_line(end, forged):
    text = wrap(f"These are open:\n\n- list.csv{end}{forged}{end}\n- other.csv\n")
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines == ["These are open:", "", f"- list.csv {forged}", "- other.csv"]


def test_what_is_quoted_keeps_its_lines():
    assert wrap(quoted("one\ntwo\u2028three")) == "> one\n> two\n> three\n"
