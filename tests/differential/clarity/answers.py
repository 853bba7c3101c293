"""What either side says of a program, in the same terms."""

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """The outcome of a deployment or a call.

    `value`: consensus bytes in hex, None where there is none. `kind` and `stage` (parse, static,
    runtime) of the error; `prints`: the values of the print events that stand.
    """

    ok: bool
    value: str | None = None
    kind: str | None = None
    stage: str | None = None
    prints: tuple[str, ...] = ()
    detail: str = ""

    def __str__(self) -> str:
        if self.ok:
            return f"ok {self.value} prints {list(self.prints)}"
        return f"{self.stage} error {self.kind}: {self.detail[:200]}"


class Report(msgspec.Struct, frozen=True):
    """The deployment, then the calls (none if the deployment failed)."""

    deployment: Answer
    calls: tuple[Answer, ...] = ()
