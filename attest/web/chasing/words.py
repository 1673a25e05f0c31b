"""The words of these pages: who a reader is."""

from collections.abc import Mapping

from attest.domain import ladder
from attest.services.accounts import time_zones

AUDIENCE_LABELS: Mapping[str, str] = {
    ladder.LIAISON: "liaison",
    ladder.OFFICER: "assurance officer",
    ladder.ESCALATION_CONTACT: "the contractor’s escalation contact",
    ladder.CASE_HANDLER: "case handler",
    ladder.SIGNATORY: "signatory",
    ladder.CONTROLLER_CONTACT: "the lead controller’s escalation contact",
}


def zone_choices(usual: str) -> list[tuple[str, str]]:
    """Every zone that can be chosen; the empty choice is `usual`, that of the organisation."""
    as_usual = f"As at their organisation: {time_zones.place(usual)}"
    return [("", as_usual), *time_zones.time_zones()]
