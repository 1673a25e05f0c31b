"""Late finds and changed minds: a file opened again, a store withdrawn, a file never received."""

from attest.web.changes import claims, hub, reopening, stores
from attest.web.changes.blueprint import pages

__all__ = ["claims", "hub", "pages", "reopening", "stores"]
