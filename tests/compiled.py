"""Compiled statements, kept across the databases of a test process.

SQLAlchemy keeps what a statement compiles to with the engine, and each test opens an engine of
its own on a database of its own. The compiling was a quarter of the time of tests that act.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Dialect, Engine, event

from attest.database import engine as database_engine


class Shared:
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


@contextmanager
def kept() -> Iterator[None]:
    """Inside, Attest's engines share what they compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_engine, "create_engine", Shared().create_engine)
        yield
