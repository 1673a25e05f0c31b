"""Every act: what a page's POST calls, the worker, or a command, and that it is played.

test_acts_in_stories.py finds the acts in the pages' code and holds this list against them.
"""

from __future__ import annotations

from collections.abc import Mapping

# Played by rules of the stories.
PLAYED = frozenset(
    {
        "accounts.request_reset",
        "amendment_signing.amend_demand",
        "amendment_files.add_file",
        "amendment_files.add_list",
        "amendment_files.remove_file",
        "amendment_drafts.begin",
        "amendment_drafts.decide_stores",
        "amendment_drafts.discard",
        "amendment_drafts.hand_over",
        "amendment_drafts.return_with_note",
        "amendment_drafts.save_terms",
        "amendment_drafts.take_back",
        "answer_lists.import_answers",
        "acknowledging.acknowledge",
        "acknowledging.choose_officer",
        "acknowledging.dispute",
        "acknowledging.name_officer",
        "acknowledging.name_store",
        "answers.save",
        "answers.save_onward",
        "attesting.sign_attestations",
        "chase_now.chase_now",
        "closing.close_demand",
        "confirming.compare_key",
        "confirming.confirm_key",
        "copying.copy_answers",
        "draft_files.add_file",
        "draft_files.import_files",
        "draft_files.remove_file",
        "draft_stores.add_stores",
        "draft_stores.remove_store",
        "drafts.create",
        "drafts.discard",
        "drafts.hand_over",
        "drafts.return_with_note",
        "drafts.save_incident",
        "drafts.save_parties",
        "drafts.save_terms",
        "drafts.take_back",
        "enrolling.enrol_key",
        "escalation.name_contact",
        "escalation.name_contacts",
        "evidence_files.add",
        "evidence_uses.attach",
        "evidence_uses.detach",
        "extending.request_extension",
        "extending.withdraw_extension",
        "extension_deciding.decide_extension",
        "incident_changes.save_section",
        "incident_letter.merge",
        "incident_letter.save",
        "incident_reporting.decide",
        "incident_reporting.report",
        "incident_telling.strike",
        "incident_telling.tell",
        "incidents.raise_demand",
        "incidents.record",
        "inviting.invite",
        "inviting.send_again",
        "issuing.issue_demand",
        "leaving.end_access",
        "not_received.claim",
        "not_received.rule",
        "preferring.prefer",
        "preferring.prefer_for_all",
        "own_ladders.back_to_usual",
        "own_ladders.keep_ladder",
        "pausing.end_pause",
        "pausing.pause",
        "raising.raise_demand",
        "receipts.confirm",
        "reopening.reopen_file",
        "reviewing.review_attestations",
        "revoking.revoke_key",
        "stamping.stamp_due",
        "unsent.forget",
        "unsent.keep",
        "withdrawing.refuse_withdrawal",
        "withdrawing.withdraw_store",
        "withholding.withhold",
    }
)
# Acts that are no page's: the worker's and the commands'.
NO_PAGE = frozenset({"stamping.stamp_due", "withholding.withhold"})
# Acts that no story plays, and why.
NOT_PLAYED: Mapping[str, str] = {
    "accounts.sign_in": "about a session; no demand knows of it (tests/web/test_sessions.py)",
    "accounts.use_link": "about a password; no demand knows of it (tests/web/test_access_pages.py)",
    "trying_letters.send_to_me": "to oneself (tests/web/test_admin_letters.py)",
    "replacing_liaison.replace_liaison": (
        "only while nobody of the contractor has signed in"
        " (tests/services/acts/test_replacing_liaison.py)"
    ),
    "replacing_liaison.take_over": (
        "only by a second liaison, whom no story has (tests/services/acts/"
        "test_replacing_liaison.py)"
    ),
    "write_there_again.write_again": (
        "only of an address that fails (tests/services/sending/test_returns.py)"
    ),
    "evidence_list.listed": "reads, and fills in a list of its own",
}
