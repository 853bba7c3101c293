"""Bounds of BitcoinZ v2.2.0, and those that the embedded node adds, each with its reason."""

BLOCK_DECODE_BYTES_MAX = 4_000_000
"""Nothing larger is even decoded: twice the largest valid block, so that a block that is somewhat
too large is refused for its size rather than as undecodable."""

BLOCK_SIGOPS_MAX = 20_000
BLOCK_TEMPLATE_RESERVED_BYTES = 1000
BLOCK_TEMPLATE_RESERVED_SIGOPS = 100
"""Room the miner leaves for header and coinbase."""

TRANSACTION_BYTES_MAX_BEFORE_SAPLING = 100_000
BLOCK_VERSION_MIN = 4
MEDIAN_TIME_SPAN = 11

BIP34_AFTER_HEIGHT = 50
"""Coinbases state their height after this height (the first blocks need not)."""

LOCKTIME_THRESHOLD = 500_000_000
"""Lock times below are heights, from here on seconds."""

EXPIRY_HEIGHT_THRESHOLD = 500_000_000
EXPIRING_SOON_BLOCKS = 3
EXPIRY_DELTA_DEFAULT = 20

FUTURE_TIME_WINDOWS_MIN = ((364_400, 5), (159_300, 30), (0, 120))
"""From this height on, a block's time may be this many minutes ahead of the clock."""

RELAY_FEE_ZAT_PER_KB = 100
RELAY_FEE_ZAT_MAX = 1000
"""The fee demanded of a transaction of any size never exceeds this."""

ABSURD_FEE_ZAT = 10_000_000
"""`sendrawtransaction` refuses a higher fee unless `allowhighfees` is set (0.1 coin)."""

DUST_RATE_ZAT_PER_KB = 100
SCRIPT_SIG_STANDARD_BYTES_MAX = 1650
OP_RETURN_SCRIPT_BYTES_MAX = 83
P2SH_SIGOPS_MAX = 15
TRANSACTION_SIGOPS_MAX = 4000
BARE_MULTISIG_KEYS_MAX = 3

ANCESTORS_MAX = 100
ANCESTORS_BYTES_MAX = 900_000
DESCENDANTS_MAX = 1000
DESCENDANTS_BYTES_MAX = 2_500_000

MEMPOOL_COST_MAX = 80_000_000
MEMPOOL_COST_PER_TRANSACTION_MIN = 4000
"""Bytes of the pool, a small transaction counting as 4000 (ZIP-401): at most 20,000 of them."""

GENERATE_BLOCKS_MAX = 10_000
"""Blocks of one `generate` call: about fifteen minutes of work."""

NONCES_PER_TEMPLATE_MAX = 65_536
"""Nonces tried on one coinbase: the expected number on regtest is about 25."""
