"""The random programs and types of other tests serve here too."""

import sys
from pathlib import Path

_VM = Path(__file__).parents[1]
for _folder in (str(_VM.parents[2]), str(_VM / "types")):
    if _folder not in sys.path:
        sys.path.append(_folder)
