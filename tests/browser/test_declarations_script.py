"""static/declarations.js gives the text that Python gives, on every vector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from attest.statements.canonical import encode
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site, run
from tests.browser.signing_pages import confirmation

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "declarations.json").read_text("utf-8")
)
RENDER = """const { render } = await load("declarations.js");
    const known = (bodies) => (id) => {
        if (!(id in bodies)) throw new Error("not in the prefix");
        return bodies[id];
    };
    const rendered = [];
    for (const { statement, context } of argument) {
        const name = statement.predicateType.split(":")[2];
        const seen = { ...context, file: known(context.file), store: known(context.store) };
        try { rendered.push(await render(name, statement, seen)); }
        catch (error) { rendered.push(null); }
    }
    return rendered;"""


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return Site().open_empty(new_visitor())


def test_every_vector_is_rendered_alike(page: Page) -> None:
    assert len(VECTORS) > 50
    rendered = run(page, RENDER, VECTORS)
    for vector, text in zip(VECTORS, rendered, strict=True):
        assert text == vector["text"], vector["name"]


def test_every_member_of_the_vectors_is_known(page: Page) -> None:
    script = """const { readStatement } = await load("checks.js");
        const { utf8 } = await load("encoding.js");
        return argument.map((text) => readStatement(utf8(text)).name);"""
    texts = [encode(vector["statement"]).decode() for vector in VECTORS]
    names = run(page, script, [*texts, confirmation().decode()])
    expected = [vector["statement"]["predicateType"].split(":")[2] for vector in VECTORS]
    assert names == [*expected, "key-confirmation"]


def missing_one(value: Any) -> list[Any]:
    """Every way of leaving out one member of an object, at any depth."""
    if isinstance(value, dict):
        less = [{k: v for k, v in value.items() if k != name} for name in value]
        deeper = [value | {name: part} for name in value for part in missing_one(value[name])]
        return less + deeper
    if isinstance(value, list):
        return [
            [*value[:n], part, *value[n + 1 :]]
            for n, entry in enumerate(value)
            for part in missing_one(entry)
        ]
    return []


def test_nothing_missing_is_read_as_undefined(page: Page) -> None:
    variants = [
        {"statement": statement, "context": vector["context"]}
        for vector in VECTORS
        if "every optional" in vector["name"] or not vector["name"].startswith("attestation")
        for statement in missing_one(vector["statement"])
        if statement.get("predicateType")
    ]
    rendered = run(page, RENDER, variants)
    assert len(rendered) > 300
    assert [text for text in rendered if text and ("undefined" in text or "NaN" in text)] == []
