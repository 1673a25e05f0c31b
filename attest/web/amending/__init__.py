"""Amending a demand: prepared by a case handler, read and signed by a signatory."""

from attest.web.amending import files, routes, signing
from attest.web.amending.blueprint import pages

__all__ = ["files", "pages", "routes", "signing"]
