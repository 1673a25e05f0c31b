"""Words of the product that letters put into sentences, each where gettext finds it.

They are those of attest/domain/wording.py, letter by letter (tests/mail/test_catalogues.py). A noun
here is one that a template may count: `{{ files | count("file") }}`.
"""

from collections.abc import Mapping

from attest.domain.phrases import Phrase, phrase, phrases

DEMAND_STATES: Mapping[str, Phrase] = {
    "draft": phrase("draft"),
    "issued": phrase("issued"),
    "acknowledged": phrase("acknowledged"),
    "in_progress": phrase("in progress"),
    "awaiting_review": phrase("awaiting review"),
    "closed": phrase("closed"),
    "closed_with_exceptions": phrase("closed with exceptions"),
    "withdrawn": phrase("withdrawn"),
}

DUTIES: Mapping[str, Phrase] = {
    "case_handler": phrase("case handler"),
    "signatory": phrase("signatory"),
    "liaison": phrase("liaison"),
    "officer": phrase("assurance officer"),
    "administrator": phrase("administrator"),
}

ACTIONS: Mapping[str, Phrase] = {
    "delete": phrase("delete every copy"),
    "return": phrase("return every copy"),
    "delete_or_return": phrase("delete or return every copy"),
}

CONFIRMATION_METHODS: Mapping[str, Phrase] = {
    "telephone": phrase("over the telephone"),
    "in_person": phrase("in person"),
    "video": phrase("by video call"),
}

OUTCOMES: Mapping[str, Phrase] = {
    "none_found": phrase("none found"),
    "deleted": phrase("deleted"),
    "destroyed": phrase("destroyed"),
    "crypto_erased": phrase("key destroyed"),
    "returned": phrase("returned"),
    "beyond_use": phrase("put beyond use"),
    "legal_hold": phrase("legal hold"),
    "cannot_locate": phrase("cannot be located"),
    "passed_on": phrase("passed on"),
}

NOUNS: Mapping[str, Phrase] = {
    "attestation": phrases("%(num)s attestation", "%(num)s attestations", 1),
    "copy": phrases("%(num)s copy", "%(num)s copies", 1),
    "demand": phrases("%(num)s demand", "%(num)s demands", 1),
    "entry": phrases("%(num)s entry", "%(num)s entries", 1),
    "file": phrases("%(num)s file", "%(num)s files", 1),
    "minute": phrases("%(num)s minute", "%(num)s minutes", 1),
    "store": phrases("%(num)s store", "%(num)s stores", 1),
}
