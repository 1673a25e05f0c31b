"""The token in an invitation's link: made when the letter is sent, read when it is followed.

The database knows the invitation's id, the instance's secret key makes the token out of it:
neither alone opens an account. Expiry and single use are the row's (tables.Invitation).
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from attest.domain.refusal import NotFound
from attest.domain.scalars import is_uuid
from attest.settings import Settings

_SALT = "attest.invitation.v1"


def invitation_token(settings: Settings, invitation_id: str) -> str:
    """What stands in the link for this invitation: letters, digits, `-`, `_` and `.`."""
    return str(_serializer(settings).dumps(invitation_id))


def invitation_id_of(settings: Settings, token: str) -> str:
    """The id of the invitation that a token stands for. Raises `NotFound` for any other text."""
    try:
        invitation_id = _serializer(settings).loads(token)
    except BadSignature:
        raise NotFound from None
    if not isinstance(invitation_id, str) or not is_uuid(invitation_id):
        raise NotFound
    return invitation_id


def invitation_link(settings: Settings, invitation_id: str) -> str:
    """The address that the letter gives; the page there is `web/access`."""
    return f"{settings.base_url}/invitation/{invitation_token(settings, invitation_id)}"


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt=_SALT)
