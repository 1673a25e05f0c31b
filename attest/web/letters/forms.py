"""The filter over a demand's letters: a GET form, so that a list can be bookmarked."""

from collections.abc import Mapping

from attest.domain.wording import LETTER_STATES, capital
from attest.services.letters.letter_list import CHASING, OTHER, TROUBLED
from attest.web.forms import Form, SelectField

CHOICES: Mapping[str, str] = {
    TROUBLED: "Bounced or not known",
    **{name: capital(words) for name, words in LETTER_STATES.items()},
}
KINDS: Mapping[str, str] = {CHASING: "Letters that chase", OTHER: "All others"}
SORTS: Mapping[str, str] = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "reader": "Reader",
    "trouble": "Failed or not known first",
}


class FilterForm(Form):
    """State, kind, reader and order. Whatever else an address says is left out."""

    state = SelectField("State", tuple(CHOICES.items()), blank="All")
    kind = SelectField("Kind", tuple(KINDS.items()), blank="All")
    reader = SelectField("To", (), blank="Everybody")
    sort = SelectField("Sorted by", tuple(SORTS.items()), blank=None)
