"""What a transaction spends: amounts, coinbase maturity, signatures and scripts."""

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.params import L1Params
from btczs.l1.regtest.errors import RejectCode, TransactionRejected
from btczs.l1.regtest.utxo import Coin
from btczs.l1.script.interpreter import ScriptFailed, verify_input
from btczs.primitives import Zat


def compute_fee(params: L1Params, tx: Transaction, coins: list[Coin], height: int) -> Zat:
    """Value of the inputs that the outputs leave. Raises `TransactionRejected`.

    `coins` are those of the inputs, in order; `height` is that of the block it enters.
    """
    value_in = 0
    for coin in coins:
        if coin.is_coinbase:
            depth = height - coin.height
            if depth < params.coinbase_maturity:
                detail = f"tried to spend coinbase at depth {depth}"
                raise TransactionRejected(
                    "bad-txns-premature-spend-of-coinbase", RejectCode.INVALID, detail
                )
            if params.coinbase_must_be_shielded and tx.outputs:
                raise TransactionRejected("bad-txns-coinbase-spend-has-transparent-outputs")
        value_in += coin.value
        if value_in > params.money_max:
            raise TransactionRejected("bad-txns-inputvalues-outofrange")
    value_out = sum(output.value for output in tx.outputs)
    if value_in < value_out:
        detail = f"value in ({value_in}) < value out ({value_out})"
        raise TransactionRejected("bad-txns-in-belowout", RejectCode.INVALID, detail)
    return Zat(value_in - value_out)


def verify_scripts(params: L1Params, tx: Transaction, coins: list[Coin], height: int) -> None:
    """Runs the script of every input by the rules of blocks. Raises `TransactionRejected`."""
    for index, coin in enumerate(coins):
        try:
            verify_input(params, tx, index, coin.script, coin.value, height)
        except ScriptFailed as error:
            reason = f"mandatory-script-verify-flag-failed ({error})"
            raise TransactionRejected(reason) from error


def verify_scripts_by_policy(
    params: L1Params, tx: Transaction, coins: list[Coin], height: int
) -> None:
    """Runs the scripts by the stricter rules of relay.

    Raises `TransactionRejected`: `non-mandatory-...` if the transaction is valid in a block.
    """
    for index, coin in enumerate(coins):
        try:
            verify_input(params, tx, index, coin.script, coin.value, height, policy=True)
        except ScriptFailed as error:
            verify_scripts(params, tx, coins[: index + 1], height)
            reason = f"non-mandatory-script-verify-flag ({error})"
            raise TransactionRejected(reason, RejectCode.NONSTANDARD) from error
