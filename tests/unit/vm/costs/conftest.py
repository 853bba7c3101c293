"""The programs of the differential tests are imported by their full name, from the project."""

import sys
from pathlib import Path

_PROJECT = str(Path(__file__).parents[4])
if _PROJECT not in sys.path:
    sys.path.insert(0, _PROJECT)
