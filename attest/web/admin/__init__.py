"""What an administrator sees of the installation."""

from attest.web.admin.routes import pages

__all__ = ["pages"]
