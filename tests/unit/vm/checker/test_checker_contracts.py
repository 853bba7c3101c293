"""Other contracts: calls by name, by constant and by trait, and casts to traits."""

import pytest
from checker_world import World, principal

from btczs.codec.clarity.types import TraitIdentifier, trait_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.types.text import type_text

TRAITS = """
(define-trait small ((f (uint) (response uint uint))))
(define-trait same ((f (uint) (response uint uint))))
(define-trait large ((f (uint) (response uint uint)) (g () (response bool uint))))
(define-trait other ((f (int) (response uint uint))))
"""
IMPLEMENTATION = """
(define-public (f (n uint)) (ok n))
(define-read-only (g) (if true (ok true) (err u1)))
(define-private (hidden) 1)
"""
USES = " ".join(
    f"(use-trait {name} .traits.{name})" for name in ("small", "same", "large", "other")
)
TAKES = "(define-private (take (c <small>)) (contract-call? c f u1))"


@pytest.fixture
def world():
    return World(("traits", TRAITS), ("impl", IMPLEMENTATION), ("bare", "(define-constant a 1)"))


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6])
def test_a_call_by_name_needs_the_function_and_its_arguments(world, version):
    # `ok` alone says nothing of the other side, and so does the published type of the function
    assert world.type_of("(contract-call? .impl f u1)", version) == "(response uint UnknownType)"
    assert world.type_of("(contract-call? .impl g)", version) == "(response bool uint)"
    for source, kind in [
        ("(contract-call? .impl hidden)", errors.NoSuchPublicFunction),
        ("(contract-call? .impl f)", errors.IncorrectArgumentCount),
        ("(contract-call? .impl f 1)", errors.TypeError),
        ("(contract-call? tx-sender f u1)", errors.TraitReferenceUnknown),
        ("(contract-call? 'ST000000000000000000002AMW42H f u1)", errors.ContractCallExpectName),
    ]:
        with pytest.raises(kind):
            world.check(source, version)


def test_a_constant_may_name_the_contract_from_clarity_2_on(world):
    source = "(define-constant c .impl) (contract-call? c g)"
    assert world.type_of(source, 2) == "(response bool uint)"
    with pytest.raises(errors.TraitReferenceUnknown):
        world.check(source, 1)
    with pytest.raises(errors.ExpectedCallableType):
        world.check("(define-constant c tx-sender) (contract-call? c g)", 2)


@pytest.mark.parametrize("version", [1, 2, 6])
def test_a_trait_tells_what_can_be_called(world, version):
    analysis = world.check(f"{USES} {TAKES} (take .impl)", version)
    assert type_text(analysis.private_functions["take"].returns) == "(response uint uint)"
    small = TraitIdentifier(principal("traits"), "small")
    assert analysis.used_traits["small"] == small
    assert analysis.private_functions["take"].parameters == (("c", trait_type(small)),)
    with pytest.raises(errors.TraitMethodUnknown):
        world.check(f"{USES} (define-private (t (c <small>)) (contract-call? c g))", version)


@pytest.mark.parametrize("version", [1, 2, 6])
def test_contract_of_gives_the_principal_behind_a_trait(world, version):
    source = f"{USES} (define-private (t (c <small>)) (contract-of c)) (t .impl)"
    assert world.type_of(source, version) == "principal"


@pytest.mark.parametrize("version", [1, 2, 6])
def test_a_contract_without_the_methods_has_not_the_trait(world, version):
    with pytest.raises(errors.BadTraitImplementation) as caught:
        world.check(f"{USES} {TAKES} (take .bare)", version)
    assert caught.value.span is not None
    with pytest.raises(errors.NoSuchContract):
        world.check(f"{USES} {TAKES} (take .nobody)", version)


@pytest.mark.parametrize(
    ("given", "fits"), [("small", True), ("same", True), ("large", True), ("other", False)]
)
def test_a_trait_with_all_methods_of_another_can_stand_for_it(world, given, fits):
    source = f"{USES} {TAKES} (define-private (pass (c <{given}>)) (take c))"
    if fits:
        world.check(source, 2)
        if given != "small":
            with pytest.raises(errors.TypeError):  # in Clarity 1 only the trait itself fits
                world.check(source, 1)
    else:
        with pytest.raises(errors.IncompatibleTrait):
            world.check(source, 2)


@pytest.mark.parametrize(
    ("take", "give"),
    [
        ("(c (optional <small>))", "(some .impl)"),
        ("(c (list 3 <small>))", "(list .impl .impl)"),
        ("(c {a: <small>})", "{a: .impl}"),
        ("(c (response <small> uint))", "(ok .impl)"),
    ],
)
def test_from_clarity_2_on_traits_stand_inside_other_types(world, take, give):
    source = f"{USES} (define-private (t {take}) 1) (t {give})"
    assert world.type_of(source, 2) == "int"
    with pytest.raises(errors.StaticKind):
        world.check(source.replace(".impl", ".bare"), 2)
    with pytest.raises(errors.StaticKind):
        world.check(source, 1)


def test_a_list_of_different_contracts_becomes_what_its_place_wants(world):
    world.add("impl-2", IMPLEMENTATION)
    mixed = "(list .impl .impl-2)"
    for parameter in ("(list 2 principal)", "(list 2 <small>)"):
        world.check(f"{USES} (define-private (t (c {parameter})) 1) (t {mixed})")
    with pytest.raises(errors.BadTraitImplementation):
        world.check(f"{USES} (define-private (t (c (list 2 <small>))) 1) (t (list .impl .bare))")


def test_a_trait_can_be_bound_and_called_under_its_new_name(world):
    source = f"{USES} (define-private (t (c <small>)) (let ((d c)) (contract-call? d f u1)))"
    assert world.check(source, 2).private_functions["t"].returns.kind == "response"
    with pytest.raises(errors.TraitReferenceUnknown):
        world.check(source, 1)


def test_a_name_of_a_trait_may_hide_another_and_comes_back(world):
    source = f"""{USES} (define-private (t (c <small>) (d <large>))
        (begin
            (match (some d) c (is-ok (contract-call? c g)) false)
            (contract-call? c f u1)))"""
    world.check(source, 2)
    with pytest.raises(errors.TraitMethodUnknown):
        world.check(source.replace("(contract-call? c f u1)", "(contract-call? c g)"), 2)


def test_only_clarity_1_passes_on_the_traits_it_uses(world):
    for version in (1, 2):
        world.add("again", "(use-trait alias .traits.small)", version)
        analysis = world.contracts[principal("again")]
        assert ("small" in analysis.defined_traits) == (version == 1)
        if version == 1:
            world.check("(use-trait t .again.small) (define-private (f (c <t>)) 1)", 2)
        else:
            with pytest.raises(errors.TraitReferenceUnknown):
                world.check("(use-trait t .again.small)", 2)


def test_a_trait_of_its_own_needs_no_other_contract(world):
    own = "(define-trait t ((f (uint) (response uint uint))))"
    analysis = world.check(f"{own} (define-private (g (c <t>)) (contract-call? c f u1)) (g .impl)")
    assert set(analysis.defined_traits["t"]) == {"f"}


@pytest.mark.parametrize("version", [1, 2, 3, 6])
def test_names_of_traits_are_guarded_from_clarity_3_on(world, version):
    source = "(define-constant small 1) (use-trait small .traits.small)"
    if version < 3:
        world.check(source, version)
    else:
        with pytest.raises(errors.NameAlreadyUsed):
            world.check(source, version)


def test_the_same_cast_costs_the_same_again(world):
    casts = f"{USES} {TAKES} (define-private (pass (c <large>)) (begin "
    costs = [
        world.cost_of(casts + "(is-ok (take c)) (is-ok (take .impl)) " * times + "true))")
        for times in range(4)
    ]
    steps = [
        tuple(b - a for a, b in zip(before, after))
        for before, after in zip(map(tuple_of, costs), map(tuple_of, costs[1:]))
    ]
    # every repetition adds as many nodes, so the analysis stored grows alike too
    assert steps[0] == steps[1] == steps[2]
    assert steps[0][0] == 1  # one contract read for `.impl`; the traits are at hand


def tuple_of(cost):
    return (cost.read_count, cost.read_length, cost.runtime, cost.write_count, cost.write_length)


def test_a_trait_read_before_it_is_imported_costs_a_read(world):
    world.add("takes", "(use-trait t .traits.small) (define-public (take (c <t>)) (ok 1))")
    call = "(define-private (pass{} (c <large>)) (contract-call? .takes take c))"
    large = "(use-trait large .traits.large)"
    apart = world.cost_of(f"{large} {call.format(1)} {call.format(2)}")
    imported = world.cost_of(
        f"{large} {call.format(1)} (use-trait small .traits.small) {call.format(2)}"
    )
    # importing reads the trait once; the second cast then has it at hand and reads no more
    assert imported.read_count == apart.read_count
