"""Sends evidence files as browsers do, and looks at what that left."""

from __future__ import annotations

import io

from sqlalchemy import func, select

from attest.attachments.incoming import INCOMING
from attest.database.tables import EvidenceFile


def send(visitor, base, *files, status=302, **fields):
    """The form without a script: the token first, then fields, then files."""
    data = {"csrf_token": visitor.token(), **fields}
    data["file"] = [(io.BytesIO(content), name) for name, content in files]
    answer = visitor.client.post(f"{base}/evidence", data=data, content_type="multipart/form-data")
    return visitor._checked(answer, "evidence", status)


def send_as_script(visitor, base, name, content, **fields):
    return visitor.client.post(
        f"{base}/evidence",
        data={**fields, "file": (io.BytesIO(content), name)},
        headers={"X-CSRFToken": visitor.token(), "Accept": "application/json"},
    )


def rows(staged, table=EvidenceFile):
    with staged.stage.look() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(table))


def left(staged):
    """What lies in the folder of evidence files: kept files, and halves."""
    folder = staged.stage.settings.evidence_path
    every = [path for path in folder.rglob("*") if path.is_file()]
    return (
        [path.name for path in every if path.parent.name != INCOMING],
        [path.name for path in every if path.parent.name == INCOMING],
    )


def body(token, content=b"x" * 1000, *more):
    """A form by hand: the token, further fields, and a file."""
    parts = [(b'name="csrf_token"', token.encode()), *more]
    parts.append((b'name="file"; filename="a.pdf"\r\nContent-Type: text/html', content))
    head = b"--b0und\r\nContent-Disposition: form-data; "
    return b"".join(head + b"%s\r\n\r\n%s\r\n" % part for part in parts) + b"--b0und--\r\n"


def raw(visitor, base, data, length=None):
    return visitor.client.post(
        f"{base}/evidence",
        input_stream=data if hasattr(data, "read") else io.BytesIO(data),
        content_type="multipart/form-data; boundary=b0und",
        environ_overrides={"CONTENT_LENGTH": str(length or len(data))},
    )
