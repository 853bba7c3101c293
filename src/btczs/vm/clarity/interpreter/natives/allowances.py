"""`restrict-assets?` and `as-contract?`: a body that may move only what was allowed.

The body runs in a scope of its own. Then the allowances are checked, also where the body ended in
an early return or an abort: if one is broken, the scope is undone and the result is
`(err position)`, and the abort is forgotten. Otherwise what the body did stands and its result is
`(ok value)`, or its early return goes on. Only an error that no block can contain goes on at once.

Allowances are syntax, not values: `(with-stx u1)` means nothing elsewhere.
"""

from collections.abc import Sequence
from typing import Final, NoReturn

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.names import is_clarity_name
from btczs.codec.clarity.values import (
    AsciiValue,
    ContractPrincipal,
    ErrValue,
    ListValue,
    Principal,
    UIntValue,
    Value,
)
from btczs.vm.clarity.errors import (
    ClarityError,
    CostBalanceExceeded,
    CostOverflow,
    MemoryBalanceExceeded,
)
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.arguments import is_principal, is_uint
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.limits import ALLOWANCES_MAX
from btczs.vm.clarity.names import natives_of
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.runtime.allowances import (
    AllAllowance,
    Allowance,
    FtAllowance,
    NftAllowance,
    PoxAllowance,
    StackingAllowance,
    StxAllowance,
    allowance_size,
    find_violation,
)
from btczs.vm.clarity.runtime.errors import (
    BadTokenName,
    Expect,
    ExpectedContractPrincipalValue,
    IncorrectArgumentCount,
    NotIncludable,
    RestrictAssetsMemoryExceeded,
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
    shown,
)
from btczs.vm.clarity.runtime.events import AssetIdentifier
from btczs.vm.clarity.runtime.typing import as_runtime_error
from btczs.vm.clarity.types.typed import make_ok

AS_CONTRACT_BYTES: Final = 1
"""Memory that acting as the contract counts."""


@special("restrict-assets?")
def restrict_assets(args: Sequence[Expr], env: Environment) -> Value:
    check_arguments_at_least(3, args)
    expressions = _allowance_list(args[1])
    owner = env.eval(args[0])
    if not is_principal(owner):
        raise Expect("the owner of assets is a principal")
    env.charge("restrict_assets", len(expressions))
    if len(expressions) > ALLOWANCES_MAX:
        raise Unreachable(f"there are at most {ALLOWANCES_MAX} allowances, not {len(expressions)}")
    meter = env.meter
    held_before, held = meter.memory, 0
    try:
        allowances: list[Allowance] = []
        for expression in expressions:
            allowance = _eval_allowance(expression, env)
            size = allowance_size(allowance)
            try:
                meter.add_memory(size)
            except MemoryBalanceExceeded as error:
                held = meter.memory - held_before
                raise RestrictAssetsMemoryExceeded(
                    str(error), used=meter.memory, limit=meter.memory_max
                ) from error
            held += size
            allowances.append(allowance)
        return _run(owner, allowances, args[2:], env)
    finally:
        meter.drop_memory(held)


@special("as-contract?")
def as_contract(args: Sequence[Expr], env: Environment) -> Value:
    check_arguments_at_least(2, args)
    expressions = _allowance_list(args[0])
    env.charge("as_contract_safe", len(expressions))
    meter, held = env.meter, 0
    try:
        allowances: list[Allowance] = []
        for expression in expressions:
            allowance = _eval_allowance(expression, env)
            size = allowance_size(allowance)
            meter.add_memory(size)
            held += size
            allowances.append(allowance)
        meter.add_memory(AS_CONTRACT_BYTES)
        held += AS_CONTRACT_BYTES
        contract = env.contract.id
        return _run(contract, allowances, args[1:], env.as_principal(contract))
    finally:
        meter.drop_memory(held)


@special(
    "with-stx",
    "with-ft",
    "with-nft",
    "with-stacking",
    "with-staking",
    "with-pox",
    "with-all-assets-unsafe",
)
def allowance_elsewhere(_args: Sequence[Expr], _env: Environment) -> NoReturn:
    raise Unreachable("an allowance stands only in restrict-assets? and as-contract?")


def _run(
    owner: Principal, allowances: list[Allowance], body: Sequence[Expr], env: Environment
) -> Value:
    """Evaluates `body` in a scope and lets it stand if no allowance is broken."""
    env.begin()
    stopped: ClarityError | None = None
    try:
        try:
            for expression in body:
                value = env.eval(expression)
        except (ClarityError, UntypedValue) as error:
            stopped = as_runtime_error(error) if isinstance(error, UntypedValue) else error
        if stopped is not None and is_final(stopped):
            raise stopped
        violated = find_violation(owner, allowances, env.moves.current)
    except BaseException:
        env.roll_back()
        raise
    if violated is not None:
        env.roll_back()
        return ErrValue(UIntValue(violated))
    env.commit()
    if stopped is not None:
        raise stopped
    try:
        return make_ok(value)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def is_final(error: ClarityError) -> bool:
    """Whether no block can contain a transaction with this error, whatever follows."""
    return isinstance(error, NotIncludable | CostOverflow | CostBalanceExceeded)


def _allowance_list(expr: Expr) -> Sequence[Expr]:
    if not isinstance(expr, Form):
        raise Unreachable("a list of allowances was expected")
    return expr.items


def _eval_allowance(expr: Expr, env: Environment) -> Allowance:
    if not (isinstance(expr, Form) and expr.items):
        raise Unreachable("an allowance was expected")
    head, args = expr.items[0], expr.items[1:]
    if not isinstance(head, Atom) or head.name not in natives_of(env.version):
        raise Unreachable("an allowance was expected")
    match head.name:
        case "with-stx":
            check_argument_count(1, args)
            # The amount is not kept, so it is not paid for by its size. The others are.
            return StxAllowance(_amount(env.eval_ref(args[0])[0]))
        case "with-ft":
            check_argument_count(3, args)
            asset = _eval_asset(args, env)
            return FtAllowance(asset, _amount(env.eval(args[2])))
        case "with-nft":
            check_argument_count(3, args)
            asset = _eval_asset(args, env)
            ids = env.eval(args[2])
            if not isinstance(ids, ListValue):
                raise Expect("with-nft takes a list of ids")
            return NftAllowance(asset, ids.items)
        case "with-stacking" | "with-staking":
            check_argument_count(1, args)
            return StackingAllowance(_amount(env.eval(args[0])))
        case "with-pox":
            check_argument_count(0, args)
            return PoxAllowance()
        case "with-all-assets-unsafe":
            if args:
                raise IncorrectArgumentCount.of(1, len(args))
            return AllAllowance()
        case other:
            raise Unreachable(f"{other} is no allowance")


def _eval_asset(args: Sequence[Expr], env: Environment) -> AssetIdentifier:
    """`contract name`: a token, or with the name `*` all of the contract."""
    contract = env.eval(args[0])
    if not is_principal(contract):
        raise Expect("a token is named by its contract")
    if not isinstance(contract, ContractPrincipal):
        raise ExpectedContractPrincipalValue(f"{shown(contract)} is no contract", value=contract)
    name = env.eval(args[1])
    if not isinstance(name, AsciiValue):
        raise Expect("the name of a token is a string-ascii")
    if not is_clarity_name(name.text):
        raise BadTokenName(f"{shown(name)} cannot name a token")
    return AssetIdentifier(contract, name.text)


def _amount(value: Value) -> int:
    if not is_uint(value):
        raise Expect("the amount of an allowance is a uint")
    return value.value
