"""The words of the language, and in which versions each of them exists.

126 native functions, 16 keyword variables and 11 define forms. Functions and keywords are reserved
in the versions that have them; define forms and names of types are not.

Source: specification of Clarity 1 to 6; (first version, last version) per word.
"""

from functools import lru_cache
from typing import Final, Literal

ClarityVersion = Literal[1, 2, 3, 4, 5, 6]

VERSIONS: Final[tuple[ClarityVersion, ...]] = (1, 2, 3, 4, 5, 6)
LATEST: Final[ClarityVersion] = 6

NATIVES: Final[dict[str, tuple[int, int]]] = {
    "+": (1, 6),
    "-": (1, 6),
    "*": (1, 6),
    "/": (1, 6),
    ">=": (1, 6),
    "<=": (1, 6),
    "<": (1, 6),
    ">": (1, 6),
    "to-int": (1, 6),
    "to-uint": (1, 6),
    "mod": (1, 6),
    "pow": (1, 6),
    "sqrti": (1, 6),
    "log2": (1, 6),
    "xor": (1, 6),
    "and": (1, 6),
    "or": (1, 6),
    "not": (1, 6),
    "is-eq": (1, 6),
    "if": (1, 6),
    "let": (1, 6),
    "map": (1, 6),
    "fold": (1, 6),
    "append": (1, 6),
    "concat": (1, 6),
    "as-max-len?": (1, 6),
    "len": (1, 6),
    "element-at": (1, 6),
    "element-at?": (2, 6),
    "index-of": (1, 6),
    "index-of?": (2, 6),
    "buff-to-int-le": (2, 6),
    "buff-to-uint-le": (2, 6),
    "buff-to-int-be": (2, 6),
    "buff-to-uint-be": (2, 6),
    "is-standard": (2, 6),
    "principal-destruct?": (2, 6),
    "principal-construct?": (2, 6),
    "string-to-int?": (2, 6),
    "string-to-uint?": (2, 6),
    "int-to-ascii": (2, 6),
    "int-to-utf8": (2, 6),
    "list": (1, 6),
    "var-get": (1, 6),
    "var-set": (1, 6),
    "map-get?": (1, 6),
    "map-set": (1, 6),
    "map-insert": (1, 6),
    "map-delete": (1, 6),
    "tuple": (1, 6),
    "get": (1, 6),
    "merge": (1, 6),
    "begin": (1, 6),
    "hash160": (1, 6),
    "sha256": (1, 6),
    "sha512": (1, 6),
    "sha512/256": (1, 6),
    "keccak256": (1, 6),
    "secp256k1-recover?": (1, 6),
    "secp256k1-verify": (1, 6),
    "print": (1, 6),
    "contract-call?": (1, 6),
    "as-contract": (1, 3),
    "contract-of": (1, 6),
    "principal-of?": (1, 6),
    "at-block": (1, 4),
    "get-block-info?": (1, 2),
    "get-burn-block-info?": (2, 6),
    "err": (1, 6),
    "ok": (1, 6),
    "some": (1, 6),
    "default-to": (1, 6),
    "asserts!": (1, 6),
    "unwrap!": (1, 6),
    "unwrap-err!": (1, 6),
    "unwrap-panic": (1, 6),
    "unwrap-err-panic": (1, 6),
    "match": (1, 6),
    "try!": (1, 6),
    "is-ok": (1, 6),
    "is-none": (1, 6),
    "is-err": (1, 6),
    "is-some": (1, 6),
    "filter": (1, 6),
    "ft-get-balance": (1, 6),
    "nft-get-owner?": (1, 6),
    "ft-transfer?": (1, 6),
    "nft-transfer?": (1, 6),
    "nft-mint?": (1, 6),
    "ft-mint?": (1, 6),
    "ft-get-supply": (1, 6),
    "ft-burn?": (1, 6),
    "nft-burn?": (1, 6),
    "stx-get-balance": (1, 6),
    "stx-transfer?": (1, 6),
    "stx-transfer-memo?": (2, 6),
    "stx-burn?": (1, 6),
    "stx-account": (2, 6),
    "bit-and": (2, 6),
    "bit-or": (2, 6),
    "bit-not": (2, 6),
    "bit-shift-left": (2, 6),
    "bit-shift-right": (2, 6),
    "bit-xor": (2, 6),
    "slice?": (2, 6),
    "to-consensus-buff?": (2, 6),
    "from-consensus-buff?": (2, 6),
    "replace-at?": (2, 6),
    "get-stacks-block-info?": (3, 6),
    "get-tenure-info?": (3, 6),
    "contract-hash?": (4, 6),
    "to-ascii?": (4, 6),
    "restrict-assets?": (4, 6),
    "as-contract?": (4, 6),
    "with-stx": (4, 6),
    "with-ft": (4, 6),
    "with-nft": (4, 6),
    "with-stacking": (4, 5),
    "with-staking": (6, 6),
    "with-pox": (6, 6),
    "with-all-assets-unsafe": (4, 6),
    "secp256r1-verify": (4, 6),
    "verify-merkle-proof": (6, 6),
    "get-bitcoin-tx-output?": (6, 6),
    "ed25519-verify": (6, 6),
    "secp256k1-decompress?": (6, 6),
}

KEYWORDS: Final[dict[str, tuple[int, int]]] = {
    "contract-caller": (1, 6),
    "tx-sender": (1, 6),
    "block-height": (1, 2),
    "burn-block-height": (1, 6),
    "none": (1, 6),
    "true": (1, 6),
    "false": (1, 6),
    "stx-liquid-supply": (1, 6),
    "is-in-regtest": (1, 6),
    "tx-sponsor?": (2, 6),
    "is-in-mainnet": (2, 6),
    "chain-id": (2, 6),
    "stacks-block-height": (3, 6),
    "tenure-height": (3, 6),
    "stacks-block-time": (4, 6),
    "current-contract": (4, 6),
}

DEFINES: Final[tuple[str, ...]] = (
    "define-constant",
    "define-private",
    "define-public",
    "define-read-only",
    "define-map",
    "define-data-var",
    "define-fungible-token",
    "define-non-fungible-token",
    "define-trait",
    "use-trait",
    "impl-trait",
)


EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "btcz": ("get-btcz-block-info?", "verify-btcz-merkle-proof", "get-btcz-tx-sender"),
}
"""Native functions that only some networks have, in all versions.

They are not reserved: a contract that defines such a name means its own function by it.
"""


@lru_cache
def extension_natives(extensions: frozenset[str]) -> frozenset[str]:
    """The native functions of these extensions."""
    return frozenset(name for extension in extensions for name in EXTENSIONS[extension])


@lru_cache
def natives_of(version: ClarityVersion) -> frozenset[str]:
    """The native functions of `version`."""
    return frozenset(name for name, (first, last) in NATIVES.items() if first <= version <= last)


@lru_cache
def keywords_of(version: ClarityVersion) -> frozenset[str]:
    """The keyword variables of `version`."""
    return frozenset(name for name, (first, last) in KEYWORDS.items() if first <= version <= last)


def is_reserved(name: str, version: ClarityVersion) -> bool:
    """Whether a contract of `version` may not define `name`."""
    return name in natives_of(version) or name in keywords_of(version)
