"""Kinds of static errors: complete, named as clients know them, and they say what is wrong."""

import inspect

import pytest

from btczs.codec.clarity.errors import TypeTooDeep, UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import INT, UINT, TraitIdentifier, list_type
from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.errors import StaticError
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.types import errors as type_errors
from btczs.vm.clarity.types.errors import TypeRuleError

TOKEN = ContractPrincipal(26, Hash20(b"\x02" * 20), "token")
SPAN = Span(3, 4, 5, 6)

KINDS = [
    kind
    for name in errors.__all__
    if inspect.isclass(kind := getattr(errors, name)) and kind is not errors.StaticKind
]

SAMPLES = {
    "ValueType": list_type(3, INT),
    "tuple[ValueType, ...]": (INT, UINT),
    "str": "some-name",
    "int": 7,
    "ContractPrincipal": TOKEN,
    "TraitIdentifier": TraitIdentifier(TOKEN, "some-trait"),
    "tuple[str, ...]": ("a", "b"),
    "StaticKind": errors.BadLetSyntax(),
}


def sample(kind: type[errors.StaticKind]) -> errors.StaticKind:
    hints = inspect.get_annotations(kind)
    texts = [str(getattr(hints[name], "__name__", hints[name])) for name in kind.field_names]
    plain = [text.split(".")[-1] if "[" not in text else text for text in texts]
    plain = ["tuple[ValueType, ...]" if "ValueType, ..." in text else text for text in plain]
    plain = [
        "tuple[ValueType, ...]" if name == "expected" and text == "tuple" else text
        for name, text in zip(kind.field_names, plain)
    ]
    plain = ["tuple[str, ...]" if text == "tuple" else text for text in plain]
    return kind(*[SAMPLES[text] for text in plain], span=SPAN)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_its_name_fields_and_a_message(kind: type[errors.StaticKind]) -> None:
    error = sample(kind)
    assert isinstance(error, StaticError)
    assert error.kind == kind.__name__
    assert error.code.startswith("clarity_")
    assert error.span == SPAN
    assert len(str(error)) > 10
    assert "{" not in str(error)
    for name in kind.field_names:
        assert hasattr(error, name)


def test_types_are_shown_as_one_writes_them() -> None:
    error = errors.TypeError(list_type(3, INT), UINT)
    assert str(error) == "expected (list 3 int), found uint"
    assert (error.expected, error.actual, error.span) == (list_type(3, INT), UINT, None)
    assert str(errors.UnionTypeError((INT, UINT), list_type(0, INT))) == (
        "expected int, uint, found (list 0 int)"
    )


def test_a_kind_takes_its_own_fields_only() -> None:
    with pytest.raises(AssertionError):
        errors.TypeError(INT)  # type: ignore[call-arg]
    with pytest.raises(AssertionError):
        errors.BadLetSyntax(INT)  # type: ignore[call-arg]


RULES = [
    cls
    for _, cls in inspect.getmembers(type_errors, inspect.isclass)
    if issubclass(cls, TypeRuleError) and cls is not TypeRuleError
]


def failure(cls: type[TypeRuleError]) -> TypeRuleError:
    values = {
        "message": "what is wrong",
        "span": SPAN,
        "name": "some-name",
        "expected": INT,
        "actual": UINT,
        "value": TOKEN,
        "construct": "Let",
        "problem": "NotList",
        "index": 0,
        "found": 300,
        "allowed": 256,
    }
    names = [name for name in inspect.signature(cls).parameters if name != "fields"]
    return cls(**{name: values[name] for name in names})


@pytest.mark.parametrize("cls", RULES, ids=lambda cls: cls.__name__)
def test_failures_of_types_become_kinds_of_analysis(cls: type[TypeRuleError]) -> None:
    error = failure(cls)
    found = errors.static_error(error, Span(1, 1, 1, 1))
    assert found.kind == cls.static_kind
    assert found.span == (error.span or Span(1, 1, 1, 1))
    if found.kind != "Unreachable":
        for name, value in error.fields.items():
            assert getattr(found, name) == value


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueTooLarge("x"), errors.ValueTooLarge),
        (TypeTooDeep("x"), errors.TypeSignatureTooDeep),
        (UntypedValue("x"), errors.Unreachable),
    ],
)
def test_failures_of_values_become_kinds_of_analysis(
    error: UntypedValue, kind: type[errors.StaticKind]
) -> None:
    assert type(errors.static_error(error)) is kind
