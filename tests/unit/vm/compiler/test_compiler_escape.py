"""Generated code holds nothing of a contract but its structure, and reaches only what it is given.

A contract is an enemy: its names, texts and numbers must never become Python.
"""

import ast
import builtins
import re
from random import Random

import pytest
from compiler_world import compile_all, shuffled_words, sources_of, unit_of, units_of_programs

from btczs.vm.clarity.compiler.entries import CompiledContract
from btczs.vm.clarity.compiler.support import NAMESPACE
from btczs.vm.clarity.compiler.unit import Unit

PROGRAMS = 28
FIRST_SEED = 400

ALLOWED = (
    # structure
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AugAssign,
    ast.Expr, ast.If, ast.For, ast.While, ast.Break, ast.Continue, ast.Pass,
    # expressions
    ast.Name, ast.Load, ast.Store, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.Slice,
    ast.List, ast.Tuple, ast.Starred, ast.IfExp, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not,
    ast.USub, ast.Invert, ast.BinOp, ast.Compare,
    ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.Pow, ast.LShift, ast.RShift,
    ast.BitAnd, ast.BitOr, ast.BitXor,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot,
)  # fmt: skip
"""No import, lambda, comprehension, class, try, del, global, yield, f-string, walrus."""

LOCALS = re.compile(r"[abtveni]\d+|[xmscr]|f\d+")
SHARED = re.compile(r"[a-z_]+_\d+")
ATTRIBUTES = frozenset(
    [
        "m",
        "get",
        "put",
        "sponsor",
        "chain",
        "execution",
        "limit",
        "memory_max",
        "state",
        "runtime",
        "read_count",
        "read_length",
        "write_count",
        "write_length",
        "memory",
        "is_regtest",
        "is_mainnet",
        "chain_id",
        "tenure_height",
        "block_height",
        "l1_height",
        "block_time",
        "liquid_supply",
        "append",
        "join",
        "to_bytes",
        "digest",
        "__class__",
    ]
)
PASSED = r"[.lt]*"
CONSTANTS = (int, bool, bytes, type(None), str)


def check(unit: Unit) -> None:
    """Every function of the unit, node by node."""
    for source in sources_of(unit).values():
        for node in ast.walk(ast.parse(source)):
            assert isinstance(node, ALLOWED), ast.dump(node)
            if isinstance(node, ast.Name):
                known = node.id in NAMESPACE or node.id in unit.namespace
                assert LOCALS.fullmatch(node.id) or known, node.id
                if isinstance(node.ctx, ast.Store):
                    assert LOCALS.fullmatch(node.id), f"assigned: {node.id}"
            elif isinstance(node, ast.Attribute):
                assert node.attr in ATTRIBUTES, node.attr
                if node.attr == "__class__":
                    assert isinstance(node.ctx, ast.Load)
            elif isinstance(node, ast.Constant):
                _check_constant(node.value)
            elif isinstance(node, ast.FunctionDef):
                assert re.fullmatch(r"[fb]\d+", node.name)
                assert not node.decorator_list
                assert not node.args.defaults
            elif isinstance(node, ast.Call):
                assert not node.keywords


def _check_constant(value: object) -> None:
    assert isinstance(value, CONSTANTS)
    if isinstance(value, str):
        # Texts are names of costs, the empty text that a filter joins with, and how arguments
        # are passed on to another contract.
        assert value in COSTS_OR_EMPTY or re.fullmatch(PASSED, value), value
    if isinstance(value, bytes):
        assert len(value) <= 4


def _costs() -> frozenset[str]:
    from btczs.vm.clarity.costs.coefficients import COEFFICIENTS

    return frozenset(["", *COEFFICIENTS])


COSTS_OR_EMPTY = _costs()


def test_programs_become_plain_code() -> None:
    functions = 0
    for unit in units_of_programs(PROGRAMS, FIRST_SEED):
        check(unit)
        functions += len(unit.compiled)
    assert functions > PROGRAMS


def test_the_check_finds_what_it_should() -> None:
    unit = unit_of("(define-public (f) (ok 1))")
    unit.compile("f")
    check(unit)
    good = unit.compiled["f"].source
    for bad in ("import os", "x = open", "x.__dict__", "y = 1", "[z for z in x]",
                "t1 = '@'", "t1 = 'x'", "t1 = b'12345'", "t1 = 1.5", "abort(m, error=1)", "abort = 1",
                "x.__class__ = m"):  # fmt: skip
        unit.compiled["f"].source = f"{good}    {bad}\n"
        with pytest.raises(AssertionError):
            check(unit)


def hostile_program(rng: Random) -> str:
    """Names that are words of Python, and data that looks like code."""
    names = shuffled_words(rng)
    texts = ["@", "#i1#", "'); import os #", "\\\\", "{0}", "__import__", "'''", "%s", "c + 1", "#"]
    data = [text.encode().hex() for text in texts]
    a, b, c, d, e, f, g, h, i, j = names[:10]
    text, other = rng.sample(texts, 2)
    return f"""
(define-data-var {a} (string-ascii 20) "{text}")
(define-map {b} (string-ascii 20) {{{a}: (buff 20), {b}: uint}})
(define-constant {c} "{other}")
(define-private ({d} ({e} (string-ascii 20)) ({f} uint))
  (if (is-eq {e} "{text}" {c}) {f} (+ {f} u1)))
(define-public ({g} ({e} (buff 20)))
  (let (({h} (list "{text}" "{other}" {c})) ({i} {{{j}: {e}, {a}: 0x{rng.choice(data)}}}))
    (var-set {a} "{other}")
    (map-set {b} "{text}" {{{a}: (get {j} {i}), {b}: (fold {d} {h} u0)}})
    (print "{text}")
    (print (is-eq (get {a} {i}) 0x{rng.choice(data)}))
    (asserts! (is-some (index-of {h} "{text}")) (err (some 0x{rng.choice(data)})))
    (ok (default-to 0x{rng.choice(data)} (get {a} (map-get? {b} {c}))))))
"""


@pytest.mark.parametrize("seed", range(12))
def test_hostile_names_and_data(seed: int) -> None:
    rng = Random(seed)
    code = hostile_program(rng)
    unit = compile_all(unit_of(code))
    assert len(unit.compiled) == 2, unit._refused
    check(unit)


def test_code_does_not_depend_on_names() -> None:
    """The same program with all names changed becomes the same text: so names are not in it."""
    program = """
(define-data-var VAR uint u0)
(define-map MAP uint uint)
(define-private (PRIVATE (P uint) (Q uint)) (let ((LOCAL (+ P Q))) (asserts! (> LOCAL u1) u0) LOCAL))
(define-public (PUBLIC (P uint))
  (begin (var-set VAR (fold PRIVATE (list P u1 u2) u3))
    (match (map-get? MAP P) FOUND (ok FOUND) (err (get FIELD {FIELD: P, OTHER: u1})))))
"""
    words = ("VAR", "MAP", "PRIVATE", "PUBLIC", "LOCAL", "FOUND", "FIELD", "OTHER", "P", "Q")
    texts = set()
    for number, prefix in enumerate(("aa", "bb", "zz", "import", "x")):
        code = re.sub(
            "|".join(rf"\b{word}\b" for word in words),
            lambda found, p=prefix: p + str(words.index(found[0])),  # type: ignore[misc]
            program,
        )
        unit = compile_all(unit_of(code))
        assert len(unit.compiled) == 2, number
        texts.add(tuple(sources_of(unit).values()))
    assert len(texts) == 1


def test_there_are_no_builtins() -> None:
    assert NAMESPACE["__builtins__"] == {}
    dangerous = ("eval", "exec", "open", "compile", "getattr", "setattr", "type", "object",
                 "globals", "vars", "__import__", "print", "input", "super", "format")  # fmt: skip
    for name in dangerous:
        assert name not in NAMESPACE
        assert getattr(builtins, name) not in NAMESPACE.values()


def test_functions_see_the_fixed_table_and_constants_only() -> None:
    unit = unit_of(hostile_program(Random(3)))
    contract = CompiledContract(unit)
    public = next(name for name, each in unit.contract.functions.items() if each.access == "public")
    entry = contract.entry(public)
    assert entry is not None
    seen = entry.function.__globals__
    for name in seen.keys() - NAMESPACE.keys():
        assert SHARED.fullmatch(name) or re.fullmatch(r"f\d+", name), name
    assert seen["__builtins__"] == {}
    with pytest.raises(NameError):
        eval("open", seen)
