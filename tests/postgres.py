"""A PostgreSQL server of the tests' own: another folder, another port, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests import scratch
from tests.ports import kept_port

INSTALL = (
    "The tests need PostgreSQL's server programs (initdb, postgres) and found none. "
    "Run `make system-packages`, or install Debian's package `postgresql`."
)
SUPERUSER = "attest"
A_DAY = 24 * 60 * 60  # seconds
PATIENCE = 300  # seconds: initdb and a start take many on a busy machine

# Safe only because nobody misses this server's data after a power cut.
HURRIED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    # An autovacuum worker inside a template database would make CREATE DATABASE fail.
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "lc_messages": "C",
}


@dataclass(frozen=True)
class Server:
    """A running server. Everybody on loopback is let in, as its only superuser."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """The address as SQLAlchemy wants it."""
        return f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def connect(self) -> psycopg.Connection:
        """As the superuser, outside transactions."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            dbname="postgres",
            autocommit=True,
        )

    def execute(self, statement: str, *names: str) -> None:
        """Run one statement outside a transaction, `{}` standing for the quoted names."""
        query = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        with self.connect() as connection:
            connection.execute(query)

    def create_database(self, name: str, template: str = "template0") -> str:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        with self.connect() as connection:
            # To log each page of the copy costs more than to copy files that no disk waits for.
            # Older servers know only the latter, and no word for it.
            if connection.info.server_version >= 15_00_00:
                statement += sql.SQL(" STRATEGY file_copy")
            connection.execute(statement)
        return self.url(name)

    def seal_template(self, name: str) -> None:
        """Let nobody in any more: a database that is in use cannot be copied."""
        self.execute("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true", name)
        with self.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )

    def drop_database(self, name: str) -> None:
        """Drop it with whatever connections a test has left open."""
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def kill(self) -> None:
        """End it as a power cut would; `running_server` may start on the folder again."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=PATIENCE)


def find_programs() -> Path:
    """The newest server programs of Debian, else those on PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = sorted(debian, key=lambda path: float(path.parts[-3]), reverse=True)
    found = versions[0] if versions else shutil.which("initdb")
    if not found:
        raise RuntimeError(INSTALL)
    programs = Path(found).resolve().parent
    if not (programs / "postgres").exists():
        raise RuntimeError(INSTALL)
    return programs


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses root, and anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _command(programs: Path, program: str, *arguments: str) -> list[str]:
    user = _unprivileged()
    become = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
    # The server ends with the tests even where these are killed and cannot tidy up.
    return ["setpriv", *become, "--pdeathsig=QUIT", "--", str(programs / program), *arguments]


def _initialise(programs: Path, folder: Path) -> None:
    done = subprocess.run(
        _command(
            programs,
            "initdb",
            *("--pgdata", str(folder / "data"), "--username", SUPERUSER, "--auth=trust"),
            # Text sorts by code point, as it does in SQLite.
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ),
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(programs: Path, folder: Path, port: int, settings: dict[str, str]) -> Server:
    options = [
        part
        for name, value in (
            *settings.items(),
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", str(folder)),
        )
        for part in ("-c", f"{name}={value}")
    ]
    log = folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            _command(programs, "postgres", "-D", str(folder / "data"), "-p", str(port), *options),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
        )
    server = Server(folder, port, process)
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return server
    process.kill()
    process.wait()
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that the server's user owns; short, because a socket's path must be."""
    place = scratch.short_folder()
    for left in place.glob("attest-pg-*"):
        # Tests that were killed could not tidy up; in memory that would be felt.
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - A_DAY:
                shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix="attest-pg-", dir=place))
    user = _unprivileged()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(folder: Path, *, durable: bool = False) -> Iterator[Server]:
    """Start a server on the folder, which is made ready first where it is empty.

    `durable` keeps what was committed across `Server.kill`; without it the server is faster.
    """
    programs = find_programs()
    if not (folder / "data").exists():
        _initialise(programs, folder)
    with kept_port() as port:
        server = _start(programs, folder, port, SETTINGS if durable else SETTINGS | HURRIED)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                # A slow, clean end is only worth while where the data is wanted again.
                server.process.send_signal(signal.SIGINT if durable else signal.SIGQUIT)
            server.process.wait(timeout=PATIENCE)
