"""Changes of programs that keep brackets in order, for targets that read texts.

Changes of bytes alone seldom give a program. These take words and balanced expressions as units:
replace, repeat, remove, swap, wrap. Expressions come from the same text and from a pool of others.
"""

import random
import re

from fuzz.clarity.dictionary import WORDS

_TOKEN = re.compile(r'\s+|;;[^\n]*|u?"(?:\\.|[^"\\])*"|[(){},:]|[^\s(){},:"]+|.', re.DOTALL)
_OPENING, _CLOSING = "({", ")}"
TOKENS_MAX = 30_000
REPEATS = (2, 3, 8, 40, 300)
NUMBERS = (
    *("0", "1", "-1", "u0", "u1", "2", "u32", "u33", "127", "u255", "u256", "65535", "u1048576"),
    *(str(2**127 - 1), str(-(2**127)), str(2**127), f"u{2**128 - 1}", f"u{2**128}", "1048577"),
)
WRAPPERS = (
    *("(ok {})", "(err {})", "(some {})", "(list {})", "(list {} {})", "{{a: {}}}", "(begin {})"),
    *("(try! {})", "(unwrap-panic {})", "(let ((x {})) x)", "(if true {} {})", "(print {})"),
    *("(match {} x x y y)", "(is-eq {} {})", "(default-to {} (some {}))", "(get a {})"),
    *("(as-contract {})", "(map f {})", "(fold f {} {})", "(asserts! true {})", "(concat {} {})"),
    *("(define-private (f (x int)) {})", "(define-constant c {})", "(define-public (g) {})"),
    *("(optional {})", "(response {} {})", "(tuple (a {}))", "(list 3 {})", "(at-block 0x00 {})"),
    *("(to-consensus-buff? {})", "(from-consensus-buff? int {})", "(merge {} {})", "(len {})"),
    *(
        "(contract-call? {} pay u1 tx-sender)",
        "(contract-of {})",
        "(define-public (h (p <payer>)) {})",
    ),
    *("(as-contract? () {})", "(restrict-assets? tx-sender () {})", "(append {} {})"),
)


class Programs:
    """Changes texts, with expressions of other texts at hand."""

    def __init__(self, sources: list[str]) -> None:
        self._pool = sorted({part for source in sources for part in expressions(source)})

    def mutate(self, source: str, rng: random.Random, size_max: int) -> str:
        """`source` with one to four changes; never longer than `size_max` characters."""
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            tokens = _TOKEN.findall(source[:size_max])
            if len(tokens) > TOKENS_MAX:
                return source
            changed = "".join(self._change(tokens, rng))
            if len(changed) <= size_max:
                source = changed
        return source

    def _change(self, tokens: list[str], rng: random.Random) -> list[str]:
        nodes = spans(tokens)
        if not nodes or rng.randrange(20) == 0:
            return [*tokens, "\n", rng.choice(self._pool)]
        start, end = rng.choice(nodes)
        old = tokens[start:end]
        match rng.randrange(10):
            case 0:
                new = [rng.choice(self._pool)]
            case 1:
                new = []
            case 2:
                new = [*old, " "] * rng.choice(REPEATS)
            case 3:
                new = [rng.choice(WRAPPERS).replace("{}", "".join(old)).replace("{{", "{")]
                new = [new[0].replace("}}", "}")]
            case 4:
                first, last = rng.choice(nodes)
                new = tokens[first:last]
            case 5:
                first, last = rng.choice(nodes)
                if last <= start:
                    kept = tokens[last:start]
                    return tokens[:first] + old + kept + tokens[first:last] + tokens[end:]
                new = [*old, " ", *tokens[first:last]]
            case 6:
                new = [rng.choice(NUMBERS)]
            case 7:
                new = [*old, " ", rng.choice((*WORDS, *NUMBERS))]
            case _:
                new = [rng.choice(WORDS)] if end - start == 1 else [rng.choice(self._pool)]
        return tokens[:start] + new + tokens[end:]


def spans(tokens: list[str]) -> list[tuple[int, int]]:
    """Where the words and the balanced expressions of a text stand."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token in _OPENING:
            opened.append(at)
        elif token in _CLOSING:
            if opened:
                found.append((opened.pop(), at + 1))
        elif not (token.isspace() or token in ",:" or token.startswith(";;")):
            found.append((at, at + 1))
    return found


def expressions(source: str) -> list[str]:
    """The balanced expressions of a text that are of a handy size."""
    tokens = _TOKEN.findall(source)
    texts = ["".join(tokens[start:end]) for start, end in spans(tokens)]
    return [text for text in texts if 2 < len(text) < 600]
