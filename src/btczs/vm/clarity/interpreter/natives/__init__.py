"""The native functions of the language, one module per group.

Each is a thin wrapper: it checks the kinds of its tagged arguments, charges its cost, and hands
plain data to a pure function of `runtime/`.

Entry points: `NATIVE_TABLE` (name -> `Native`), `@native` and `@special` to register. The groups
themselves are imported by `groups`, once the evaluator that they use exists.
"""

from btczs.vm.clarity.interpreter.natives.registry import (
    NATIVE_TABLE,
    Native,
    native,
    special,
)

__all__ = ["NATIVE_TABLE", "Native", "native", "special"]
