"""What an imported list is made of: its lines, the files that they name, and what is wrong."""

from dataclasses import dataclass, field
from datetime import date

from attest.domain.list_rows import Problem

# 10 MiB hold 100,000 lines with room to spare; the web layer refuses far larger bodies unread.
MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 100_000

CSV = "csv"
XLSX = "xlsx"
SHA256SUM = "sha256sum"

# The columns of a CSV list, in the order in which `attest` writes them. Only `name` is a must.
COLUMNS: tuple[str, ...] = (
    "name",
    "kind",
    "sha256",
    "size",
    "description",
    "sent_on",
    "channel",
    "data_categories",
    "subjects",
)


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file to be named in a demand. `size` is in bytes; `line` is where it was read, or 0."""

    name: str
    kind: str = "electronic"
    sha256: str | None = None
    size: int | None = None
    description: str | None = None
    sent_on: date | None = None
    channel: str | None = None
    data_categories: tuple[str, ...] = ()
    subjects: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Import:
    """What was read from one list.

    `kind` is `csv`, `xlsx` or `sha256sum`, or "" where it is none. `readable` holds the lines
    that are well, for a preview; `files` is what may be kept, and is empty as long as there are
    problems. `notes` are sentences about what was done to the list on the way in.
    """

    kind: str
    readable: tuple[ManifestFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[ManifestFile, ...]:
        return () if self.problems else self.readable
