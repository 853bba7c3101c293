"""What blocks of the reference implementation gave: return values, errors, and exact costs.

Each entry is a chain: contracts deployed and called, block by block, from old epochs to the
newest. All of it is replayed under the rules of epoch 4.0, with the Clarity versions that the
names of the contracts tell; what blocks of epoch 4.0 gave must come out to the last unit of cost.
"""

import re
from itertools import groupby
from typing import Any

import msgspec
import pytest
from exclusions import EPOCH_4_0, NOT_EVALUATED, OTHER_EPOCH, epoch_number, excluded, note
from reference_errors import UNKNOWN, kind_of_text, same_kind
from reference_values import Unreadable, parse_arguments
from results import result_of
from vector_files import cases
from worlds import FixedChain, World

from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import Value
from btczs.vm.clarity import CostMeter, Outcome
from btczs.vm.clarity.costs import BLOCK_LIMIT, UNLIMITED, ExecutionCost
from btczs.vm.clarity.errors import LimitExceeded
from btczs.vm.clarity.names import VERSIONS, ClarityVersion
from btczs.vm.clarity.runtime.errors import NotIncludable

CASES = cases("clarity/consensus_snapshots.json")
SENDER = parse_principal("ST1AW6EKPGT61SQ9FNVDS17RKNWT8ZP582VF9HSCP")
SENDER_BALANCE = 1_000_000_000_000
DIMENSIONS = ("write_length", "write_count", "read_length", "read_count", "runtime")
VERSION_OF_EPOCH: tuple[tuple[tuple[int, ...], ClarityVersion], ...] = (
    ((4, 0), 6), ((3, 4), 5), ((3, 3), 4), ((3, 0), 3), ((2, 1), 2), ((2, 0), 1)
)  # fmt: skip
"""The version of a contract whose transaction names none."""

_NO_ERROR = "None"
_DECORATION = " [NON-CONSENSUS BREAKING]"
_DEPLOYED = re.compile(r"-Epoch([\d_]+)-Clarity(\d)$")
_DEPLOY = re.compile(
    r"SmartContract\(name: ([^,]+), .*clarity_version: (None|Some\(Clarity(\d)\))\)"
)
_CALL = re.compile(
    r"ContractCall\(address: (\w+), contract_name: ([^,]+), function_name: ([^,]+), "
    r"function_args: \[(.*)\]\)$",
    re.DOTALL,
)
_EXCEEDED = re.compile(r"CostOverflowError\(ExecutionCost \{(.*?)\}, ExecutionCost \{(.*?)\}")


class Replay:
    """The chain of one entry."""

    def __init__(self, entry: dict[str, Any], request: pytest.FixtureRequest) -> None:
        self.entry, self.request = entry, request
        self.world = World(FixedChain(height=100, l1_height=100), {SENDER: SENDER_BALANCE}, SENDER)
        self.mismatches: list[str] = []
        self.judged = 0
        self.undeployable: set[str] = set()

    def run(self) -> None:
        blocks = self.entry["blocks"]
        self._set_up(min(_epoch_of(block) for block in blocks))
        for block, attempted in zip(blocks, self._attempts()):
            epoch = _epoch_of(block)
            if "block_error" in block:
                if epoch == EPOCH_4_0 and attempted is not None:
                    self._rejected(block, attempted)
                continue
            for tx in block["txs"]:
                if epoch == EPOCH_4_0:
                    self._accepted(tx)
                else:
                    self._earlier(tx)

    def _set_up(self, first: tuple[int, ...]) -> None:
        for contract in self.entry.get("setup_contracts") or []:
            epoch = (
                epoch_number(contract.get("deploy_epoch"))
                if contract.get("deploy_epoch")
                else first
            )
            version = contract.get("clarity_version")
            number = int(str(version)[-1]) if version else _default_version(epoch)
            outcome = self.world.deploy(contract["name"], contract["code"], VERSIONS[number - 1])
            assert outcome.error is None, f"the set-up fails: {outcome.error}"

    def _attempts(self) -> list[str | None]:
        """Per block the text of its transaction: a rejected block does not tell, so it is inferred.

        In every epoch the contract is deployed once per version, in ascending order; then each
        contract that stands is called, in the order of the deployments.
        """
        texts: list[str | None] = []
        deployed: list[str] = []
        for epoch, group in groupby(self.entry["blocks"], key=_epoch_of):
            blocks = list(group)
            given = [block["txs"][0]["tx"] if block.get("txs") else None for block in blocks]
            names = self._deployments(epoch, given)
            deployed += names
            calls = [self._call_text(name) for name in deployed] if self._calls(given) else []
            planned = [self._deploy_text(name) for name in names] + calls
            for number, text in enumerate(given):
                texts.append(text or (planned[number] if number < len(planned) else None))
        return texts

    def _deployments(self, epoch: tuple[int, ...], given: list[str | None]) -> list[str]:
        """Names of the contracts deployed in an epoch: those told, else one per version."""
        told = [match[1] for text in given if text and (match := _DEPLOY.match(text))]
        if told or self._calls(given):
            return told
        newest = _default_version(epoch)
        versions = [version for version in VERSIONS if version <= newest]
        tag = "_".join(map(str, epoch)) if len(epoch) == 2 else "2_05"
        names = [f"{self.entry['contract_name']}-Epoch{tag}-Clarity{v}" for v in versions]
        return names[-len(given) :]

    def _calls(self, given: list[str | None]) -> bool:
        return any(text and _CALL.match(text) for text in given) or bool(
            self.entry.get("function_name") and len(given) > len(VERSIONS)
        )

    def _deploy_text(self, name: str) -> str:
        version = name[-1]
        return f"SmartContract(name: {name}, clarity_version: Some(Clarity{version}))"

    def _call_text(self, contract_name: str) -> str | None:
        for block in self.entry["blocks"]:
            for tx in block.get("txs", ()):
                if match := _CALL.match(tx["tx"]):
                    return str(tx["tx"]).replace(match[2], contract_name, 1)
        if self.entry.get("function_args") == []:
            function = self.entry["function_name"]
            return (
                "ContractCall(address: ST1AW6EKPGT61SQ9FNVDS17RKNWT8ZP582VF9HSCP, contract_name: "
                f"{contract_name}, function_name: {function}, function_args: [[]])"
            )
        return None

    # --- one transaction ------------------------------------------------------------------

    def execute(self, text: str, meter: CostMeter) -> Outcome | None:
        """The outcome of the transaction; None if the text is none of a contract."""
        if match := _DEPLOY.match(text):
            name, version = match[1], self._version(match[1], match[3])
            return self.world.deploy(name, self.entry["contract_code"], version, meter=meter)
        if match := _CALL.match(text):
            return self.world.call(match[2], match[3], list(self._arguments(match[4])), meter=meter)
        return None

    def _version(self, name: str, given: str | None) -> ClarityVersion:
        if given:
            return VERSIONS[int(given) - 1]
        match = _DEPLOYED.search(name)
        assert match is not None, f"no version in {name}"
        return VERSIONS[int(match[2]) - 1]

    def _arguments(self, text: str) -> tuple[Value, ...]:
        return parse_arguments(text)

    def _earlier(self, tx: dict[str, Any]) -> None:
        """A transaction of an earlier epoch: if it had an effect then, it must have it now."""
        note(self.request, self.entry["test"], f"{OTHER_EPOCH}: transactions before epoch 4.0")
        if not tx["return"].startswith("(ok"):
            return
        outcome = self.execute(tx["tx"], CostMeter(UNLIMITED))
        match = _DEPLOY.match(tx["tx"])
        if outcome is None or outcome.error is None or match is None:
            return
        # Refused today, allowed then: the contract stands, as it stood.
        version = self._version(match[1], match[3])
        again = self.world.deploy(match[1], self.entry["contract_code"], version, analyse=False)
        if again.error is not None:
            self.undeployable.add(match[1])

    def _accepted(self, tx: dict[str, Any]) -> None:
        meter = CostMeter(BLOCK_LIMIT)
        if (match := _CALL.match(tx["tx"])) and match[2] in self.undeployable:
            reason = f"{OTHER_EPOCH}: a contract that epoch 4.0 refuses, deployed before"
            note(self.request, self.entry["test"], reason)
            return
        outcome = self.execute(tx["tx"], meter)
        if outcome is None:
            note(self.request, self.entry["test"], f"{NOT_EVALUATED}: no contract is involved")
            return
        self.judged += 1
        self._compare(tx["tx"][:120], tx, outcome)

    def _compare(self, title: str, tx: dict[str, Any], outcome: Outcome) -> None:
        result = result_of(outcome)
        error = tx["vm_error"].removesuffix(_DECORATION)
        if (error == _NO_ERROR) != (result.error is None):
            self.mismatches.append(f"{title}: expected error {error}, got {result}")
        elif result.error is not None:
            kind = kind_of_text(error.removeprefix("Some(").removesuffix(")"))
            if not same_kind(result.error, kind) or kind == UNKNOWN:
                self.mismatches.append(f"{title}: expected error {error} [{kind}], got {result}")
        returned = _receipt(title, result.value, result.error is not None)
        if returned != tx["return"]:
            self.mismatches.append(f"{title}: expected return {tx['return']}, got {returned}")
        cost = msgspec.structs.asdict(outcome.cost)
        for dimension in DIMENSIONS:
            if cost[dimension] != tx["cost"][dimension]:
                self.mismatches.append(
                    f"{title}: {dimension} expected {tx['cost'][dimension]}, got {cost[dimension]}"
                )

    def _rejected(self, block: dict[str, Any], text: str) -> None:
        """A block that was rejected: its transaction cannot be in any block."""
        error = block["block_error"][0]["error"]
        exceeded = _EXCEEDED.search(error)
        meter = CostMeter(BLOCK_LIMIT)
        if exceeded:
            meter.add(_cost(exceeded[1]))
        outcome = self.execute(text, meter)
        if outcome is None:
            return
        self.judged += 1
        if not isinstance(outcome.error, LimitExceeded | NotIncludable):
            self.mismatches.append(
                f"{text[:120]}: must not be in a block, got {result_of(outcome)}"
            )
        elif exceeded and _cost(exceeded[2]) not in (UNLIMITED, meter.total()):
            self.mismatches.append(
                f"{text[:120]}: stops at {_cost(exceeded[2])}, ours at {meter.total()}"
            )


def _receipt(title: str, value: str | None, failed: bool) -> str:
    """What the receipt of a transaction holds: a deployment that succeeds returns `(ok true)`."""
    if failed:
        return "(err none)"
    return "(ok true)" if title.startswith("SmartContract") else str(value)


def _epoch_of(block: dict[str, Any]) -> tuple[int, ...]:
    if "epoch" in block:
        return epoch_number(block["epoch"])
    return epoch_number(block["block_error"][0]["evaluated_epoch"]["_t"])


def _default_version(epoch: tuple[int, ...]) -> ClarityVersion:
    return next(version for since, version in VERSION_OF_EPOCH if epoch >= since)


def _cost(text: str) -> ExecutionCost:
    return ExecutionCost(**{name: int(n) for name, n in re.findall(r"(\w+): (\d+)", text)})


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: f"{entry['module']}-{entry['test']}")
def test_snapshot(request: pytest.FixtureRequest, entry: dict[str, Any]) -> None:
    epochs = {_epoch_of(block) for block in entry["blocks"]}
    if EPOCH_4_0 not in epochs:
        excluded(request, entry["test"], f"{OTHER_EPOCH}: no block of epoch 4.0")
    if not isinstance(entry.get("contract_code"), str):
        excluded(request, entry["test"], f"{NOT_EVALUATED}: the contract is not in the file")
    if isinstance(entry.get("setup_contracts"), dict):
        excluded(request, entry["test"], f"{NOT_EVALUATED}: the set-up is not in the file")
    replay = Replay(entry, request)
    try:
        replay.run()
    except Unreadable as unreadable:
        excluded(request, entry["test"], f"{NOT_EVALUATED}: arguments ({unreadable})")
    assert replay.judged or replay.undeployable, "nothing was judged"
    if replay.mismatches:
        shown = "\n".join(replay.mismatches[:40])
        pytest.fail(
            f"{entry['contract_code']}\n{len(replay.mismatches)} differ:\n{shown}", pytrace=False
        )
