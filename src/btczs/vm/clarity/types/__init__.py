"""The rules of types, shared by analysis (before a contract is deployed) and execution.

A `ValueType` (from `btczs.codec.clarity`) knows its measures; here is what one does with it:

- `parse_type`, `parse_trait`, `parse_named_types`: types as a source writes them.
- `least_supertype`: the common type of two expressions; `parent_list_type` of many.
- `admits_type`, `admits`: whether a value may stand where a type is expected.
- `type_of`, `size_of`, `typed_value`, `make_list`, `make_tuple_value`, `make_some`…: values with
  their types.
- `sanitize`: a value rebuilt to hold what a type expects and no more; `implicit_cast`: contracts
  as arguments for trait parameters.
- `MethodType`, `FunctionType`, `Trait`, `complies`: functions from outside.
- `type_text`: a type in the notation of the language.

Invariants: no type and no value made here is larger than 1 MiB or nests deeper than 32. Every
failure is an `UntypedValue`; the ones of this package (`errors`) know what they are called in
analysis and in execution.
"""

from btczs.vm.clarity.types.admission import admits, admits_type, concretize
from btczs.vm.clarity.types.errors import TypeMismatch, TypeRuleError
from btczs.vm.clarity.types.methods import FunctionType, MethodType, Trait, complies
from btczs.vm.clarity.types.parse import parse_named_types, parse_trait, parse_type
from btczs.vm.clarity.types.sanitize import implicit_cast, make_list, sanitize
from btczs.vm.clarity.types.supertype import least_supertype, parent_list_type
from btczs.vm.clarity.types.text import type_text
from btczs.vm.clarity.types.typed import (
    literal_type_of,
    make_tuple_value,
    size_of,
    type_of,
    typed_value,
)

__all__ = [
    "FunctionType",
    "MethodType",
    "Trait",
    "TypeMismatch",
    "TypeRuleError",
    "admits",
    "admits_type",
    "complies",
    "concretize",
    "implicit_cast",
    "least_supertype",
    "literal_type_of",
    "make_list",
    "make_tuple_value",
    "parent_list_type",
    "parse_named_types",
    "parse_trait",
    "parse_type",
    "sanitize",
    "size_of",
    "type_of",
    "type_text",
    "typed_value",
]
