"""Counts and shapes of arguments, with the errors about them."""

from collections.abc import Iterator, Sequence

from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

Args = Sequence[Expr]


def exactly(form: Form, count: int) -> Args:
    """The arguments of a form, which must be `count`. Raises `IncorrectArgumentCount`."""
    args = form.items[1:]
    if len(args) != count:
        raise errors.IncorrectArgumentCount(count, len(args), span=form.span)
    return args


def at_least(form: Form, count: int) -> Args:
    """The arguments of a form, at least `count`. Raises `RequiresAtLeastArguments`."""
    args = form.items[1:]
    if len(args) < count:
        raise errors.RequiresAtLeastArguments(count, len(args), span=form.span)
    return args


def at_most(form: Form, count: int) -> None:
    """Raises `RequiresAtMostArguments` if a form has more arguments than `count`."""
    actual = len(form.items) - 1
    if actual > count:
        raise errors.RequiresAtMostArguments(count, actual, span=form.span)


def name_in(expr: Expr, kind: type[errors.StaticKind]) -> str:
    """The name that `expr` must be. Raises `kind`, one without fields."""
    if not isinstance(expr, Atom):
        raise kind(span=expr.span)
    return expr.name


def bindings(pairs: Args, construct: str) -> Iterator[tuple[Atom, Expr]]:
    """The `(name thing)` pairs of a `let` or a tuple, one by one. Raises `BadSyntaxBinding`."""
    for index, pair in enumerate(pairs):
        if not isinstance(pair, Form):
            raise errors.BadSyntaxBinding(construct, "NotList", index, span=pair.span)
        if len(pair.items) != 2:
            raise errors.BadSyntaxBinding(construct, "InvalidLength", index, span=pair.span)
        name, bound = pair.items
        if not isinstance(name, Atom):
            raise errors.BadSyntaxBinding(construct, "NotAtom", index, span=name.span)
        yield name, bound
