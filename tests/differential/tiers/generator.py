"""Programs of many small functions that leave early, loop, and call one another.

Compiled code puts functions into one another, adds costs up while compiling, and charges a loop
after it; so every way out of a function, from inside a loop in a function in a loop, is where it
could be wrong. All values are unsigned integers and lists of them: what varies is control flow.
"""

from collections.abc import Callable
from random import Random

from tests.differential.clarity.generator import Call, Program, Setup, deployer_of

from btczs.codec.clarity import encode_value
from btczs.codec.clarity.values import ContractPrincipal, ListValue, UIntValue
from btczs.vm.clarity.names import VERSIONS, ClarityVersion

LIST = "(list 5 uint)"
RESPONSE = "(response uint uint)"
PURE_SHARE = 0.35
ALLOWANCES_SINCE = 4
LEAVING = ("response", "fold-response", "public")
"""Functions that return a response, and so can leave early with one."""

BASE = """
(define-trait numbers ((give (uint) (response uint uint)) (take (uint) (response bool uint))))
(define-data-var held uint u3)
(define-map seen uint uint)
(define-fungible-token coin u100)
(define-public (give (n uint))
  (begin (map-set seen n (var-get held)) (print {given: n})
    (asserts! (< n u9) (err n)) (ok (+ n (var-get held)))))
(define-public (take (n uint))
  (begin (var-set held n) (try! (ft-mint? coin (+ n u1) tx-sender)) (ok (> n u4))))
(define-public (pass (n uint))
  (let ((got (unwrap! (give n) (err u70)))) (try! (take got)) (print got)
    (if (is-eq n u5) (err u71) (ok got))))
(define-read-only (loud (n uint)) (begin (print n) (+ n (default-to u1 (map-get? seen n)))))
(define-read-only (who) (if (is-eq tx-sender contract-caller) u1 u2))
"""
HUB = """
(use-trait numbers .base.numbers)
(define-data-var calls uint u0)
(define-public (forward (t <numbers>) (n uint))
  (begin (var-set calls (+ (var-get calls) u1)) (contract-call? t give (+ n u1))))
(define-public (twice (t <numbers>) (n uint))
  (let ((got (try! (contract-call? t give n)))) (print (contract-of t)) (contract-call? t give got)))
"""
RELAY = """
IMPL
(define-data-var last uint u1)
(define-public (give (n uint)) (begin (var-set last n) (contract-call? .base give (+ n u1))))
(define-public (take (n uint))
  (match (contract-call? .base pass n) v (ok (is-eq v u1)) e (begin (print e) (err (+ e u1)))))
"""


def generate(seed: int) -> Program:
    """The program of `seed`."""
    return _Writer(seed).program()


class _Writer:
    """Writes the functions of one program, each of which may call those before it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.version: ClarityVersion = self.rng.choice(VERSIONS)
        self.functions: dict[str, list[str]] = {}
        """Names of the functions written so far, by kind."""
        self.count = 0
        # What holds for the function being written:
        self.kind = ""
        self.locals: list[str] = []
        self.lists: list[str] = []
        self.budget = 0
        self.has_trait = False
        """Whether the parameter `t` is a contract with the trait."""
        self.is_pure = False
        self.pure: set[str] = set()
        """Functions that write nothing: read-only ones may call these."""

    def program(self) -> Program:
        rng = self.rng
        parts = [
            f"(define-data-var total uint u{rng.randrange(4)})",
            f"(define-data-var items {LIST} (list {self._constants()}))",
            "(define-map kept uint uint)",
            "(define-fungible-token gold)",
            "(define-non-fungible-token gem uint)",
            f"(define-constant FIXED u{rng.randrange(6)})",
        ]
        parts.append("(use-trait numbers .base.numbers)")
        if self.version >= 2:
            for name in ("t1", "t2"):
                parts.append(
                    f"(define-private ({name} (t <numbers>) (n uint)) (contract-call? t give n))"
                )
        kinds = ("plain", "optional", "response", "filter", "map", "fold", "fold-response",
                 "read-only", "public")  # fmt: skip
        parts += [self._function(rng.choice(kinds)) for _ in range(rng.randint(4, 9))]
        publics = [self._function("public") for _ in range(2)]
        publics.append(self._dispatcher())
        outside = self.functions["public"] + self.functions.get("read-only", [])
        relay = [
            Setup(name, RELAY.replace("IMPL", impl), self.version)
            for name, impl in (("relay", "(impl-trait .base.numbers)"), ("bare", ""))
        ]
        return Program(
            id=self.seed,
            version=self.version,
            code="\n".join(parts + publics),
            setup=(
                Setup("base", BASE, self.version),
                *relay,
                Setup("hub", HUB, rng.choice((self.version, rng.choice(VERSIONS)))),
            ),
            calls=(*(self._call(rng.choice(outside)) for _ in range(4)), self._dispatch()),
        )

    def _dispatcher(self) -> str:
        """A public function that gets a contract with a trait."""
        self.kind, self.budget, self.is_pure = "public", 12, False
        self.locals, self.lists, self.has_trait = ["n"], ["(var-get items)"], True
        return (
            "(define-public (dispatch (t <numbers>) (n uint))"
            f" (begin {self.effect()} (try! {self._through()}) {self._through()}))"
        )

    def _dispatch(self) -> Call:
        rng = self.rng
        name = rng.choice(("relay", "relay", "bare", "bare", "base", "base", "hub", "main", "none"))
        deployer = deployer_of(Program(self.seed, self.version, "", (), ()))
        target = ContractPrincipal(deployer.version, deployer.hash20, name)
        args = (target, UIntValue(rng.randrange(9)))
        return Call("dispatch", tuple([encode_value(arg).hex() for arg in args]), False)

    def _through(self) -> str:
        """A response of a contract that is known by its trait."""
        words = ["contract-call? t give", "contract-call? .hub forward t"]
        words += ["contract-call? .hub twice t", *["t1 t", "t2 t"][: 2 * (self.version >= 2)]]
        return f"({self.rng.choice(words)} {self.number()})"

    def _call(self, name: str) -> Call:
        rng = self.rng
        items = ListValue(
            tuple([UIntValue(rng.randrange(12)) for _ in range(rng.choice((0, 1, 3, 5)))])
        )
        args = (UIntValue(rng.randrange(12)), items)
        is_read = name in self.functions.get("read-only", ())
        return Call(name, tuple([encode_value(arg).hex() for arg in args]), is_read)

    def _constants(self) -> str:
        return " ".join([f"u{self.rng.randrange(12)}" for _ in range(self.rng.randint(0, 5))])

    def _name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    # --- functions ----------------------------------------------------------------------------

    def _function(self, kind: str) -> str:
        name, a, b = self._name("f"), self._name("p"), self._name("p")
        self.kind, self.budget = kind, self.rng.choice((6, 15, 30))
        self.locals, self.lists = [a], ["(var-get items)"]
        self.is_pure = kind == "read-only" or (kind != "public" and self.rng.random() < PURE_SHARE)
        match kind:
            case "map" | "filter":
                params = f"({a} uint)"
            case "fold":
                params, self.locals = f"({a} uint) ({b} uint)", [a, b]
            case "fold-response":
                params = f"({a} uint) ({b} {RESPONSE})"
            case _:
                params = f"({a} uint) ({b} {LIST})"
                self.lists.append(b)
        body = self._body(kind, b)
        access = kind if kind in ("public", "read-only") else "private"
        self.functions.setdefault(kind, []).append(name)
        if self.is_pure:
            self.pure.add(name)
        return f"(define-{access} ({name} {params})\n  {body})"

    def _body(self, kind: str, second: str) -> str:
        rng = self.rng
        match kind:
            case "filter":
                return self.condition()
            case "optional":
                return f"(if {self.condition()} (some {self.number()}) none)"
            case "fold-response":
                name = self._name("v")
                before = list(self.locals)
                self.locals.append(name)
                inside = f"(begin {self.effect()} {self.response()})"
                self.locals = before
                if rng.random() < 0.3:
                    return f"(match {second} {name} {inside} e{name} (err (+ e{name} u1)))"
                return f"(let (({name} (try! {second}))) {inside})"
            case "response" | "public":
                effects = [self.effect() for _ in range(rng.randint(0, 3))]
                return f"(begin {' '.join([*effects, self.response()])})"
        if rng.random() < 0.4:
            return f"(begin {self.effect()} {self.number()})"
        return self.number()

    def _any(self, *kinds: str) -> str | None:
        """A function written before, of one of these kinds."""
        found = [name for kind in kinds for name in self.functions.get(kind, [])]
        if self.is_pure:
            found = [name for name in found if name in self.pure]
        return self.rng.choice(found) if found else None

    # --- expressions --------------------------------------------------------------------------

    def leaf(self) -> str:
        rng = self.rng
        choices = [f"u{rng.randrange(12)}", *self.locals, *self.locals, "(var-get total)", "FIXED"]
        return rng.choice(choices)

    def number(self) -> str:
        """An unsigned integer."""
        self.budget -= 1
        if self.budget <= 0:
            return self.leaf()
        rng, n = self.rng, self.number
        choices: list[Callable[[], str]] = [
            self.leaf,
            lambda: f"({rng.choice('+++*-/')} {n()} {n()})",
            lambda: f"(mod {n()} {n()})",
            lambda: f"(if {self.condition()} {n()} {n()})",
            self._let,
            self._let,
            lambda: f"(begin {self.effect()} {n()})",
            lambda: f"(default-to {n()} {self.optional()})",
            lambda: f"(unwrap-panic {self.optional()})" if rng.random() < 0.3 else self.leaf(),
            lambda: f"(match {self.optional()} {self._in(n)} {n()})",
            lambda: f"(match {self.response()} {self._in(n)} {self._in(n)})",
            lambda: f"(match {self.response()} {self._in(n)} {self._in(n)})",
            lambda: f"(unwrap-err-panic {self.response()})" if rng.random() < 0.3 else self.leaf(),
            lambda: f"(len {self.list()})",
            lambda: self._applied(("plain",), lambda f: f"({f} {n()} {self.list()})"),
            lambda: self._applied(("map",), lambda f: f"({f} {n()})"),
            lambda: self._applied(("read-only",), lambda f: f"({f} {n()} {self.list()})"),
            *[lambda: self._applied(("fold",), lambda f: f"(fold {f} {self.list()} {n()})")] * 3,
            lambda: f"(fold + {self.list()} {n()})",
            lambda: f"(contract-call? .base loud {n()})",
            lambda: "(contract-call? .base who)",
            lambda: f"(ft-get-balance gold {self.owner()})",
            lambda: "(stx-get-balance tx-sender)",
        ]
        if self.kind in LEAVING:
            choices += [
                lambda: f"(try! {self.response()})",
                lambda: f"(try! {self.response()})",
                lambda: f"(unwrap! {self.optional()} (err {n()}))",
                lambda: f"(unwrap! {self.response()} (err {n()}))",
                lambda: f"(unwrap-err! {self.response()} (err {n()}))",
            ]
        if self.kind == "optional":
            choices += [
                lambda: f"(try! {self.optional()})",
                lambda: f"(unwrap! {self.response()} none)",
            ]
        if self.kind in ("plain", "fold", "map"):
            choices.append(lambda: f"(unwrap! {self.optional()} {n()})")
        return rng.choice(choices)()

    def _in(self, make: Callable[[], str]) -> str:
        """`name expression`, where the expression may use the name."""
        name = self._name("v")
        self.locals.append(name)
        text = f"{name} {make()}"
        self.locals.remove(name)
        return text

    def _let(self) -> str:
        names, lists = list(self.locals), list(self.lists)
        bindings = []
        for _ in range(self.rng.choice((1, 1, 2))):
            name = self._name("v")
            if self.rng.random() < 0.25:
                bindings.append(f"({name} {self.list()})")
                self.lists.append(name)
            else:
                bindings.append(f"({name} {self.number()})")
                self.locals.append(name)
        text = f"(let ({' '.join(bindings)}) {self.effect()} {self.number()})"
        self.locals, self.lists = names, lists
        return text

    def _applied(self, kinds: tuple[str, ...], write: Callable[[str], str]) -> str:
        function = self._any(*kinds)
        return self.leaf() if function is None else write(function)

    def condition(self) -> str:
        self.budget -= 1
        rng, n = self.rng, self.number
        choices: list[Callable[[], str]] = [
            lambda: f"({rng.choice(('<', '>', '<=', '>='))} {n()} {n()})",
            lambda: f"(is-eq {n()} {n()})",
        ]
        if self.budget > 0:
            choices += [
                lambda: f"({rng.choice(('and', 'or'))} {self.condition()} {self.condition()})",
                lambda: f"(not {self.condition()})",
                lambda: f"(is-some {self.optional()})",
                lambda: f"({rng.choice(('is-ok', 'is-err'))} {self.response()})",
                lambda: f"(is-none (index-of {self.list()} {n()}))",
            ]
        return rng.choice(choices)()

    def optional(self) -> str:
        self.budget -= 1
        rng, n = self.rng, self.number
        choices = [
            lambda: f"(map-get? kept {n()})",
            lambda: f"(element-at {self.list()} {n()})",
            lambda: f"(if {self.condition()} (some {n()}) none)",
            lambda: f"(index-of {self.list()} {n()})",
        ]
        if function := self._any("optional"):
            choices += [lambda: f"({function} {n()} {self.list()})"] * 3
        return rng.choice(choices)()

    def response(self) -> str:
        """A response of two numbers."""
        self.budget -= 1
        rng, n = self.rng, self.number
        choices = [lambda: f"(if {self.condition()} (ok {n()}) (err {n()}))"]
        if function := self._any("response"):
            choices += [lambda: f"({function} {n()} {self.list()})"] * 2
        if step := self._any("fold-response"):
            choices += [
                lambda: (
                    f"(fold {step} {self.list()} (if {self.condition()} (ok {n()}) (err {n()})))"
                )
            ] * 3
        if not self.is_pure:
            if public := self._any("public"):
                choices += [lambda: f"({public} {n()} {self.list()})"] * 2
            choices += [
                lambda: f"(contract-call? .{rng.choice(('base', 'relay', 'bare'))} give {n()})",
                lambda: f"(contract-call? .base pass {n()})",
            ]
            if self.version >= 2:
                target = rng.choice(("relay", "base", "bare"))
                choices.append(lambda: f"({rng.choice(('t1', 't2'))} .{target} {n()})")
            if self.has_trait:
                choices += [lambda: self._through()] * 3
            choices.append(lambda: f"(contract-call? .hub forward .relay {n()})")
            choices.append(lambda: f"(contract-call? .hub twice .bare {n()})")
            if self.version >= ALLOWANCES_SINCE:
                choices += [self._restricted] * 3
            if self.version <= 3:
                choices.append(lambda: f"(as-contract {self.response()})")
        return rng.choice(choices)()

    def _restricted(self) -> str:
        """A body under allowances: what it moves may be too much, and it may stop or leave."""
        rng, n = self.rng, self.number
        made = [
            lambda: f"(with-stx {n()})",
            lambda: f'(with-ft current-contract "gold" {n()})',
            lambda: f'(with-ft .base "coin" {n()})',
            lambda: f'(with-nft current-contract "gem" {self.list()})',
            lambda: '(with-nft current-contract "*" (list u1 u2))',
        ]
        allowances = " ".join([rng.choice(made)() for _ in range(rng.choice((0, 1, 1, 2)))])
        if rng.random() < 0.2 or not allowances:
            allowances = rng.choice(("", "(with-all-assets-unsafe)"))
        body = " ".join([*[self.effect() for _ in range(rng.choice((0, 1, 2)))], n()])
        if rng.random() < 0.5 or "unsafe" in allowances:
            return f"(as-contract? ({allowances}) {body})"
        return f"(restrict-assets? {self.owner()} ({allowances}) {body})"

    def list(self) -> str:
        self.budget -= 1
        rng = self.rng
        choices: list[Callable[[], str]] = [
            lambda: rng.choice(self.lists),
            lambda: f"(list {self.number()} {self.number()})",
        ]
        if self.budget > 0:
            choices += [
                lambda: f"(list {' '.join([self.number() for _ in range(rng.randint(1, 4))])})",
                lambda: self._mapped(),
                lambda: f"(map + {self.list()} {self.list()})",
                lambda: f"(map - {self.list()} {self.list()})",
            ]
            if function := self._any("filter"):
                choices += [lambda: f"(filter {function} {self.list()})"] * 2
        return rng.choice(choices)()

    def _mapped(self) -> str:
        function = self._any("map", "map", "fold")
        if function is None:
            return self.lists[0]
        more = f" {self.list()}" if function in self.functions.get("fold", ()) else ""
        return f"(map {function} {self.list()}{more})"

    def owner(self) -> str:
        return self.rng.choice(("tx-sender", "contract-caller", "'ST000000000000000000002AMW42H"))

    def effect(self) -> str:
        """Something whose value is dropped, and is no response."""
        self.budget -= 1
        rng, n = self.rng, self.number
        choices: list[Callable[[], str]] = [
            lambda: f"(print {n()})",
            lambda: f"(print {{a: {n()}, b: {self.list()}}})",
            lambda: self.condition(),
        ]
        if self.kind in LEAVING:
            choices += [lambda: f"(asserts! {self.condition()} (err {n()}))"] * 3
        if self.kind == "optional":
            choices += [lambda: f"(asserts! {self.condition()} none)"] * 2
        if self.kind in ("plain", "map", "fold"):
            choices += [lambda: f"(asserts! {self.condition()} {n()})"]
        if self.kind == "filter":
            choices += [lambda: f"(asserts! {self.condition()} {rng.choice(('true', 'false'))})"]
        if not self.is_pure:
            choices += [
                lambda: f"(var-set total {n()})",
                lambda: f"(var-set items {self.list()})" if rng.random() < 0.5 else "true",
                lambda: f"(map-{rng.choice(('set', 'insert'))} kept {n()} {n()})",
                lambda: f"(map-delete kept {n()})",
                lambda: f"(is-ok (ft-mint? gold {n()} {self.owner()}))",
                lambda: f"(is-ok (ft-transfer? gold {n()} tx-sender {self.owner()}))",
                lambda: f"(is-ok (nft-mint? gem {n()} {self.owner()}))",
                lambda: f"(is-err (stx-transfer? {n()} tx-sender {self.owner()}))",
                lambda: f"(is-ok (nft-transfer? gem {n()} tx-sender {self.owner()}))",
                lambda: f"(is-ok (stx-burn? {n()} tx-sender))",
                lambda: f"(is-ok {self.response()})",
            ]
        return rng.choice(choices)()
