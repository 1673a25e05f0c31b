"""Every page by its route: where a demand must stand to show it, and who opens it.

The table is held against the application's routes (test_every_page.py), so a new page cannot be
forgotten. Addresses are filled in by `places`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from attest.database.tables import Letter, Store
from attest.demo import script
from attest.demo.acting import Stage, account_of, demand_of
from attest.domain import demand_states
from attest.mail import mailbox
from attest.mail.receipt_link import receipt_token
from attest.services.accounts import accounts
from attest.services.accounts.invitations import invitation_token
from attest.services.acts import extending, incident_reporting, not_received, withdrawing
from attest.services.letters import receipts
from tests import (
    changing,
    chase_acts,
    concurring,
    erasing,
    evidence_acts,
    key_acts,
    more_time_acts,
    passing,
)
from tests import stage as play
from tests.browser.conftest import LiveAt
from tests.browser.live import Live
from tests.services import failing_acts

# Everybody who signs in; a stranger does not.
EMAILS: Mapping[str, str] = {
    "case_handler": play.CASEWORK,
    "signatory": play.SIGNATORY,
    "liaison": play.LIAISON,
    "officer": play.OFFICER,
    "joint_controller": play.JOINT,
    "other_contractor": play.OTHER_CONTRACTOR,
    "administrator": play.ADMINISTRATOR,
}
CONTROLLERS = "case_handler signatory joint_controller"
PARTIES = f"{CONTROLLERS} liaison officer"
EVERYBODY = f"{PARTIES} other_contractor administrator"
SIGNERS = "signatory officer"


@dataclass(frozen=True)
class Stop:
    """A page: its route, the point of the play, who opens it, and its address if it has parts."""

    rule: str
    point: str
    roles: str
    address: str = ""
    status: int = 200

    @property
    def goal(self) -> str:
        """The address, with braces to fill in."""
        return self.address or self.rule.replace("<reference>", "{reference}")


def draft(part: str, roles: str = "case_handler") -> Stop:
    """A page of a draft."""
    return Stop(f"/demands/<reference>/draft{part}", "drafted", roles)


def demand(part: str, point: str, roles: str, address: str = "", status: int = 200) -> Stop:
    """A page of a demand."""
    goal = f"/demands/{{reference}}{address}" if address else ""
    return Stop(f"/demands/<reference>{part}", point, roles, goal, status)


def incident(part: str, point: str, roles: str = "case_handler signatory", goal: str = "") -> Stop:
    """A page of an incident."""
    return Stop(
        f"/incidents/<reference>{part}", point, roles, f"/incidents/{{incident}}{goal or part}"
    )


STOPS = (
    Stop("/sign-in", "drafted", "stranger"),
    Stop("/forgotten", "drafted", "stranger"),
    Stop("/invitation/<token>", "issued", "stranger", "/invitation/{token}"),
    Stop("/verify", "drafted", "stranger signatory"),
    Stop("/help", "drafted", "stranger signatory"),
    Stop("/mail", "issued", "stranger", "/mail"),
    Stop("/mail/<name>", "issued", "stranger", "/mail/{letter}"),
    Stop("/demands/new", "drafted", "case_handler"),
    Stop("/incidents", "drafted", "case_handler signatory"),
    Stop("/incidents", "attested", CONTROLLERS),
    Stop("/incidents/new", "drafted", "case_handler"),
    Stop("/incidents/register", "attested", CONTROLLERS),
    *(incident("", point) for point in ("drafted", "attested", "closed")),
    *(incident(f"/{part}", "attested") for part in ("facts", "authority", "people", "timeline")),
    *(
        incident(f"/{part}", "attested", "case_handler")
        for part in ("report", "people/told", "people/not-told", "letter")
    ),
    incident("/no-report", "drafted", "case_handler"),
    *(
        incident("/facts/<section>", "attested", "case_handler", f"/facts/{section}")
        for section in ("happened", "affected", "effects", "action", "contact")
    ),
    incident("/strike/<kind>/<row_id>", "attested", "case_handler", "/strike/report/{report}"),
    Stop("/incidents", "attested", "liaison", status=404),
    *(draft(part) for part in ("/incident", "/parties", "/files", "/files/import")),
    *(draft(part) for part in ("/stores", "/terms", "/discard")),
    *(draft(part, "case_handler signatory") for part in ("", "/check")),
    demand("/issue", "handed", "signatory"),
    demand("/issued", "issued", "case_handler signatory"),
    demand("/acknowledge", "issued", "liaison"),
    demand("/not-us", "issued", "liaison"),
    demand("/officer", "issued", "liaison"),
    demand("/escalation", "issued", "liaison"),
    *(demand(part, "failing", "case_handler signatory liaison") for part in ("", "/letters")),
    Stop("/dashboard", "failing", "case_handler liaison"),
    Stop("/", "failing", "case_handler liaison"),
    demand("/liaison", "failing", "case_handler"),
    demand("/liaison", "answered", "case_handler"),
    demand("/chasing", "chased", CONTROLLERS),
    demand("/chasing", "drafted", "case_handler"),
    demand("/chasing/letter", "issued", "case_handler", "/chasing/letter?{coming}"),
    *(
        demand(f"/chasing/{part}", "chased", "case_handler signatory")
        for part in ("ladder", "now", "contacts", "pause")
    ),
    demand("/chasing/now/preview", "chased", "case_handler"),
    demand("/chasing/pause", "issued", "case_handler"),
    demand("/extension", "granted", PARTIES),
    demand("/extension/ask", "ready", "liaison officer"),
    demand("/extension/ask", "asked", "liaison"),
    demand(
        "/extension/<extension_id>", "asked", "case_handler signatory", "/extension/{extension}"
    ),
    *(demand("", point, "signatory officer") for point in ("asked", "granted")),
    demand("/review", "each", "joint_controller"),
    demand("", "each", "signatory joint_controller officer"),
    demand("/files/<int:position>", "each", "joint_controller liaison", "/files/1"),
    demand("/keys/<keyid>/confirm", "made", "signatory", "/keys/{officer_key}/confirm"),
    demand("/keys/<keyid>/compare", "made", "officer liaison", "/keys/{signatory_key}/compare"),
    demand("/answer", "ready", "officer"),
    demand("/answer/copies", "answered", "officer", "/answer/copies?cell={cell}"),
    demand("/answer/onward", "ready", "officer"),
    demand("/answer/same", "answered", "officer", "/answer/same?from=1"),
    demand("/answer/list", "ready", "officer"),
    demand("/sign", "answered", "officer"),
    demand("/signed", "attested", "officer"),
    demand("/review", "attested", "signatory"),
    demand("/close", "accepted", "signatory"),
    demand("", "ready", "joint_controller liaison"),
    *(demand("", point, "signatory") for point in ("issued", "attested", "accepted", "closed")),
    *(demand("", point, "officer") for point in ("acknowledged", "attested", "closed")),
    demand("/files/<int:position>", "attested", PARTIES, "/files/1"),
    *(demand(f"/{part}", "attested", PARTIES) for part in ("timeline", "letters")),
    *(
        demand("/letters/<letter_id>", point, roles, "/letters/{sent}")
        for point, roles in (("attested", PARTIES), ("erased", "signatory"))
    ),
    Stop("/received/<token>", "attested", "stranger liaison", "/received/{receipt}"),
    Stop("/received/<token>", "erased", "stranger", "/received/{receipt}", 410),
    Stop("/received/<token>", "drafted", "stranger", "/received/made-up", 404),
    demand("/progress", "issued", "liaison"),
    demand("/progress", "closed", "signatory"),
    *(demand(f"/{part}", "made", PARTIES) for part in ("keys", "stores")),
    demand("/stores/new", "attested", "officer signatory"),
    demand("/files/<int:position>/reopen", "closed", "officer signatory", "/files/1/reopen"),
    demand("/changes", "amending", PARTIES),
    demand("/changes", "amended", PARTIES),
    demand("/timeline", "amended", "liaison"),
    demand("/stores", "amending", "liaison signatory"),
    demand("/stores/<store_id>/withdraw", "ready", "liaison signatory", "/stores/{store}/withdraw"),
    demand("/stores/<store_id>/keep", "amending", "signatory", "/stores/{withdrawn}/keep"),
    demand("/files/<int:position>", "amending", "liaison", "/files/1"),
    demand("/files/<int:position>/never-received", "ready", "officer", "/files/1/never-received"),
    demand("/claims/<claim_id>", "amending", "case_handler", "/claims/{claim}"),
    demand("/amendment", "amending", "case_handler signatory"),
    *(
        demand(f"/amendment/{part}", "amending", "case_handler")
        for part in ("terms", "stores", "files", "discard")
    ),
    demand("/amendment/sign", "to_amend", "signatory"),
    demand("/amendment", "to_amend", "case_handler"),
    demand("/files/<int:position>/reopen", "answered", "liaison", "/files/1/reopen"),
    *(demand("/exceptions", point, PARTIES) for point in ("excepted", "raised")),
    demand("/raise", "excepted", "case_handler", "/raise?to=Printers%20Ltd"),
    demand("/review", "excepted", "signatory"),
    demand("", "excepted", PARTIES),
    demand("/answer/copies", "raised", "officer", "/answer/copies?cell={cell}"),
    demand("/close", "raised", "signatory"),
    demand("/evidence", "shown", PARTIES),
    demand("/evidence", "closed", "signatory"),
    demand("/evidence/attach", "shown", "officer", "/evidence/attach?cell={cell}"),
    demand("/answer", "shown", "officer"),
    demand("/files/<int:position>", "shown", "officer signatory", "/files/1"),
    demand("/review", "proved", "signatory"),
    demand("/files/<int:position>", "proved", "officer", "/files/1"),
    demand("/downloads", "closed", "signatory officer"),
    *(demand(f"/{part}", "erased", "signatory") for part in ("timeline", "letters", "downloads")),
    *(Stop("/", point, PARTIES) for point in ("acknowledged", "attested")),
    Stop("/", "drafted", "other_contractor administrator"),
    Stop("/demands", "attested", EVERYBODY),
    Stop("/dashboard", "accepted", EVERYBODY),
    Stop("/people", "attested", EVERYBODY),
    Stop("/people/invite", "attested", "case_handler liaison administrator"),
    Stop("/people/organisation", "attested", "case_handler liaison"),
    Stop("/me", "attested", "case_handler officer administrator"),
    Stop("/people/<person_id>/end", "attested", "case_handler", "/people/{colleague}/end"),
    Stop("/keys", "attested", EVERYBODY),
    Stop("/keys", "replaced", "officer"),
    Stop("/keys/<keyid>/revoke", "made", "officer signatory", "/keys/{officer_key}/revoke"),
    demand("/keys", "lost", PARTIES),
    demand("", "lost", "officer signatory"),
    demand("/timeline", "lost", "signatory"),
    demand("", "left", "liaison signatory"),
    Stop("/people/<person_id>/end", "ready", "liaison", "/people/{officer}/end"),
    Stop("/keys/new", "acknowledged", "officer signatory"),
    Stop("/keys/elsewhere", "acknowledged", "officer signatory"),
    Stop("/instance", "drafted", "administrator"),
    Stop("/instance/letters", "drafted", "administrator"),
    Stop("/instance/letters/<name>", "drafted", "administrator", "/instance/letters/reminder"),
    # What nobody may open, or what isn't there, is a page too.
    Stop("/instance", "drafted", "signatory", status=403),
    demand("", "issued", "other_contractor", status=404),
)
# What is downloaded, or asked by a script.
# (Those that stand alone have tests of their own: test_verify_page.py, test_signer_page.py.)
NO_PAGES = {
    "/static/<path:filename>",
    "/<any(verify, signer):name>.html",
    "/healthz",
    # A letter's HTML part, a document of its own: tests/browser/test_letter_html.py.
    "/instance/letters/<name>/html",
    "/mail/<name>/html",
    "/session/token",
    "/keys/<keyid>/file",
    "/demands/<reference>/evidence/<digest>",
    "/demands/<reference>/evidence/<digest>/thumbnail.jpg",
    "/incidents/register.csv",
    "/demands/<reference>/letters.csv",
    "/demands/<reference>/letters/<letter_id>.csv",
    "/demands/<reference>/answer/list.<kind>",
    "/incidents/<reference>/facts.pdf",
    "/incidents/<reference>/pack.zip",
    "/demands/<reference>/keys/sheet.pdf",
    "/demands/<reference>/files/<int:position>/extract.zip",
    *(
        f"/demands/<reference>/{name}"
        for name in ("bundle.zip", "trust.json", "certificate.pdf", "demand.pdf", "worksheet")
    ),
}
# Points that tests/stage.py does not have: (the one before, what happens then).
BETWEEN: Mapping[str, tuple[str, Callable[[Stage], Any]]] = {
    "made": ("acknowledged", script.make_officer_key),
    "replaced": ("attested", lambda stage: key_acts.rotate(stage, play.OFFICER)),
    "lost": ("attested", key_acts.lose),
    "left": ("answered", key_acts.leave),
    "shown": ("answered", evidence_acts.show),
    "proved": ("answered", evidence_acts.prove),
    "amending": ("ready", changing.in_the_middle),
    "to_amend": ("attested", changing.to_be_signed),
    "amended": ("attested", changing.all_of_it),
    "erased": ("closed", erasing.erase),
    "chased": ("issued", chase_acts.all_of_it),
    "failing": ("issued", failing_acts.nobody_there),
    "asked": ("ready", more_time_acts.asked),
    "granted": ("ready", more_time_acts.answered),
    "each": ("handed", concurring.one_accepted),
    "excepted": ("ready", passing.exceptions),
    "raised": ("ready", passing.raised),
}


def set_at(live_at: LiveAt, point: str) -> Live:
    """A running Attest at a point of the walk, with a letter to look at."""
    before, more = BETWEEN.get(point, (point, None))
    live = live_at(before, more, mailbox=True)
    with live.stage.act() as ctx:
        accounts.request_reset(ctx, play.SIGNATORY, place="")
    live.tick()
    return live


def places(live: Live) -> dict[str, str]:
    """What stands for the braces, as far as it is there."""
    stage = live.stage
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        store = ctx.session.scalars(select(Store).where(Store.demand_id == demand.id)).first()
        assert store is not None
        gone = withdrawing.withdrawals(ctx, demand.id)
        claims = not_received.claims(ctx, demand.id)
        link = accounts.new_link(ctx, account_of(ctx, play.SIGNATORY), accounts.INVITATION)
        found = {
            "reference": stage.reference,
            "incident": demand.incident.reference,
            "letter": mailbox.names(stage.settings)[0],
            "cell": f"1.{store.id}",
            "store": store.id,
            "withdrawn": gone[0].store_id if gone else "",
            "claim": claims[0].id if claims else "",
            "token": invitation_token(stage.settings, link.id),
            "colleague": account_of(ctx, play.SECOND).people[0].id,
        }
        if demand.state == demand_states.ISSUED:
            found["coming"] = chase_acts.a_coming_letter(ctx, stage)
        for report in incident_reporting.reports_of(ctx, demand.incident):
            found["report"] = report.id
        if (asked := extending.pending(ctx, demand)) is not None:
            found["extension"] = asked.id
        brought = select(Letter.id).where(
            Letter.demand_id == demand.id, Letter.kind == receipts.ISSUE_LETTER
        )
        if (sent := ctx.session.scalar(brought)) is not None:
            found |= {"sent": sent, "receipt": receipt_token(stage.settings, sent)}
        if play.OFFICER in stage.actors:
            found["officer"] = account_of(ctx, play.OFFICER).people[0].id
    for name, email in (("officer_key", play.OFFICER), ("signatory_key", play.SIGNATORY)):
        if email in stage.actors and (key := stage.actor(email).key):
            found[name] = key.keyid
    return found
