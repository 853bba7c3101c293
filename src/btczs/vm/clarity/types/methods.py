"""What a function looks like from outside, and whether one can stand for another."""

import msgspec

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.types.admission import admits_type


class FunctionType(msgspec.Struct, frozen=True):
    """A function: its parameters in order, and what it returns."""

    parameters: tuple[tuple[str, ValueType], ...]
    returns: ValueType

    @property
    def method(self) -> "MethodType":
        """The function without the names of its parameters."""
        return MethodType(tuple([part for _, part in self.parameters]), self.returns)


class MethodType(msgspec.Struct, frozen=True):
    """A method of a trait: types of its parameters, and what it returns."""

    parameters: tuple[ValueType, ...]
    returns: ValueType

    @property
    def type_size(self) -> int:
        """What reading this signature costs by: the sizes of all its types."""
        return self.returns.type_size + sum([part.type_size for part in self.parameters])


Trait = dict[str, MethodType]
"""The methods of a trait by name, in the order of their names."""


def trait_type_size(trait: Trait) -> int:
    """What reading the trait costs by."""
    return sum([method.type_size for method in trait.values()])


def parameters_comply(method: MethodType, parameters: tuple[ValueType, ...]) -> bool:
    """Whether a function with `parameters` can be called as `method` is: it takes at least the
    values that the trait promises. Raises `CouldNotDetermineType`."""
    return len(parameters) == len(method.parameters) and all(
        admits_type(own, promised) for own, promised in zip(parameters, method.parameters)
    )


def complies(method: MethodType, function: MethodType) -> bool:
    """Whether `function` can stand where the trait promises `method`.

    Raises `CouldNotDetermineType` if the function takes or the trait promises an unknown type.
    """
    return parameters_comply(method, function.parameters) and admits_type(
        method.returns, function.returns
    )
