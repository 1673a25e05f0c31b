"""The kinds of store, and the stores that are proposed when a demand is drafted.

A proposal is a start: a case handler keeps, changes or removes each, and the contractor adds
those that only it knows. Paper is proposed beside the electronic stores because it is what gets
forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ELECTRONIC = "electronic"
HARD_COPY = "hard_copy"


@dataclass(frozen=True)
class ProposedStore:
    """A store to offer. `hint` says where to look, and what is easily missed."""

    kind: str
    medium: str
    label: str
    hint: str


# What the member `kind` of a `store.named` body may say, in words (docs/formats.md §4).
KINDS: Mapping[str, str] = {
    "file_share": "file share",
    "mailbox": "mailbox",
    "computer": "laptop or desktop",
    "backup": "backup",
    "cloud": "cloud storage or collaboration site",
    "removable_media": "removable media",
    "mobile_device": "telephone or tablet",
    "business_system": "business system or database",
    "transfer_system": "file transfer or messaging system",
    "filing": "filing cabinet or desk",
    "records_store": "records store",
    "printout": "printouts and working papers",
    "other": "another place",
}

PROPOSED: tuple[ProposedStore, ...] = (
    ProposedStore(
        "file_share",
        ELECTRONIC,
        "File share",
        "Shared drives and folders of the team, with their recycle bins and older versions.",
    ),
    ProposedStore(
        "mailbox",
        ELECTRONIC,
        "Mailboxes of the people who received the files",
        "Inbox, sent and deleted items, archives, and whomever the files were forwarded to.",
    ),
    ProposedStore(
        "computer",
        ELECTRONIC,
        "Laptops and desktops",
        "Downloads, desktop, folders kept offline, temporary copies of opened attachments.",
    ),
    ProposedStore(
        "backup",
        ELECTRONIC,
        "Backups",
        "Nightly and weekly runs, snapshots and copies off site. Say how long they are kept.",
    ),
    ProposedStore(
        "cloud",
        ELECTRONIC,
        "Cloud storage and collaboration sites",
        "Synchronised folders, project sites, chat channels and links that were shared.",
    ),
    ProposedStore(
        "removable_media",
        ELECTRONIC,
        "Removable media",
        "USB sticks, external drives, memory cards and discs.",
    ),
    ProposedStore(
        "mobile_device",
        ELECTRONIC,
        "Telephones and tablets",
        "Mail attachments and files opened on a mobile device, with its own backup.",
    ),
    ProposedStore(
        "business_system",
        ELECTRONIC,
        "Business systems and databases",
        "Bid, document management or personnel systems that the files were loaded into.",
    ),
    ProposedStore(
        "transfer_system",
        ELECTRONIC,
        "The system that carried the files",
        "The relay or transfer site on the way, and how long it keeps what passes through.",
    ),
    ProposedStore(
        "filing",
        HARD_COPY,
        "Filing cabinets and desks",
        "Project folders, drawers, in-trays and notice boards of the team.",
    ),
    ProposedStore(
        "records_store",
        HARD_COPY,
        "Archived records store",
        "Boxes sent to an archive, the contractor's own or a storage firm's.",
    ),
    ProposedStore(
        "printout",
        HARD_COPY,
        "Printouts and working papers",
        "Meeting packs, annotated prints, notebooks, and what was taken home or posted.",
    ),
)
