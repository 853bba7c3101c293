"""The one exception tree.

Every error that can reach somebody outside carries a stable `code`; the text may change, the code
does not. `to_json` gives the shape in which the API and `--json` show it.
"""

from typing import Any, ClassVar


class BtczsError(Exception):
    """Root of all errors raised on purpose. `code` is stable; fields are typed attributes."""

    code: ClassVar[str] = "error"

    def to_json(self) -> dict[str, Any]:
        """`{"error": code, "message": text}` plus the public fields of the error."""
        fields = {k: v for k, v in vars(self).items() if not k.startswith("_")}
        return {"error": self.code, "message": str(self), **fields}


class InvalidInput(BtczsError):
    """Somebody else's mistake: refused, nothing changed."""

    code: ClassVar[str] = "invalid_input"


class DecodeError(InvalidInput):
    """Bytes or text that are not an encoding of what was asked for."""

    code: ClassVar[str] = "decode"


class Unavailable(BtczsError):
    """The world failed (a peer, a disk, a time limit): the shell may try again."""

    code: ClassVar[str] = "unavailable"
