"""The least fee of a transaction: a consensus rule, not only a policy of the mempool.

The specification gives flat minima by kind of transaction and Stacks one base unit per byte;
the larger of the two counts.
"""

from btczs.ledger.transactions.model import Transaction
from btczs.ledger.transactions.payloads import ContractCall, SmartContract, TokenTransfer
from btczs.networks import Fees
from btczs.primitives import BaseUnits


def compute_fee_min(tx: Transaction, raw_len: int, fees: Fees) -> BaseUnits:
    """Least fee of `tx`, whose encoding has `raw_len` bytes, in base units.

    Source: specification "Transaction Fees".
    """
    kind = type(tx.payload)
    if kind is TokenTransfer:
        flat = fees.token_transfer
    elif kind is ContractCall:
        flat = fees.contract_call
    elif kind is SmartContract:
        flat = fees.contract_deploy
    else:
        flat = fees.base
    by_size = raw_len * fees.per_byte
    return BaseUnits(flat if flat > by_size else by_size)
