"""`map`, `filter` and `fold`: a function applied once for each element there can be."""

from collections.abc import Sequence

from btczs.vm.clarity.estimation.ranges import Path, charge
from btczs.vm.clarity.estimation.results import filtered_shape, item_shape
from btczs.vm.clarity.estimation.shapes import Shape, join, list_shape
from btczs.vm.clarity.estimation.walker import Given, Node, Place, Walker, Word
from btczs.vm.clarity.reader.syntax import Atom


def _map(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: object) -> Shape:
    path.pay(charge("map", len(args)))
    path.pay(charge("lookup_function"))
    sequences = [walker.through(path, arg, place) for arg in args[1:]]
    least = min(sequence.shortest for sequence in sequences)
    most = min(sequence.longest for sequence in sequences)
    items = [item_shape(sequence) for sequence in sequences]
    return list_shape(least, most, _repeat(walker, path, args[0], items, place, least, most))


def _filter(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: object) -> Shape:
    path.pay(charge("filter"))
    sequence = walker.through(path, args[1], place)
    path.pay(charge("lookup_function"))
    least, most = sequence.shortest, sequence.longest
    _repeat(walker, path, args[0], [item_shape(sequence)], place, least, most)
    return filtered_shape(sequence)


def _fold(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: object) -> Shape:
    """What the function is given is what it gave, or the initial value."""
    path.pay(charge("fold"))
    path.pay(charge("lookup_function"))
    sequence = walker.through(path, args[1], place)
    initial = walker.through(path, args[2], place)
    name = args[0]
    assert isinstance(name, Atom), "analysis has seen to it"
    function = walker.function(name.name)
    carried = join(initial, walker.static(name) if function is None else function.returns)
    items = [item_shape(sequence), carried]
    _repeat(walker, path, name, items, place, sequence.shortest, sequence.longest)
    return carried


def _repeat(
    walker: Walker,
    path: Path,
    name: Node,
    items: Sequence[Shape],
    place: Place,
    least: int,
    most: int,
) -> Shape:
    """Applies the function called `name` to `items`, between `least` and `most` times."""
    assert isinstance(name, Atom), "analysis has seen to it"
    turn = Path()
    shape = walker.apply(turn, name.name, [Given(item) for item in items], place, name)
    path.pay(turn.done.times(least, most))
    return shape


ITERATION_WORDS: dict[str, Word] = {"map": _map, "filter": _filter, "fold": _fold}
