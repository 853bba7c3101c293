"""The words that a fuzzer cannot guess: all of the language, and some that matter to its rules."""

from typing import Final

from btczs.vm.clarity.names import DEFINES, EXTENSIONS, KEYWORDS, NATIVES

TYPES: Final = (
    *("int", "uint", "bool", "principal", "buff", "string-ascii", "string-utf8"),
    *("list", "tuple", "optional", "response", "trait_reference"),
)
EXTRA: Final = (
    *("id-header-hash", "time", "miner-address", "vrf-seed", "header-hash", "block-reward"),
    *("burnchain-header-hash", "pox-addrs", "hash-bytes", "version", "payout", "error_code"),
    *("u1", "-1", "0x00", '"a"', 'u"a"', "{a: 1}", "x", "y", "f", "a", "b", "c", "acc"),
    *(
        ".token",
        ".router",
        ".box",
        ".traits.payer",
        "<payer>",
        "<box>",
        "<mine>",
        "'ST000000000000000000002AMW42H",
        "'SP000.x",
    ),
    *(";; note", "\\u{1f600}", "\\n", "(ok true)", "(err u1)", "(list)", "()", "{}", "\r\n"),
)

WORDS: Final = (
    *NATIVES,
    *KEYWORDS,
    *DEFINES,
    *(name for names in EXTENSIONS.values() for name in names),
    *TYPES,
    *EXTRA,
)


def dictionary_text() -> str:
    """The words as a dictionary file of libFuzzer."""
    return "".join(f'"{_escaped(word)}"\n' for word in WORDS)


def _escaped(word: str) -> str:
    shown = (f"\\x{ord(c):02x}" if c in '"\\' or not c.isprintable() else c for c in word)
    return "".join(shown)
