"""The declaration's template: frozen vectors, and that nothing is signed that it does not say."""

from __future__ import annotations

import copy
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import text
from attest.domain.outcomes import ALWAYS_ALLOWED, METHODS, OUTCOMES, STANDARDS
from attest.statements.declarations import Listing, listing, render
from attest.statements.predicates import check_statement
from attest.statements.wording_v1 import day, moment, number, quoted
from tests.statements import samples
from tests.statements.samples import FixedContext

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "declarations.json").read_text("utf-8")
)

# What is said by the text as a whole, or stands for something that is said by its name.
UNSAID = {
    ("_type",),
    ("predicateType",),
    ("predicate", "nonce"),
    ("predicate", "demandId"),
    ("predicate", "declaration", "lang"),
    ("predicate", "declaration", "template"),
    ("predicate", "declaration", "text"),
}


def name_of(statement: dict[str, Any]) -> str:
    return str(statement["predicateType"].split(":")[2])


def context_of(vector: dict[str, Any]) -> FixedContext:
    stored = vector["context"]
    return FixedContext(
        named_files=stored["file"],
        named_stores=stored["store"],
        files=Listing(**stored["files"]),
        stores=Listing(**stored["stores"]),
        withdrawn=Listing(**stored["withdrawn"]),
        reference=stored.get("reference"),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_vectors(vector: dict[str, Any]) -> None:
    statement = vector["statement"]
    check_statement(name_of(statement), statement)
    rendered = render(name_of(statement), statement, context_of(vector))
    assert rendered == vector["text"]
    assert text.problem(rendered, multiline=True) is None


def test_the_vectors_leave_nothing_out() -> None:
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
    statements = [vector["statement"] for vector in VECTORS]
    copies = [c for s in statements for c in s["predicate"].get("copies", [])]
    assert {c["outcome"] for c in copies} == set(OUTCOMES)
    assert {c["method"] for c in copies if "method" in c} == set(METHODS)
    assert {c["standard"] for c in copies if "standard" in c} == set(STANDARDS)
    for outcome in OUTCOMES.values():
        members = {m for c in copies if c["outcome"] == outcome.name for m in c}
        assert members >= {*outcome.needs, *outcome.may, *ALWAYS_ALLOWED}
    said = {
        (member, value)
        for s in statements
        for member, value in s["predicate"].items()
        if isinstance(value, str)
    }
    assert said >= {
        *(("action", value) for value in ("delete", "return", "delete_or_return")),
        *(("decision", value) for value in ("accepted", "rejected")),
        *(("outcome", value) for value in ("closed", "closed_with_exceptions", "withdrawn")),
    }
    assert any("supersedes" in s["predicate"] for s in statements)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_nothing_is_signed_that_is_not_said(vector: dict[str, Any]) -> None:
    """Whatever member is changed, another text comes out, or none."""
    context = context_of(vector)
    name = name_of(vector["statement"])
    for path, value in members_of(vector["statement"]):
        if path in UNSAID:
            continue
        changed = copy.deepcopy(vector["statement"])
        inner: Any = changed
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = another(value)
        # What the subject says again is the judge's to compare.
        if path[0] == "subject" and path[-1] == "name" and name != "attestation-review":
            continue
        if path[0] == "subject" and name in ("deletion-demand", "demand-closure"):
            continue
        try:
            rendered = render(name, changed, context)
        except (KeyError, IndexError, ValueError):
            continue
        assert rendered != vector["text"], path


def members_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every scalar in a statement, with the way to it."""
    steps: Any = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    else:
        yield path, value
    for step, member in steps:
        yield from members_of(member, (*path, step))


def another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 7
    # A time's last digit stands before its Z.
    position = len(value) - (2 if value.endswith("Z") else 1)
    digit = "2" if value[position] == "1" else "1"
    return value[:position] + digit + value[position + 1 :]


@given(st.text())
def test_a_quoted_value_stays_inside_its_quotes_on_its_line(value: str) -> None:
    result = quoted(value)
    inside = result[1:-1]
    assert result[0] == result[-1] == '"'
    assert not any(end in inside for end in "\n\u0085\u2028\u2029")
    position = 0
    while position < len(inside):
        if inside[position] == "\\":
            assert inside[position + 1] in '\\"nu'
            position += 1
        else:
            assert inside[position] not in '"\n'
        position += 1


@given(st.text(), st.text())
def test_two_values_are_never_quoted_alike(one: str, other: str) -> None:
    assert (quoted(one) == quoted(other)) is (one == other)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_the_text_meets_the_rule_for_strings(note: str) -> None:
    note = text.typed(note)
    if not note or text.problem(note, multiline=True) is not None:
        return
    for value in (note, f"line\n{note}"):
        # Building checks the rendered text against the schema.
        payload = samples.attestation(copies=[{**samples.DELETED, "note": value}])
        declared = json.loads(payload)["predicate"]["declaration"]["text"]
        assert unicodedata.is_normalized("NFC", declared)


def test_words() -> None:
    assert day("2013-02-06") == "6 February 2013"
    assert day("0987-12-31") == "31 December 987"
    assert moment("2013-02-06T09:05:00Z") == "6 February 2013 at 09:05:00 UTC"
    assert [number(count, "store", "stores") for count in (0, 1, 2)] == [
        "0 stores",
        "1 store",
        "2 stores",
    ]


def test_listing_hashes_lines() -> None:
    assert listing([]) == Listing(0, hashlib.sha256(b"").hexdigest())
    lines = b"aa" * 32 + b"\n" + b"bb" * 32 + b"\n"
    assert listing(["aa" * 32, "bb" * 32]) == Listing(2, hashlib.sha256(lines).hexdigest())


def test_no_text_for_key_statements_or_before_a_demand() -> None:
    statement = json.loads(samples.confirmation())
    with pytest.raises(KeyError):
        render("key-confirmation", statement, samples.CONTEXT)
    vector = next(v for v in VECTORS if v["name"] == "review: one accepted")
    stored = {k: v for k, v in vector["context"].items() if k != "reference"}
    with pytest.raises(KeyError):
        render("attestation-review", vector["statement"], context_of({"context": stored}))


def test_a_file_or_store_that_the_prefix_lacks() -> None:
    elsewhere = replace(samples.CONTEXT, named_files={})
    with pytest.raises(KeyError):
        samples.attestation(context=elsewhere)
    with pytest.raises(KeyError):
        samples.attestation(copies=[{**samples.DELETED, "storeId": samples.OTHER_STORE_ID}])
