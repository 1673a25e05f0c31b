"""Uploads that never touch the disk.

Werkzeug puts what is larger than half a megabyte into a temporary file. A list of people affected
must not lie anywhere, so the addresses named here get memory instead, with a limit of their own.
"""

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from attest.domain.letter_merge import MAX_BYTES

IN_MEMORY = ("/letter/merge",)  # how the paths end
# A little more than the rule takes: a list that is too long by a byte is refused in its words.
MOST_BYTES = MAX_BYTES + 64 * 1024


class _Memory(BytesIO):
    """Bytes in memory, up to the limit."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > MOST_BYTES:
            raise RequestEntityTooLarge
        return super().write(data)


class CarefulRequest(Request):
    """Flask's request, but for where some uploads lie while they are read."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.path.startswith("/incidents/") and self.path.endswith(IN_MEMORY):
            return _Memory()
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )
