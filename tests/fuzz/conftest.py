"""The kits of other tests (a whole chain, a served node) that the fuzz tests attack."""

import sys
from pathlib import Path

UNIT = Path(__file__).parents[1] / "unit"
for folder in ("node", "api", "api/endpoints", "ledger"):
    path = str(UNIT / folder)
    if path not in sys.path:
        sys.path.append(path)
