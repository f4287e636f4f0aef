"""Files of class probabilities: CSV, NPY, NPZ and Parquet, read and written a piece at a time.

Nothing here knows focal loss except :mod:`focalbook.io.recovery`, which applies `focalbook.recover` to
blocks of rows; :func:`focalbook.io.files.recover_file` does so for a file of any size. Outputs replace their
target in one step, so nobody ever sees half of one.
"""

from __future__ import annotations

from focalbook.io.errors import DataFileError

__all__ = ["DataFileError"]
