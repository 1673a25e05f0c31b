"""Spreadsheets (XLSX): read without running anything in them, and written with typed cells."""

from attest.sheets.reading import BadSheet, is_workbook, read_rows
from attest.sheets.writing import write_rows

__all__ = ["BadSheet", "is_workbook", "read_rows", "write_rows"]
