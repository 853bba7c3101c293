"""What can be wrong with things of layer 1."""

from typing import ClassVar

from btczs.primitives import DecodeError, InvalidInput


class UnknownChain(InvalidInput):
    """No such chain, network or upgrade. Fields: `what`, `name`."""

    code: ClassVar[str] = "unknown_chain"

    def __init__(self, what: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{what} {name!r} is none of {', '.join(known) or 'those of this chain'}")
        self.what, self.name = what, name


class UnsupportedTransaction(DecodeError):
    """A transaction format this chain does not have, or that is not read here. Field: `reason`."""

    code: ClassVar[str] = "unsupported_transaction"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidProofOfWork(InvalidInput):
    """A header does not prove its work. Field: `reason`."""

    code: ClassVar[str] = "invalid_proof_of_work"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidSolution(InvalidProofOfWork):
    """The Equihash solution is wrong. Field: `reason`."""

    code: ClassVar[str] = "invalid_solution"


class SighashUndefined(InvalidInput):
    """There is no signature hash for these arguments. Field: `reason`."""

    code: ClassVar[str] = "sighash_undefined"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
