"""The type checker: gives every expression of a contract its type, or says why it has none.

Types are inferred from the leaves up, in one walk over the sorted definitions, so a definition is
known before its uses. The walk also collects what the contract defines, for other contracts and
for clients. It serves Clarity 1 to 6 by the rules of epoch 4.0; in Clarity 1 traits are nominal
and stand alone, from 2 on they may stand inside other types and be cast.

What a reader should know before anything else:

- `checker` is the walk; `arguments`, `scope`, `names`, `common` and `charges` are its tools.
- Functions in the narrow sense (`+`, `sha256`) are data: `simple`, in the shapes of `signatures`.
- Forms with rules of their own (`let`, `map-set`, `contract-call?`) are functions, by groups, and
  `natives` lists them all with their words.
- Costs are consensus. The order of charges and of errors is that of the reference implementation,
  also where another order would read better, and errors come after the charges made before them.
- Every step is linear in the source: names are looked up in tables, scopes are not copied, a union
  of contracts is built once.

Entry point: `check_types`.
"""

from btczs.codec.clarity.errors import UntypedValue
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.checker import TypeChecker
from btczs.vm.clarity.analysis.checker.defines import check_definition
from btczs.vm.clarity.analysis.checker.natives import natives_for, natives_of_extensions
from btczs.vm.clarity.analysis.database import ContractsView
from btczs.vm.clarity.analysis.definitions import parse_definition
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import CostMeter

__all__ = ["TypeChecker", "check_types"]


def check_types(
    analysis: ContractAnalysis,
    contracts: ContractsView,
    meter: CostMeter,
    extensions: frozenset[str] = frozenset(),
) -> None:
    """Checks the expressions of `analysis.order`, in that order.

    Fills `types` (by the `id` of every expression that is evaluated, and UNKNOWN for the first
    word of a form), the functions, constants, variables, maps, tokens and traits. Arguments that a
    function of the contract does not have, and types in definitions, stay without an entry.

    Pays for the storage of the analysis first. Memory that definitions take stays taken.
    `extensions`: sets of natives that the network adds to the language, such as `btcz`; a function
    that the contract defines by such a name goes before it.

    Raises `StaticError` with its position, and `LimitExceeded`; `analysis` is then half filled.
    """
    meter.charge("analysis_storage", analysis.program.node_count)
    natives = natives_for(analysis.version)
    checker = TypeChecker(analysis, contracts, meter, natives, natives_of_extensions(extensions))
    for expr in analysis.order:
        try:
            definition = parse_definition(expr)
            if definition is None:
                checker.check(expr)
            else:
                check_definition(checker, definition)
        except UntypedValue as error:
            raise errors.static_error(error, expr.span) from error
