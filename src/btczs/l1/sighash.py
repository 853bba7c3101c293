"""Signature hashes of whichever chain `params` names."""

from btczs.l1.bitcoin.sighash import compute_legacy_sighash
from btczs.l1.bitcoinz import sighash as btcz
from btczs.l1.bitcoinz import transaction as btcz_transaction
from btczs.l1.errors import SighashUndefined
from btczs.l1.params import L1Params
from btczs.l1.wire import Tx
from btczs.primitives import Hash32

ALL = 1
NONE = 2
SINGLE = 3
ANYONE_CAN_PAY = 0x80


def branch_id_at(params: L1Params, height: int) -> int:
    """Consensus branch id of the block at `height`; 0 where signatures name no branch.

    A transaction is signed for the block it is to enter: the tip's height plus one.
    """
    return btcz.get_branch_id(params, height)


def compute_sighash(
    params: L1Params,
    tx: Tx,
    index: int | None,
    script_code: bytes,
    amount: int,
    hash_type: int,
    branch_id: int,
) -> Hash32:
    """The hash that a signature for input `index` signs, witness inputs excepted.

    `index` None is BitcoinZ's signature over the shielded part. `amount` is what the input spends,
    in zat. Raises `SighashUndefined`.
    """
    is_bitcoinz = isinstance(tx, btcz_transaction.Transaction)
    if is_bitcoinz != (params.chain == "bitcoinz"):
        raise SighashUndefined(f"the transaction is not of {params.chain}")
    if isinstance(tx, btcz_transaction.Transaction):
        return btcz.compute_sighash(tx, index, script_code, amount, hash_type, branch_id)
    return compute_legacy_sighash(tx, -1 if index is None else index, script_code, hash_type)
