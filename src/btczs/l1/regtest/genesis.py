"""The genesis block. Its coinbase is worth nothing and never enters the set of coins."""

from btczs.codec.stream import Reader
from btczs.l1.bitcoinz.header import read_header
from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.params import L1Params
from btczs.l1.parts import NO_INDEX, TxIn, TxOut
from btczs.l1.regtest.block import Block, make_block
from btczs.l1.script.templates import push, push_number
from btczs.primitives import Zat
from btczs.primitives.units import ZERO_HASH

_TEXT = b"BitcoinZ2beeec1ef52fd18475953563ebdb287f056453f452200581f958711118e980b2"
_BITCOIN_BITS = 486_604_799
_KEY = bytes.fromhex(
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
    "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
)
OP_CHECKSIG = b"\xac"


def make_genesis_block(params: L1Params) -> Block:
    reader = Reader(params.genesis_header)
    header = read_header(reader)
    reader.finish()
    script_sig = push_number(_BITCOIN_BITS) + b"\x01\x04" + push(_TEXT)
    coinbase = Transaction(
        inputs=(TxIn(ZERO_HASH, NO_INDEX, script_sig),),
        outputs=(TxOut(Zat(0), push(_KEY) + OP_CHECKSIG),),
        version=1,
        overwintered=False,
        group_id=0,
    )
    block = make_block(header, (coinbase,))
    assert block.hash == params.genesis_hash
    assert coinbase.txid == header.merkle_root
    return block
