"""How kinds of static errors are declared.

A kind is a class with annotated fields and a `template` for its message, in which the fields
stand by name; types are shown in the notation of the language. The constructor takes the fields in
their order, and `span` by name:

    IfArmsMustMatch(then_type, else_type, span=expr.span)
"""

from inspect import get_annotations
from typing import Any, ClassVar, dataclass_transform

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.errors import ClarityError, StaticError
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.types.text import trait_text, type_text


def named(*, default: Any, kw_only: bool) -> Any:
    """A field that is given by name or not at all. For type checkers, which read this call."""
    assert kw_only
    return default


@dataclass_transform(field_specifiers=(named,))
class _Declared(StaticError):
    """Gives classes below it a constructor that takes their annotated fields."""

    template: ClassVar[str] = ""
    field_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = [name for name in get_annotations(cls) if name != "span"]
        cls.field_names = (*cls.field_names, *own)

    def __init__(self, *args: Any, span: Span | None = None, **kwargs: Any) -> None:
        fields = {**dict(zip(self.field_names, args)), **kwargs}
        wanted = f"{self.kind} takes {self.field_names}"
        assert len(args) <= len(self.field_names), wanted
        assert fields.keys() == set(self.field_names), wanted
        message = self.template.format_map({name: show(value) for name, value in fields.items()})
        super().__init__(message, span, **fields)


class StaticKind(_Declared):
    """Base of all kinds. `span` may be set later, where the error passes an expression."""

    span: Span | None = named(default=None, kw_only=True)


def show(value: object) -> str:
    """A field of an error as its message shows it."""
    if isinstance(value, ValueType):
        return type_text(value)
    if isinstance(value, TraitIdentifier):
        return trait_text(value)
    if isinstance(value, ContractPrincipal):
        return principal_text(value)
    if isinstance(value, ClarityError):
        return str(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(map(show, value))
    return str(value)
