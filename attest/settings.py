"""Every setting, read once, from the environment and from the instance's folder.

`ATTEST_NAME` in the environment wins over `name` in `settings.toml`, which `attest init` writes.
The table in docs/settings.md lists all of them; a test holds the two against each other.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attest import setting_values as read

PREFIX = "ATTEST_"
SETTINGS_FILE = "settings.toml"
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - a file's name
LOG_KEY_FILE = "log-key"
MAIL_FOLDER = "mail"
ATTACHMENTS_FOLDER = "attachments"
HEARTBEAT_FILE = "worker-heartbeat"
MAILBOX_MEMORY_FILE = "returned-mail.json"

# Of 64 octets, 43 go to the "+" and the token (mail/return_address.py).
LONGEST_RETURN = 21


class SettingsError(Exception):
    """A setting is missing or wrong. `str()` is a sentence for the person who runs Attest."""


@dataclass(frozen=True)
class Settings:
    """What one instance runs with. Times in the units that the names say."""

    instance_path: Path
    instance_name: str  # first part of every log's origin; never changes
    base_url: str  # without a slash at the end
    mail_from: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)  # may hold a password
    log_key_path: Path
    mail_from_name: str = "Attest"
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    smtp_tls: str = "starttls"
    smtp_ca: Path | None = None  # the authority that the mail server's certificate must lead to
    smtp_timeout_seconds: int = 30
    # Where what cannot be delivered comes back to; without one, to mail_from. With signed_returns
    # each letter has an address of its own there (mail/return_address.py).
    return_address: str | None = None
    signed_returns: bool = True
    # The mailbox to which they come back, where the worker looks into one.
    imap_host: str | None = None
    imap_port: int = 993
    imap_user: str | None = None
    imap_password: str | None = field(default=None, repr=False)
    imap_tls: str = "tls"
    imap_ca: Path | None = None  # as smtp_ca
    imap_folder: str = "INBOX"
    imap_handled_folder: str | None = None
    imap_seconds: int = 60
    session_minutes: int = 60
    invitation_days: int = 14
    reset_minutes: int = 60
    upload_megabytes: int = 32
    # Evidence files: the most that one request may bring, and where they are kept. With a bucket
    # they lie in S3-compatible storage, and the folder holds only what is coming in.
    evidence_megabytes: int = 4295
    attachments_path: Path | None = None
    s3_bucket: str | None = None
    s3_prefix: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_access_key: str | None = None
    s3_secret_key: str | None = field(default=None, repr=False)
    send_seconds: int = 5
    chase_seconds: int = 60
    # A time-stamping authority (RFC 3161), and the root certificates that its answers must lead to.
    tsa_url: str | None = field(default=None, repr=False)  # some have an account in their path
    tsa_roots: Path | None = None
    tsa_minutes: int = 10
    tsa_timeout_seconds: int = 20
    # How long after its end a demand is kept whole: six years, in which most claims can be made.
    retention_days: int = 2192
    trusted_proxies: int = 0
    time_zone: str = "Europe/London"
    # On the clock of whoever is written to: letters that chase go out inside them.
    working_hours: read.Hours = read.Hours()  # noqa: RUF009 (it is frozen)
    fonts_path: Path | None = None  # further fonts for the papers
    letters_path: Path | None = None  # templates of letters that come before ours
    # Shows every letter, links and all, to anybody: for demonstrations without a mail server.
    mailbox: bool = False

    @property
    def mail_path(self) -> Path:
        """Where letters go as `.eml` files while there is no SMTP server."""
        return self.instance_path / MAIL_FOLDER

    @property
    def heartbeat_path(self) -> Path:
        """What the worker touches at every tick, so that pages can tell that it runs."""
        return self.instance_path / HEARTBEAT_FILE

    @property
    def mailbox_memory_path(self) -> Path:
        """How far the worker has looked into the mailbox to which letters come back."""
        return self.instance_path / MAILBOX_MEMORY_FILE

    @property
    def upload_limit(self) -> int:
        """The largest request that is read, in bytes."""
        return self.upload_megabytes * 1_000_000

    @property
    def evidence_path(self) -> Path:
        """The folder of the evidence files, and of those that are coming in."""
        return self.attachments_path or self.instance_path / ATTACHMENTS_FOLDER

    @property
    def evidence_limit(self) -> int:
        """The largest request that brings evidence files, in bytes."""
        return self.evidence_megabytes * 1_000_000

    @property
    def tsa_host(self) -> str | None:
        """The host of the time-stamping authority, to name it: its address may hold an account."""
        return urlsplit(self.tsa_url).hostname if self.tsa_url else None

    @property
    def secure(self) -> bool:
        """Whether readers come by https, so that cookies may say so."""
        return self.base_url.startswith("https://")

    @classmethod
    def load(
        cls, instance_path: Path | str | None = None, environ: Mapping[str, str] = os.environ
    ) -> Settings:
        """Reads the settings of the instance at `instance_path`.

        Without one, `ATTEST_INSTANCE_PATH` says where, else `instance` in the working directory.
        Raises `SettingsError`.
        """
        path = Path(instance_path or environ.get(f"{PREFIX}INSTANCE_PATH") or "instance").resolve()
        values: dict[str, Any] = _from_file(path / SETTINGS_FILE)
        for name in _READERS:
            if typed := environ.get(PREFIX + name.upper(), "").strip():
                values[name] = typed
        for name in values:
            values[name] = _read(name, values[name])
        for name in ("instance_name", "base_url", "mail_from"):
            if name not in values:
                raise SettingsError(
                    f"{path} is no instance: {name} is not set."
                    f" Run `attest init`, or set {PREFIX}{name.upper()}."
                )
        values.setdefault("database_url", f"sqlite:///{path / 'attest.sqlite3'}")
        values["log_key_path"] = path / values.get("log_key_path", LOG_KEY_FILE)
        if "attachments_path" in values:
            values["attachments_path"] = path / values["attachments_path"]
        _check_storage(values)
        for name in ("smtp_ca", "imap_ca", "tsa_roots"):
            if name in values:
                values[name] = _file(name, path / values[name])
        if "tsa_url" in values and "tsa_roots" not in values:
            raise SettingsError(
                "tsa_url needs tsa_roots, a PEM file with the root certificate of that authority:"
                " no timestamp is kept that does not lead to it."
            )
        if "secret_key" not in values:
            secret = read_private_file(path / SECRET_KEY_FILE).decode("utf-8", "replace")
            values["secret_key"] = _read("secret_key", secret.strip())
        _check_returns(values)
        if values.get("smtp_tls") == "none" and values.get("smtp_password"):
            raise SettingsError(
                "smtp_password would travel unencrypted: set smtp_tls to starttls or tls."
            )
        return cls(instance_path=path, **values)


def read_private_file(path: Path) -> bytes:
    """The bytes of a file that only its owner may read.

    Raises `SettingsError` where it is missing, empty, or open to others.
    """
    try:
        mode = path.stat().st_mode
        data = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(f"{path} is missing. Run `attest init`.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"Others can read {path}. Run `chmod 600 {path}`.")
    if not data.strip():
        raise SettingsError(f"{path} is empty.")
    return data


def _check_storage(values: Mapping[str, Any]) -> None:
    given = [name for name in values if name.startswith("s3_")]
    if given and "s3_bucket" not in values:
        raise SettingsError(f"{given[0]} needs s3_bucket: without one, evidence files lie here.")
    if ("s3_access_key" in values) != ("s3_secret_key" in values):
        raise SettingsError("s3_access_key and s3_secret_key need each other.")


def _check_returns(values: Mapping[str, Any]) -> None:
    """RFC 5321 §4.5.3.1.1: what stands before the @ has 64 octets at most, token and all."""
    # Its password is the worker's alone: every other process starts without it.
    if "imap_host" in values and "imap_user" not in values:
        raise SettingsError("imap_host needs imap_user.")
    if "imap_host" in values and not values.get("signed_returns", True):
        raise SettingsError(
            "imap_host needs signed_returns: what comes back there is known by its address only."
        )
    name = "return_address" if "return_address" in values else "mail_from"
    if not values.get("signed_returns", True):
        return
    if len(values[name].rpartition("@")[0]) > LONGEST_RETURN:
        raise SettingsError(
            f"{name} has more than {LONGEST_RETURN} characters before the @, which leaves no room"
            " for what tells one letter's return address from another's. Set return_address to a"
            " shorter one, or signed_returns to false."
        )


def _file(name: str, path: Path) -> Path:
    if not path.is_file():
        raise SettingsError(f"{name} is wrong: there is no file {path}.")
    return path


def _from_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    unknown = sorted(set(values) - set(_READERS))
    if unknown:
        raise SettingsError(f"{path} holds {unknown[0]}, which is no setting of Attest.")
    return values


def _read(name: str, value: object) -> Any:
    try:
        return _READERS[name](value)
    except ValueError as error:
        raise SettingsError(f"{name} is wrong: {error}.") from None


# Every setting but `instance_path`, which says where the others are.
_READERS: Mapping[str, Callable[[object], Any]] = {
    "instance_name": read.name,
    "base_url": read.web_address,
    "database_url": read.words,
    "secret_key": read.secret,
    "log_key_path": read.words,
    "mail_from": read.address,
    "mail_from_name": read.words,
    "smtp_host": read.words,
    "smtp_port": read.whole(1, 65535),
    "smtp_user": read.words,
    "smtp_password": read.words,
    "smtp_tls": read.tls,
    "smtp_ca": read.words,
    "smtp_timeout_seconds": read.whole(1, 60),
    "return_address": read.address,
    "signed_returns": read.switch,
    "imap_host": read.words,
    "imap_port": read.whole(1, 65535),
    "imap_user": read.words,
    "imap_password": read.words,
    "imap_tls": read.tls,
    "imap_ca": read.words,
    "imap_folder": read.mail_folder,
    "imap_handled_folder": read.mail_folder,
    "imap_seconds": read.whole(5, 3600),
    "session_minutes": read.whole(1, 24 * 60),
    "invitation_days": read.whole(1, 90),
    "reset_minutes": read.whole(5, 24 * 60),
    "upload_megabytes": read.whole(1, 4096),
    "evidence_megabytes": read.whole(1, 4295),
    "attachments_path": read.words,
    "s3_bucket": read.words,
    "s3_prefix": read.prefix,
    "s3_endpoint": read.web_address,
    "s3_region": read.words,
    "s3_access_key": read.words,
    "s3_secret_key": read.words,
    "send_seconds": read.whole(1, 3600),
    "chase_seconds": read.whole(1, 3600),
    "tsa_url": read.service_address,
    "tsa_roots": read.words,
    "tsa_minutes": read.whole(0, 7 * 24 * 60),
    "tsa_timeout_seconds": read.whole(1, 60),
    "retention_days": read.whole(0, 36_525),
    "trusted_proxies": read.whole(0, 9),
    "time_zone": read.zone,
    "working_hours": read.hours,
    "fonts_path": read.folder,
    "letters_path": read.folder,
    "mailbox": read.switch,
}
SETTINGS = tuple(f.name for f in fields(Settings))
