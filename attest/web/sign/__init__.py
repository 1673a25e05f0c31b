"""The officer's signatures: the files that are ready, and the receipt."""

from attest.web.sign.routes import pages

__all__ = ["pages"]
