"""The walk over the expressions of a contract, which gives each its type.

Inference goes one way, from the leaves up: every expression has one type, whatever its place wants.
`check` infers; `expect` also holds the result against a type that the place prescribes. What forms
and functions mean stands in the modules of their groups, which call back here for their arguments.

A level of the source takes four Python calls at most.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import UNKNOWN, TraitIdentifier, ValueType
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.charges import Charges
from btczs.vm.clarity.analysis.checker.common import Common
from btczs.vm.clarity.analysis.checker.keywords import keyword_types
from btczs.vm.clarity.analysis.checker.names import ContractNames
from btczs.vm.clarity.analysis.checker.scope import Scope
from btczs.vm.clarity.analysis.compatibility import Compatibility
from btczs.vm.clarity.analysis.database import ContractsView, get_contract
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.analysis.traits import check_compliance
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal
from btczs.vm.clarity.types.admission import admits_type
from btczs.vm.clarity.types.typed import literal_type_of
from btczs.vm.clarity.types.unions import UNION_WORK_MAX, Unions

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.signatures import Handler

_CASTLESS = frozenset(("int", "uint", "bool", "principal", "buff", "string-ascii", "string-utf8"))


class TypeChecker:
    """The state of one pass over one contract. Methods raise `StaticError` and `LimitExceeded`."""

    def __init__(
        self,
        analysis: ContractAnalysis,
        contracts: ContractsView,
        meter: CostMeter,
        natives: "Mapping[str, Handler]",
        extensions: "Mapping[str, Handler]",
    ) -> None:
        self.analysis = analysis
        self.version = analysis.version
        self.types = analysis.types
        self.contracts = contracts
        self.meter = meter
        self.charges = Charges(meter)
        self.natives = natives
        self._extensions = extensions
        self.names = ContractNames(analysis)
        self.scope = Scope()
        self.unions = Unions(UNION_WORK_MAX)
        self.merged_fields = 0
        self.returns: Common | None = None
        """What the function being checked returns early; None outside of functions."""
        self._keywords = keyword_types(analysis.version)
        self._compatibility = Compatibility(contracts, meter, self.names)

    def forget_traits(self) -> None:
        """A trait was defined or imported: what was found out about traits is found out again."""
        self._compatibility = Compatibility(self.contracts, self.meter, self.names)

    def check(self, expr: Expr) -> ValueType:
        """The type of an expression."""
        self.charges.visit()
        found = self._infer(expr)
        self.charges.annotate(found)
        self.types[expr.id] = found
        return found

    def expect(self, expr: Expr, expected: ValueType) -> ValueType:
        """The type of an expression whose place wants `expected`.

        From Clarity 2 on that is `expected` itself: the expression is cast. In Clarity 1 only a
        contract named in the source is cast, and only to a trait.
        """
        if self.version == 1:
            if expected.trait is not None and isinstance(expr, Literal):
                value = expr.value
                if isinstance(value, ContractPrincipal):
                    return self._cast(value, expected, expected.trait, expr)
            found = self.check(expr)
            self.charges.type_check(expected, found)
            if not admits_type(expected, found):
                raise errors.TypeError(expected, found, span=expr.span)
            return found
        found = self._infer(expr)
        self.charges.type_check(expected, found)
        if found is not expected or found.kind not in _CASTLESS:
            try:
                self._compatibility.admit(found, expected)
            except UntypedValue as error:
                raise errors.static_error(error, expr.span) from error
            except errors.StaticKind as error:
                error.span = error.span or expr.span
                raise
        self.charges.annotate(expected)
        self.types[expr.id] = expected
        return expected

    def check_body(self, body: Sequence[Expr]) -> ValueType:
        """The type of the last of several expressions; no response before it may be dropped."""
        dropped: Expr | None = None
        found = UNKNOWN
        last = len(body) - 1
        for index, expr in enumerate(body):
            found = self.check(expr)
            if index < last and found.kind == "response" and dropped is None:
                dropped = expr
        if dropped is not None:
            raise errors.UncheckedIntermediaryResponses(span=dropped.span)
        return found

    def return_early(self, found: ValueType, at: Expr) -> None:
        """Notes that the function may end here with a value of type `found`."""
        self.charges.type_check(found, found)
        returns = self.returns
        if returns is None:
            return  # at the top level there is nothing to return from: it fails when it runs
        try:
            returns.add(found)
        except UntypedValue as error:
            before = returns.result() or UNKNOWN
            raise errors.ReturnTypesMustMatch(before, found, span=at.span) from error

    def _infer(self, expr: Expr) -> ValueType:
        if isinstance(expr, Form):
            items = expr.items
            head = items[0] if items else None
            if head is not None:
                self.types[head.id] = UNKNOWN
            if not isinstance(head, Atom):
                raise errors.NonFunctionApplication(span=expr.span)
            handler = self.natives.get(head.name)
            try:
                if handler is None:
                    return self._apply(head, expr)
                return handler(self, expr)
            except UntypedValue as error:
                raise errors.static_error(error, expr.span) from error
            except errors.StaticKind as error:
                error.span = error.span or expr.span
                raise
        if isinstance(expr, Atom):
            return self._look_up(expr)
        if isinstance(expr, Literal):
            return literal_type_of(expr.value)
        raise errors.UnexpectedTraitOrFieldReference(span=expr.span)

    def _apply(self, head: Atom, form: Form) -> ValueType:
        """Applies a function of this contract, or else one that the network adds.

        Arguments are held against parameters as far as both go: the count is a matter of run time.
        """
        function = self.names.function(head.name)
        if function is None:
            added = self._extensions.get(head.name)
            if added is None:
                raise errors.UnknownFunction(head.name, span=head.span)
            return added(self, form)
        for (_, expected), arg in zip(function.parameters, form.items[1:]):
            self.expect(arg, expected)
        return function.returns

    def _look_up(self, atom: Atom) -> ValueType:
        name = atom.name
        self.charges.lookup_variable()
        found = self._keywords.get(name) or self.analysis.constants.get(name)
        if found is not None:
            return found
        scope = self.scope
        as_trait = scope.traits.get(name)
        if as_trait is not None:
            return as_trait
        if scope.depth > 0:
            self.charges.step("analysis_lookup_variable_depth", scope.depth)
            found = scope.variables.get(name)
            if found is not None:
                return found
        raise errors.UndefinedVariable(name, span=atom.span)

    def _cast(
        self,
        contract: ContractPrincipal,
        expected: ValueType,
        trait: TraitIdentifier,
        expr: Literal,
    ) -> ValueType:
        """Clarity 1: a contract named in the source becomes a trait. This is free of cost."""
        found = get_contract(self.contracts, contract, expr.span)
        definer = get_contract(self.contracts, trait.contract, expr.span)
        methods = definer.defined_traits.get(trait.name)
        if methods is None:
            raise errors.NoSuchTrait(trait.contract, trait.name, span=expr.span)
        try:
            check_compliance(found, trait, methods)
        except errors.BadTraitImplementation as error:
            error.span = expr.span
            raise
        self.types[expr.id] = expected
        return expected
