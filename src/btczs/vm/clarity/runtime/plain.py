"""Values as the world outside of contracts has them: without run-time types."""

import msgspec

from btczs.codec.clarity.values import (
    ContractPrincipal,
    ErrValue,
    ListValue,
    OkValue,
    SomeValue,
    TupleValue,
    Value,
)
from btczs.vm.clarity.runtime.assets import plain_principal
from btczs.vm.clarity.runtime.events import (
    ContractEvent,
    NftBurnEvent,
    NftMintEvent,
    NftTransferEvent,
    PrintEvent,
)


def plain_value(value: Value) -> Value:
    """`value` as it is after encoding and decoding."""
    match value:
        case ContractPrincipal():
            return plain_principal(value)
        case SomeValue(inner):
            return SomeValue(plain_value(inner))
        case OkValue(inner):
            return OkValue(plain_value(inner))
        case ErrValue(inner):
            return ErrValue(plain_value(inner))
        case ListValue(items):
            return ListValue(tuple([plain_value(item) for item in items]))
        case TupleValue(fields):
            return TupleValue(tuple([(name, plain_value(inner)) for name, inner in fields]))
        case _:
            return value


def plain_event(event: ContractEvent) -> ContractEvent:
    """`event` with plain values."""
    if isinstance(event, (PrintEvent, NftTransferEvent, NftMintEvent, NftBurnEvent)):
        return msgspec.structs.replace(event, value=plain_value(event.value))
    return event
