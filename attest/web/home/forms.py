"""The filter over the list of demands: a GET form, so that a list can be bookmarked."""

from collections.abc import Mapping

from attest.domain.wording import DEMAND_STATES, capital
from attest.web.forms import Form, SelectField, TextField

STATES: Mapping[str, str] = {
    "open": "All that are open",
    "overdue": "Overdue",
    **{name: capital(words) for name, words in DEMAND_STATES.items()},
}
SORTS: Mapping[str, str] = {
    "due": "Due date",
    "reference": "Reference",
    "state": "State",
    "newest": "Newest first",
}


class FilterForm(Form):
    """Search, state and order. Whatever else an address says is left out."""

    search = TextField("Reference or party", classes="govuk-input--width-20")
    state = SelectField("State", tuple(STATES.items()), blank="All")
    sort = SelectField("Sorted by", tuple(SORTS.items()), blank=None)
