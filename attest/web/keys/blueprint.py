"""The blueprint that both files of routes add to."""

from flask import Blueprint

pages = Blueprint("keys", __name__)
