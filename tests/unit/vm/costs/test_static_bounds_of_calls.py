"""What a call costs lies between its static bounds, in every dimension, for any arguments."""

from random import Random

import pytest
from cost_world import DEPLOYER, ORDER, PEOPLE, CostWorld, check_within, contract_id, random_value

from btczs.codec.clarity.values import FALSE, BufferValue, OkValue
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


@pytest.mark.parametrize("function", ["verify-first", "verify-r1-first"])
@pytest.mark.parametrize("digest", [bytes(32), bytes(5)])
@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(64) + b"\x09", bytes(65)])
@pytest.mark.parametrize("key", [b"", b"\x01", b"\x02" * 33])
def test_a_signature_that_cannot_be_right_is_false_before_the_key_is_evaluated(
    world: CostWorld, function: str, digest: bytes, signature: bytes, key: bytes
) -> None:
    """In compiled code too: the key may be an expression that leaves the function."""
    if function == "verify-r1-first" and len(signature) > 64:
        return
    args = [BufferValue(digest), BufferValue(signature), BufferValue(key)]
    expected = world.call("probes", function, *args)
    found = Machine(world.state, world.chain).call(
        contract_id("probes"), function, args, sender=DEPLOYER, meter=CostMeter(UNLIMITED)
    )
    assert (found.value, found.cost) == (expected.value, expected.cost)
    assert type(found.error) is type(expected.error)
    if len(digest) == 32 and len(signature) < 64:
        assert expected.value == OkValue(FALSE)
