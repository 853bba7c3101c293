"""Names and source code inside transactions: a length, then ASCII of a certain grammar.

Contract names have at most 40 characters, functions and assets at most 128; source code is
printable ASCII with tabs and line feeds (the reference implementation's decoder).
"""

import re
from typing import Final

from btczs.codec.clarity import principals
from btczs.codec.clarity.names import CONTRACT_NAME_LENGTH_MAX, is_clarity_name, is_contract_name
from btczs.codec.stream import Reader
from btczs.ledger.transactions.errors import InvalidTransaction

_NOT_CODE: Final = re.compile(r"[^\t\n\x20-\x7e]")
_SHOWN_MAX: Final = 60
"""Characters of a refused name that an error repeats."""


def read_contract_name(reader: Reader) -> str:
    return principals.read_contract_name(reader, CONTRACT_NAME_LENGTH_MAX)


def read_clarity_name(reader: Reader, field: str) -> str:
    return _check_clarity_name(reader.take(reader.u8()).decode("latin-1"), field)


def read_code(reader: Reader) -> str:
    return _check_code(reader.take(reader.u32()).decode("latin-1"))


def encode_contract_name(name: str) -> bytes:
    if not is_contract_name(name):
        raise InvalidTransaction("contract_name", f"{name[:_SHOWN_MAX]!r} is not a contract name")
    return bytes((len(name),)) + name.encode("ascii")


def encode_clarity_name(name: str, field: str) -> bytes:
    return bytes((len(_check_clarity_name(name, field)),)) + name.encode("ascii")


def encode_code(code: str) -> bytes:
    return len(_check_code(code)).to_bytes(4, "big") + code.encode("ascii")


def _check_clarity_name(name: str, field: str) -> str:
    if not is_clarity_name(name):
        raise InvalidTransaction(field, f"{name[:_SHOWN_MAX]!r} is not a Clarity name")
    return name


def _check_code(code: str) -> str:
    bad = _NOT_CODE.search(code)
    if bad is not None:
        raise InvalidTransaction("code", f"character {bad.start()} is not printable ASCII")
    return code
