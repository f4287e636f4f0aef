"""``python -m focalbook.cli``: the same as the ``focalbook`` command."""

from __future__ import annotations

import sys

from focalbook.cli.program import main

sys.exit(main())
