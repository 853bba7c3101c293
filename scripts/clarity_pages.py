"""The pages of `docs/reference/` about Clarity: words, costs, errors. See `make_docs.py`."""

from collections.abc import Iterator

from btczs.vm.clarity.analysis.errors import NOT_INCLUDABLE
from btczs.vm.clarity.costs import BLOCK_LIMIT
from btczs.vm.clarity.costs.table import COSTS_5
from btczs.vm.clarity.errors import (
    ClarityError,
    EarlyReturn,
    ExecutionAborted,
    LimitExceeded,
    ParseError,
    RuntimeCheck,
    StaticError,
)
from btczs.vm.clarity.runtime.errors import NotIncludable
from btczs.workbench.words import GROUPS, make_page

DIMENSIONS = ("runtime", "read_count", "read_length", "write_count", "write_length")

FAMILIES: tuple[tuple[type[ClarityError], str, str], ...] = (
    (ParseError, "Reading", "The text is no program."),
    (StaticError, "Analysis", "The program is refused before anything of it runs."),
    (
        RuntimeCheck,
        "Checks at run time",
        "A rule of types, names or sizes that only execution can check.",
    ),
    (ExecutionAborted, "Aborts", "The execution cannot go on."),
    (
        EarlyReturn,
        "Early returns outside of functions",
        "At the top level of a contract there is no function to return from.",
    ),
    (LimitExceeded, "Limits", "Costs or memory; such a transaction cannot be in the block."),
)


def make_words_page(note: str) -> str:
    return make_page(GROUPS, note)


# ---------------------------------------------------------------------- costs


def make_costs_page(note: str) -> str:
    lines = [
        "# Costs of Clarity",
        "",
        note,
        "",
        "The cost table of epoch 4.0, as `src/btczs/vm/clarity/costs/table.py` holds it. `n` is the",
        "input that the charging place names ([rules](../protocol/clarity.md#costs)). `lin(n, a, b)`",
        "is `a*n + b`, `logn` is `a*floor(log2 n) + b`, `nlogn` is `a*n*floor(log2 n) + b`;",
        "`n >> k` drops the low bits first. All results are cut off at 2^64 - 1.",
        "",
        "## Limit of a block",
        "",
        f"| {' | '.join(DIMENSIONS)} |",
        "|---" * len(DIMENSIONS) + "|",
        f"| {' | '.join(f'{getattr(BLOCK_LIMIT, name):,}' for name in DIMENSIONS)} |",
        "",
        "## The table",
        "",
        f"| cost function | {' | '.join(DIMENSIONS)} | words that name it |",
        "|---" * (len(DIMENSIONS) + 2) + "|",
    ]
    words = _words_by_cost()
    for name, line in COSTS_5.items():
        formulas = line.split("; ")
        formulas += ["0"] * (len(DIMENSIONS) - len(formulas))
        used = " ".join(f"`{word}`" for word in words.get(name, ()))
        lines.append(f"| `{name}` | {' | '.join(formulas)} | {used} |")
    return "\n".join(lines) + "\n"


def _words_by_cost() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for group in GROUPS:
        for word in group.words:
            for cost in dict.fromkeys(word.costs):
                words.setdefault(cost, []).append(word.name)
    return words


# ---------------------------------------------------------------------- errors


def make_clarity_errors_page(note: str) -> str:
    lines = [
        "# Errors of contracts",
        "",
        note,
        "",
        "Every kind of error that a contract can give, by family. The kind is the name that the",
        "reference implementation uses, so that tools can compare; `code` is the stable code of",
        "this program. A kind can exist in several families. *No block* marks errors that keep a",
        "transaction out of every block; after all others the transaction is undone, its fee is",
        "kept and its costs count. What that means for a transaction:",
        "[outcomes](../protocol/clarity.md#outcomes).",
        "",
    ]
    for family, title, about in FAMILIES:
        kinds = sorted(
            {cls for cls in _leaves(family) if cls.__module__.startswith("btczs.vm.")},
            key=lambda cls: cls.__name__,
        )
        lines += [f"## {title}", "", f"`{family.__name__}`: {about}", ""]
        lines += ["| kind | code | no block | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{kind.kind}` | `{kind.code}` | {_mark(kind)} | {_meaning(kind)} |"
            for kind in kinds
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _leaves(cls: type[ClarityError]) -> Iterator[type[ClarityError]]:
    """The kinds below `cls`: classes that are raised, not those that only group others."""
    children = cls.__subclasses__()
    if not children:
        yield cls
    for child in children:
        yield from _leaves(child)


def _mark(kind: type[ClarityError]) -> str:
    excluded = issubclass(kind, (LimitExceeded, NotIncludable)) or kind in NOT_INCLUDABLE
    return "yes" if excluded else ""


def _meaning(kind: type[ClarityError]) -> str:
    text = kind.__dict__.get("__doc__") or getattr(kind, "template", "")
    return " ".join(str(text).split("\n\n", 1)[0].split()).replace("|", "\\|")
