"""What an administrator sees of the installation."""

from attest.web.admin.letters import letters
from attest.web.admin.routes import pages

__all__ = ["letters", "pages"]
