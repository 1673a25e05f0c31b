"""The tables, by topic: people, keys, demands, answers, the log, letters.

Rows are what pages read. The log's entries are what counts: `attest check` rebuilds
every log and every aggregate and compares. Times are UTC and aware in Python.
"""

from attest.database.tables.answers import (
    Attestation,
    Copy,
    Disclosure,
    PassedOn,
    Review,
    ReviewSubject,
)
from attest.database.tables.base import Base
from attest.database.tables.changes import (
    Amendment,
    AmendmentFile,
    AmendmentStore,
    NotReceived,
    StoreWithdrawal,
)
from attest.database.tables.chasing import ChasePause, LadderRung
from attest.database.tables.demands import Demand, DemandParty, Incident, NamedFile, Store
from attest.database.tables.erasures import Erasure
from attest.database.tables.escalation import EscalationContact
from attest.database.tables.evidence import EvidenceFile, EvidenceOfCopy, EvidenceOfFile
from attest.database.tables.extensions import Extension, ExtensionFile
from attest.database.tables.incidents import (
    IncidentChange,
    IncidentDecision,
    IncidentFacts,
    IncidentLetter,
    IncidentMerge,
    IncidentReport,
    IncidentTelling,
)
from attest.database.tables.keys import KeyComparison, KeyInLog, KeyStatement, SigningKey
from attest.database.tables.letters import FailingAddress, Letter, LetterEvent
from attest.database.tables.log import LogEntry, LogHead, SentCheckpoint, Timestamp
from attest.database.tables.people import (
    Account,
    Duty,
    Invitation,
    Organisation,
    Person,
    SignInAttempt,
)
from attest.database.tables.unsent import UnsentForm

__all__ = [
    "Account",
    "Amendment",
    "AmendmentFile",
    "AmendmentStore",
    "Attestation",
    "Base",
    "ChasePause",
    "Copy",
    "Demand",
    "DemandParty",
    "Disclosure",
    "Duty",
    "Erasure",
    "EscalationContact",
    "EvidenceFile",
    "EvidenceOfCopy",
    "EvidenceOfFile",
    "Extension",
    "ExtensionFile",
    "FailingAddress",
    "Incident",
    "IncidentChange",
    "IncidentDecision",
    "IncidentFacts",
    "IncidentLetter",
    "IncidentMerge",
    "IncidentReport",
    "IncidentTelling",
    "Invitation",
    "KeyComparison",
    "KeyInLog",
    "KeyStatement",
    "LadderRung",
    "Letter",
    "LetterEvent",
    "LogEntry",
    "LogHead",
    "NamedFile",
    "NotReceived",
    "Organisation",
    "PassedOn",
    "Person",
    "Review",
    "ReviewSubject",
    "SentCheckpoint",
    "SignInAttempt",
    "SigningKey",
    "Store",
    "StoreWithdrawal",
    "Timestamp",
    "UnsentForm",
]
