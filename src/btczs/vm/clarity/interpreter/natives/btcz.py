"""The extension `btcz`: native functions that only networks on BitcoinZ have.

    (get-btcz-block-info? property height)        optional
        header-hash, merkle-root (buff 32); time, confirmations uint
    (verify-btcz-merkle-proof tx header-hash tx-index tx-count proof)      (response bool uint)
        tx (buff 100000), header-hash (buff 32), proof (list 24 (buff 32))
        (err u1): no such block; u2: no transaction of version 4; u3: no block has such a branch
    (get-btcz-tx-sender tx)       (optional {hash: (buff 20), version: (buff 1)})
        version 0x00: a public key, 0x01: a script; none if it cannot be told

A contract may define functions with these names; then it means its own. Hashes are in internal
byte order. Costs are those of the functions of the language that do the like: a block is looked up
for `block_info`, a transaction read for `get_bitcoin_tx_output` (by its size), a branch folded for
`verify_merkle_proof` (by the encoded size of all arguments).
"""

from collections.abc import Callable, Sequence
from typing import Final

from btczs.codec.clarity.types import UINT, ValueType, buffer_type, list_type, tuple_type
from btczs.codec.clarity.values import (
    FALSE,
    NONE,
    TRUE,
    BufferValue,
    ErrValue,
    ListValue,
    OkValue,
    SomeValue,
    UIntValue,
    Value,
)
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.arguments import check_admitted, name_argument
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import btcz
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes
from btczs.vm.clarity.runtime.errors import Unreachable, check_argument_count
from btczs.vm.clarity.runtime.values import TypedTuple
from btczs.vm.clarity.runtime.views import BtczBlockInfo

HEIGHT_MAX: Final = 2**32 - 1

NO_SUCH_BLOCK = ErrValue(UIntValue(1))
NO_TRANSACTION = ErrValue(UIntValue(2))
NO_SUCH_BRANCH = ErrValue(UIntValue(3))

_HASH = buffer_type(32)
_TRANSACTION = buffer_type(btcz.TRANSACTION_BYTES_MAX)
_PROOF_TYPES = (_TRANSACTION, _HASH, UINT, UINT, list_type(btcz.SIBLINGS_MAX, _HASH))
_SENDER_TYPE = tuple_type(("hash", "version"), (buffer_type(20), buffer_type(1)))

_PROPERTIES: Final[dict[str, Callable[[BtczBlockInfo], Value]]] = {
    "header-hash": lambda block: BufferValue(block.header_hash),
    "merkle-root": lambda block: BufferValue(block.merkle_root),
    "time": lambda block: UIntValue(block.time),
    "confirmations": lambda block: UIntValue(block.confirmations),
}


@special("get-btcz-block-info?")
def get_btcz_block_info(args: Sequence[Expr], env: Environment) -> Value:
    env.charge("block_info")
    check_argument_count(2, args)
    name = name_argument(args[0])
    if name not in _PROPERTIES:
        raise Unreachable(f"a block of BitcoinZ has no property {name}")
    (height,) = _evaluate(args[1:], (UINT,), env)
    assert isinstance(height, UIntValue)
    block = env.chain.btcz_block(height.value) if height.value <= HEIGHT_MAX else None
    return NONE if block is None else SomeValue(_PROPERTIES[name](block))


@special("verify-btcz-merkle-proof")
def verify_btcz_merkle_proof(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(5, args)
    values = _evaluate(args, _PROOF_TYPES, env)
    raw, header_hash, index, count, proof = values
    assert isinstance(raw, BufferValue)
    assert isinstance(header_hash, BufferValue)
    assert isinstance(index, UIntValue)
    assert isinstance(count, UIntValue)
    assert isinstance(proof, ListValue)
    env.charge("block_info")
    env.charge("get_bitcoin_tx_output", len(raw.data))
    env.charge("verify_merkle_proof", serialized_sizes(values))
    block = env.chain.btcz_block_by_hash(header_hash.data)
    if block is None:
        return NO_SUCH_BLOCK
    transaction = btcz.decode_transaction(raw.data)
    if transaction is None:
        return NO_TRANSACTION
    siblings = [item.data for item in proof.items if isinstance(item, BufferValue)]
    if not btcz.is_possible_branch(index.value, count.value, len(siblings)):
        return NO_SUCH_BRANCH
    root = block.merkle_root
    is_included = btcz.is_included(transaction, root, index.value, count.value, siblings)
    return OkValue(TRUE if is_included else FALSE)


@special("get-btcz-tx-sender")
def get_btcz_tx_sender(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(1, args)
    (raw,) = _evaluate(args, (_TRANSACTION,), env)
    assert isinstance(raw, BufferValue)
    env.charge("get_bitcoin_tx_output", len(raw.data))
    transaction = btcz.decode_transaction(raw.data)
    sender = None if transaction is None else btcz.find_sender(transaction)
    if sender is None:
        return NONE
    version, hash20 = sender
    fields = (("hash", BufferValue(hash20)), ("version", BufferValue(bytes((version,)))))
    return SomeValue(TypedTuple(fields, _SENDER_TYPE))


def _evaluate(args: Sequence[Expr], types: Sequence[ValueType], env: Environment) -> list[Value]:
    """The values of `args`. Raises `TypeValueError`."""
    values = [env.eval_ref(arg)[0] for arg in args]
    for expected, value in zip(types, values, strict=True):
        check_admitted(expected, value)
    return values
