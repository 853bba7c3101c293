"""The rules of estimation cover the language, and shapes bound the values they stand for."""

from random import Random

import pytest
from cost_world import CostWorld, random_value

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    response_type,
    tuple_type,
    utf8_type,
)
from btczs.vm.clarity.costs.table import COSTS_5
from btczs.vm.clarity.estimation.bounds import WORDS
from btczs.vm.clarity.estimation.rules import RULES, rule_of
from btczs.vm.clarity.estimation.shapes import Shape, join, shape_of_type
from btczs.vm.clarity.estimation.walker import FREE_KEYWORDS
from btczs.vm.clarity.interpreter.natives import NATIVE_TABLE
from btczs.vm.clarity.names import EXTENSIONS, KEYWORDS, NATIVES, VERSIONS, keywords_of
from btczs.vm.clarity.runtime.consensus_buffers import serialized_size
from btczs.vm.clarity.types.typed import type_of, typed_value

ALLOWANCES = {word for word in NATIVES if word.startswith("with-")}
"""Not applied, but part of `as-contract?` and `restrict-assets?`."""

ALL_WORDS = sorted({*NATIVES, *(word for words in EXTENSIONS.values() for word in words)})


@pytest.mark.parametrize("word", [word for word in ALL_WORDS if word not in ALLOWANCES])
def test_every_word_has_a_rule_or_code_of_its_own(word: str) -> None:
    if word in WORDS:
        return
    rule = rule_of(word)
    charged = [rule.before] if rule.before else []
    charged += [after.cost for after in rule.after]
    assert all(cost in COSTS_5 for cost in charged)
    assert charged or word == "at-block"


def test_rules_are_for_words_that_charge_by_themselves() -> None:
    for word in RULES:
        assert NATIVE_TABLE[word].special, f"{word} brings its own cost"


@pytest.mark.parametrize("version", VERSIONS)
def test_keywords_cost_what_they_do(version: int) -> None:
    for keyword in sorted(keywords_of(version)):
        world = CostWorld()
        world.deploy("c", f"(define-read-only (f) {keyword})", version)
        bounds, outcome = world.bound("c", "f"), world.call("c", "f")
        assert bounds.minimum == bounds.maximum == outcome.cost, keyword


def test_free_keywords_are_keywords() -> None:
    assert set(KEYWORDS) >= FREE_KEYWORDS


def random_type(random: Random, depth: int = 3) -> ValueType:
    leaves = [INT, UINT, BOOL, PRINCIPAL, buffer_type(9), ascii_type(7), utf8_type(5)]
    if depth == 0 or random.random() < 0.3:
        return random.choice(leaves)
    inner = [random_type(random, depth - 1) for _ in range(3)]
    match random.randrange(4):
        case 0:
            return list_type(random.randint(0, 4), inner[0])
        case 1:
            return optional_type(inner[0])
        case 2:
            return response_type(inner[0], inner[1])
        case _:
            names = ("a", "bb", "ccc")[: random.randint(1, 3)]
            return tuple_type(names, tuple(inner[: len(names)]))


def check_shape(shape: Shape, declared: ValueType, random: Random) -> None:
    value = typed_value(random_value(declared, random))
    found, encoded = type_of(value), serialized_size(value)
    assert shape.low.size <= found.size <= shape.high.size
    assert shape.low.type_size <= found.type_size <= shape.high.type_size
    assert shape.low.encoded <= encoded <= shape.high.encoded


@pytest.mark.parametrize("seed", range(150))
def test_values_of_a_type_fit_its_shape(seed: int) -> None:
    random = Random(seed)
    declared = random_type(random)
    shape = shape_of_type(declared)
    assert shape.high.size == declared.size
    for _ in range(12):
        check_shape(shape, declared, random)


@pytest.mark.parametrize("seed", range(80))
def test_a_joined_shape_fits_the_values_of_both(seed: int) -> None:
    random = Random(seed)
    one, other = random_type(random), random_type(random)
    types = [tuple_type(("x", "y"), (one, UINT)), tuple_type(("x", "z"), (one, other))]
    joined = join(*map(shape_of_type, types))
    assert joined.is_mixed
    assert (joined.shortest, joined.longest) == (2, 3)
    for declared in types * 6:
        check_shape(joined, declared, random)
