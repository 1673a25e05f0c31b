"""Late finds and changed minds: a file opened again, a store withdrawn, a file never received."""

from attest.web.changes import reopening  # noqa: F401 (its routes)
from attest.web.changes.blueprint import pages

__all__ = ["pages"]
