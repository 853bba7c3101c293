"""Data variables and maps.

The lists of arguments are only checked for being long enough: one too many is found out when the
expression is evaluated.
"""

from typing import TYPE_CHECKING

from btczs.codec.clarity.types import BOOL, ValueType, optional_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, exactly, name_in
from btczs.vm.clarity.reader.syntax import Expr, Form
from btczs.vm.clarity.types.admission import admits_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


def check_var_get(checker: "TypeChecker", form: Form) -> ValueType:
    """`(var-get name)`"""
    (name,) = exactly(form, 1)
    held = _variable(checker, name_in(name, errors.BadMapName), name)
    checker.charges.step("analysis_type_lookup", held.type_size)
    return held


def check_var_set(checker: "TypeChecker", form: Form) -> ValueType:
    """`(var-set name value)`"""
    name, value = at_least(form, 2)[:2]
    word = name_in(name, errors.BadMapName)
    found = checker.check(value)
    held = _variable(checker, word, name)
    checker.charges.step("analysis_type_lookup", held.type_size)
    checker.charges.type_check(found, held)
    _require_admitted(held, found, value)
    return BOOL


def check_map_get(checker: "TypeChecker", form: Form) -> ValueType:
    """`(map-get? map key)`"""
    name, key = at_least(form, 2)[:2]
    word = name_in(name, errors.BadMapName)
    found = checker.check(key)
    key_type, value_type = _map(checker, word, name)
    checker.charges.step("analysis_type_lookup", key_type.type_size)
    checker.charges.step("analysis_type_lookup", value_type.type_size)
    checker.charges.type_check(key_type, found)
    result = optional_type(value_type)
    _require_admitted(key_type, found, key)
    return result


def check_map_delete(checker: "TypeChecker", form: Form) -> ValueType:
    """`(map-delete map key)`"""
    name, key = at_least(form, 2)[:2]
    word = name_in(name, errors.BadMapName)
    found = checker.check(key)
    key_type, _ = _map(checker, word, name)
    checker.charges.step("analysis_type_lookup", key_type.type_size)
    checker.charges.type_check(key_type, found)
    _require_admitted(key_type, found, key)
    return BOOL


def check_map_put(checker: "TypeChecker", form: Form) -> ValueType:
    """`(map-set map key value)`, `(map-insert map key value)`.

    The second lookup is charged by the type of the value given, not of the value held.
    """
    name, key, value = at_least(form, 3)[:3]
    word = name_in(name, errors.BadMapName)
    found_key = checker.check(key)
    found_value = checker.check(value)
    key_type, value_type = _map(checker, word, name)
    checker.charges.step("analysis_type_lookup", key_type.type_size)
    checker.charges.step("analysis_type_lookup", found_value.type_size)
    checker.charges.type_check(key_type, found_key)
    checker.charges.type_check(value_type, found_value)
    _require_admitted(key_type, found_key, key)
    _require_admitted(value_type, found_value, value)
    return BOOL


def _variable(checker: "TypeChecker", word: str, at: Expr) -> ValueType:
    held = checker.analysis.data_vars.get(word)
    if held is None:
        raise errors.NoSuchDataVariable(word, span=at.span)
    return held


def _map(checker: "TypeChecker", word: str, at: Expr) -> tuple[ValueType, ValueType]:
    held = checker.analysis.maps.get(word)
    if held is None:
        raise errors.NoSuchMap(word, span=at.span)
    return held


def _require_admitted(expected: ValueType, actual: ValueType, at: Expr) -> None:
    if not admits_type(expected, actual):
        raise errors.TypeError(expected, actual, span=at.span)
