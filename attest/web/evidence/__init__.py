"""Evidence files: adding them, attaching them to copies, reading them."""

from attest.web.evidence.routes import pages

__all__ = ["pages"]
