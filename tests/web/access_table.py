"""Each route's answer for each role and relation. A route that isn't in the table fails.

A row: method, rule as in the application, the address to ask for, and the expected status for
each role of tests/web/house.py. `{reference}` and so on are filled in from `places`. What a POST
changes is other tests' business; here it only matters who is let through to the form's rules.
"""

from __future__ import annotations

from dataclasses import replace

from tests.web.access_rows import (
    ADMIN,
    BAD,
    CONFIRMING,
    DRAFT_PARTS,
    FORBIDDEN,
    INVITING,
    KEEPERS,
    LEADING,
    OK,
    OTHER,
    SENT,
    SIGN_IN,
    SIGNING,
    STALE,
    UNKNOWN,
    Row,
    draft,
    drafting,
    everybody,
    incident,
    only,
    party,
    signed_in,
    signing_it,
)
from tests.web.house import STRANGER

TABLE = [
    # --- coming in ---
    Row("GET", "/sign-in", {**everybody(SENT), STRANGER: OK}),
    Row("POST", "/sign-in", everybody(BAD)),
    Row("POST", "/sign-out", everybody(SENT)),
    Row("GET", "/session/token", signed_in(OK)),
    Row("GET", "/forgotten", everybody(OK)),
    Row("POST", "/forgotten", everybody(BAD)),
    Row("GET", "/invitation/<token>", everybody(UNKNOWN), "/invitation/made-up"),
    Row("POST", "/invitation/<token>", everybody(UNKNOWN), "/invitation/made-up"),
    # --- saved as one types: a ticket says where, and nobody has one by guessing ---
    Row("POST", "/unsent", signed_in(BAD, SIGN_IN), json=True),
    Row("POST", "/unsent/again", signed_in(UNKNOWN, SIGN_IN)),
    # --- what needs somebody, and the demands ---
    Row("GET", "/", signed_in(OK)),
    Row("GET", "/demands", signed_in(OK)),
    Row("GET", "/dashboard", signed_in(OK)),
    Row("GET", "/demands/new", only(OK, "case_handler joint_controller", FORBIDDEN)),
    Row("POST", "/demands/new", only(BAD, "case_handler joint_controller", FORBIDDEN, SIGN_IN)),
    # --- incidents: whoever keeps some has a list, and only its owners know of one ---
    *(
        Row("GET", f"/incidents{part}", only(OK, f"{KEEPERS} joint_controller", UNKNOWN))
        for part in ("", "/new", "/register", "/register.csv")
    ),
    Row("POST", "/incidents/new", only(BAD, f"{KEEPERS} joint_controller", UNKNOWN, SIGN_IN)),
    *(
        incident("GET", part, OK)
        for part in ("", "/facts", "/authority", "/people", "/timeline", "/facts.pdf")
    ),
    # The demand has no log here: a sentence says so to those who may know.
    incident("GET", "/pack.zip", BAD),
    *(
        incident(method, part, status)
        for method, status in (("GET", OK), ("POST", BAD))
        for part in ("/report", "/no-report", "/people/told", "/people/not-told", "/letter")
    ),
    *(
        incident(method, "/facts/<section>", status, "/facts/happened")
        for method, status in (("GET", OK), ("POST", BAD))
    ),
    incident("POST", "/letter/merge", BAD),
    *(
        incident(method, "/strike/<kind>/<row_id>", UNKNOWN, "/strike/report/made-up")
        for method in ("GET", "POST")
    ),
    incident("POST", "/demands", SENT, signatory=FORBIDDEN),
    # --- a draft: nobody but its own organisation knows of it ---
    draft("GET", "", only(OK, "case_handler signatory", UNKNOWN)),
    draft("GET", "/check", only(OK, "case_handler signatory", UNKNOWN)),
    *(draft("GET", part, drafting(OK)) for part in DRAFT_PARTS),
    *(draft("POST", part, drafting(BAD, SIGN_IN)) for part in DRAFT_PARTS),
    draft("POST", "/files/remove", drafting(SENT, SIGN_IN)),
    draft("POST", "/stores/remove", drafting(SENT, SIGN_IN)),
    draft("POST", "/hand-over", drafting(BAD, SIGN_IN)),
    draft("POST", "/take-back", drafting(BAD, SIGN_IN)),
    draft("GET", "/discard", drafting(OK)),
    draft("POST", "/discard", drafting(SENT, SIGN_IN)),
    # The draft was not handed over yet: the signatory is sent to the task list.
    Row("GET", "/demands/<reference>/issue", signing_it(SENT), "/demands/{draft}/issue"),
    Row("POST", "/demands/<reference>/issue", signing_it(BAD, SIGN_IN), "/demands/{draft}/issue"),
    Row(
        "POST",
        "/demands/<reference>/issue/envelopes",
        signing_it(BAD, SIGN_IN),
        "/demands/{draft}/issue/envelopes",
        json=True,
    ),
    Row(
        "GET",
        "/demands/<reference>/issued",
        only(OK, "case_handler signatory", FORBIDDEN) | {OTHER: UNKNOWN, ADMIN: UNKNOWN},
        "/demands/{reference}/issued",
    ),
    # --- a demand, for its parties: both sides see the same ---
    party("GET", "", OK),
    *(party("GET", f"/{page}", OK) for page in ("timeline", "letters", "keys", "stores")),
    # None of these letters is of this demand.
    party("GET", "/letters.csv", OK),
    party("GET", "/letters/<letter_id>", UNKNOWN, place="/letters/{keyid}"),
    # No address fails; of its own people a joint controller says so itself.
    party("POST", "/letters/write-again", BAD, "case_handler joint_controller"),
    party("GET", "/liaison", OK, "case_handler"),
    party("POST", "/liaison", BAD, "case_handler"),
    # The demand's own liaison has nothing to take over.
    party("POST", "/liaison/me", BAD, "liaison"),
    party("GET", "/letters/<letter_id>.csv", UNKNOWN, place="/letters/{keyid}.csv"),
    Row("GET", "/received/<token>", everybody(UNKNOWN), "/received/made-up"),
    Row("POST", "/received/<token>", everybody(UNKNOWN), "/received/made-up"),
    party("GET", "/progress", OK),
    party("GET", "/files/<int:position>", OK, place="/files/1"),
    party("GET", "/files/<int:position>/reopen", OK, place="/files/1/reopen"),
    party("POST", "/files/<int:position>/reopen", BAD, place="/files/1/reopen"),
    party("GET", "/stores/new", OK),
    party("POST", "/stores/new", BAD),
    # The key in the address is none of this demand's.
    party("GET", "/keys/sheet.pdf", OK),
    party("GET", "/keys/<keyid>/confirm", UNKNOWN, CONFIRMING, "/keys/{keyid}/confirm"),
    party("POST", "/keys/<keyid>/confirm", UNKNOWN, CONFIRMING, "/keys/{keyid}/confirm"),
    party("POST", "/keys/<keyid>/envelopes", BAD, CONFIRMING, "/keys/{keyid}/envelopes", json=True),
    party("GET", "/keys/<keyid>/compare", UNKNOWN, place="/keys/{keyid}/compare"),
    party("POST", "/keys/<keyid>/compare", UNKNOWN, place="/keys/{keyid}/compare"),
    # --- the contractor: acknowledge, answer, sign. There is no key here, so nothing to sign ---
    party("GET", "/acknowledge", OK, "liaison"),
    replace(party("POST", "/acknowledge", BAD, "liaison"), body={"note": "mirrored \u202e"}),
    party("GET", "/not-us", OK, "liaison"),
    party("POST", "/not-us", BAD, "liaison"),
    party("GET", "/officer", OK, "liaison"),
    party("POST", "/officer", BAD, "liaison"),
    party("GET", "/escalation", OK, "liaison"),
    replace(party("POST", "/escalation", BAD, "liaison"), body={"contact_name": "Somebody"}),
    # --- what is not settled; raising a demand against whom nothing was passed on to here ---
    party("GET", "/exceptions", OK),
    party("GET", "/raise", UNKNOWN, "case_handler"),
    party("POST", "/raise", UNKNOWN, "case_handler"),
    # --- more time: the contractor asks, the lead controller decides. None is asked for here ---
    party("GET", "/extension", OK),
    party("GET", "/extension/ask", OK, "liaison officer"),
    party("POST", "/extension/ask", BAD, "liaison officer"),
    party(
        "POST",
        "/extension/<extension_id>/withdraw",
        UNKNOWN,
        "liaison officer",
        "/extension/{keyid}/withdraw",
    ),
    *(
        party(
            method,
            "/extension/<extension_id>",
            UNKNOWN,
            "case_handler signatory joint_controller",
            "/extension/{keyid}",
        )
        for method in ("GET", "POST")
    ),
    # --- how it is chased: controllers see it, the lead controller changes it ---
    party("GET", "/chasing", OK, "case_handler signatory joint_controller"),
    party("GET", "/chasing/letter", UNKNOWN, LEADING),
    *(party("GET", f"/chasing/{part}", OK, LEADING) for part in ("ladder", "pause", "now")),
    party("GET", "/chasing/now/preview", SENT, LEADING),
    party("GET", "/chasing/contacts", OK, LEADING),
    *(party("POST", f"/chasing/{part}", BAD, LEADING) for part in ("ladder", "pause", "now")),
    replace(party("POST", "/chasing/contacts", BAD, LEADING), body={"controller_email": "nobody"}),
    party("POST", "/chasing/pause/end", BAD, LEADING),
    # Letters lead there: their other readers are sent on to the demand.
    party("GET", "/answer", OK, "officer", otherwise=SENT),
    party("POST", "/answer", BAD, "officer"),
    party("GET", "/answer/copies", SENT, "officer"),
    party("POST", "/answer/copies", BAD, "officer"),
    party("GET", "/answer/onward", OK, "officer"),
    party("POST", "/answer/onward", BAD, "officer"),
    party("GET", "/answer/same", OK, "officer"),
    party("POST", "/answer/same", BAD, "officer"),
    party("GET", "/answer/list", OK, "officer"),
    party("POST", "/answer/list", BAD, "officer"),
    party("GET", "/answer/list.<kind>", OK, "officer", place="/answer/list.csv"),
    party("GET", "/sign", OK, "officer"),
    party("POST", "/sign/envelopes", BAD, "officer", json=True),
    party("GET", "/signed", OK, "officer"),
    # The lead controller's review counts here, so a joint controller reads and reviews nothing.
    party("GET", "/review", OK, "signatory", otherwise=SENT),
    party("POST", "/review", STALE, "signatory"),
    party("POST", "/review/envelopes", BAD, "signatory", json=True),
    party("GET", "/close", OK, "signatory", otherwise=SENT),
    party("POST", "/close", BAD, "signatory"),
    party("POST", "/close/envelopes", BAD, "signatory", json=True),
    # --- evidence files: both sides; only the officer says what they show. None is here ---
    party("GET", "/evidence", OK),
    party("POST", "/evidence", BAD),
    party("GET", "/evidence/attach", SENT, "officer"),
    party("POST", "/evidence/attach", BAD, "officer"),
    party("GET", "/evidence/<digest>", UNKNOWN, place="/evidence/{keyid}"),
    party(
        "GET",
        "/evidence/<digest>/thumbnail.jpg",
        UNKNOWN,
        place="/evidence/{keyid}/thumbnail.jpg",
    ),
    # --- what changes: no amendment is being prepared, no store is of this demand ---
    party("GET", "/changes", OK),
    *(
        party(method, f"/amendment{part}", UNKNOWN, "case_handler")
        for part in ("/terms", "/stores", "/files", "/discard")
        for method in ("GET", "POST")
    ),
    *(
        party("POST", f"/amendment{part}", UNKNOWN, "case_handler")
        for part in ("/files/remove", "/hand-over", "/take-back")
    ),
    party("GET", "/amendment", UNKNOWN, "case_handler signatory"),
    party("POST", "/amendment", BAD, "case_handler"),
    party("GET", "/amendment/sign", SENT, "signatory"),
    party("POST", "/amendment/sign", UNKNOWN, "signatory"),
    party("POST", "/amendment/sign/envelopes", BAD, "signatory", json=True),
    *(
        party(method, "/stores/<store_id>/withdraw", UNKNOWN, place="/stores/x/withdraw")
        for method in ("GET", "POST")
    ),
    *(
        party(method, "/stores/<store_id>/keep", UNKNOWN, LEADING, "/stores/x/keep")
        for method in ("GET", "POST")
    ),
    *(
        party(method, "/claims/<claim_id>", UNKNOWN, LEADING, "/claims/x")
        for method in ("GET", "POST")
    ),
    party(
        "GET",
        "/files/<int:position>/never-received",
        OK,
        "liaison officer",
        "/files/1/never-received",
    ),
    party(
        "POST",
        "/files/<int:position>/never-received",
        BAD,
        "liaison officer",
        "/files/1/never-received",
    ),
    party("GET", "/downloads", OK),
    # There is no log behind this demand: a sentence says so to those who may know.
    *(
        party("GET", f"/{name}", BAD)
        for name in ("bundle.zip", "trust.json", "certificate.pdf", "demand.pdf")
    ),
    party("GET", "/files/<int:position>/extract.zip", BAD, place="/files/1/extract.zip"),
    party("GET", "/worksheet", OK),
    # --- people ---
    Row("GET", "/people", signed_in(OK)),
    Row("GET", "/people/invite", only(OK, INVITING, FORBIDDEN)),
    Row("POST", "/people/invite", only(BAD, INVITING, FORBIDDEN, SIGN_IN)),
    Row(
        "POST",
        "/people/<person_id>/letter",
        only(BAD, "case_handler", UNKNOWN, SIGN_IN) | {"signatory": FORBIDDEN},
        "/people/{colleague}/letter",
    ),
    Row(
        "GET",
        "/people/<person_id>/end",
        only(OK, "case_handler", UNKNOWN) | {"signatory": FORBIDDEN},
        "/people/{colleague}/end",
    ),
    Row(
        "POST",
        "/people/<person_id>/end",
        only(SENT, "case_handler", UNKNOWN, SIGN_IN) | {"signatory": FORBIDDEN},
        "/people/{colleague}/end",
    ),
    # --- preferences ---
    Row("GET", "/me", signed_in(OK)),
    Row("POST", "/me", signed_in(SENT, SIGN_IN)),
    Row("GET", "/people/organisation", only(OK, INVITING, FORBIDDEN)),
    Row("POST", "/people/organisation", only(SENT, INVITING, FORBIDDEN, SIGN_IN)),
    # --- keys ---
    Row("GET", "/keys", signed_in(OK)),
    Row("GET", "/keys/new", only(OK, SIGNING, FORBIDDEN)),
    Row("POST", "/keys/prepare", only(BAD, SIGNING, FORBIDDEN, SIGN_IN), json=True),
    Row("POST", "/keys/enrol", only(BAD, SIGNING, FORBIDDEN, SIGN_IN), json=True),
    Row("GET", "/keys/elsewhere", only(OK, SIGNING, FORBIDDEN)),
    Row("POST", "/keys/elsewhere", only(BAD, SIGNING, FORBIDDEN, SIGN_IN)),
    Row("POST", "/keys/elsewhere/signed", only(BAD, SIGNING, FORBIDDEN, SIGN_IN)),
    Row("GET", "/keys/<keyid>/revoke", signed_in(UNKNOWN), "/keys/{keyid}/revoke"),
    Row("POST", "/keys/<keyid>/revoke", signed_in(UNKNOWN, SIGN_IN), "/keys/{keyid}/revoke"),
    Row(
        "POST",
        "/keys/<keyid>/envelopes",
        signed_in(BAD, SIGN_IN),
        "/keys/{keyid}/envelopes",
        json=True,
    ),
    Row("GET", "/keys/<keyid>/file", signed_in(UNKNOWN), "/keys/{keyid}/file"),
    # --- for anybody, and for those who run it ---
    Row("GET", "/verify", everybody(OK)),
    Row("GET", "/<any(verify, signer):name>.html", everybody(OK), "/verify.html"),
    Row("GET", "/help", everybody(OK)),
    Row("GET", "/healthz", everybody(OK)),
    Row("GET", "/mail", everybody(UNKNOWN)),
    Row("GET", "/mail/<name>", everybody(UNKNOWN), "/mail/20130204-made-up.eml"),
    Row("GET", "/mail/<name>/html", everybody(UNKNOWN), "/mail/20130204-made-up.eml/html"),
    Row("GET", "/instance", only(OK, ADMIN, FORBIDDEN)),
    Row("GET", "/instance/letters", only(OK, ADMIN, FORBIDDEN)),
    Row(
        "GET", "/instance/letters/<name>", only(OK, ADMIN, FORBIDDEN), "/instance/letters/reminder"
    ),
    Row(
        "GET",
        "/instance/letters/<name>/html",
        only(OK, ADMIN, FORBIDDEN),
        "/instance/letters/reminder/html",
    ),
    Row(
        "POST",
        "/instance/letters/<name>/try",
        only(SENT, ADMIN, FORBIDDEN, SIGN_IN),
        "/instance/letters/reminder/try",
    ),
]
