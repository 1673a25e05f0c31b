"""The instance's folder: made once by `attest init`, with the keys that live outside the database.

`log-key` holds the 32-byte Ed25519 seed in base64 and a line end, mode 0600. Whoever has it can
sign checkpoints in the instance's name; whoever loses it can sign none for its logs any more.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from attest.setting_values import problem_with_instance_name
from attest.settings import (
    LOG_KEY_FILE,
    MAIL_FOLDER,
    SECRET_KEY_FILE,
    SETTINGS_FILE,
    Settings,
    SettingsError,
    read_private_file,
)
from attest.signing import PrivateKey, b64, unb64


def create_instance(
    path: Path, *, instance_name: str, base_url: str, mail_from: str, **more: str | int
) -> Settings:
    """Makes the folder (0700), its mail folder, `settings.toml`, the secret key and the log key.

    `more` are further settings, by their names in docs/settings.md. Nothing that exists is
    written over: raises `SettingsError` where the folder holds an instance already, or where a
    setting is wrong (and then nothing is left behind that `attest init` would stumble over).
    """
    if problem := problem_with_instance_name(instance_name):
        raise SettingsError(problem)
    path = path.resolve()
    for name in (LOG_KEY_FILE, SECRET_KEY_FILE, SETTINGS_FILE):
        if (path / name).exists():
            raise SettingsError(
                f"{path} holds an instance already ({name} is there)."
                " Its log key signs its logs for ever, so it is never replaced."
            )
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The database comes to lie here too, and it may have been there before with an open mode.
    path.chmod(0o700)
    (path / MAIL_FOLDER).mkdir(mode=0o700, exist_ok=True)
    values = {
        "instance_name": instance_name,
        "base_url": base_url,
        "mail_from": mail_from,
        **more,
    }
    written = [
        _write_private(path / SETTINGS_FILE, _toml(values)),
        _write_private(path / SECRET_KEY_FILE, secrets.token_urlsafe(48) + "\n"),
        _write_private(path / LOG_KEY_FILE, b64(PrivateKey.generate().seed) + "\n"),
    ]
    try:
        return Settings.load(path, environ={})
    except SettingsError:
        for file in written:
            file.unlink()
        raise


def take_back_instance(settings: Settings) -> None:
    """Removes the keys and settings of an instance that could not be made to its end.

    Only for one that `create_instance` has just made: its log key has signed nothing.
    """
    for name in (SETTINGS_FILE, SECRET_KEY_FILE, LOG_KEY_FILE):
        (settings.instance_path / name).unlink(missing_ok=True)


def load_log_key(settings: Settings) -> PrivateKey:
    """The key that signs checkpoints. Raises `SettingsError` where its file is missing or wrong."""
    data = read_private_file(settings.log_key_path)
    try:
        return PrivateKey.from_seed(unb64(data.decode("ascii").strip()))
    except ValueError:
        raise SettingsError(
            f"{settings.log_key_path} is no log key: it must hold 32 bytes in base64."
        ) from None


def _write_private(path: Path, text: str) -> Path:
    # O_EXCL: two `attest init` at once must not swap each other's keys.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return path


def _toml(values: dict[str, str | int]) -> str:
    lines = ["# Settings of this instance; docs/settings.md lists all. ATTEST_NAME wins over name."]
    for name, value in values.items():
        lines.append(f"{name} = {_toml_value(value)}")
    return "\n".join(lines) + "\n"


def _toml_value(value: str | int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else _toml_string(value)


def _toml_string(value: str) -> str:
    if not value.isprintable():
        raise SettingsError(f"{value!r} holds a character that cannot be printed.")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
