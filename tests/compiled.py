"""What is compiled once in the life of an instance, kept across the instances of a test process.

Each test has a database and an application of its own. SQLAlchemy keeps what a statement
compiles to with the engine, Flask keeps compiled templates and addresses with the application:
to make all of that anew took most of the time of tests that act, or that open pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any, cast

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
    """A route that takes what it compiles to from the first one that was like it."""

    _kept: dict[Any, tuple[Any, ...]] = {}  # noqa: RUF012  # meant to be shared

    def compile(self) -> None:
        """As Werkzeug's; what comes out depends on no more than these."""
        assert self.map is not None
        key = (
            *(self.rule, self.subdomain, self.host, self.map.host_matching),
            *(self.strict_slashes, self.merge_slashes, self.websocket, repr(self.defaults)),
        )
        if key not in self._kept:
            super().compile()
            builds = cast(MethodType, self._build), cast(MethodType, self._build_unknown)
            self._kept[key] = (
                *(self._parts, self._trace, self._converters, self.arguments),
                *(build.__func__ for build in builds),
            )
        else:
            self._parts, self._trace, self._converters, names, build, unknown = self._kept[key]
            self.arguments |= names
            self._build, self._build_unknown = MethodType(build, self), MethodType(unknown, self)


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
