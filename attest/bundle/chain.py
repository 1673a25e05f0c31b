"""The chain from a TSA's certificate to a root that the verifier trusts.

RFC 5280 §6 as far as it matters here, and RFC 3161 §2.3; docs/formats.md §5, Timestamps. The
certificates in a token form one chain, and there is no other in it. static/verifier/chain.js is
its twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attest.bundle.algorithms import CheckSignature
from attest.bundle.certificate import ANY_PURPOSE, TIME_STAMPING, Certificate
from attest.domain.scalars import FormatError

_SIGNS = 0x80 | 0x40  # digitalSignature, nonRepudiation
_CERTIFIES = 0x04  # keyCertSign


def find_chain(
    signer: Certificate,
    others: Sequence[Certificate],
    roots: Sequence[Certificate],
    check: CheckSignature,
) -> list[Certificate]:
    """The signer, who certified it, and so on to the root; every signature verifies.

    Raises FormatError where there is no such chain, or where the token holds more than it.
    """
    chain = in_order(signer, others)
    if len(chain) <= len(others):
        raise FormatError("the token holds a certificate that its chain does not need")
    last = chain[-1]
    at_root = len(chain) > 1 and any(root.der == last.der for root in roots)
    for certificate, issuer in pairwise(chain):
        if not _signed_by(certificate, issuer, check):
            raise FormatError(
                f"the signature on the certificate of {certificate.name} does not verify"
            )
    if at_root:
        return chain
    named = [root for root in roots if root.subject == last.issuer]
    if not named:
        raise FormatError(f"{last.issuer_name} is not among the roots that you trust")
    for root in named:
        if _signed_by(last, root, check):
            return [*chain, root]
    raise FormatError(f"the signature on the certificate of {last.name} does not verify")


def check_chain(chain: Sequence[Certificate], seconds: int, nanoseconds: int) -> None:
    """May these certificates vouch for a timestamp of that moment? Else FormatError."""
    for certificate in chain:
        late = (seconds, nanoseconds) > (certificate.end, 0)
        if seconds < certificate.start or late:
            raise FormatError(f"the certificate of {certificate.name} was not valid at that time")
    _check_signer(chain[0])
    for below, certificate in enumerate(chain[1:]):
        _check_authority(certificate, below, is_root=below == len(chain) - 2)


def in_order(signer: Certificate, others: Sequence[Certificate]) -> list[Certificate]:
    """The signer, then whoever is named as issuer, as far as these certificates go."""
    chain, rest = [signer], list(others)
    while chain[-1].issuer != chain[-1].subject:
        found = [one for one in rest if one.subject == chain[-1].issuer]
        if not found:
            break
        chain.append(found[0])
        rest.remove(found[0])
    return chain


def _signed_by(certificate: Certificate, issuer: Certificate, check: CheckSignature) -> bool:
    return issuer.key.kind == certificate.kind and issuer.key.verifies(
        certificate.digest, certificate.signed, certificate.signature, check
    )


def _check_signer(signer: Certificate) -> None:
    said = signer.extensions
    # RFC 3161 §2.3: this purpose, no other, and critical.
    if said.purposes != (TIME_STAMPING,) or not said.purposes_critical:
        raise FormatError(f"the certificate of {signer.name} is not for timestamps alone")
    if said.authority:
        raise FormatError(f"the certificate of {signer.name} is an authority's")
    if said.usage is not None and (not said.usage & _SIGNS or said.usage & ~_SIGNS):
        raise FormatError(f"the key of {signer.name} is not for signatures alone")


def _check_authority(certificate: Certificate, below: int, *, is_root: bool) -> None:
    """`below` counts the authorities between this one and the signer."""
    said = certificate.extensions
    if not said.authority:
        raise FormatError(f"the certificate of {certificate.name} is no authority's")
    if said.path_length is not None and below > said.path_length:
        raise FormatError(f"the chain below {certificate.name} is longer than it allows")
    if said.usage is not None and not said.usage & _CERTIFIES:
        raise FormatError(f"the key of {certificate.name} is not for certificates")
    purposes = (TIME_STAMPING, ANY_PURPOSE)
    if not is_root and said.purposes is not None and not set(purposes) & set(said.purposes):
        raise FormatError(f"the certificate of {certificate.name} is not for timestamps")
