"""What words give: the shapes of their results, where these can say more than the static type.

Of most words the result is a number, a bool, or bytes, and the type that analysis noted is all
there is to know. Words that hand on, wrap or unwrap other values are here.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from btczs.vm.clarity.estimation.shapes import (
    NONE,
    UNKNOWN,
    Shape,
    join,
    list_shape,
    response_shape,
    some_shape,
    text_shape,
    tuple_shape,
)

Result: TypeAlias = Callable[[Sequence[Shape], Shape], Shape]
"""From the shapes of the arguments, and the shape of the static type."""


def item_shape(sequence: Shape) -> Shape:
    """An element; of buffers and strings, one of length 1."""
    return sequence.parts[0] if sequence.kind == "list" else text_shape(sequence.kind, 1, 1)


def _inside(side: int) -> Result:
    """What an optional or response holds. Nobody gets anything out of what is never there."""

    def result(args: Sequence[Shape], static: Shape) -> Shape:
        inside = args[0].parts[side]
        return static if inside.kind == "unknown" else inside

    return result


def _default(args: Sequence[Shape], _static: Shape) -> Shape:
    return join(args[0], args[1].parts[0])


def _list(args: Sequence[Shape], _static: Shape) -> Shape:
    item = UNKNOWN
    for arg in args:
        item = join(item, arg)
    return list_shape(len(args), len(args), item)


def _append(args: Sequence[Shape], _static: Shape) -> Shape:
    onto, item = args
    return list_shape(onto.shortest + 1, onto.longest + 1, join(onto.parts[0], item))


def _concat(args: Sequence[Shape], _static: Shape) -> Shape:
    shortest = sum([arg.shortest for arg in args])
    longest = sum([arg.longest for arg in args])
    if args[0].kind != "list":
        return text_shape(args[0].kind, shortest, longest)
    item = UNKNOWN
    for arg in args:
        item = join(item, arg.parts[0])
    return list_shape(shortest, longest, item)


def _of_any_length(sequence: Shape, longest: int) -> Shape:
    if sequence.kind == "list":
        return list_shape(0, longest, sequence.parts[0])
    return text_shape(sequence.kind, 0, longest)


def _as_max_len(args: Sequence[Shape], static: Shape) -> Shape:
    sequence = args[0]
    longest = min(sequence.longest, static.parts[0].longest)
    if longest < sequence.shortest:
        return NONE
    if sequence.kind == "list":
        kept = list_shape(sequence.shortest, longest, sequence.parts[0])
    else:
        kept = text_shape(sequence.kind, sequence.shortest, longest)
    return join(NONE, some_shape(kept))


def _slice(args: Sequence[Shape], _static: Shape) -> Shape:
    return join(NONE, some_shape(_of_any_length(args[0], args[0].longest)))


def _replaced(args: Sequence[Shape], _static: Shape) -> Shape:
    sequence, _, item = args
    made = _of_any_length(sequence, sequence.longest)
    if sequence.kind == "list":
        made = list_shape(0, sequence.longest, join(sequence.parts[0], item))
    return join(NONE, some_shape(made))


def _merged(args: Sequence[Shape], _static: Shape) -> Shape:
    """The second tuple wins, if it has the field for certain."""
    base, update = args
    fields = dict(zip(base.names, base.parts))
    for name, part in zip(update.names, update.parts):
        is_certain = update.shortest == update.longest or name not in fields
        fields[name] = part if is_certain else join(fields[name], part)
    made = tuple_shape(list(fields.items()))
    if base.shortest == base.longest and update.shortest == update.longest:
        return made
    return join(base, made)


def filtered_shape(sequence: Shape) -> Shape:
    """What `filter` leaves. A list keeps its type."""
    return _of_any_length(sequence, sequence.longest)


RESULTS: Final[dict[str, Result]] = {
    "some": lambda args, _: some_shape(args[0]),
    "ok": lambda args, _: response_shape(args[0], UNKNOWN),
    "err": lambda args, _: response_shape(UNKNOWN, args[0]),
    "unwrap!": _inside(0),
    "unwrap-panic": _inside(0),
    "try!": _inside(0),
    "unwrap-err!": _inside(1),
    "unwrap-err-panic": _inside(1),
    "default-to": _default,
    "begin": lambda args, _: args[-1],
    "print": lambda args, _: args[0],
    "list": _list,
    "append": _append,
    "concat": _concat,
    "as-max-len?": _as_max_len,
    "element-at": lambda args, _: join(NONE, some_shape(item_shape(args[0]))),
    "element-at?": lambda args, _: join(NONE, some_shape(item_shape(args[0]))),
    "slice?": _slice,
    "replace-at?": _replaced,
    "merge": _merged,
}
