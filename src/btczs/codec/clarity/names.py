"""Which names Clarity allows."""

import re

NAME_LENGTH_MAX = 128
"""Names of functions, variables, tuple fields; and contract names inside values."""

CONTRACT_NAME_LENGTH_MAX = 40
"""Names of contracts in transactions and source code."""

_CLARITY = re.compile(r"[a-zA-Z][a-zA-Z0-9\-_!?+<>=/*]*|[-+=/*]|[<>]=?", re.ASCII)
_CONTRACT = re.compile(r"[a-zA-Z][a-zA-Z0-9\-_]*|__transient", re.ASCII)


def is_clarity_name(name: str) -> bool:
    """Whether `name` may name a function, variable or tuple field."""
    return len(name) <= NAME_LENGTH_MAX and _CLARITY.fullmatch(name) is not None


def is_contract_name(name: str, length_max: int = CONTRACT_NAME_LENGTH_MAX) -> bool:
    """Whether `name` may name a contract; `length_max` is 128 inside values, else 40."""
    return len(name) <= length_max and _CONTRACT.fullmatch(name) is not None
