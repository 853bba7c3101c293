"""Words that decide what is evaluated, and words of optionals and responses."""

from btczs.workbench.words.model import Group, fails, function, gives

CONTROL = Group(
    "control",
    "Control",
    (
        function(
            "(if condition then else)", "bool, A, A", "A", "if",
            "One of two expressions; the other is not evaluated. Both must have one common type.",
            gives("(if (> 2 1) u10 u20)", "u10"),
            gives("(if false (/ 1 0) 7)", "7"),
        ),
        function(
            "(let ((name value) ...) body ... last)", "names with any values, expressions", "A",
            "let",
            """Gives names to values and evaluates the body with them; the result is the last
            expression. A name may be used by the bindings after it. It cannot hide another name of
            the contract, and it is gone after the closing bracket.""",
            gives("(let ((a 2) (b (* a 3))) (+ a b))", "8"),
            fails("(let ((+ 1)) 2)", "NameAlreadyUsed"),
        ),
        function(
            "(begin first ... last)", "expressions", "A", "begin",
            """Evaluates one expression after the other; the result is the last. A response in the
            middle must not be ignored: unwrap it.""",
            gives("(begin (print 1) (+ 1 1))", "2"),
            fails("(begin (ok 1) true)", "UncheckedIntermediaryResponses"),
        ),
        function(
            "(asserts! condition thrown)", "bool, A", "bool", "asserts",
            """Goes on if the condition is true. Otherwise the function that contains it returns
            `thrown` at once, a private function too. `thrown` is evaluated only then. Outside of a
            function a failed assertion undoes the deployment.""",
            gives(
                "(define-private (half (n uint))\n"
                "  (begin (asserts! (is-eq (mod n u2) u0) (err u1)) (ok (/ n u2))))\n"
                "(list (half u8) (half u7))",
                "(list (ok u4) (err u1))",
            ),
        ),
        function(
            "(try! input)", "(optional A) or (response A B)", "A", "try_ret",
            """Takes the value out of `(some …)` or `(ok …)`. If there is none, the function that
            contains it returns at once, with that `none` or that `(err …)`.""",
            gives(
                "(define-private (add-one (n (response int uint))) (ok (+ 1 (try! n))))\n"
                "(list (add-one (ok 4)) (add-one (err u9)))",
                "(list (ok 5) (err u9))",
            ),
        ),
        function(
            "(unwrap! input thrown)", "(optional A) or (response A B), C", "A", "unwrap_ret",
            """Takes the value out of `(some …)` or `(ok …)`. If there is none, the function that
            contains it returns `thrown`. Note that `thrown` is always evaluated.""",
            gives(
                "(define-private (first-of (l (list 3 int))) (unwrap! (element-at? l u0) -1))\n"
                "(list (first-of (list 7 8)) (first-of (list)))",
                "(list 7 -1)",
            ),
        ),
        function(
            "(unwrap-err! input thrown)", "(response A B), C", "B", "unwrap_err_or_ret",
            """Takes the value out of `(err …)`. If it is `(ok …)`, the function that contains it
            returns `thrown`, which is always evaluated.""",
            gives(
                "(define-private (reason (r (response bool uint))) (unwrap-err! r u0))\n"
                "(list (reason (err u5)) (reason (ok true)))",
                "(list u5 u0)",
            ),
        ),
        function(
            "(unwrap-panic input)", "(optional A) or (response A B)", "A", "unwrap",
            """Takes the value out of `(some …)` or `(ok …)`, and aborts the whole transaction if
            there is none. Callers learn no reason: use it where it cannot happen.""",
            gives("(unwrap-panic (some 3))", "3"),
            fails("(unwrap-panic (element-at? (list 1 2) u5))", "UnwrapFailure"),
        ),
        function(
            "(unwrap-err-panic input)", "(response A B)", "B", "unwrap_err",
            "Takes the value out of `(err …)`, and aborts the whole transaction if it is `(ok …)`.",
            gives("(unwrap-err-panic (if true (err u4) (ok 1)))", "u4"),
            fails("(unwrap-err-panic (if true (ok 1) (err u4)))", "UnwrapFailure"),
        ),
        function(
            "(match input name some-body none-body)\n(match input name ok-body name err-body)",
            "(optional A) or (response A B), names, expressions", "C", "match",
            """Two ways to go on, one for each side of an optional or response. The name stands for
            the value inside, in its own branch only. Both branches must have one common type.""",
            gives("(match (some 20) n (+ n 1) 0)", "21"),
            gives(
                "(match (if true (ok 5) (err u1)) n (+ n 1) code (to-int code))",
                "6",
            ),
        ),
        function(
            "(default-to default input)", "A, (optional A)", "A", "default_to",
            "The value inside an optional, or `default` for `none`. Both are always evaluated.",
            gives("(default-to u0 (some u7))", "u7"),
            gives("(default-to u0 (element-at? (list u1) u9))", "u0"),
        ),
    ),
)  # fmt: skip

OPTIONS = Group(
    "options",
    "Optionals and responses",
    (
        function(
            "(some value)", "A", "(optional A)", "some_cons",
            "An optional that holds a value. The other optional is the keyword `none`.",
            gives("(some u1)", "(some u1)"),
        ),
        function(
            "(ok value)", "A", "(response A B)", "ok_cons",
            "A response of success. A public function that returns it keeps its changes.",
            gives("(ok true)", "(ok true)"),
        ),
        function(
            "(err value)", "B", "(response A B)", "err_cons",
            """A response of failure. A public function that returns it undoes everything it
            changed, events included.""",
            gives("(err u404)", "(err u404)"),
        ),
        function(
            "(is-some input)", "(optional A)", "bool", "is_some",
            "Whether an optional holds a value.",
            gives("(is-some (some 1))", "true"),
            gives("(is-some none)", "false"),
        ),
        function(
            "(is-none input)", "(optional A)", "bool", "is_none",
            "Whether an optional holds nothing.",
            gives("(is-none (element-at? (list 1) u3))", "true"),
        ),
        function(
            "(is-ok input)", "(response A B)", "bool", "is_okay",
            "Whether a response is one of success.",
            gives("(is-ok (ok 1))", "true"),
            gives("(is-ok (err 1))", "false"),
        ),
        function(
            "(is-err input)", "(response A B)", "bool", "is_err",
            "Whether a response is one of failure.",
            gives("(is-err (err u1))", "true"),
        ),
    ),
)  # fmt: skip
