"""What a person does who signs on another computer: download, `attest sign`, upload. No script."""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from werkzeug.test import TestResponse

from attest import cli
from attest.keyfiles import seal
from attest.signing import PrivateKey
from tests.web.house import Visitor

PASSPHRASE = "four words by heart"


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, and its hidden fields."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


def forms(page: TestResponse) -> list[Form]:
    """The forms inside the part of the page that offers another computer."""
    found = re.search(r'<details[^>]* id="elsewhere">(.*?)</details>', page.text, re.S)
    assert found is not None, page.text[:3000]
    return [_form(attributes, inside) for attributes, inside in _FORM.findall(found[1])]


_FORM = re.compile(r"<form([^>]*)>(.*?)</form>", re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def _form(attributes: str, inside: str) -> Form:
    said = dict(re.findall(r'(\w+)="([^"]*)"', attributes))
    fields = [(name, html.unescape(value)) for name, value in _HIDDEN.findall(inside)]
    return Form(said["method"], html.unescape(said["action"]), fields)


def download(visitor: Visitor, page: TestResponse, status: int = 200) -> TestResponse:
    """What the page offers to take along."""
    link = re.search(r'<a href="([^"]*offline=to-sign[^"]*)" download', page.text)
    if link is not None:
        return visitor.get(html.unescape(link[1]), status)
    asks = forms(page)[0]
    fields: dict[str, Any] = {}
    for name, value in asks.fields:
        fields.setdefault(name, []).append(value)
    return visitor.post(asks.action, status, **fields)


def name_of(file: TestResponse) -> str:
    """The name under which a browser keeps a download."""
    assert file.mimetype == "application/jsonl"
    found = re.fullmatch(r'attachment; filename="([^"]+)"', file.headers["Content-Disposition"])
    assert found is not None
    return found[1]


def sign(
    folder: Path,
    file: TestResponse,
    key: PrivateKey,
    *,
    said: str = "",
    old: PrivateKey | None = None,
    status: int = 0,
) -> bytes:
    """Signs a download with the command; gives signed.jsonl. `said` is typed before the yes."""
    path = folder / name_of(file)
    path.write_bytes(file.data)
    out = folder / "signed.jsonl"
    out.unlink(missing_ok=True)
    arguments = ["sign", "--key", _key_file(folder, key), "--out", str(out), str(path)]
    if old is not None:
        arguments += ["--old-key", _key_file(folder, old)]
    passphrases = f"{PASSPHRASE}\n" * (1 if old is None else 2)
    result = CliRunner().invoke(cli.attest, arguments, input=f"{said}yes\n{passphrases}")
    assert result.exit_code == status, result.output
    return out.read_bytes() if status == 0 else b""


def _key_file(folder: Path, key: PrivateKey) -> str:
    path = folder / f"{key.keyid[:8]}.key"
    if not path.exists():
        path.write_bytes(seal(key, PASSPHRASE))
    return str(path)


def upload(
    visitor: Visitor, page: TestResponse, data: bytes | None, status: int = 200
) -> TestResponse:
    """Brings signed.jsonl back with the page's form."""
    return upload_to(visitor, forms(page)[-1].action, data, status)


def upload_to(
    visitor: Visitor, address: str, data: bytes | None, status: int = 200
) -> TestResponse:
    """The same, to an address."""
    fields: dict[str, Any] = {} if data is None else {"signed": (io.BytesIO(data), "signed.jsonl")}
    return visitor.post(address, status, **fields)
