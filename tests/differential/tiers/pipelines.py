"""Programs about lists and tuples that are wider than their contents.

What is read from the state has its declared type, what `filter` leaves has the type of all; by that
type, not by the contents, later steps are charged. Each function here takes a value from some
source, sends it through some steps, and looks at it in ways whose cost tells its type.
"""

from collections.abc import Callable
from random import Random

from tests.differential.clarity.generator import Call, Program, Setup
from tests.differential.clarity.shapes import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    Shape,
    ascii_string,
    buff,
    list_of,
    optional,
    random_value,
    source_of,
    tuple_of,
    utf8_string,
)

from btczs.codec.clarity import encode_value
from btczs.vm.clarity.names import VERSIONS, ClarityVersion, natives_of

FUNCTIONS = 4
STEPS_MAX = 5
LENGTH_MAX = 12
CALLEE = "keeper"


def generate(seed: int) -> Program:
    """The program of `seed`."""
    return _Writer(seed).program()


def _item(rng: Random, depth: int = 2) -> Shape:
    """A type whose values have many sizes."""
    kind = rng.randrange(9 if depth else 5)
    length = rng.choice((0, 1, 3, 7, 30)) if rng.random() < 0.2 else rng.choice((1, 4, 9))
    length = max(length, 1)
    match kind:
        case 0:
            return rng.choice((INT, UINT, BOOL, PRINCIPAL))
        case 1:
            return buff(length)
        case 2:
            return ascii_string(length)
        case 3:
            return utf8_string(length)
        case 4:
            return optional(rng.choice((UINT, buff(length), optional(BOOL))))
        case 5:
            return optional(_item(rng, depth - 1))
        case 6:
            return list_of(rng.choice((1, 2, 4)), _item(rng, depth - 1))
    names = rng.sample(("a", "b", "c", "long-name"), rng.choice((1, 2, 3)))
    return tuple_of(**{name: _item(rng, depth - 1) for name in names})


class _Writer:
    """One program: all its values are lists of `item`, or single items."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = rng = Random(seed)
        self.version: ClarityVersion = rng.choice(VERSIONS)
        self.item = _item(rng)
        self.list = list_of(rng.choice((1, 2, 3, 6, LENGTH_MAX)), self.item)
        self.names = 0
        """How many names were given."""

    def program(self) -> Program:
        rng, item, list_ = self.rng, self.item, self.list
        state = f"""
(define-data-var held {list_} {self.literal(list_)})
(define-data-var one {item} {self.literal(item)})
(define-map kept uint {list_})
(define-map by-list {list_} {item})
(define-constant fixed {self.literal(list_)})
"""
        helpers = f"""
(define-private (same (x {item})) x)
(define-private (pick (x {item})) {rng.choice(("true", "(is-eq x (var-get one))", "(is-eq (len (var-get held)) u0)", "(not (is-eq x (var-get one)))"))})
(define-private (through (l {list_})) {rng.choice(("l", "(filter pick l)", "(begin (print l) l)", "(let ((m l)) m)", "(map same l)"))})
(define-private (count (x {item}) (n uint)) (+ n {rng.choice(("u1", "(len (list x x))", "(if (pick x) u1 u2)"))}))
(define-private (last (x {item}) (y {item})) (if (is-eq x y) {rng.choice("xy")} {rng.choice("xy")}))
(define-private (grow (x {item}) (l {list_})) (default-to l (as-max-len? (append l x) u{list_.length})))
(define-private (checked (l {list_})) (if (is-eq (len l) u1) (err u1) (ok l)))
"""
        functions, calls = [], []
        for number in range(FUNCTIONS):
            name = f"f{number}"
            functions.append(self.function(name))
            for _ in range(rng.choice((1, 1, 2))):
                args = [encode_value(random_value(rng, shape)).hex() for shape in (list_, item)]
                calls.append(Call(name, tuple(args), False))
        rng.shuffle(calls)
        return Program(
            id=self.seed,
            version=self.version,
            code=state + helpers + "\n".join(functions),
            setup=(Setup(CALLEE, self.keeper(), self.version),),
            calls=tuple(calls),
        )

    def keeper(self) -> str:
        """Another contract that keeps a list."""
        return f"""
(define-data-var held {self.list} {self.literal(self.list)})
(define-public (swap (l {self.list})) (let ((before (var-get held))) (var-set held l) (ok before)))
(define-public (fail (l {self.list})) (begin (var-set held l) (print l) (err u3)))
(define-read-only (show (l {self.list})) (begin (print l) (concat l (var-get held))))
"""

    def function(self, name: str) -> str:
        """A public function: bindings of lists, then questions about them."""
        rng = self.rng
        lists = ["l"]
        bindings = []
        for _ in range(rng.randint(1, STEPS_MAX)):
            bound = self.name()
            bindings.append(f"({bound} {self.step(rng.choice(lists))})")
            lists.append(bound)
        effects = [self.effect(rng.choice(lists)) for _ in range(rng.randint(0, 3))]
        answers = [f"{self.name()}: {self.question(rng.choice(lists))}" for _ in range(3)]
        result = rng.choice(
            (f"(ok {{{', '.join(answers)}}})",) * 4 + (f"(err {rng.choice(lists)})",)
        )
        body = f"(let ({' '.join(bindings)}) {' '.join([*effects, result])})"
        return f"(define-public ({name} (l {self.list}) (x {self.item})) {body})"

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def literal(self, shape: Shape) -> str:
        return source_of(random_value(self.rng, shape))

    def has(self, word: str) -> bool:
        return word in natives_of(self.version)

    def shortened(self, text: str) -> str:
        """`text`, a list perhaps too long, where one of the usual length is needed."""
        default = self.rng.choice(("l", "(var-get held)", "(list x)"))
        return f"(default-to {default} (as-max-len? {text} u{self.list.length}))"

    def step(self, given: str) -> str:
        """A list of the usual type from the list `given` or from elsewhere."""
        rng = self.rng
        steps: list[Callable[[], str]] = [
            lambda: "(var-get held)",
            lambda: f"(default-to {given} (map-get? kept u{rng.randrange(3)}))",
            lambda: "fixed",
            lambda: given,
            lambda: f"(filter pick {given})",
            lambda: f"(map same {given})",
            lambda: f"(through {given})",
            lambda: f"(list {self.one(given)})",
            lambda: self.shortened(f"(list {self.one(given)} {self.one(given)})"),
            lambda: self.shortened(f"(append {given} {self.one(given)})"),
            lambda: self.shortened(f"(concat {given} {self.step(given)})"),
            lambda: f"(fold grow {given} {self.step(given)})",
            lambda: f"(if (pick x) {given} {self.step(given)})",
            lambda: f"(default-to {given} (some {self.step(given)}))",
            lambda: f"(unwrap-panic (some {given}))",
            lambda: f"(match (as-max-len? {given} u{rng.randrange(self.list.length + 1)}) {(n := self.name())} {n} {self.step(given)})",
            lambda: f"(try! (checked {given}))",
            lambda: f"(unwrap-panic (checked {given}))",
            lambda: f"(get f {{f: {given}, g: u1}})",
            lambda: f"(get f (merge {{f: {given}, g: u1}} {{g: {self.one(given)}}}))",
            lambda: f"(get f (merge {{f: fixed, g: u1}} {{f: {given}}}))",
            lambda: f"(unwrap-panic (contract-call? .{CALLEE} swap {given}))",
            lambda: self.shortened(f"(contract-call? .{CALLEE} show {given})"),
            lambda: f"(begin (unwrap-err-panic (contract-call? .{CALLEE} fail {given})) {given})",
        ]  # fmt: skip
        if self.has("slice?"):
            a, b = (rng.randrange(self.list.length + 2) for _ in range(2))
            steps.append(lambda: f"(default-to {given} (slice? {given} u{a} u{b}))")
            at = rng.randrange(self.list.length + 1)
            steps.append(
                lambda: f"(default-to {given} (replace-at? {given} u{at} {self.one(given)}))"
            )
        if self.has("to-consensus-buff?"):
            steps.append(
                lambda: (
                    f"(default-to {given} (from-consensus-buff? {self.list}"
                    f" (unwrap-panic (to-consensus-buff? {self.step(given)}))))"
                )
            )
        return rng.choice(steps)()

    def one(self, given: str) -> str:
        """An item."""
        rng = self.rng
        word = "element-at"
        ones = [
            "x",
            "(var-get one)",
            self.literal(self.item) if self.item.kind != "optional" else "x",
            f"(fold last {given} x)",
            f"(default-to x ({word} {given} u{rng.randrange(self.list.length)}))",
            f"(default-to x (map-get? by-list {given}))",
            "(same x)",
            "(same (var-get one))",
        ]
        if self.item.kind == "tuple":
            name = rng.choice(self.item.names)
            ones.append(f"(merge {rng.choice(ones)} {{{name}: (get {name} {rng.choice(ones)})}})")
            fields = ", ".join(
                [f"{name}: (get {name} {rng.choice(ones)})" for name in self.item.names]
            )
            ones.append(f"{{{fields}}}")
        return rng.choice(ones)

    def effect(self, given: str) -> str:
        """Something whose value is dropped."""
        rng = self.rng
        return rng.choice((
            f"(print {given})",
            f"(var-set held {self.step(given)})",
            f"(var-set one {self.one(given)})",
            f"(map-set kept u{rng.randrange(3)} {given})",
            f"(map-insert kept u{rng.randrange(3)} {self.step(given)})",
            f"(map-delete kept u{rng.randrange(3)})",
            f"(map-set by-list {given} {self.one(given)})",
            f"(map-insert by-list {self.step(given)} {self.one(given)})",
            f"(print {{a: {given}, b: {self.one(given)}}})",
            f"(print (map pick {given}))",
            f"(print (some {given}))",
            f"(print (index-of {given} {self.one(given)}))",
        ))  # fmt: skip

    def question(self, given: str) -> str:
        """A value that depends on a list."""
        rng = self.rng
        return rng.choice((
            given,
            f"(some {given})",
            f"(list {given} {self.step(given)})",
            f"(list {{a: {given}}} {{a: {self.step(given)}}})",
            f"(is-eq {given} {self.step(given)})",
            f"(is-some (index-of {given} {self.one(given)}))",
            f"(len {given})",
            f"(fold count {given} u0)",
            f"(index-of {given} {self.one(given)})",
            f"{{a: {given}, b: {self.one(given)}}}",
            f"(element-at {given} u0)",
            f"(map pick {given})",
            f"(concat (list {self.one(given)}) {self.step(given)})",
            f"(append {given} {self.one(given)})",
            f"(filter pick (concat {given} {self.step(given)}))",
            f"(map last {given} {self.step(given)})",
            f"(map-get? by-list {given})",
            f"(default-to x (element-at (filter pick {given}) u0))",
            self.one(given),
            f"(list (some {self.one(given)}) none (some x))",
        ))  # fmt: skip
