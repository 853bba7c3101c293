"""Contracts in files: which they are, what they call, and in which order they are deployed.

A contract's name is that of its file, unless a `Clarinet.toml` above it says otherwise; such a
project also gives the version, and finds the contracts that are called but were not named.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from btczs.codec.clarity.names import CONTRACT_NAME_LENGTH_MAX, is_contract_name
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.primitives.errors import InvalidInput
from btczs.store.files import written_beside
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.limits import SOURCE_BYTES_MAX
from btczs.vm.clarity.names import LATEST, VERSIONS, ClarityVersion
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.reader.syntax import Expr, Field, Form, Literal, Program, TraitReference

PROJECT_FILE: Final = "Clarinet.toml"


class InvalidProject(InvalidInput):
    """A project or a contract's file cannot be read."""

    code = "invalid_project"


class SourceFile(msgspec.Struct, frozen=True):
    """A contract in a file."""

    name: str
    path: Path
    source: str
    version: ClarityVersion


class Entry(msgspec.Struct, frozen=True):
    """A contract as a project lists it."""

    name: str
    path: Path
    version: ClarityVersion


def find_project(near: Path) -> Path | None:
    """The `Clarinet.toml` of the folder of `near` or one above."""
    folder = near.resolve()
    for place in [folder, *folder.parents] if folder.is_dir() else folder.parents:
        if (place / PROJECT_FILE).is_file():
            return place / PROJECT_FILE
    return None


def read_project(path: Path) -> dict[str, Entry]:
    """The contracts of a `Clarinet.toml` by name. Raises `InvalidProject`."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("contracts", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidProject(f"{path} cannot be read: {error}") from error
    entries = {}
    for name, table in tables.items() if isinstance(tables, dict) else ():
        file = table.get("path") if isinstance(table, dict) else None
        if not isinstance(file, str):
            raise InvalidProject(f"{path}: contract {name} has no path")
        entries[name] = Entry(
            name, path.parent / file, _version(table.get("clarity_version", LATEST), path)
        )
    return entries


def _version(given: object, path: Path) -> ClarityVersion:
    for version in VERSIONS:
        if given == version:
            return version
    raise InvalidProject(f"{path}: {given!r} is not a version of Clarity")


def read_source(
    path: Path, name: str | None = None, version: ClarityVersion | None = None
) -> SourceFile:
    """The contract in a file. Raises `InvalidProject`."""
    name = path.stem if name is None else name
    if not is_contract_name(name, CONTRACT_NAME_LENGTH_MAX):
        raise InvalidProject(f"{path}: {name!r} cannot name a contract")
    try:
        if path.stat().st_size > SOURCE_BYTES_MAX:
            raise InvalidProject(f"{path} is larger than {SOURCE_BYTES_MAX} bytes")
        # What is not ASCII is an error of the program, with its place: keep it.
        source = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise InvalidProject(f"{path} cannot be read: {error.strerror}") from error
    return SourceFile(name, path, source, LATEST if version is None else version)


def open_source(path: Path, text: str) -> SourceFile:
    """A contract as an editor holds it, with the name and version that its project gives it.

    Raises `InvalidProject`.
    """
    entry = _entry_of(path, {})
    name = entry.name if entry else path.stem
    if not is_contract_name(name, CONTRACT_NAME_LENGTH_MAX):
        raise InvalidProject(f"{path}: {name!r} cannot name a contract")
    return SourceFile(name, path, text, entry.version if entry else LATEST)


def write_source(path: Path, source: str) -> None:
    """Replaces a file at once, with the permissions it had. Raises `InvalidProject`."""
    try:
        mode = path.stat().st_mode & 0o777
        with written_beside(path, source.encode("utf-8")) as temporary:
            temporary.chmod(mode)
            temporary.replace(path)
    except OSError as error:
        raise InvalidProject(f"{path} cannot be written: {error.strerror}") from error


def read_sources(paths: Iterable[Path], version: ClarityVersion | None = None) -> list[SourceFile]:
    """The contracts in files, and in folders (`*.clar`), each once. Raises `InvalidProject`.

    Files of a project get their name and version from it; `version` goes before.
    """
    projects: dict[Path, dict[Path, Entry]] = {}
    sources: dict[Path, SourceFile] = {}
    for path in _files(paths):
        entry = _entry_of(path, projects)
        wanted = version or (entry.version if entry else None)
        sources[path.resolve()] = read_source(path, entry.name if entry else None, wanted)
    return list(sources.values())


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.clar"))
        else:
            yield path


def _entry_of(path: Path, projects: dict[Path, dict[Path, Entry]]) -> Entry | None:
    project = find_project(path)
    if project is None:
        return None
    if project not in projects:
        projects[project] = {e.path.resolve(): e for e in read_project(project).values()}
    return projects[project].get(path.resolve())


def find_contract(name: str, near: Path) -> SourceFile | None:
    """The file of a contract that `near` calls: of its project, or beside it."""
    project = find_project(near)
    if project is not None:
        entry = read_project(project).get(name)
        if entry is not None:
            return read_source(entry.path, entry.name, entry.version)
    beside = near.parent / f"{name}.clar"
    return read_source(beside) if beside.is_file() else None


def collect_programs(
    sources: Iterable[SourceFile], deployer: StandardPrincipal
) -> list[tuple[SourceFile, Program | None]]:
    """`sources` and all they need, each after those it names; None where reading failed."""
    pending = list(sources)
    seen = {source.name for source in pending}
    programs: dict[str, tuple[SourceFile, Program]] = {}
    unread: list[tuple[SourceFile, Program | None]] = []
    while pending:
        source = pending.pop(0)
        contract = ContractPrincipal(deployer.version, deployer.hash20, source.name)
        try:
            program = parse(contract, source.source, source.version)
        except ParseError:
            unread.append((source, None))
            continue
        programs[source.name] = (source, program)
        for used in contracts_used(program):
            found = None
            if used.issuer == deployer and used.name not in seen:
                seen.add(used.name)
                found = find_contract(used.name, source.path)
            if found is not None:
                pending.append(found)
    order = sort_sources([(s, contracts_used(p)) for s, p in programs.values()], deployer)
    return [*unread, *[programs[source.name] for source in order]]


def contracts_used(program: Program) -> set[ContractPrincipal]:
    """The contracts that a program names, itself left out."""
    used: set[ContractPrincipal] = set()
    pending: list[Expr] = list(program.expressions)
    while pending:
        expr = pending.pop()
        if isinstance(expr, Form):
            pending.extend(expr.items)
        elif isinstance(expr, Literal) and isinstance(expr.value, ContractPrincipal):
            used.add(expr.value)
        elif isinstance(expr, Field | TraitReference):
            used.add(expr.trait.contract)
    used.discard(program.contract)
    return used


def sort_sources(
    sources: Iterable[tuple[SourceFile, set[ContractPrincipal]]], deployer: StandardPrincipal
) -> list[SourceFile]:
    """The contracts so that each stands after those it names; their order otherwise.

    A circle is left for the deployment to refuse.
    """
    by_name = {source.name: (source, used) for source, used in sources}
    done: dict[str, SourceFile] = {}
    for start in by_name:
        trail, seen = [start], set()
        while trail:
            name = trail[-1]
            source, used = by_name[name]
            waiting = [
                c.name
                for c in sorted(used, key=lambda c: c.name)
                if c.issuer == deployer and c.name in by_name
                and c.name not in done and c.name not in seen and c.name != name
            ]  # fmt: skip
            seen.add(name)
            if waiting:
                trail.append(waiting[0])
                continue
            done.setdefault(trail.pop(), source)
    return list(done.values())
