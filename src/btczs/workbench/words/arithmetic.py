"""Words of integers: arithmetic, bits and comparison."""

from btczs.workbench.words.model import Group, fails, function, gives

ARITHMETIC = Group(
    "arithmetic",
    "Arithmetic",
    (
        function(
            "(+ a b ...)", "int or uint, all the same", "int or uint", "add",
            """Adds. A sum that does not fit 128 bits aborts the transaction; nothing wraps around.
            With one number the result is that number.""",
            gives("(+ 1 2 3)", "6"),
            gives("(+ u40 u2)", "u42"),
            fails("(+ u340282366920938463463374607431768211455 u1)", "ArithmeticOverflow"),
        ),
        function(
            "(- a b ...)", "int or uint, all the same", "int or uint", "sub",
            """Subtracts every further number from the first. With one number it negates, which a
            uint other than u0 cannot survive: results below zero abort for uint.""",
            gives("(- 10 3 2)", "5"),
            gives("(- 7)", "-7"),
            fails("(- u1 u2)", "ArithmeticUnderflow"),
        ),
        function(
            "(* a b ...)", "int or uint, all the same", "int or uint", "mul",
            "Multiplies. A product that does not fit 128 bits aborts the transaction.",
            gives("(* 2 3 7)", "42"),
            fails("(* u18446744073709551616 u18446744073709551616)", "ArithmeticOverflow"),
        ),
        function(
            "(/ a b ...)", "int or uint, all the same", "int or uint", "div",
            """Divides the first number by every further one, from left to right, and cuts off the
            fraction each time (towards zero). Division by zero aborts.""",
            gives("(/ u7 u2)", "u3"),
            gives("(/ -7 2)", "-3"),
            fails("(/ 5 0)", "DivisionByZero"),
        ),
        function(
            "(mod a b)", "int or uint, both the same", "int or uint", "mod",
            "The remainder of a division. It has the sign of the first number.",
            gives("(mod u17 u5)", "u2"),
            gives("(mod -7 2)", "-1"),
            fails("(mod 5 0)", "DivisionByZero"),
        ),
        function(
            "(pow base exponent)", "int or uint, both the same", "int or uint", "pow",
            """The power of a number. Anything to the power of zero is one, zero included. An
            exponent must lie between 0 and 2^32 - 1, except for the bases 0 and 1 which allow all,
            and the exponent 1 which is always allowed.""",
            gives("(pow u2 u10)", "u1024"),
            gives("(pow -2 3)", "-8"),
            gives("(pow 0 0)", "1"),
        ),
        function(
            "(sqrti n)", "int or uint", "int or uint", "sqrti",
            "The whole part of the square root. A negative number aborts.",
            gives("(sqrti u17)", "u4"),
            gives("(sqrti 144)", "12"),
        ),
        function(
            "(log2 n)", "int or uint", "int or uint", "log2",
            """The whole part of the logarithm to base two: the place of the highest bit. A number
            below one aborts.""",
            gives("(log2 u1000)", "u9"),
            gives("(log2 8)", "3"),
        ),
        function(
            "(to-int n)", "uint", "int", "int_cast",
            "The same number as int. Aborts if it is 2^127 or more.",
            gives("(to-int u42)", "42"),
            gives("(- (to-int u2) 3)", "-1"),
        ),
        function(
            "(to-uint n)", "int", "uint", "int_cast",
            "The same number as uint. Aborts if it is negative.",
            gives("(to-uint 42)", "u42"),
            fails("(to-uint -1)", "ArithmeticUnderflow"),
        ),
    ),
)  # fmt: skip

BITS = Group(
    "bits",
    "Bits",
    (
        function(
            "(xor a b)", "int or uint, both the same", "int or uint", "xor",
            "Exclusive or of the bits of exactly two numbers. `bit-xor` takes more of them.",
            gives("(xor 12 10)", "6"),
            gives("(xor u255 u15)", "u240"),
        ),
        function(
            "(bit-and a b ...)", "int or uint, all the same", "int or uint", "bitwise_and",
            "The bits that all numbers have. An int counts as two's complement of 128 bits.",
            gives("(bit-and u12 u10)", "u8"),
            gives("(bit-and -1 255)", "255"),
        ),
        function(
            "(bit-or a b ...)", "int or uint, all the same", "int or uint", "bitwise_or",
            "The bits that at least one of the numbers has.",
            gives("(bit-or u12 u10)", "u14"),
            gives("(bit-or 1 2 4)", "7"),
        ),
        function(
            "(bit-xor a b ...)", "int or uint, all the same", "int or uint", "xor",
            "The bits that an odd count of the numbers has.",
            gives("(bit-xor u12 u10)", "u6"),
            gives("(bit-xor 1 3 7)", "5"),
        ),
        function(
            "(bit-not n)", "int or uint", "int or uint", "bitwise_not",
            "All 128 bits turned over.",
            gives("(bit-not 0)", "-1"),
            gives("(bit-not u0)", "u340282366920938463463374607431768211455"),
        ),
        function(
            "(bit-shift-left n places)", "int or uint; uint", "int or uint", "bitwise_left_shift",
            """Moves the bits up; what leaves at the top is lost, without any error. Only the
            remainder of `places` by 128 counts. To multiply with a check, use `*` and `pow`.""",
            gives("(bit-shift-left u1 u4)", "u16"),
            gives("(bit-shift-left 1 u127)", "-170141183460469231731687303715884105728"),
        ),
        function(
            "(bit-shift-right n places)", "int or uint; uint", "int or uint",
            "bitwise_right_shift",
            """Moves the bits down. For an int the sign stays, so this divides and rounds down.
            Only the remainder of `places` by 128 counts.""",
            gives("(bit-shift-right u255 u4)", "u15"),
            gives("(bit-shift-right -8 u1)", "-4"),
        ),
    ),
)  # fmt: skip

_ORDERED = "int, uint, string-ascii, string-utf8 or buff, both the same kind"

COMPARISON = Group(
    "comparison",
    "Comparison and logic",
    (
        function(
            "(< a b)", _ORDERED, "bool", "le",
            """Whether the first is less. Texts and buffers compare byte by byte like words in a
            dictionary (only numbers in version 1).""",
            gives("(< 1 2)", "true"),
            gives('(< "ab" "abc")', "true"),
        ),
        function(
            "(<= a b)", _ORDERED, "bool", "leq",
            "Whether the first is less than the second or equal to it.",
            gives("(<= u2 u2)", "true"),
            gives("(<= 0x02 0x01ff)", "false"),
        ),
        function(
            "(> a b)", _ORDERED, "bool", "ge",
            "Whether the first is greater.",
            gives("(> 2 1)", "true"),
            fails("(> 2 u1)", "TypeError"),
        ),
        function(
            "(>= a b)", _ORDERED, "bool", "geq",
            "Whether the first is greater than the second or equal to it.",
            gives("(>= 2 2)", "true"),
            gives('(>= "aa" "b")', "false"),
        ),
        function(
            "(is-eq a b ...)", "A, all the same", "bool", "eq",
            """Whether all values are equal. Everything can be compared, lists and tuples as well;
            all arguments are evaluated, even after the first difference.""",
            gives("(is-eq 1 1 1)", "true"),
            gives("(is-eq { a: 1 } { a: 2 })", "false"),
        ),
        function(
            "(and a b ...)", "bool, ...", "bool", "and",
            "Whether all are true. Stops at the first that is false: the rest is not evaluated.",
            gives("(and true (> 2 1))", "true"),
            gives("(and false (is-eq (/ 1 0) 1))", "false"),
        ),
        function(
            "(or a b ...)", "bool, ...", "bool", "or",
            "Whether at least one is true. Stops at the first that is.",
            gives("(or false (> 2 1))", "true"),
            gives("(or true (is-eq (/ 1 0) 1))", "true"),
        ),
        function(
            "(not a)", "bool", "bool", "not",
            "The opposite.",
            gives("(not true)", "false"),
        ),
    ),
)  # fmt: skip
