"""The analysis of a contract: five passes, any of which can refuse it.

1. Definitions are sorted (`sorter`), then the reader's `resolve_traits` says what each `<trait>` is.
2. Read-only functions are checked (`read_only`).
3. Types are checked (`checker`), which also collects what the contract defines.
4. The traits that the contract claims are checked (`traits`).

The order decides which of several errors is reported and what a refused contract has paid; it is
that of epoch 4.0.
"""

from btczs.codec.clarity.errors import UntypedValue
from btczs.vm.clarity.analysis.checker import check_types
from btczs.vm.clarity.analysis.database import ContractsView
from btczs.vm.clarity.analysis.errors import static_error
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.analysis.read_only import check_read_only
from btczs.vm.clarity.analysis.sorter import sort_definitions
from btczs.vm.clarity.analysis.traits import check_implemented_traits
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.reader.syntax import Expr, Program
from btczs.vm.clarity.reader.traits import resolve_traits


def analyze(
    program: Program,
    version: ClarityVersion,
    contracts: ContractsView,
    meter: CostMeter,
    extensions: frozenset[str] = frozenset(),
) -> ContractAnalysis:
    """What is to be known about the contract that `program` is.

    `program` may come from `reader.parse`, or from `read_program` where a text with unknown traits
    must pay for being sorted before it is refused. Memory that was taken stays taken: the caller
    gives the meter back its memory when analysis is over. `extensions`: sets of natives that the
    network adds to the language (`ChainView.extensions`).

    Raises `StaticError`, `ParseError` about traits, and `LimitExceeded`.
    """
    analysis = ContractAnalysis(program.contract, version, program)
    analysis.order = order_definitions(program, meter)
    try:
        check_read_only(analysis.order, version, contracts, extensions)
        check_types(analysis, contracts, meter, extensions)
        check_implemented_traits(analysis, contracts)
    except UntypedValue as error:
        raise static_error(error) from error
    return analysis


def order_definitions(program: Program, meter: CostMeter) -> tuple[Expr, ...]:
    """The first pass alone, as it is run for programs that are not analysed.

    Raises `CircularReference`, `ParseError` about traits, and `LimitExceeded`.
    """
    order = sort_definitions(program, meter)
    resolve_traits(program)
    return order
