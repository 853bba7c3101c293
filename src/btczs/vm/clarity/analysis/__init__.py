"""Analysis: what can be known about a contract before it runs, and why it may be refused.

`analyze` sorts the definitions, checks that read-only functions are, gives every expression its
type, and checks the traits that the contract claims. Its result, a `ContractAnalysis`, is kept with
the contract: other contracts are checked against it, clients read it as JSON
(`contract_interface`), and the compiler builds on its types.

- `errors`: one class per reason to refuse. - `sorter`, `read_only`, `checker`, `traits`: the steps;
  `passes` runs them.
- `definitions`: the shapes of the `define-` forms. - `compatibility`: types with traits in them.
- `database`: other contracts, as a `ContractsView`, and what looking at them costs.

Invariants: analysis reads other contracts only through `ContractsView` and changes nothing. It
charges exactly what the reference implementation charges in epoch 4.0, also when it refuses. Every
pass is linear in the source.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from btczs.vm.clarity.analysis.database import ContractsView, NoContracts
from btczs.vm.clarity.analysis.interface import contract_interface
from btczs.vm.clarity.analysis.model import ContractAnalysis

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.passes import analyze, order_definitions

__all__ = [
    "ContractAnalysis",
    "ContractsView",
    "NoContracts",
    "analyze",
    "contract_interface",
    "order_definitions",
]


def __getattr__(name: str) -> Any:
    # The passes import modules of this package, so they are loaded when first asked for.
    if name in ("analyze", "order_definitions"):
        return getattr(import_module("btczs.vm.clarity.analysis.passes"), name)
    raise AttributeError(name)
