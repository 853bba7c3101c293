"""Programs about lists and tuples that are wider than their contents.

What is read from the state has its declared type, what `filter` leaves has the type of all; by that
type, not by the contents, later steps are charged. Each function here takes a value from some
source, sends it through some steps, and looks at it in ways whose cost tells its type.
"""

from collections.abc import Callable
from random import Random

from tests.differential.clarity.generator import CONTRACT, Call, Program, Setup
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
from btczs.vm.clarity.names import VERSIONS, ClarityVersion

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
        result = rng.choice((f"(ok {{{', '.join(answers)}}})",) * 4 + (f"(err {rng.choice(lists)})",))
        body = f"(let ({' '.join(bindings)}) {' '.join([*effects, result])})"
        return f"(define-public ({name} (l {self.list}) (x {self.item})) {body})"

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def literal(self, shape: Shape) -> str:
        return source_of(random_value(self.rng, shape))

    def has(self, word: str) -> bool:
        from btczs.vm.clarity.names import natives_of

        return word in natives_of(self.version)

    def shortened(self, text: str) -> str:
        """`text`, a list perhaps too long, where one of the usual length is needed."""
        default = self.rng.choice(("l", "(var-get held)", "(list x)"))
        return f"(default-to {default} (as-max-len? {text} u{self.list.length}))"

    def step(self, l: str) -> str:
        """A list of the usual type from the list `l` or from elsewhere."""
        rng = self.rng
        steps: list[Callable[[], str]] = [
            lambda: "(var-get held)",
            lambda: f"(default-to {l} (map-get? kept u{rng.randrange(3)}))",
            lambda: "fixed",
            lambda: l,
            lambda: f"(filter pick {l})",
            lambda: f"(map same {l})",
            lambda: f"(through {l})",
            lambda: f"(list {self.one(l)})",
            lambda: self.shortened(f"(list {self.one(l)} {self.one(l)})"),
            lambda: self.shortened(f"(append {l} {self.one(l)})"),
            lambda: self.shortened(f"(concat {l} {self.step(l)})"),
            lambda: f"(fold grow {l} {self.step(l)})",
            lambda: f"(if (pick x) {l} {self.step(l)})",
            lambda: f"(default-to {l} (some {self.step(l)}))",
            lambda: f"(unwrap-panic (some {l}))",
            lambda: f"(match (as-max-len? {l} u{rng.randrange(self.list.length + 1)}) {(n := self.name())} {n} {self.step(l)})",
            lambda: f"(try! (checked {l}))",
            lambda: f"(unwrap! (checked {l}) (err {l}))" if False else f"(unwrap-panic (checked {l}))",
            lambda: f"(get f {{f: {l}, g: u1}})",
            lambda: f"(get f (merge {{f: {l}, g: u1}} {{g: {self.one(l)}}}))",
            lambda: f"(get f (merge {{f: fixed, g: u1}} {{f: {l}}}))",
            lambda: f"(unwrap-panic (contract-call? .{CALLEE} swap {l}))",
            lambda: self.shortened(f"(contract-call? .{CALLEE} show {l})"),
            lambda: f"(begin (unwrap-err-panic (contract-call? .{CALLEE} fail {l})) {l})",
        ]  # fmt: skip
        if self.has("slice?"):
            a, b = (rng.randrange(self.list.length + 2) for _ in range(2))
            steps.append(lambda: f"(default-to {l} (slice? {l} u{a} u{b}))")
            at = rng.randrange(self.list.length + 1)
            steps.append(lambda: f"(default-to {l} (replace-at? {l} u{at} {self.one(l)}))")
        if self.has("to-consensus-buff?"):
            steps.append(
                lambda: f"(default-to {l} (from-consensus-buff? {self.list}"
                f" (unwrap-panic (to-consensus-buff? {self.step(l)}))))"
            )
        return rng.choice(steps)()

    def one(self, l: str) -> str:
        """An item."""
        rng = self.rng
        word = "element-at"
        ones = [
            "x",
            "(var-get one)",
            self.literal(self.item) if self.item.kind != "optional" else "x",
            f"(fold last {l} x)",
            f"(default-to x ({word} {l} u{rng.randrange(self.list.length)}))",
            f"(default-to x (map-get? by-list {l}))",
            "(same x)",
            "(same (var-get one))",
        ]
        if self.item.kind == "tuple":
            name = rng.choice(self.item.names)
            ones.append(f"(merge {rng.choice(ones)} {{{name}: (get {name} {rng.choice(ones)})}})")
            fields = ", ".join([f"{name}: (get {name} {rng.choice(ones)})" for name in self.item.names])
            ones.append(f"{{{fields}}}")
        return rng.choice(ones)

    def effect(self, l: str) -> str:
        """Something whose value is dropped."""
        rng = self.rng
        return rng.choice((
            f"(print {l})",
            f"(var-set held {self.step(l)})",
            f"(var-set one {self.one(l)})",
            f"(map-set kept u{rng.randrange(3)} {l})",
            f"(map-insert kept u{rng.randrange(3)} {self.step(l)})",
            f"(map-delete kept u{rng.randrange(3)})",
            f"(map-set by-list {l} {self.one(l)})",
            f"(map-insert by-list {self.step(l)} {self.one(l)})",
            f"(print {{a: {l}, b: {self.one(l)}}})",
            f"(print (map pick {l}))",
            f"(asserts! (pick {self.one(l)}) (err u7))" if False else f"(print (some {l}))",
            f"(print (index-of {l} {self.one(l)}))",
        ))  # fmt: skip

    def question(self, l: str) -> str:
        """A value that depends on a list."""
        rng = self.rng
        return rng.choice((
            l,
            f"(some {l})",
            f"(list {l} {self.step(l)})",
            f"(list {{a: {l}}} {{a: {self.step(l)}}})",
            f"(is-eq {l} {self.step(l)})",
            f"(is-eq (some {self.step(l)}) none)" if False else f"(is-some (index-of {l} {self.one(l)}))",
            f"(len {l})",
            f"(fold count {l} u0)",
            f"(index-of {l} {self.one(l)})",
            f"{{a: {l}, b: {self.one(l)}}}",
            f"(element-at {l} u0)",
            f"(map pick {l})",
            f"(concat (list {self.one(l)}) {self.step(l)})",
            f"(append {l} {self.one(l)})",
            f"(filter pick (concat {l} {self.step(l)}))",
            f"(map last {l} {self.step(l)})",
            f"(map-get? by-list {l})",
            f"(default-to x (element-at (filter pick {l}) u0))",
            self.one(l),
            f"(list (some {self.one(l)}) none (some x))",
        ))  # fmt: skip
