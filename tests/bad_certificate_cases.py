"""Bad timestamps: by another TSA, or with a certificate that may not vouch for one.

Like tests/bad_token_cases.py, which imports these too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from tests.forged_tokens import make
from tests.token_cases import BAD, Case, bad, case, curve_key, made, odd
from tests.tsa import TIMESTAMPING, Certified, certify, tsa

__all__ = ["BAD"]

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)

# --- By somebody else -------------------------------------------------------------------------


@bad("is not among the roots that you trust")
def wrong_root() -> Case:
    return replace(made(), roots=(tsa("rsa").root_pem,))


@bad("does not verify")
def impostors_root_of_the_same_name() -> Case:
    return replace(made(), roots=(impostor("Example TSA root ecdsa").pem,))


@bad("does not verify")
def root_with_a_key_of_another_kind() -> Case:
    twin = certify("Example TSA root ecdsa", "rsa", authority=True)
    return replace(made(), roots=(twin.pem,))


@bad("CN=Example TSA ecdsa,O=Example Time,C=GB is not among the roots")
def signs_its_own_certificate() -> Case:
    alone = impostor("Example TSA ecdsa", authority=False, usages=TIMESTAMPING)
    return case(by_another(alone))


@bad("is no authority's")
def signs_its_own_certificate_and_is_a_root() -> Case:
    alone = impostor("Example TSA ecdsa", authority=False, usages=TIMESTAMPING)
    return case(by_another(alone), roots=(alone.pem,))


@bad("the signature on the certificate of CN=Example TSA ecdsa,O=Example Time,C=GB does not")
def impostors_authority_of_the_same_name() -> Case:
    return made(
        certificates=[
            tsa("ecdsa").signer.der,
            impostor("Example TSA CA ecdsa", by=tsa("ecdsa").root).der,
        ]
    )


@bad("the TSA's signature does not verify")
def signed_with_another_key() -> Case:
    return made(signing_key=impostor("Example TSA ecdsa"))


@bad("the token does not hold its signer's certificate")
def without_the_signers_certificate() -> Case:
    return made(certificates=[tsa("ecdsa").intermediates[0].der])


@bad("the token holds no certificates")
def without_certificates() -> Case:
    return made(certificates=[])


@bad("is not among the roots that you trust")
def without_the_intermediate() -> Case:
    return made(certificates=[tsa("ecdsa").signer.der])


@bad("a certificate that its chain does not need")
def extra_certificate() -> Case:
    by = tsa("ecdsa")
    return made(
        certificates=[by.signer.der, by.intermediates[0].der, tsa("rsa").intermediates[0].der]
    )


@bad("the certificates are not in the order of DER")
def certificates_out_of_order() -> Case:
    by = tsa("ecdsa")
    both = sorted([by.signer.der, by.intermediates[0].der])
    return made(certificates=both[::-1], sort_certificates=False)


@bad("the certificates are not in the order of DER")
def certificate_twice() -> Case:
    by = tsa("ecdsa")
    return made(certificates=[by.signer.der, by.intermediates[0].der, by.signer.der])


@bad("is not among the roots that you trust")
def root_in_the_token_that_nobody_trusts() -> Case:
    by = tsa("ecdsa")
    chain = [by.signer.der, by.intermediates[0].der, by.root.der]
    return replace(made(certificates=chain), roots=(by.intermediates[0].pem,))


@bad("does not verify")
def other_root_of_the_same_key_in_the_token() -> Case:
    by = tsa("ecdsa")
    other = impostor("Example TSA root ecdsa")
    return made(certificates=[by.signer.der, by.intermediates[0].der, other.der])


@bad("a certificate of another kind than X.509")
def attribute_certificate() -> Case:
    by = tsa("ecdsa")
    return made(certificates=[by.signer.der, by.intermediates[0].der, b"\xa2\x00"])


# --- Certificates -----------------------------------------------------------------------------


@bad("was not valid at that time")
def expired_at_that_time() -> Case:
    return odd(signer={"end": datetime(2024, 3, 1, 11, 59, 59, tzinfo=UTC)})


@bad("was not valid at that time")
def expired_within_the_second() -> Case:
    return odd({"time": b"20240301120000.1Z"}, signer={"end": NOON})


@bad("was not valid at that time")
def not_yet_valid() -> Case:
    return odd(signer={"start": datetime(2024, 3, 1, 12, 0, 1, tzinfo=UTC)})


@bad("the certificate of CN=Odd CA 0,O=Example Time,C=GB was not valid")
def intermediate_expired() -> Case:
    return odd(between={"end": datetime(2024, 3, 1, 11, 59, 59, tzinfo=UTC)})


@bad("the certificate of CN=Odd root,O=Example Time,C=GB was not valid")
def root_not_yet_valid() -> Case:
    return odd(root={"start": datetime(2024, 3, 2, tzinfo=UTC)})


@bad("is not for timestamps alone")
def wrong_purpose() -> Case:
    return odd(signer={"usages": (ExtendedKeyUsageOID.CODE_SIGNING,)})


@bad("is not for timestamps alone")
def further_purpose() -> Case:
    return odd(signer={"usages": (*TIMESTAMPING, ExtendedKeyUsageOID.CODE_SIGNING)})


@bad("is not for timestamps alone")
def purpose_not_critical() -> Case:
    return odd(signer={"usages_critical": False})


@bad("is not for timestamps alone")
def no_purpose() -> Case:
    return odd(signer={"usages": None})


@bad("is not for timestamps alone")
def any_purpose() -> Case:
    return odd(signer={"usages": (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)})


@bad("is not for signatures alone")
def key_is_for_something_else() -> Case:
    return odd(signer={"signs": False})


@bad("is an authority's")
def signer_is_an_authority() -> Case:
    return odd(signer={"authority": True})


@bad("is no authority's")
def intermediate_is_no_authority() -> Case:
    return odd(between={"authority": False})


@bad("is no authority's")
def root_is_no_authority() -> Case:
    return odd(root={"authority": False})


@bad("is not for certificates")
def intermediates_key_is_for_something_else() -> Case:
    return odd(between={"signs": False})


@bad("the certificate of CN=Odd CA 0,O=Example Time,C=GB is not for timestamps")
def intermediate_for_another_purpose() -> Case:
    return odd(between={"usages": (ExtendedKeyUsageOID.CODE_SIGNING,)})


@bad("is longer than it allows")
def chain_too_long() -> Case:
    return odd(root={"path_length": 0})


@bad("the chain below CN=Odd CA 0,O=Example Time,C=GB is longer than it allows")
def chain_too_long_below_an_intermediate() -> Case:
    return odd(between={"path_length": 0}, issuers=2)


@bad("a critical extension that is unknown: 1.2.3.4")
def unknown_critical_extension() -> Case:
    further = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    return odd(signer={"further": ((further, True),)})


@bad("a critical extension that is unknown: 2.5.29.36")
def intermediate_constrains_policies() -> Case:
    return odd(between={"further": ((x509.PolicyConstraints(0, None), True),)})


@bad("constrains names")
def intermediate_constrains_names() -> Case:
    constraints = x509.NameConstraints([x509.DNSName("example")], None)
    return odd(between={"further": ((constraints, True),)})


@bad("is not RSA of 2048 to 8192 bits")
def small_rsa_key() -> Case:
    return odd(signer={"private_key": small_key()})


@bad("is not an uncompressed point of P-256, P-384 or P-521")
def small_curve() -> Case:
    return odd(signer={"private_key": curve_key("P-224")})


@bad("a certificate names two algorithms")
def algorithm_outside_differs() -> Case:
    signer = tsa("ecdsa").signer.der
    at = signer.rindex(bytes.fromhex("06082a8648ce3d040302"))
    changed = signer[: at + 9] + b"\x03" + signer[at + 10 :]
    return made(certificates=[changed, tsa("ecdsa").intermediates[0].der])


# --- Makers -----------------------------------------------------------------------------------


@cache
def small_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505


def impostor(owner: str, *, authority: bool = True, **members: object) -> Certified:
    """A certificate in somebody else's name, with a key of its own."""
    fresh = ec.generate_private_key(ec.SECP256R1())
    return certify(owner, authority=authority, private_key=fresh, **members)  # type: ignore[arg-type]


def by_another(signer: Certified) -> bytes:
    """A token by a signer without any authority above."""
    return make(by=replace(tsa("ecdsa"), signer=signer, intermediates=()))
