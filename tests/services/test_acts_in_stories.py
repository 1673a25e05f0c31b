"""The list of acts in the stories is whole: no act that a page can do is forgotten.

An act is a function of attest/services that a page calls and that writes. Both are read from the
code: which functions pages call, and which of them write, themselves or through another one.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attest
from tests.services.stories import acts

HOUSE = Path(attest.__file__).parent
STORIES = Path(acts.__file__).parent
SERVICES = "attest.services"
# Each service's file by its name, which is its own in whatever room it lies.
FILES = {path.stem: path for path in (HOUSE / "services").rglob("[!_]*.py")}
# What writes, whatever it is called on.
WRITES = {"add", "add_all", "delete", "flush"}
STATEMENTS = {"insert", "update", "delete", "sqlite_insert", "pg_insert", "open_log"}
# Past the ORM, in attest/database.
BELOW = {"outbox.queue"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(module: str) -> str | None:
    """A service's whole name; None where there is none of that name."""
    if module not in FILES:
        return None
    return ".".join(("attest", *FILES[module].relative_to(HOUSE).with_suffix("").parts))


def imported(tree: ast.AST) -> tuple[dict[str, str], dict[str, str]]:
    """The services' modules by the name that a file has for them, and their functions."""
    modules, functions = {}, {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                called = name.asname or name.name
                if f"{node.module}.{name.name}" == dotted(name.name):
                    modules[called] = name.name
                elif node.module.startswith(f"{SERVICES}."):
                    functions[called] = f"{node.module.rpartition('.')[2]}.{name.name}"
    return modules, functions


def named(tree: ast.AST, file: ast.AST) -> Iterator[str]:
    """Every `module.function` of the services that some code names."""
    modules, functions = imported(file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in modules:
                yield f"{modules[node.value.id]}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in functions:
            yield functions[node.id]


@cache
def functions_of(module: str) -> dict[str, ast.FunctionDef]:
    body = parsed(FILES[module]).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def writes(act: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a service's function writes, itself or through one that it calls."""
    module, _, name = act.partition(".")
    function = functions_of(module).get(name)
    if function is None or act in seen:
        return False
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            return True  # a row's column
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in WRITES:
                holder = ast.unparse(called.value)
                if holder.endswith("session"):
                    return True
            if ast.unparse(called) in BELOW:
                return True
            if isinstance(called, ast.Name) and called.id in STATEMENTS:
                return True
    file = parsed(FILES[module])
    local = functions_of(module)
    inner = {
        f"{module}.{node.id}"
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id in local
    }
    return any(writes(each, seen | {act}) for each in {*named(function, file), *inner})


def called_by_pages() -> set[str]:
    """What the pages name of the services' functions."""
    return {
        act
        for path in (HOUSE / "web").rglob("*.py")
        for act in named(parsed(path), parsed(path))
        if act.partition(".")[2][:1].islower()
    }


def test_every_act_of_the_pages_is_listed() -> None:
    found = {act for act in called_by_pages() if writes(act)}
    assert found >= {"not_received.rule", "answers.save", "amendment_signing.amend_demand"}
    listed = acts.PLAYED | acts.NOT_PLAYED.keys()
    assert found - listed == set(), "acts that no story plays: add them to stories/acts.py"
    assert listed - found == acts.NO_PAGE, "these are no acts of a page (any more)"


def test_every_act_that_is_listed_is_played() -> None:
    names = {act for path in STORIES.glob("*.py") for act in named(parsed(path), parsed(path))}
    assert acts.PLAYED - names == set()


def test_every_act_that_is_listed_exists() -> None:
    for act in (*acts.PLAYED, *acts.NOT_PLAYED):
        module, _, name = act.partition(".")
        assert callable(getattr(importlib.import_module(str(dotted(module))), name)), act
