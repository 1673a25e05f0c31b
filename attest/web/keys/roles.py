"""For which organisation and duty a reader has, or needs, a signing key."""

from dataclasses import dataclass

from attest.database.tables import Person, SigningKey
from attest.domain.duties import DUTIES, DutyWords, signing_duties
from attest.domain.refusal import NotAllowed, NotFound
from attest.services.facts import keys
from attest.web.session import ctx, current_people


@dataclass(frozen=True)
class Role:
    """A person and a duty that needs a key."""

    person: Person
    duty: DutyWords
    current: SigningKey | None
    earlier: list[SigningKey]

    @property
    def name(self) -> str:
        """How addresses name it."""
        return f"{self.person.id}.{self.duty.name}"


def roles() -> list[Role]:
    """The reader's organisations and duties that need a key, or once did."""
    found = []
    for person in current_people():
        mine = keys.keys_of(ctx(), person)
        held = {key.duty for key in mine}
        for name in DUTIES:
            if name not in held and name not in signing_duties(person.duties):
                continue
            current = keys.current_key(ctx(), person, name)
            earlier = [key for key in mine if key.duty == name and key is not current]
            found.append(Role(person, DUTIES[name], current, earlier))
    return found


def role_named(name: str | None) -> Role:
    """The role that an address names, else the first one. Raises NotFound, NotAllowed."""
    mine = [role for role in roles() if role.duty.name in signing_duties(role.person.duties)]
    if not mine:
        raise NotAllowed(
            "Only signatories and assurance officers have signing keys. "
            "Ask for that duty under People."
        )
    if name is None:
        return next((role for role in mine if role.current is None), mine[0])
    for role in mine:
        if role.name == name:
            return role
    raise NotFound
