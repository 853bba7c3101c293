"""What a call costs lies between its static bounds, in every dimension, for any arguments."""

from random import Random

import pytest
from cost_world import ORDER, PEOPLE, CostWorld, check_within, contract_id, random_value

from btczs.vm.clarity import CostMeter, Machine
from btczs.vm.clarity.costs import UNLIMITED

CALLS = 150
"""Random calls of each contract."""


@pytest.fixture(scope="module")
def world() -> CostWorld:
    made = CostWorld()
    made.deploy_files()
    return made


@pytest.mark.parametrize("name", ORDER)
def test_random_calls_cost_what_the_bounds_say(world: CostWorld, name: str) -> None:
    random = Random(name)
    analysis = world.analysis(name)
    functions = {**analysis.public_functions, **analysis.read_only_functions}
    succeeded: dict[str, int] = dict.fromkeys(functions, 0)
    for _ in range(CALLS):
        function = random.choice(list(functions))
        parameters = functions[function].parameters
        args = [random_value(declared, random) for _, declared in parameters]
        outcome = world.call(name, function, *args, sender=random.choice(PEOPLE))
        if outcome.error is None:
            succeeded[function] += 1
            check_within(world.bound(name, function), outcome.cost, f"{name} {function} {args}")
    assert all(succeeded.values()), f"never succeeded: {succeeded}"


@pytest.mark.parametrize("name", ORDER)
def test_compiled_code_gives_and_costs_the_same(world: CostWorld, name: str) -> None:
    """With words that are never compiled, too: those of some networks only."""
    random = Random(f"compiled {name}")
    compiled = Machine(world.state, world.chain)
    analysis = world.analysis(name)
    functions = {**analysis.public_functions, **analysis.read_only_functions}
    for _ in range(CALLS // 3):
        function = random.choice(list(functions))
        args = [random_value(declared, random) for _, declared in functions[function].parameters]
        sender = random.choice(PEOPLE)
        mark = world.state.checkpoint()
        expected = world.call(name, function, *args, sender=sender)
        world.state.revert(mark)
        meter = CostMeter(UNLIMITED)
        found = compiled.call(contract_id(name), function, args, sender=sender, meter=meter)
        assert (found.value, found.cost) == (expected.value, expected.cost), f"{function} {args}"
        assert type(found.error) is type(expected.error)
