"""``python -m focalbook.cli``: the same as the ``focalbook`` command."""

from __future__ import annotations

import sys

from focalbook.cli.main import main

sys.exit(main())
