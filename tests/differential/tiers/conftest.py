"""The package of these tests is imported by its full name, from the folder of the project."""

import sys
from pathlib import Path

_PROJECT = str(Path(__file__).parents[3])
if _PROJECT not in sys.path:
    sys.path.insert(0, _PROJECT)
