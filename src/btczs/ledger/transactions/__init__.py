"""Transactions: their wire form, who authorised them, and how they are made and signed.

The format is SIP-005's, byte for byte, so that Stacks libraries and wallets work unchanged. A
transaction is a frozen struct (`model`) that holds one of eight payloads (`payloads`), conditions
on what may move (`post_conditions`) and one or two spending conditions (`conditions`): who signs
and who pays.

Entry points
- `decode_transaction`, `encode_transaction`, `compute_txid`: bytes.
- `verify_transaction`: everything consensus asks of the signatures; gives an `Authenticated`,
  which execution takes. `authenticate` is the same without chain id and version, and
  `authenticate_many` (in `batch`) does many at once.
- `make_token_transfer`, `make_contract_call`, `make_contract_deploy` (`builders`) make unsigned
  transactions; `sign_origin` and `sign_sponsor` (`signing`) sign them, with one key or several.

Invariants
- `encode_transaction(decode_transaction(raw)) == raw` for every `raw` that decodes.
- Decoding raises `DecodeError` and nothing else, and builds nothing before it is known to fit.
- Nobody but its signers can give a transaction another id: every byte is signed or part of a
  signature, and a signature with high s is refused. The one exception is SIP-027's: where more
  keys signed in any order than had to, the surplus can be taken out.
- A failed authorization raises a `ConditionFailed` that names the role: `origin` or `sponsor`.

Sources: SIP-005 (formats, signing), SIP-021 (tenures), SIP-027 (signatures in any order), SIP-040
(post-condition modes); where a text and the reference implementation differ, the implementation.
"""

from btczs.ledger.transactions.authentication import (
    authenticate,
    verify_origin,
    verify_transaction,
)
from btczs.ledger.transactions.builders import (
    make_contract_call,
    make_contract_deploy,
    make_token_transfer,
)
from btczs.ledger.transactions.codec import compute_txid, decode_transaction, encode_transaction
from btczs.ledger.transactions.errors import AuthError, ConditionFailed, InvalidTransaction
from btczs.ledger.transactions.model import Authenticated, Transaction
from btczs.ledger.transactions.payloads import (
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    Payload,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
)
from btczs.ledger.transactions.signing import sign_origin, sign_sponsor

__all__ = [
    "AuthError",
    "Authenticated",
    "Coinbase",
    "CoinbaseToAlt",
    "ConditionFailed",
    "ContractCall",
    "InvalidTransaction",
    "NakamotoCoinbase",
    "Payload",
    "PoisonMicroblock",
    "SmartContract",
    "TenureChange",
    "TokenTransfer",
    "Transaction",
    "authenticate",
    "compute_txid",
    "decode_transaction",
    "encode_transaction",
    "make_contract_call",
    "make_contract_deploy",
    "make_token_transfer",
    "sign_origin",
    "sign_sponsor",
    "verify_origin",
    "verify_transaction",
]
