"""What is compiled once in the life of an instance, kept across the instances of a test process.

Each test has a database and an application of its own. SQLAlchemy keeps what a statement
compiles to with the engine, Flask keeps compiled templates and addresses with the application:
to make all of that anew took most of the time of tests that act, or that open pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine, event
from werkzeug.routing import Rule

from attest.database import engine as database_engine


class Statements:
    """Makes engines that share their dialect, which is part of a kept statement's key."""

    def __init__(self) -> None:
        self._dialects: dict[str, Dialect] = {}
        self._compiled: dict[Any, Any] = {}

    def create_engine(self, *where: Any, **options: Any) -> Engine:
        """As SQLAlchemy's."""
        options["execution_options"] = {"compiled_cache": self._compiled}
        engine = sqlalchemy.create_engine(*where, **options)
        name = engine.dialect.name
        if name in self._dialects:
            engine.dialect = self._dialects[name]
        else:
            # Only a connection tells a dialect what its server can do.
            event.listen(engine, "first_connect", lambda *_: self._keep(engine))
        return engine

    def _keep(self, engine: Engine) -> None:
        self._dialects.setdefault(engine.dialect.name, engine.dialect)


class Templates(BytecodeCache):
    """Jinja's own hook for this; a template that was changed has another checksum."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


class KeptRule(Rule):
    """A route whose functions that make addresses come from the first rule that was like it."""

    _kept: dict[Any, Callable[..., tuple[str, str]]] = {}  # noqa: RUF012  # meant to be shared

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """As Werkzeug's; what it gives depends on no more than these."""
        key = (tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


@contextmanager
def statements() -> Iterator[None]:
    """Inside, Attest's engines share what they compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_engine, "create_engine", Statements().create_engine)
        yield


@contextmanager
def pages() -> Iterator[None]:
    """Inside, applications share what they compile."""
    with pytest.MonkeyPatch.context() as patch:
        options = {**Flask.jinja_options, "bytecode_cache": Templates()}
        patch.setattr(Flask, "jinja_options", options)
        patch.setattr(Flask, "url_rule_class", KeptRule)
        yield
