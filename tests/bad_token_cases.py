"""Bad timestamps by name, in `BAD`, each with a part of the reason (see tests/token_cases.py)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from attest.bundle.der import element
from tests import forged_tokens as forged
from tests.bad_certificate_cases import BAD
from tests.forged_tokens import TEXT, Making, integer, make, octets, sequence
from tests.token_cases import Case, bad, case, identified, made
from tests.tsa import tsa

__all__ = ["BAD"]

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
OTHER = b"\x06\x03\x2a\x03\x04"  # an object identifier that nobody knows


# --- Over something else ----------------------------------------------------------------------


@bad("over something else")
def wrong_imprint() -> Case:
    return made(imprint=hashlib.sha256(b"something else").digest())


@bad("over something else")
def of_another_size() -> Case:
    return made(text=TEXT.replace("\n1\n", "\n2\n"))


@bad("over something else")
def of_another_demand() -> Case:
    return made(text=TEXT.replace("/x", "/y"))


@bad("over something else")
def imprint_cut_short() -> Case:
    return made(imprint=hashlib.sha256(TEXT.encode()).digest()[:31])


@bad("the imprint's algorithm is not SHA-256, SHA-384 or SHA-512")
def imprint_by_sha1() -> Case:
    return made(imprint_algorithm=forged.SHA1, imprint=bytes(20))


@bad("the imprint is not by SHA-256")
def imprint_by_sha512() -> Case:
    data = TEXT.encode()
    return made(imprint_algorithm=forged.SHA512, imprint=hashlib.sha512(data).digest())


# --- What is signed ---------------------------------------------------------------------------


@bad("the signed attribute signing-certificate-v2 is missing")
def signing_certificate_missing() -> Case:
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: None})


@bad("the signed attribute signing-certificate-v2 is missing")
def signing_certificate_by_sha1_alone() -> Case:
    named = sequence(sequence(sequence(octets(bytes(20)))))
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: None, forged.SIGNING_CERTIFICATE: named})


@bad("signing-certificate-v2 names another certificate")
def signing_certificate_is_another() -> Case:
    other = forged.certificate_id(tsa("ecdsa").intermediates[0].der)
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: other})


@bad("signing-certificate-v2 names another certificate")
def signing_certificate_with_another_serial_number() -> Case:
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: identified(1)})


@bad("signing-certificate-v2 names another certificate")
def further_signing_certificate_is_of_no_chain() -> Case:
    ids = [tsa("ecdsa").signer.der, tsa("rsa").signer.der]
    both = [sequence(octets(hashlib.sha256(one).digest())) for one in ids]
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: sequence(sequence(*both))})


@bad("the signed attribute message-digest is missing")
def message_digest_missing() -> Case:
    return made(attributes={forged.MESSAGE_DIGEST: None})


@bad("message-digest is not the hash of TSTInfo")
def message_digest_of_something_else() -> Case:
    return made(attributes={forged.MESSAGE_DIGEST: octets(bytes(32))})


@bad("the signed attribute content-type is missing")
def content_type_missing() -> Case:
    return made(attributes={forged.CONTENT_TYPE: None})


@bad("content-type is not TSTInfo")
def content_type_of_something_else() -> Case:
    return made(attributes={forged.CONTENT_TYPE: forged.DATA})


@bad("the signed attributes are not in the order of DER")
def signed_attributes_out_of_order() -> Case:
    # Added last, and shorter than those before it.
    return made(attributes={OTHER: octets(b"")}, sort_attributes=False)


@bad("stands there twice")
def signed_attribute_twice() -> Case:
    one, other = (forged.attribute(OTHER, octets(bytes(100) + end)) for end in (b"1", b"2"))
    return made(more_attributes=one + other)


@bad("the token has no signed attributes")
def no_signed_attributes() -> Case:
    kinds = (forged.CONTENT_TYPE, forged.MESSAGE_DIGEST, forged.SIGNING_CERTIFICATE_V2)
    return made(attributes=dict.fromkeys(kinds))


@bad("the signed attributes name other algorithms")
def protected_algorithms_differ() -> Case:
    said = {forged.PROTECTION: sequence(forged.SHA256, b"\xa1" + forged.SHA256_WITH_RSA[1:])}
    return made("rsa", attributes=said)


@bad("the signature's algorithm is not rsaEncryption, and nothing signs it")
def algorithm_that_nothing_signs() -> Case:
    return made("rsa", algorithm=forged.SHA256_WITH_RSA)


@bad("the signature's algorithm is with another hash")
def algorithm_with_another_hash() -> Case:
    return made(algorithm=bytes.fromhex("300a06082a8648ce3d040303"))


@bad("the TSA's signature does not verify")
def rsa_said_and_ecdsa_done() -> Case:
    return made(algorithm=forged.RSA_KEY)


@bad("the signer's digest algorithm is not SHA-256, SHA-384 or SHA-512")
def signed_by_sha1() -> Case:
    return made(digests=forged.SHA1, signer_digest=forged.SHA1)


@bad("digestAlgorithms is not the signer's digest algorithm")
def digests_differ() -> Case:
    return made(digests=forged.SHA512)


@bad("the token names another TSA than its certificate")
def names_another_tsa() -> Case:
    subject = tsa("rsa").signer.certificate.subject.public_bytes()
    return made(tail=element(0xA0, element(0xA4, subject)))


@bad("TSTInfo has a critical extension that is unknown: 1.2.3.4")
def critical_extension_of_the_info() -> Case:
    extension = sequence(bytes.fromhex("06032a0304"), b"\x01\x01\xff", octets(b""))
    return made(tail=element(0xA1, extension))


@bad("the version of TSTInfo is not 1")
def info_of_version_2() -> Case:
    return made(info_version=integer(2))


@bad("something stands behind TSTInfo's last member")
def info_with_more() -> Case:
    return made(tail=element(0xA2))


@bad("what the token signs is not TSTInfo")
def plain_data() -> Case:
    return made(content_type=forged.DATA)


# --- Around it --------------------------------------------------------------------------------


@bad("the token has unsigned attributes")
def unsigned_attribute() -> Case:
    return made(unsigned=element(0xA1, forged.attribute(OTHER, b"\x05\x00")))


@bad("something stands behind the one SignerInfo")
def two_signers() -> Case:
    return made(more_signers=sequence(integer(1)))


@bad("the token holds revocation lists")
def revocation_list() -> Case:
    return made(lists=element(0xA1, sequence()))


@bad("the version of SignedData is not 3")
def version_1() -> Case:
    return made(version=integer(1))


@bad("the version of SignerInfo is not 1")
def signer_version_3() -> Case:
    return made(signer_version=integer(3))


@bad("the token is not SignedData")
def not_signed_data() -> Case:
    return made(signed_data=forged.DATA)


@bad("something stands behind the response")
def trailing_byte() -> Case:
    return made(after=lambda response: response + b"\0")


@bad("the token is missing, or is not DER")
def status_alone() -> Case:
    return case(sequence(forged.GRANTED))


@bad("status is not granted, or says more than that")
def rejected() -> Case:
    return made(status=bytes.fromhex("3003020102"))


@bad("status is not granted, or says more than that")
def text_in_the_status() -> Case:
    return made(status=sequence(integer(0), sequence(element(0x0C, b"fine"))))


@bad("the response is missing, or is not DER")
def empty() -> Case:
    return case(b"")


@bad("the response is missing, or is not DER")
def cut_short() -> Case:
    return made(after=lambda response: response[:-1])


@bad("the response is missing, or is not DER")
def length_in_more_bytes_than_needed() -> Case:
    return made(after=lambda response: b"\x30\x83\0" + response[2:])


@bad("the response is missing, or is not DER")
def indefinite_length() -> Case:
    return made(after=lambda response: b"\x30\x80" + response[4:] + b"\0\0")


@bad("the version of SignedData is missing, or is not DER")
def integer_with_an_idle_byte() -> Case:
    return made(version=b"\x02\x02\x00\x03")


@bad("eContent is missing, or is not DER")
def content_in_pieces() -> Case:
    made_of = Making(tsa("ecdsa"))
    plain, info = make(), made_of.info()
    whole = octets(info)
    pieces = b"\x24" + whole[1:2] + b"\x04" + bytes([len(info) - 2]) + info[2:]
    assert plain.count(whole) == 1
    assert len(pieces) == len(whole)
    return case(plain.replace(whole, pieces))


# --- Its time ---------------------------------------------------------------------------------


@bad("genTime is not a time that this profile takes")
def time_that_does_not_exist() -> Case:
    return made(time=b"20240230120000Z")


@bad("genTime is not a time that this profile takes")
def leap_second() -> Case:
    return made(time=b"20240301235960Z")


@bad("genTime is not a time that this profile takes")
def time_without_its_zone() -> Case:
    return made(time=b"20240301120000")


@bad("genTime is not a time that this profile takes")
def time_with_another_zone() -> Case:
    return made(time=b"20240301120000+0100")


@bad("genTime is not a time that this profile takes")
def fraction_that_ends_in_nought() -> Case:
    return made(time=b"20240301120000.10Z")


@bad("genTime is not a time that this profile takes")
def fraction_of_nothing() -> Case:
    return made(time=b"20240301120000.Z")


@bad("genTime is not a time that this profile takes")
def time_long_before() -> Case:
    return made(time=b"00010101000000Z")


@bad("accuracy is more than a day")
def accuracy_of_two_days() -> Case:
    return made(accuracy=sequence(integer(172_800)))


@bad("accuracy is out of range")
def thousandths_out_of_range() -> Case:
    return made(accuracy=sequence(element(0x80, b"\x03\xe8")))


@bad("accuracy is out of range")
def accuracy_below_nothing() -> Case:
    return made(accuracy=sequence(element(0x02, b"\xff")))


@bad("something stands behind accuracy")
def accuracy_out_of_order() -> Case:
    return made(accuracy=sequence(element(0x81, b"\x01"), element(0x80, b"\x01")))
