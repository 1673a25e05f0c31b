"""Every letter that Attest writes, in one place: `letters.acknowledged(about, …)`.

Each function is pure: facts in, a `Letter` out, its text from `templates/mail/<name>.txt`.
"""

from attest.mail.about import About, Writer
from attest.mail.change_letters import (
    amendment_ready,
    amendment_returned,
    changes_undecided,
    demand_amended,
    never_received,
    never_received_ruled,
    store_kept,
    store_withdrawn,
)
from attest.mail.chasing_letters import (
    chase_now,
    controller_late,
    escalation,
    escalation_contact,
    not_acknowledged,
    overdue,
    reminder,
    review_waits,
)
from attest.mail.contractor_letters import (
    attestations_accepted,
    attestations_rejected,
    files_reopened,
    key_confirmed,
)
from attest.mail.controller_letters import (
    acknowledged,
    attestations_to_review,
    delivery_problem,
    demand_issued,
    draft_ready,
    draft_returned,
    key_to_confirm,
    not_us,
    officer_named,
    ready_to_close,
    stores_named,
)
from attest.mail.digest_letters import daily_digest
from attest.mail.ending_letters import children_ended, demand_closed, demand_withdrawn
from attest.mail.extension_letters import (
    extension_granted,
    extension_refused,
    extension_requested,
    extension_undecided,
    extension_withdrawn,
)
from attest.mail.invitations import (
    Issuer,
    invitation_of_colleague,
    invitation_of_liaison,
    joint_controller_told,
    officer_invited,
    password_reset,
)
from attest.mail.key_letters import key_revoked, key_to_compare, officer_left
from attest.mail.letter import Letter
from attest.mail.operator_letters import (
    colleague_let_in,
    invitation_by_operator,
    let_in_elsewhere,
    timestamps_stopped,
)
from attest.mail.together_letters import together

__all__ = [
    "About",
    "Issuer",
    "Letter",
    "Writer",
    "acknowledged",
    "amendment_ready",
    "amendment_returned",
    "attestations_accepted",
    "attestations_rejected",
    "attestations_to_review",
    "changes_undecided",
    "chase_now",
    "children_ended",
    "colleague_let_in",
    "controller_late",
    "daily_digest",
    "delivery_problem",
    "demand_amended",
    "demand_closed",
    "demand_issued",
    "demand_withdrawn",
    "draft_ready",
    "draft_returned",
    "escalation",
    "escalation_contact",
    "extension_granted",
    "extension_refused",
    "extension_requested",
    "extension_undecided",
    "extension_withdrawn",
    "files_reopened",
    "invitation_by_operator",
    "invitation_of_colleague",
    "invitation_of_liaison",
    "joint_controller_told",
    "key_confirmed",
    "key_revoked",
    "key_to_compare",
    "key_to_confirm",
    "let_in_elsewhere",
    "never_received",
    "never_received_ruled",
    "not_acknowledged",
    "not_us",
    "officer_invited",
    "officer_left",
    "officer_named",
    "overdue",
    "password_reset",
    "ready_to_close",
    "reminder",
    "review_waits",
    "store_kept",
    "store_withdrawn",
    "stores_named",
    "timestamps_stopped",
    "together",
]
