"""One's own signing keys, and revoking a key."""

from attest.web.keys import elsewhere_pages, revoking_pages, routes
from attest.web.keys.blueprint import pages

__all__ = ["elsewhere_pages", "pages", "revoking_pages", "routes"]
