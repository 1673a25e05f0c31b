"""How this installation runs, for its administrators."""

from flask import Blueprint, render_template

from attest.services.upkeep.running import running
from attest.web.session import ctx, current_account

pages = Blueprint("admin", __name__)


@pages.get("/instance")
def instance() -> str:
    """The log key, the outbox and the worker."""
    return render_template("pages/admin/instance.html", found=running(ctx(), current_account()))
