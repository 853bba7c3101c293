"""Random expressions of a wanted type: the heart of the generator.

`expression(scope, shape, depth)` gives the source text of an expression whose type `shape` admits.
Every kind of type has productions of its own; some work for every type. A production raises
`Impossible` where it has nothing to give: then another one is taken.
"""

from tests.differential.clarity.expressions import (  # noqa: F401 - they register themselves
    compounds,
    control,
    logic,
    numbers,
    sequences,
    specials,
)
from tests.differential.clarity.expressions.core import expression, statement

__all__ = ["expression", "statement"]
