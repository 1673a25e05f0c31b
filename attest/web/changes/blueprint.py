"""What these pages share: the blueprint, and what a view may answer."""

from flask import Blueprint
from werkzeug.wrappers import Response

pages = Blueprint("changes", __name__)

Answer = str | Response | tuple[str, int]
