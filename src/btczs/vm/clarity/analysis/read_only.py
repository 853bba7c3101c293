"""Read-only functions change nothing: neither themselves nor through what they call.

This runs before types are checked, so it meets programs of any shape, and some errors of shape are
its own. An expression is read-only if all it applies is; calling a trait never is, for nobody can
know. Definitions come sorted, so a function is known before it is used.

The walk goes on after the first write, because a later error is reported before the write is:
except among the bindings of `let` and the fields of a tuple, which end at the first write.

Source: order of checks as in the reference implementation.
"""

from collections.abc import Callable, Sequence
from typing import Final

from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis.database import ContractsView, has_read_only_function
from btczs.vm.clarity.analysis.definitions import Definition, parse_definition
from btczs.vm.clarity.analysis.errors import (
    AtBlockClosureMustBeReadOnly,
    BadFunctionName,
    BadLetSyntax,
    BadSyntaxBinding,
    ContractCallExpectName,
    DefineFunctionBadSignature,
    ExpectedListOfAllowances,
    IncorrectArgumentCount,
    NonFunctionApplication,
    ReadOnlyCheckerRecursionLimitExceeded,
    RequiresAtLeastArguments,
    UnknownFunction,
    WriteAttemptedInReadOnly,
)
from btczs.vm.clarity.names import ClarityVersion, extension_natives, natives_of
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal

NATIVE_DEPTH_MAX = 160
"""Native functions that may be nested in one another."""

WRITES: Final = frozenset(
    {
        "ft-burn?",
        "ft-mint?",
        "ft-transfer?",
        "map-delete",
        "map-insert",
        "map-set",
        "nft-burn?",
        "nft-mint?",
        "nft-transfer?",
        "stx-burn?",
        "stx-transfer-memo?",
        "stx-transfer?",
        "var-set",
    }
)
"""The native functions that change something."""


class ReadOnlyChecker:
    """The pass over one contract: `check` takes its definitions one after another."""

    def __init__(
        self, version: ClarityVersion, contracts: ContractsView, extensions: frozenset[str]
    ) -> None:
        self._natives = natives_of(version)
        self._contracts = contracts
        # Extensions only look; a contract may define a function of such a name instead.
        self._is_read_only = dict.fromkeys(extension_natives(extensions), True)

    def check(self, expr: Expr) -> None:
        """Takes a top-level expression. Raises `StaticError`."""
        definition = parse_definition(expr)
        if definition is None:
            self._visit(expr, 0)
        elif definition.signature is not None:
            self._check_function(definition)
        elif definition.value is not None:
            self._visit(definition.value, 0)

    def _check_function(self, definition: Definition) -> None:
        signature, body = definition.signature, definition.value
        assert signature is not None, "the caller has looked"
        assert body is not None, "a function has a body"
        if not signature:
            raise DefineFunctionBadSignature(span=definition.span)
        name = signature[0]
        if not isinstance(name, Atom):
            raise BadFunctionName(span=name.span)
        is_read_only = self._visit(body, 0)
        if definition.word == "define-read-only" and not is_read_only:
            raise WriteAttemptedInReadOnly(span=definition.span)
        self._is_read_only[name.name] = is_read_only

    def _visit(self, expr: Expr, depth: int) -> bool:
        """Whether `expr` is read-only. `depth`: native functions around it."""
        if not isinstance(expr, Form):
            return True
        return self._visit_application(expr.items, expr.span, depth)

    def _visit_all(self, exprs: Sequence[Expr], depth: int) -> bool:
        result = True
        for expr in exprs:
            if isinstance(expr, Form):  # as `_visit`, with one Python frame a level less
                result = self._visit_application(expr.items, expr.span, depth) and result
        return result

    def _visit_application(self, items: Sequence[Expr], span: Span, depth: int) -> bool:
        """Whether applying the first of `items` to the others is read-only."""
        if not items or not isinstance(items[0], Atom):
            raise NonFunctionApplication(span=span)
        name, args = items[0].name, items[1:]
        if name in self._natives:
            if depth > NATIVE_DEPTH_MAX:
                raise ReadOnlyCheckerRecursionLimitExceeded(span=span)
            special = _SPECIAL.get(name)
            if special is not None:
                return special(self, args, span, depth + 1)
            return self._visit_all(args, depth + 1) and name not in WRITES
        if name not in self._is_read_only:
            raise UnknownFunction(span=span, name=name)
        return self._visit_all(args, depth) and self._is_read_only[name]

    def _visit_from_buffer(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _exactly(2, args, span)
        return self._visit(args[1], depth)  # the first is a type

    def _visit_at_block(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _exactly(2, args, span)
        is_read_only = self._visit(args[0], depth)
        if not self._visit(args[1], depth):
            raise AtBlockClosureMustBeReadOnly(span=span)
        return is_read_only

    def _visit_map_get(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _exactly(2, args, span)
        return self._visit_all(args, depth)

    def _visit_let(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _at_least(2, args, span)
        if not isinstance(args[0], Form):
            raise BadLetSyntax(span=span)
        return self._visit_pairs(args[0].items, "Let", depth) and self._visit_all(args[1:], depth)

    def _visit_tuple(self, args: Sequence[Expr], _span: Span, depth: int) -> bool:
        return self._visit_pairs(args, "TupleCons", depth)

    def _visit_pairs(self, pairs: Sequence[Expr], construct: str, depth: int) -> bool:
        for index, pair in enumerate(pairs):
            if not isinstance(pair, Form):
                raise BadSyntaxBinding(construct, "NotList", index, span=pair.span)
            if len(pair.items) != 2:
                raise BadSyntaxBinding(construct, "InvalidLength", index, span=pair.span)
            bound = pair.items[1]
            if isinstance(bound, Form) and not self._visit_application(
                bound.items, bound.span, depth
            ):
                return False
        return True

    def _visit_map(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _at_least(2, args, span)
        # Looked at as if it were `(f list)`; the type checker sees what it really is.
        return self._visit_application(args, span, depth)

    def _visit_filter(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _exactly(2, args, span)
        return self._visit_application(args, span, depth)

    def _visit_fold(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _exactly(3, args, span)
        return self._visit_application(args, span, depth)

    def _visit_contract_call(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _at_least(2, args, span)
        target, function = args[0], args[1]
        if not isinstance(function, Atom):
            raise ContractCallExpectName(span=span)
        if isinstance(target, Atom):
            callee_is_read_only = False
        elif isinstance(target, Literal) and isinstance(target.value, ContractPrincipal):
            name = function.name
            callee_is_read_only = has_read_only_function(self._contracts, target.value, name, span)
        else:
            raise ContractCallExpectName(span=span)
        return self._visit_all(args[2:], depth) and callee_is_read_only

    def _visit_restrict_assets(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _at_least(3, args, span)
        is_read_only = self._visit(args[0], depth)
        return self._visit_guarded(args, 1, "restrict-assets?", span, depth) and is_read_only

    def _visit_as_contract(self, args: Sequence[Expr], span: Span, depth: int) -> bool:
        _at_least(2, args, span)
        return self._visit_guarded(args, 0, "as-contract?", span, depth)

    def _visit_guarded(
        self, args: Sequence[Expr], index: int, function: str, span: Span, depth: int
    ) -> bool:
        """The allowances at `index`, and the body behind them."""
        allowances = args[index]
        if not isinstance(allowances, Form):
            raise ExpectedListOfAllowances(span=span, function=function, position=index + 1)
        is_read_only = self._visit_all(allowances.items, depth)
        return self._visit_all(args[index + 1 :], depth) and is_read_only


def check_read_only(
    order: Sequence[Expr],
    version: ClarityVersion,
    contracts: ContractsView,
    extensions: frozenset[str] = frozenset(),
) -> None:
    """Runs the pass over the sorted expressions of a contract.

    `extensions`: sets of natives that the network adds to the language, such as `btcz`.

    Raises `WriteAttemptedInReadOnly`, and others for expressions of a wrong shape. Costs nothing.
    """
    checker = ReadOnlyChecker(version, contracts, extensions)
    for expr in order:
        checker.check(expr)


def _exactly(count: int, args: Sequence[Expr], span: Span) -> None:
    if len(args) != count:
        raise IncorrectArgumentCount(span=span, expected=count, actual=len(args))


def _at_least(count: int, args: Sequence[Expr], span: Span) -> None:
    if len(args) < count:
        raise RequiresAtLeastArguments(span=span, expected=count, actual=len(args))


_Visit = Callable[[ReadOnlyChecker, Sequence[Expr], Span, int], bool]

_SPECIAL: Final[dict[str, _Visit]] = {
    "as-contract?": ReadOnlyChecker._visit_as_contract,
    "at-block": ReadOnlyChecker._visit_at_block,
    "contract-call?": ReadOnlyChecker._visit_contract_call,
    "filter": ReadOnlyChecker._visit_filter,
    "fold": ReadOnlyChecker._visit_fold,
    "from-consensus-buff?": ReadOnlyChecker._visit_from_buffer,
    "let": ReadOnlyChecker._visit_let,
    "map": ReadOnlyChecker._visit_map,
    "map-get?": ReadOnlyChecker._visit_map_get,
    "restrict-assets?": ReadOnlyChecker._visit_restrict_assets,
    "tuple": ReadOnlyChecker._visit_tuple,
}
