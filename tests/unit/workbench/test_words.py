"""Every word is explained, and every example does what its text says."""

import pytest

from btczs.vm.clarity.costs import CostFunction, CostMeter
from btczs.vm.clarity.costs.table import COSTS_5
from btczs.vm.clarity.names import DEFINES, KEYWORDS, NATIVES
from btczs.workbench.chain import SimulatedChain
from btczs.workbench.texts import value_source
from btczs.workbench.words import GROUPS, WORDS, Example, Word, find_word, make_page, suggest_words

EXAMPLES = [(word, number) for word in WORDS.values() for number in range(len(word.examples))]


def test_every_word_stands_in_one_group() -> None:
    assert set(WORDS) == {*NATIVES, *KEYWORDS, *DEFINES}
    assert sum(len(group.words) for group in GROUPS) == len(WORDS)


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.name)
def test_every_word_is_explained(word: Word) -> None:
    assert word.text.endswith(".")
    assert word.examples
    assert all(name in COSTS_5 for name in word.costs)
    assert word.name in word.signature
    assert word.kind == "definition" or word.gives
    assert any(word.name in example.code for example in word.examples) or word.kind == "keyword"


@pytest.mark.parametrize(
    ("word", "number"), EXAMPLES, ids=[f"{word.name} {n}" for word, n in EXAMPLES]
)
def test_the_example_gives_what_it_says(word: Word, number: int) -> None:
    example: Example = word.examples[number]
    chain = SimulatedChain()
    if example.counter:
        chain.deploy("counter", example.counter)
    result = chain.try_deploy("example", source=example.code, version=word.version)
    if example.error is not None:
        assert result.error is not None
        assert result.error.kind == example.error
    else:
        assert result.error is None, f"{result.error!r}"
        assert result.returned is not None
        assert value_source(result.returned) == example.value


def test_near_misses_find_the_word() -> None:
    assert find_word("map-get") is None
    assert suggest_words("map-get")[0] == "map-get?"
    assert suggest_words("tx-sendr")[0] == "tx-sender"
    assert suggest_words("qqqqqq") == []


def test_the_page_has_every_word() -> None:
    page = make_page(GROUPS, "note")
    assert all(f"### `{name}`" in page for name in WORDS)


class RecordingMeter(CostMeter):
    """Remembers which lines of the cost table were charged."""

    def __init__(self) -> None:
        super().__init__()
        self.charged: set[str] = set()

    def charge(self, function: CostFunction | str, n: int = 0) -> None:
        self.charged.add(function if isinstance(function, str) else function.name)
        super().charge(function, n)


@pytest.mark.parametrize(
    "word", [word for word in WORDS.values() if word.costs], ids=lambda word: word.name
)
def test_the_costs_are_those_that_are_charged(word: Word) -> None:
    meter = RecordingMeter()
    for example in word.examples:
        chain = SimulatedChain()
        if example.counter:
            chain.deploy("counter", example.counter)
        place = chain.find_contract("example")
        chain.machine.deploy(place, example.code, word.version, meter=meter)
    if word.name != "at-block":  # refused before it could cost anything
        assert set(word.costs) <= meter.charged
