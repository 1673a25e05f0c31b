"""The parties' page: forms in rows, which grow and shrink without a script.

Rows come and go with a button of the same form, so that the browser sends all that was typed
along, and the next page shows it again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from attest.database.tables import Demand, DemandParty, EscalationContact
from attest.domain.drafting import Party
from attest.domain.refusal import Refused
from attest.services.acts.escalation import ContactAnswers
from attest.web.drafts.forms import (
    CarrierForm,
    ConcurrenceForm,
    ContractorForm,
    EscalationForm,
    JointForm,
)
from attest.web.forms import Form
from attest.web.forms.base import Mistake
from attest.web.session import doom

MOST_ROWS = 50
MEMBERS = ("name", "contact", "role", "email", "point")
ESCALATION = ("name", "role", "email")
_FORMS: Mapping[str, type[Form]] = {"joint": JointForm, "carrier": CarrierForm}

Typed = dict[str, str]


@dataclass
class PartiesPage:
    """All forms of the page; the layout and `form_for` take it for one form."""

    contractor: ContractorForm
    joints: Sequence[Form]
    carriers: Sequence[Form]
    escalation: EscalationForm
    review: ConcurrenceForm
    multipart = False

    @property
    def forms(self) -> list[Form]:
        return [self.contractor, self.escalation, *self.joints, *self.carriers, self.review]

    @property
    def mistakes(self) -> list[Mistake]:
        """The error summary, in the order of the page."""
        return [mistake for form in self.forms for mistake in form.mistakes]

    def validate(self) -> bool:
        """Whether every row is well; all are looked at."""
        wrong = [form for form in self.forms if not form.validate()]
        return not wrong

    def parties(self) -> list[Party]:
        """What was typed, as the service takes it."""
        found = [_party("contractor", self.contractor)]
        found += [_party("joint", form) for form in self.joints]
        return found + [_party("carrier", form) for form in self.carriers]

    def contact(self) -> ContactAnswers:
        """The contractor's escalation contact, as it was typed."""
        form = self.escalation
        return ContactAnswers(form.name.data or "", form.role.data or "", form.email.data or "")

    def refuse(self, refused: Refused) -> None:
        """Shows a refusal in the row that it is about: the last one whose name it gives."""
        doom()
        role, _, member = (refused.field or "").partition("_")
        if refused.field == "concurrence":
            self.review.refuse(refused)
            return
        rows: Sequence[Form] = {
            "contractor": [self.contractor],
            "escalation": [self.escalation],
            "joint": self.joints,
            "carrier": self.carriers,
        }.get(role, [self.contractor])
        meant = [row for row in rows if f"“{row['name'].data}”" in refused.sentence]
        form = (meant or list(rows) or [self.contractor])[-1]
        form.refuse(Refused(refused.sentence, field=member or "name"))


def page_of_demand(demand: Demand, kept: EscalationContact | None) -> PartiesPage:
    """The page as it was kept, with the contractor's escalation contact."""
    named: dict[str, list[Typed]] = {"contractor": [], "joint": [], "carrier": []}
    for party in demand.parties:
        if party.role in named:
            named[party.role].append(_typed(party))
    contractor = next(iter(named["contractor"]), dict.fromkeys(MEMBERS, ""))
    contact = {member: (getattr(kept, member) or "") if kept else "" for member in ESCALATION}
    return _page(contractor, contact, named["joint"], named["carrier"], demand.concurrence)


def page_of_request(sent: MultiDict[str, str], act: str = "") -> PartiesPage:
    """The page as it was typed, after `act`: "add-joint", "remove-carrier-2" or nothing."""
    rows = {role: _rows(sent, role) for role in _FORMS}
    adding = re.fullmatch(r"add-(joint|carrier)", act)
    removing = re.fullmatch(r"remove-(joint|carrier)-(\d{1,3})", act)
    if adding and len(rows[adding[1]]) < MOST_ROWS:
        rows[adding[1]].append(dict.fromkeys(MEMBERS, ""))
    if removing and int(removing[2]) < len(rows[removing[1]]):
        del rows[removing[1]][int(removing[2])]
    if not act:
        # A row that was opened and never filled in is no party.
        rows = {
            role: [row for row in many if "".join(row.values()).strip()]
            for role, many in rows.items()
        }
    contractor = {member: sent.get(f"contractor-{member}", "") for member in MEMBERS}
    contact = {member: sent.get(f"escalation-{member}", "") for member in ESCALATION}
    return _page(contractor, contact, rows["joint"], rows["carrier"], sent.get("concurrence", ""))


def _page(
    contractor: Typed,
    contact: Typed,
    joints: Iterable[Typed],
    carriers: Iterable[Typed],
    concurrence: str,
) -> PartiesPage:
    return PartiesPage(
        ContractorForm(formdata=_prefixed("contractor", contractor), prefix="contractor"),
        _forms("joint", joints),
        _forms("carrier", carriers),
        EscalationForm(formdata=_prefixed("escalation", contact), prefix="escalation"),
        ConcurrenceForm(formdata=MultiDict({"concurrence": concurrence})),
    )


def _forms(role: str, rows: Iterable[Typed]) -> list[Form]:
    return [
        _FORMS[role](formdata=_prefixed(f"{role}-{number}", row), prefix=f"{role}-{number}")
        for number, row in enumerate(rows)
    ]


def _prefixed(prefix: str, row: Typed) -> MultiDict[str, str]:
    return MultiDict({f"{prefix}-{member}": value for member, value in row.items()})


def _rows(sent: MultiDict[str, str], role: str) -> list[Typed]:
    """The rows of a role, in the order of their numbers; a forged number only makes a row."""
    numbers = {
        int(found[1])
        for name in sent
        if (found := re.fullmatch(rf"{role}-(\d{{1,3}})-(?:{'|'.join(MEMBERS)})", name))
    }
    return [
        {member: sent.get(f"{role}-{number}-{member}", "") for member in MEMBERS}
        for number in sorted(numbers)[:MOST_ROWS]
    ]


def _typed(party: DemandParty) -> Typed:
    return {
        "name": party.name,
        "contact": party.contact_name or "",
        "role": party.contact_role or "",
        "email": party.contact_email or "",
        "point": "y" if party.contact_point else "",
    }


def _party(role: str, form: Form) -> Party:
    def member(name: str) -> str:
        return str(form[name].data or "") if name in form else ""

    return Party(
        role,
        member("name"),
        member("contact"),
        member("role"),
        member("email"),
        contact_point="point" in form and bool(form["point"].data),
    )
