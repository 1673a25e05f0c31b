"""What the commands share: where the instance is, and a session on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from attest.database.engine import make_engine, read_session, write_session
from attest.database.migrate import is_current
from attest.database.tables import Demand
from attest.domain.refusal import Refused
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.settings import Settings, SettingsError

instance_option = click.option(
    "--instance",
    "instance",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ATTEST_INSTANCE_PATH",
    default=Path("instance"),
    show_default=True,
    help="The folder of the instance: settings, keys, letters.",
)


def now() -> datetime:
    """The time, in UTC and whole seconds: the command line's one look at the clock."""
    return datetime.now(UTC).replace(microsecond=0)


def open_settings(instance: Path) -> Settings:
    """The settings of an instance whose tables are current. Raises SettingsError."""
    settings = Settings.load(instance)
    engine = make_engine(settings.database_url)
    try:
        if not is_current(engine):
            raise SettingsError(
                "The database is not at this version of Attest. Run `attest db upgrade`."
            )
    finally:
        engine.dispose()
    return settings


@contextmanager
def session(instance: Path, *, writes: bool = False) -> Iterator[Context]:
    """A session on an instance whose tables are current. Raises SettingsError."""
    settings = open_settings(instance)
    engine = make_engine(settings.database_url)
    try:
        with (write_session if writes else read_session)(engine) as opened:
            yield Context(opened, now(), settings, load_log_key(settings))
    finally:
        engine.dispose()


def demand_of(ctx: Context, reference: str) -> Demand:
    """The demand with this reference. Raises Refused."""
    demand = ctx.session.scalar(select(Demand).where(Demand.reference == reference))
    if demand is None:
        raise Refused(f"There is no demand {reference} here.")
    return demand
