"""Renewing the proof of time of a bundle that is kept as a file (after RFC 4998, Evidence Records).

Renewal k of `B.zip` is two files beside it:

    B.zip.renewal-k.txt   hashes of B.zip and of all files of earlier renewals, one a line,
                          as `sha256sum --tag` and `sha512sum --tag` write them
    B.zip.renewal-k.tsr   an RFC 3161 timestamp over that text, by its SHA-512

So each timestamp covers the bundle and every earlier timestamp, under two kinds of hash: what
comes after may break the algorithms and keys of what came before. Nothing is ever written over,
and `cksum -c` and `openssl ts -verify` check all of it without us.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attest.timestamps.answers import SHA512, Roots, Token, check, fetch
from attest.timestamps.failure import StampingFailed

_CHUNK = 1024 * 1024
_MOST_TEXT = 1024 * 1024
_MOST_TOKEN = 64 * 1024
_MOST_RENEWALS = 999


class RenewalFailed(Exception):
    """The chain does not hold, or cannot be made longer. `str()` is a sentence."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """One renewal that was checked. `late`: it came after the one before it had ended."""

    number: int
    token: Token
    late: bool


def text_path(bundle: Path, number: int) -> Path:
    """The file with the hashes of a renewal."""
    return bundle.with_name(f"{bundle.name}.renewal-{number}.txt")


def token_path(bundle: Path, number: int) -> Path:
    """The file with the timestamp of a renewal."""
    return bundle.with_name(f"{bundle.name}.renewal-{number}.tsr")


def check_renewals(bundle: Path, roots: Roots) -> list[Renewal]:
    """Checks the whole chain: each text against the files, each timestamp against its text.

    Raises `RenewalFailed`, and OSError where a file cannot be read.
    """
    return _Chain(bundle, roots).check()


def renew(bundle: Path, url: str, roots: Roots, timeout: int) -> Renewal:
    """Checks what is there, then adds a renewal. `timeout` in whole seconds.

    A renewal that was broken off is finished. Raises `RenewalFailed`, and OSError.
    """
    chain = _Chain(bundle, roots)
    done = chain.check(unfinished=True)
    number = len(done) + 1
    if number > _MOST_RENEWALS:
        raise RenewalFailed(f"{bundle.name} has {_MOST_RENEWALS} renewals, and takes no more.")
    text = chain.text(number)
    written = text_path(bundle, number)
    if not written.exists():
        _write(written, text)
    try:
        token = fetch(url, text, roots, timeout, SHA512)
    except StampingFailed as error:
        raise RenewalFailed(
            f"The time-stamping service {error}. {written.name} stays; run the same again later."
        ) from None
    _write(token_path(bundle, number), token.response)
    return _next(done, token)


class _Chain:
    """A bundle and its renewals. Every file is read once."""

    def __init__(self, bundle: Path, roots: Roots) -> None:
        if not bundle.name.isprintable() or "\\" in bundle.name:
            raise RenewalFailed("Give the bundle a name of printable characters, without a \\.")
        self._bundle = bundle
        self._roots = roots
        self._hashes: dict[Path, tuple[str, str]] = {}

    def check(self, *, unfinished: bool = False) -> list[Renewal]:
        """With `unfinished`, a last text without its timestamp is let pass if it is right."""
        done: list[Renewal] = []
        found = _numbers(self._bundle)
        for number in range(1, max(found, default=0) + 1):
            text, token = text_path(self._bundle, number), token_path(self._bundle, number)
            if not text.exists():
                raise RenewalFailed(f"{text.name} is missing.")
            said = _read(text, _MOST_TEXT)
            if said != self.text(number):
                raise RenewalFailed(f"{text.name} does not fit: {self._differs(said, number)}.")
            if not token.exists():
                if number == max(found) and unfinished:
                    break
                raise RenewalFailed(f"{token.name} is missing: the renewal was not finished.")
            try:
                checked = check(_read(token, _MOST_TOKEN), said, self._roots, SHA512)
            except StampingFailed as error:
                raise RenewalFailed(f"{token.name} does not hold: the service {error}.") from None
            renewal = _next(done, checked)
            if done and checked.gen_time < done[-1].token.gen_time:
                raise RenewalFailed(f"{token.name} is dated before the one that it covers.")
            done.append(renewal)
        return done

    def text(self, number: int) -> bytes:
        """What the hashes of that renewal have to say, byte by byte."""
        covered = [self._bundle]
        for earlier in range(1, number):
            covered += [text_path(self._bundle, earlier), token_path(self._bundle, earlier)]
        lines = [
            f"{name} ({path.name}) = {self._of(path)[place]}\n"
            for place, name in enumerate(("SHA256", "SHA512"))
            for path in covered
        ]
        return "".join(lines).encode("utf-8")

    def _of(self, path: Path) -> tuple[str, str]:
        if path not in self._hashes:
            first, second = hashlib.sha256(), hashlib.sha512()
            for chunk in _chunks(path):
                first.update(chunk)
                second.update(chunk)
            self._hashes[path] = (first.hexdigest(), second.hexdigest())
        return self._hashes[path]

    def _differs(self, said: bytes, number: int) -> str:
        right = self.text(number).split(b"\n")
        for line in said.split(b"\n"):
            if line not in right:
                named = re.fullmatch(rb"SHA(?:256|512) \((.+)\) = [0-9a-f]+", line)
                shown = named[1].decode("utf-8", "replace") if named else ""
                if shown and shown.isprintable():
                    return f"{shown} is not what it was then"
        return _ODD


_ODD = "it is not what a renewal writes"


def _next(done: list[Renewal], token: Token) -> Renewal:
    late = bool(done) and token.gen_time > done[-1].token.certificate_ends_on
    return Renewal(len(done) + 1, token, late)


def _numbers(bundle: Path) -> set[int]:
    """The renewals of which there is a file."""
    name = re.compile(re.escape(bundle.name) + r"\.renewal-([1-9][0-9]{0,2})\.(?:txt|tsr)")
    return {
        int(found[1]) for path in bundle.parent.iterdir() if (found := name.fullmatch(path.name))
    }


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise RenewalFailed(f"{path.name} is far too large.")
    return data


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and never over anything."""
    if path.exists():
        raise RenewalFailed(f"{path.name} is there already, and is not written over.")
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
