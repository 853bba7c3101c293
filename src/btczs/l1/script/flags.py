"""Which rules of script verification hold: by chain, by height, and by relay policy."""

from enum import IntFlag

from btczs.l1.params import L1Params


class Flag(IntFlag):
    """One rule each. Strict DER is no flag: it always holds here."""

    P2SH = 1 << 0
    STRICTENC = 1 << 1
    LOW_S = 1 << 2
    NULLDUMMY = 1 << 3
    MINIMALDATA = 1 << 4
    DISCOURAGE_NOPS = 1 << 5
    CLEANSTACK = 1 << 6
    CLTV = 1 << 7
    CSV = 1 << 8
    WITNESS = 1 << 9
    TAPROOT = 1 << 10
    NULLFAIL = 1 << 11
    MINIMALIF = 1 << 12
    WITNESS_PUBKEYTYPE = 1 << 13
    DISCOURAGE_WITNESS = 1 << 14
    CONST_SCRIPTCODE = 1 << 15
    NO_CODESEPARATOR = 1 << 16
    """BitcoinZ: OP_CODESEPARATOR is a disabled opcode, and signatures are not cut out of scripts."""


BITCOINZ_CONSENSUS = Flag.P2SH | Flag.CLTV | Flag.NO_CODESEPARATOR

POLICY = (
    Flag.STRICTENC
    | Flag.MINIMALDATA
    | Flag.NULLDUMMY
    | Flag.CLEANSTACK
    | Flag.LOW_S
    | Flag.DISCOURAGE_NOPS
)
"""What relaying nodes ask beyond consensus, on all chains."""

BITCOIN_POLICY = (
    POLICY
    | Flag.NULLFAIL
    | Flag.MINIMALIF
    | Flag.WITNESS_PUBKEYTYPE
    | Flag.DISCOURAGE_WITNESS
    | Flag.CONST_SCRIPTCODE
)

_SOFT_FORKS = (
    ("p2sh", Flag.P2SH),
    ("cltv", Flag.CLTV),
    ("csv", Flag.CSV),
    ("segwit", Flag.WITNESS | Flag.NULLDUMMY),
    ("taproot", Flag.TAPROOT),
)


def get_flags(params: L1Params, height: int, *, policy: bool) -> Flag:
    """The rules for an input in the block at `height`; with `policy`, those of relay too.

    DEVIATION: strict DER holds from the first block on. On Bitcoin it began with BIP 66 (main
    height 363,725); no input that old is verified here.
    """
    if params.chain == "bitcoinz":
        return BITCOINZ_CONSENSUS | POLICY if policy else BITCOINZ_CONSENSUS
    flags = BITCOIN_POLICY if policy else Flag(0)
    for upgrade, rule in _SOFT_FORKS:
        if params.is_active(upgrade, height):
            flags |= rule
    return flags
