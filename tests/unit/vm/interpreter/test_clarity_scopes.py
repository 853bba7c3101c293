"""Nested transactions against a model: any tree of calls, each of which may fail."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from machine_world import World, text

from btczs.codec.clarity.values import IntValue
from btczs.vm.clarity.runtime.events import PrintEvent


@dataclass(frozen=True)
class Call:
    """A function that writes its number, prints it, calls others, and returns ok or err."""

    public: bool
    fails: bool
    elsewhere: bool
    children: tuple["Call", ...]


CALLS = st.recursive(
    st.builds(Call, st.booleans(), st.booleans(), st.booleans(), st.just(())),
    lambda inner: st.builds(
        Call, st.booleans(), st.booleans(), st.booleans(), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=12,
)


class Program:
    """The contracts of a tree of calls: one holds the state, two hold the functions."""

    def __init__(self) -> None:
        self.sources = {"a": [""], "b": [""]}
        self.count = 0

    def add(self, call: Call, home: str) -> str:
        """Adds the function of `call`; the expression that calls it from `home`."""
        number = self.count
        self.count += 1
        # Contract "b" can be called from "a" only: it is deployed first.
        place = "b" if call.elsewhere and call.public else home
        inner = [self.add(child, place) for child in call.children]
        result = f"({'err' if call.fails else 'ok'} {number})"
        steps = f"(is-ok (contract-call? .state note {number})) (print {number})"
        unwrapped = " ".join(f"(is-ok {expr})" for expr in inner)
        kind = "public" if call.public else "private"
        self.sources[place].append(
            f"(define-{kind} (f{number}) (begin {steps} {unwrapped} {result}))"
        )
        return f"(f{number})" if place == home else f"(contract-call? .b f{number})"


def model(call: Call, numbers: "list[int]") -> tuple[list[int], bool]:
    """What the call leaves: numbers written (and printed) in order, and whether it returned ok."""
    number = numbers[0]
    numbers[0] += 1
    left = [number]
    for child in call.children:
        left += model(child, numbers)[0]
    if call.public and call.fails:
        return [], False
    return left, not call.fails


STATE = """
(define-map notes int bool)
(define-public (note (n int)) (ok (map-set notes n true)))
(define-read-only (has (n int)) (is-some (map-get? notes n)))
"""


@given(CALLS)
def test_only_what_was_not_undone_is_left(root: Call) -> None:
    program, world = Program(), World()
    root = Call(public=True, fails=root.fails, elsewhere=False, children=root.children)
    program.add(root, "a")
    world.deploy("state", STATE)
    for name in ("b", "a"):
        world.deploy(name, "\n".join(program.sources[name]), analyse=False)
    expected, succeeds = model(root, [0])
    outcome = world.call("a", "f0")
    assert text(outcome) == ("(ok 0)" if succeeds else "(err 0)")
    printed = [event.value for event in outcome.events if isinstance(event, PrintEvent)]
    assert printed == [IntValue(number) for number in expected]
    for number in range(program.count):
        found = text(world.read("state", "has", str(number)))
        assert found == ("true" if number in expected else "false")
