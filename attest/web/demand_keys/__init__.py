"""The keys of a demand: how each was confirmed, confirming and comparing one."""

from attest.web.demand_keys.routes import pages

__all__ = ["pages"]
