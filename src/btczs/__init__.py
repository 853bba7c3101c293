"""btczs: a complete layer 2 for Bitcoin-family chains.

Start at `docs/layout.md` for the map of the packages, or run `btczs --help`.
"""

__version__ = "0.1.0"
