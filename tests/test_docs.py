"""The documentation is held against the code: every member, word, command and link."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

from attest import cli, keyfiles
from attest.bundle import extract_layout, extract_report, layout, report, trust
from attest.domain import copies, outcomes, standing
from attest.offline import signed, to_sign
from attest.statements import bodies, copy_lines, declarations, predicates
from tests.schema_words import SHARED, Row, inside, rows, words

ROOT = Path(__file__).parent.parent
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

ROW = re.compile(r"^\| `([^`]+)` \| (must|may)? ?\| (.+?) \|", re.M)
PLAIN_COMMON = ("v", "demandId", "nonce")


def section(heading: str) -> str:
    """What stands under a heading of docs/formats.md, up to the next of its level or above."""
    start = FORMATS.find(f"\n{heading}\n")
    assert start >= 0, f"docs/formats.md lacks {heading}"
    level = len(heading.split(" ")[0])
    rest = FORMATS[start + len(heading) + 1 :]
    end = re.search(rf"^#{{1,{level}}} ", rest, re.M)
    return rest[: end.start()] if end else rest


def table(text: str) -> list[Row]:
    return [Row(m[1], m[2] == "must", m[3]) for m in ROW.finditer(text)]


def without(found: Iterable[Row], names: Iterable[str]) -> list[Row]:
    left_out = set(names)
    return [row for row in found if row.member not in left_out]


def statement_common() -> list[Row]:
    return [row for row in rows(predicates.PREDICATES["demand-closure"]) if row.member in COMMON]


COMMON = tuple(predicates._DEMAND)


@pytest.mark.parametrize("name", bodies.PLAIN_TYPES)
def test_plain_body_is_documented_member_by_member(name):
    wanted = without(rows(bodies.PLAIN_TYPES[name]), PLAIN_COMMON)
    assert sorted(table(section(f"#### `{name}`"))) == sorted(wanted)


@pytest.mark.parametrize("name", predicates.PREDICATES)
def test_statement_is_documented_member_by_member(name):
    found = list(rows(predicates.PREDICATES[name]))
    wanted = found if name.startswith("key-") else without(found, COMMON)
    assert sorted(table(section(f"#### `{name}`"))) == sorted(wanted)


@pytest.mark.parametrize(
    ("heading", "schema"),
    [
        ("### Key files", keyfiles._SCHEMA),
        ("### `trust.json`", trust._SCHEMA),
        ("### Onward disclosure", predicates._RECIPIENTS),
        ("### `REF.to-sign.jsonl`", to_sign._HEAD),
        ("### `signed.jsonl`", signed._HEAD),
    ],
)
def test_other_object_is_documented_member_by_member(heading, schema):
    assert sorted(table(section(heading))) == sorted(rows(schema))


def test_what_statements_and_bodies_share_is_documented():
    about = section("### Statements about a demand").split("\n#### ")[0]
    shared = {name: check for check, name in SHARED.items()}
    wanted = [*statement_common(), *rows(shared["declaration"]), *rows(shared["seen"])]
    assert sorted(table(about)) == sorted(wanted)
    plain = section("### Plain bodies").split("\n#### ")[0]
    common = [r for r in rows(bodies.PLAIN_TYPES["letter.sent"]) if r.member in PLAIN_COMMON]
    assert sorted(table(plain)) == sorted([*common, *rows(shared["person"])])
    whose = table(section("### Whose key"))
    assert sorted(whose) == sorted(rows(predicates.SIGNER))


def test_every_type_of_event_is_documented():
    for name in bodies.EVENT_TYPES:
        assert f"`{name}`" in FORMATS
    for kind, name in bodies.SIGNED_TYPES.items():
        assert re.search(rf"^\| `{name}` \|.*`{kind}`", section("### Envelopes"), re.M)


def test_copies_are_documented_member_by_member():
    said = {member: what for member, _, what in table(section("### Copies"))}
    for name, check in copies._MEMBERS.items():
        if name == "storeId":
            continue
        assert said[name] == words(check)
        item = copies._BEYOND_USE if name == "exception" else check
        for row in inside(name, item):
            assert said[row.member] == row.what
            assert f"| `{row.member}` | {'must' if row.must else 'may'} |" in FORMATS


def test_outcomes_methods_and_words_are_documented():
    text = section("### Copies")
    for outcome in outcomes.OUTCOMES.values():
        line = next(x for x in text.splitlines() if x.startswith(f"| `{outcome.name}` |"))
        assert re.findall(r"`(\w+)`", line) == [outcome.name, *outcome.needs, *outcome.may]
        assert f"| {'yes' if outcome.settled else 'no'} |" in line
    for method in outcomes.METHODS.values():
        assert re.search(
            rf"^\| `{method.name}` \| {', '.join(f'`{o}`' for o in method.outcomes)} \|"
            rf" ?{'must ' if method.needs_level else '(must not )?'}\|$",
            text,
            re.M,
        )
        said = copy_lines._METHOD[method.name]
        assert f"| `{method.name}` | {said} |" in section("### Declarations")
    for name in (*outcomes.SAFEGUARDS, *outcomes.ALWAYS_ALLOWED, *outcomes.MATERIALS):
        assert f"`{name}`" in text
    for level in outcomes.MATERIALS.values():
        assert level in text


def test_states_entries_and_verdicts_are_documented():
    for state in (
        standing.OPEN,
        standing.REJECTED,
        standing.ACCEPTED,
        standing.ATTESTED,
        standing.ATTESTED_WITH_EXCEPTIONS,
    ):
        assert f"`{state}`" in section("### States")
    entries = section("### Entries")
    for name in (*layout.MUST, layout.CERTIFICATE, layout.README):
        assert f"`{name}`" in entries
    for verdict, status in report.STATUS.items():
        assert f"| {status} | `{verdict}` |" in section("### Exit status")
    for name in (*extract_layout.EXTRACT.must, extract_layout.INCLUSION, layout.README):
        assert f"`{name}" in section("### Its entries")
    for reason in (
        report.KEYS_NOT_PINNED,
        report.NOT_WITNESSED,
        report.KEY_REVOKED,
        extract_report.EXTRACT,
    ):
        assert f"`{reason}`" in section("### Exit status")


def template_lines() -> list[re.Pattern[str]]:
    """The lines of the documented template, with whatever stands in braces left open."""
    text = section("### Declarations")
    blocks = re.findall(r"^```text\n(.*?)^```", text, re.M | re.S)
    assert len(blocks) == 8
    found = []
    for line in "".join(blocks).splitlines():
        parts = re.split(r"\{[^}]*\}", line)
        found.append(re.compile(".+".join(re.escape(part) for part in parts)))
    return found


def test_every_line_of_every_declaration_is_documented_and_used():
    vectors = json.loads((ROOT / "tests/vectors/declarations.json").read_text(encoding="utf-8"))
    patterns = template_lines()
    used = set()
    for vector in vectors:
        for line in vector["text"].split("\n"):
            fits = [pattern for pattern in patterns if pattern.fullmatch(line)]
            assert fits, f"docs/formats.md has no line for {line!r}"
            used.update(fits)
    assert used == set(patterns)


def test_template_words_are_documented():
    text = section("### Declarations")
    fixed = (
        declarations._CONCURRENCE,
        declarations._ACTION,
        declarations._CLOSURE,
        copy_lines._OUTCOME,
        copy_lines._SAFEGUARD,
    )
    for words_ in fixed:
        for said in words_.values():
            assert said in text
    for _, part in copy_lines._MEDIUM_PARTS:
        assert part in text


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("document", PAGES, ids=lambda value: str(value.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    for link in links(document):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (document.parent / unquote(parts.path)).resolve() if parts.path else document
        assert target.is_relative_to(ROOT), f"{link} leaves the repository"
        assert target.exists(), f"{link} leads nowhere"
        if parts.fragment:
            assert parts.fragment in anchors(target), f"{link} names no heading there"


def commands() -> Iterator[tuple[str, click.Command]]:
    for command in cli.COMMANDS:
        yield str(command.name), command
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield f"{command.name} {name}", inner


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda value: str(value))
def test_command_is_documented_with_its_options(name, command):
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    found = re.search(rf"^#+ `attest {name}`\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    assert found, f"docs/commands.md lacks attest {name}"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert not option.startswith("--") or f"`{option}" in found[1], option


def test_make_targets_named_in_pages_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for page in PAGES:
        for target in re.findall(r"\bmake ([a-z-]+)`", page.read_text(encoding="utf-8")):
            assert target in targets, f"{page.name}: make {target}"


def test_readme_says_make_demo_and_make_test():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "`make demo`" in readme
    assert "`make test`" in readme
