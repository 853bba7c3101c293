"""Words of lists, texts and buffers, and of tuples."""

from btczs.workbench.words.model import Group, Word, fails, function, gives


def _element_at(name: str) -> Word:
    return function(
        f"({name} sequence index)", "sequence of A, uint", "(optional A)", "element_at",
        """The item at a place, counted from u0; `none` beyond the end. Items of texts and buffers
        are texts and buffers of length one."""
        + (" The old name of `element-at?`." if name == "element-at" else ""),
        gives(f"({name} (list 5 6 7) u1)", "(some 6)"),
        gives(f'({name} "abc" u3)', "none"),
    )  # fmt: skip


def _index_of(name: str) -> Word:
    return function(
        f"({name} sequence item)", "sequence of A, A", "(optional uint)", "index_of",
        "The first place where an item stands, counted from u0; `none` if it does not."
        + (" The old name of `index-of?`." if name == "index-of" else ""),
        gives(f"({name} (list 5 6 6) 6)", "(some u1)"),
        gives(f'({name} "abc" "x")', "none"),
    )  # fmt: skip


SEQUENCES = Group(
    "sequences",
    "Lists, texts and buffers",
    (
        function(
            "(list item ...)", "A, ...", "(list n A)", "list_cons",
            """A list of values of one common type. Its greatest length is part of its type and is
            the count of items written here.""",
            gives("(list 1 2 3)", "(list 1 2 3)"),
            fails("(list 1 true)", "TypeError"),
        ),
        function(
            "(map function sequence ...)", "function (A, B, ...) -> C; sequences of A, B, ...",
            "(list n C)", "map",
            """Applies a function to every item and collects the results. With several sequences
            the function gets one item of each; the shortest ends it.""",
            gives("(map + (list 1 2 3) (list 10 20))", "(list 11 22)"),
            gives(
                "(define-private (double (n int)) (* n 2))\n(map double (list 1 2 3))",
                "(list 2 4 6)",
            ),
        ),
        function(
            "(filter function sequence)", "function (A) -> bool; sequence of A", "sequence of A",
            "filter",
            "The items for which a function says true, in their order.",
            gives(
                "(define-private (is-even (n int)) (is-eq (mod n 2) 0))\n"
                "(filter is-even (list 1 2 3 4))",
                "(list 2 4)",
            ),
        ),
        function(
            "(fold function sequence start)", "function (A, B) -> B; sequence of A; B", "B", "fold",
            """Goes through a sequence with a running value: the function gets the item first and
            the running value second, and returns the next running value. The only loop of the
            language, besides `map` and `filter`.""",
            gives("(fold + (list u1 u2 u3) u0)", "u6"),
            gives("(fold - (list 10 3) 100)", "93"),
        ),
        function(
            "(append list item)", "(list n A), A", "(list n+1 A)", "append",
            """A list with one item more at the end. The greatest length grows by one, so that what
            is stored usually needs `as-max-len?` around it.""",
            gives("(append (list 1 2) 3)", "(list 1 2 3)"),
        ),
        function(
            "(concat a b ...)", "two or more sequences of one kind", "the same kind of sequence",
            "concat",
            "Puts sequences one after the other. Up to version 5 it takes exactly two.",
            gives('(concat "block" "chain")', '"blockchain"'),
            gives("(concat 0x01 0x0203 0x04)", "0x01020304"),
        ),
        function(
            "(as-max-len? sequence length)", "sequence, uint written as a number",
            "(optional sequence)", "as_max_len",
            """The same sequence with another greatest length in its type, or `none` if it is longer
            than that. The length must stand in the source as a number.""",
            gives("(as-max-len? (list 1 2) u5)", "(some (list 1 2))"),
            gives('(as-max-len? "abcdef" u3)', "none"),
        ),
        function(
            "(len sequence)", "sequence", "uint", "len",
            "The count of items; of characters for texts, of bytes for buffers.",
            gives("(len (list 4 5))", "u2"),
            gives('(len u"\\u{1F98A}!")', "u2"),
        ),
        _element_at("element-at"),
        _element_at("element-at?"),
        _index_of("index-of"),
        _index_of("index-of?"),
        function(
            "(slice? sequence left right)", "sequence, uint, uint", "(optional sequence)", "slice",
            """The items from place `left` up to but without place `right`. `none` if the places are
            out of order or beyond the end.""",
            gives('(slice? "blockchain" u5 u10)', '(some "chain")'),
            gives("(slice? (list 1 2 3) u1 u9)", "none"),
        ),
        function(
            "(replace-at? sequence index item)", "sequence of A, uint, A", "(optional sequence)",
            "replace_at",
            "A copy of a sequence with another item at one place; `none` beyond the end.",
            gives("(replace-at? (list 1 2 3) u1 9)", "(some (list 1 9 3))"),
            gives('(replace-at? "abc" u2 "x")', '(some "abx")'),
        ),
    ),
)  # fmt: skip

TUPLES = Group(
    "tuples",
    "Tuples",
    (
        function(
            "(tuple (name value) ...)", "names with any values", "(tuple ...)", "tuple_cons",
            "A value with named fields. `{ name: value, ... }` is the short way to write it.",
            gives("(tuple (id u1) (open true))", "{id: u1, open: true}"),
            gives("{ y: 2, x: 1 }", "{x: 1, y: 2}"),
        ),
        function(
            "(get name tuple)", "name of a field, tuple or (optional tuple)",
            "A, or (optional A)", "tuple_get",
            "One field of a tuple. Of an optional tuple it gives an optional field.",
            gives("(get id { id: u7, open: true })", "u7"),
            gives("(get id (some { id: u7 }))", "(some u7)"),
        ),
        function(
            "(merge base changes)", "tuple, tuple", "tuple", "tuple_merge",
            """A tuple with the fields of both; where both have a field, the second wins, also with
            another type.""",
            gives("(merge { a: 1, b: 2 } { b: true, c: 4 })", "{a: 1, b: true, c: 4}"),
        ),
    ),
)  # fmt: skip
