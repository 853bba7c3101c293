"""From the JSON a node returns to our types: lengths bounded, amounts exact, nothing assumed."""

from decimal import Decimal
from typing import Any

import msgspec

from btczs.l1.rpc.errors import RpcBadReply
from btczs.primitives import Hash32, L1Height, Zat
from btczs.primitives.units import ZAT_PER_COIN, hash_from_hex

BLOCK_BYTES_MAX = 4_000_000
"""The largest block of the chains, witness data included (4 million weight units)."""
HEADER_BYTES_MAX = 1487
PROOF_BYTES_MAX = HEADER_BYTES_MAX + 4 + 5 + 32 * 40_000 + 5 + 10_000
LIST_ITEMS_MAX = 500_000
_MONEY_MAX = 21_000_000_000 * ZAT_PER_COIN


class BlockchainInfo(msgspec.Struct, frozen=True):
    """Where the node stands. `chain` is the node's word: main, test, regtest."""

    chain: str
    height: L1Height
    headers: int
    best_hash: Hash32


class UnspentOutput(msgspec.Struct, frozen=True):
    """What `gettxout` says of an output that is not spent."""

    value: Zat
    script: bytes
    confirmations: int
    is_coinbase: bool


class AddressOutput(msgspec.Struct, frozen=True):
    """An unspent output of an address (`getaddressutxos`)."""

    txid: Hash32
    index: int
    value: Zat
    script: bytes
    height: L1Height


def read_bytes(method: str, value: Any, limit: int) -> bytes:
    """Hex text of at most `limit` bytes."""
    if not isinstance(value, str) or len(value) > 2 * limit:
        raise RpcBadReply(method, f"not hex text of at most {limit} bytes")
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        raise RpcBadReply(method, "not hex text") from None
    if 2 * len(raw) != len(value):
        raise RpcBadReply(method, "spaces in hex text")
    return raw


def read_hash(method: str, value: Any) -> Hash32:
    """A hash in display order."""
    if not isinstance(value, str):
        raise RpcBadReply(method, "a hash is not text")
    try:
        return hash_from_hex(value)
    except ValueError:
        raise RpcBadReply(method, "a hash is not 64 hex digits") from None


def read_hashes(method: str, value: Any) -> tuple[Hash32, ...]:
    return tuple(read_hash(method, item) for item in read_list(method, value))


def read_int(method: str, value: Any, minimum: int, maximum: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise RpcBadReply(method, f"not an integer from {minimum} to {maximum}")
    return value


def read_height(method: str, value: Any) -> L1Height:
    return L1Height(read_int(method, value, 0, 2**31 - 1))


def read_list(method: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > LIST_ITEMS_MAX:
        raise RpcBadReply(method, f"not a list of at most {LIST_ITEMS_MAX} items")
    return value


def read_object(method: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RpcBadReply(method, "not an object")
    return value


def read_text(method: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise RpcBadReply(method, "not a text of at most 1000 characters")
    return value


def read_amount(method: str, value: Any) -> Zat:
    """An amount in coins, as nodes write it (`0.00001000`), in units of 1e-8. Never a float."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise RpcBadReply(method, "an amount is not a number")
    if not 0 <= value <= _MONEY_MAX // ZAT_PER_COIN:
        raise RpcBadReply(method, "an amount is negative or too large")
    if value and isinstance(value, Decimal) and value.adjusted() < -8:
        raise RpcBadReply(method, "an amount is finer than 1e-8")
    numerator, denominator = value.as_integer_ratio()
    zat, rest = divmod(numerator * ZAT_PER_COIN, denominator)
    if rest:
        raise RpcBadReply(method, "an amount is finer than 1e-8")
    return Zat(zat)


def read_value(method: str, fields: dict[str, Any]) -> Zat:
    """The exact `valueZat` where the node gives it (BitcoinZ), else `value` in coins."""
    if "valueZat" in fields:
        return Zat(read_int(method, fields["valueZat"], 0, _MONEY_MAX))
    return read_amount(method, fields.get("value"))


def write_amount(amount: Zat) -> Decimal:
    """An amount for a parameter, in coins with 8 decimals."""
    return Decimal(amount).scaleb(-8)


def read_blockchain_info(method: str, reply: Any) -> BlockchainInfo:
    fields = read_object(method, reply)
    return BlockchainInfo(
        chain=read_text(method, fields.get("chain")),
        height=read_height(method, fields.get("blocks")),
        headers=read_int(method, fields.get("headers"), -1, 2**31 - 1),
        best_hash=read_hash(method, fields.get("bestblockhash")),
    )


def read_unspent_output(method: str, reply: Any) -> UnspentOutput | None:
    if reply is None:
        return None
    fields = read_object(method, reply)
    script = read_object(method, fields.get("scriptPubKey"))
    coinbase = fields.get("coinbase")
    if not isinstance(coinbase, bool):
        raise RpcBadReply(method, "coinbase is not a boolean")
    return UnspentOutput(
        value=read_value(method, fields),
        script=read_bytes(method, script.get("hex"), 10_000),
        confirmations=read_int(method, fields.get("confirmations"), 0, 2**31 - 1),
        is_coinbase=coinbase,
    )


def read_address_outputs(method: str, reply: Any) -> tuple[AddressOutput, ...]:
    outputs = []
    for item in read_list(method, reply):
        fields = read_object(method, item)
        outputs.append(
            AddressOutput(
                txid=read_hash(method, fields.get("txid")),
                index=read_int(method, fields.get("outputIndex"), 0, 2**32 - 1),
                value=Zat(read_int(method, fields.get("satoshis"), 0, _MONEY_MAX)),
                script=read_bytes(method, fields.get("script"), 10_000),
                height=read_height(method, fields.get("height")),
            )
        )
    return tuple(outputs)
