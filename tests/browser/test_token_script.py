"""Timestamps in the browser: every good and bad one gives what Python gives, word by word."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from playwright.sync_api import Page

from attest.bundle.certificate import read_pem
from attest.bundle.token import check_token
from attest.certificates import check_signature
from attest.domain.scalars import FormatError
from tests.bad_token_cases import BAD
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site, run
from tests.token_cases import GOOD, Case

pytestmark = pytest.mark.browser

# A sample: every byte was tried once, and tests/bundle/test_token.py flips one bit of each.
STEP = 5

SCRIPT = """
    const { checkToken } = await load("verifier/token.js");
    const { readPem } = await load("verifier/certificate.js");
    const { fromBase64 } = await load("encoding.js");
    const { FormatError } = await load("encoding.js");
    const said = async (response, { text, roots }) => {
        try { return await checkToken(response, text, roots.map(readPem)); }
        catch (error) {
            if (!(error instanceof FormatError)) throw error;
            return error.message;
        }
    };
"""


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return Site().open_empty(new_visitor())


def asked(case: Case) -> dict[str, Any]:
    return {
        "response": base64.b64encode(case.response).decode(),
        "text": case.text,
        "roots": case.roots,
    }


def said(response: bytes, case: Case) -> dict[str, Any] | str:
    """What Python says, as the browser says it."""
    roots = [read_pem(pem) for pem in case.roots]
    try:
        stamp = check_token(response, case.text, roots, check_signature)
    except FormatError as error:
        return str(error)
    accuracy = {} if stamp.accuracy is None else {"accuracy": stamp.accuracy}
    return accuracy | {
        "time": int(stamp.time.timestamp()),
        "proved": int(stamp.proved.timestamp()),
        "tsa": stamp.tsa,
        "signedWith": stamp.signed_with,
        "until": int(stamp.until.timestamp()),
    }


def test_good_and_bad_ones(page: Page) -> None:
    cases = {name: maker() for name, maker in GOOD.items()}
    cases |= {name: maker() for name, (maker, _) in BAD.items()}
    found = run(
        page,
        SCRIPT
        + """return Promise.all(argument.map(async (asked) => {
            const found = await said(fromBase64(asked.response), asked);
            if (found.accuracy === undefined) delete found.accuracy;
            return found;
        }));""",
        [asked(case) for case in cases.values()],
    )
    wanted = [said(case.response, case) for case in cases.values()]
    assert dict(zip(cases, found, strict=True)) == dict(zip(cases, wanted, strict=True))
    assert sum(isinstance(one, dict) for one in found) == len(GOOD)


@pytest.mark.parametrize("name", ["rsa_by_openssl", "ecdsa_by_openssl"])
def test_flipped_bits(page: Page, name: str) -> None:
    case = GOOD[name]()
    found = run(
        page,
        SCRIPT
        + """const found = [];
        for (let at = 0; at < argument.size; at += argument.step) {
            const flipped = fromBase64(argument.response);
            flipped[at] ^= 1 << at % 8;
            found.push(await said(flipped, argument));
        }
        return found;""",
        {**asked(case), "size": len(case.response), "step": STEP},
    )
    for number, reason in enumerate(found):
        flipped = bytearray(case.response)
        flipped[number * STEP] ^= 1 << number * STEP % 8
        assert isinstance(reason, str)
        assert reason == said(bytes(flipped), case), number * STEP
