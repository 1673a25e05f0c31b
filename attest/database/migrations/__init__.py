"""Alembic's migrations, as package data."""
