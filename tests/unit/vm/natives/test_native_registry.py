"""The table of native functions is complete, and what it says is charged."""

import pytest
from native_programs import answer, text

from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.interpreter.natives import NATIVE_TABLE
from btczs.vm.clarity.names import NATIVES
from btczs.vm.clarity.runtime.errors import IncorrectArgumentCount


def test_every_word_has_its_function():
    assert set(NATIVES) <= set(NATIVE_TABLE)
    for name, native in NATIVE_TABLE.items():
        assert native.name == name
        assert native.special == (native.cost is None)


def test_words_exist_in_their_versions_only():
    assert text("(element-at (list 1) u0)", 1) == "(some 1)"
    assert answer("(element-at? (list 1) u0)", 1) == "UndefinedFunction"
    assert answer("(to-ascii? 1)", 3) == "UndefinedFunction"
    assert answer("(ed25519-verify 0x)", 5) == "UndefinedFunction"


class OnlyMeter:
    """As much of an environment as an ordinary function sees."""

    def __init__(self):
        self.meter = CostMeter()


@pytest.mark.parametrize(("name", "cost"), [("mod", 31), ("sha256", 38), ("try!", 31)])
def test_a_wrong_number_of_arguments_is_charged_before_it_is_noticed(name, cost):
    env = OnlyMeter()
    with pytest.raises(IncorrectArgumentCount):
        NATIVE_TABLE[name].apply([], env)
    assert env.meter.runtime == cost
