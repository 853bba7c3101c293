"""What a call costs lies between its static bounds, in every dimension, for any arguments."""

from random import Random

import pytest
from cost_world import ORDER, PEOPLE, CostWorld, check_within, random_value

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
