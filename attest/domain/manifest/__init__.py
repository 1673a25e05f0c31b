"""Lists of files that a case handler has at hand, read as named files.

`read` takes the bytes of a CSV list or of a `sha256sum` listing, `read_sheet` a sheet's rows, and
each gives an `Import`; `merge`
joins one to what a draft already names. Neither keeps anything: either all is well, or each bad
line is reported with its number and its reason, and nothing goes in.
"""

from attest.domain.list_rows import Problem
from attest.domain.manifest.lines import (
    COLUMNS,
    MAX_BYTES,
    MAX_LINES,
    Import,
    ManifestFile,
)
from attest.domain.manifest.merging import Merge, merge
from attest.domain.manifest.reading import read, read_sheet

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_LINES",
    "Import",
    "ManifestFile",
    "Merge",
    "Problem",
    "merge",
    "read",
    "read_sheet",
]
