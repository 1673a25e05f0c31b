"""Who acts in tests: the people of the reference case, each with a real key of their own.

Keys come from fixed seeds, so that a failing test fails the same way twice. Northshire leads,
Eastshire is a joint controller, Halden the contractor; Mallory belongs to nobody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from attest.signing import PrivateKey

NORTHSHIRE = "Northshire Constabulary"
EASTSHIRE = "Eastshire Police"
HALDEN = "Halden Support Services plc"
MIDSHIRE = "Midshire Police"


@dataclass(frozen=True)
class Signer:
    """Somebody who signs: a key and its holder."""

    key: PrivateKey
    name: str
    role: str
    organisation: str
    side: str
    duty: str

    @property
    def keyid(self) -> str:
        return self.key.keyid

    @property
    def holder(self) -> dict[str, str]:
        """The holder as statements have it."""
        return {
            "name": self.name,
            "role": self.role,
            "organisation": self.organisation,
            "side": self.side,
            "duty": self.duty,
        }

    @property
    def signer(self) -> dict[str, str]:
        """The holder and the keyid."""
        return {**self.holder, "keyid": self.keyid}

    def with_key(self, seed: str) -> Signer:
        """The same person with another key."""
        return Signer(_key(seed), self.name, self.role, self.organisation, self.side, self.duty)


def _key(seed: str) -> PrivateKey:
    return PrivateKey.from_seed(hashlib.sha256(seed.encode()).digest())


def signatory(name: str, organisation: str) -> Signer:
    """A signatory of a controller."""
    return Signer(_key(name), name, "SIRO", organisation, "controller", "signatory")


def officer(name: str, organisation: str) -> Signer:
    """An assurance officer of a contractor."""
    return Signer(_key(name), name, "Assurance lead", organisation, "contractor", "officer")


ANNE = signatory("Anne Archer", NORTHSHIRE)
EDITH = signatory("Edith East", EASTSHIRE)
OSCAR = officer("Oscar Okafor", HALDEN)
OLIVE = officer("Olive Orme", HALDEN)
MALLORY = officer("Mallory Mole", "Some other plc")
LOG_KEY = _key("log key")

PARTIES: dict[str, Any] = {
    "controllers": [
        {"name": NORTHSHIRE, "role": "lead"},
        {"name": EASTSHIRE, "role": "joint"},
    ],
    "contractor": {"name": HALDEN},
    "carriers": [{"name": MIDSHIRE}],
    "concurrence": "lead",
}
