"""Attest: ask for a declaration, have it signed, and keep the proof."""

__version__ = "0.1.0"
