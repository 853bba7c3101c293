"""The parser: words to expressions, in one pass and without recursion.

Every word is dispatched by its first character. Brackets are the builder's business; here are the
words that stand for an expression by themselves, and the dotted names of contracts and traits.

Source: rules of epoch 4.0 (the reference implementation's second parser).
"""

from collections.abc import Callable

import msgspec

from btczs.codec.clarity.names import (
    CONTRACT_NAME_LENGTH_MAX,
    NAME_LENGTH_MAX,
    is_contract_name,
)
from btczs.codec.clarity.principals import parse_principal
from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal, Value
from btczs.codec.errors import InvalidAddress
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader.builder import Builder
from btczs.vm.clarity.reader.errors import (
    ContractNameTooLong,
    ExpectedContractIdentifier,
    ExpectedTraitIdentifier,
    IllegalContractName,
    InvalidPrincipalLiteral,
    NameTooLong,
)
from btczs.vm.clarity.reader.literals import (
    ascii_literal,
    buffer_literal,
    int_literal,
    shorten,
    uint_literal,
    utf8_literal,
)
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import (
    Atom,
    Comment,
    Expr,
    Field,
    Literal,
    TraitReference,
)
from btczs.vm.clarity.reader.words import BAD, DIGITS, LETTERS, WHITE_SPACE, is_name


class Parsed(msgspec.Struct, frozen=True, eq=False):
    """What the words say; see `Program`, which has the same fields."""

    expressions: tuple[Expr, ...]
    comments: tuple[Comment, ...]
    references: tuple[TraitReference, ...]
    node_count: int
    steps: int
    """Words looked at: a measure of the work."""


def parse_words(
    words: list[str], contract: ContractPrincipal, fail: Callable[[ParseError], None]
) -> Parsed:
    """The expressions that `words` stand for; `contract` is the one they are part of.

    Errors go to `fail`, in the order of the reference implementation; it may raise.
    """
    return _Parser(words, contract, fail).read()


class _Parser:
    def __init__(
        self, words: list[str], contract: ContractPrincipal, fail: Callable[[ParseError], None]
    ) -> None:
        self.words = words
        self.index = 0
        self.contract = contract
        self.fail = fail
        self.builder = Builder(fail)
        self.references: list[TraitReference] = []

    def read(self) -> Parsed:
        words, builder = self.words, self.builder
        handlers = self._handlers()
        while self.index < len(words) and not builder.exhausted:
            word = words[self.index]
            self.index += 1
            builder.start = builder.offset
            builder.offset += len(word)
            if word[0] in WHITE_SPACE:
                builder.spaced = True
                if "\n" in word:
                    builder.line += word.count("\n")
                    builder.line_start = builder.start + word.rfind("\n") + 1
            else:
                handlers[word[0]](word)
        expressions = builder.finish()
        return Parsed(
            expressions,
            tuple(builder.comments),
            tuple(self.references),
            builder.count,
            self.index,
        )

    def _handlers(self) -> dict[str, Callable[[str], None]]:
        """By the first character of the word."""
        builder = self.builder
        return {
            **dict.fromkeys(LETTERS, self._name),
            **dict.fromkeys(DIGITS, self._number),
            **dict.fromkeys("+*/>" + BAD, self._name),
            "u": self._name_in_u,
            "-": self._minus,
            "<": self._less,
            '"': self._ascii,
            "'": self._principal,
            ".": self._dot,
            ";": builder.comment,
            "(": builder.open_list,
            ")": builder.close_list,
            "{": builder.open_tuple,
            "}": builder.close_tuple,
            ":": builder.colon,
            ",": builder.comma,
        }

    def _name(self, word: str) -> None:
        builder = self.builder
        id = builder.begin()
        line, before = builder.line, builder.line_start  # as `Builder.span`: names are frequent
        span = Span(line, builder.start - before + 1, line, builder.offset - before)
        if len(word) > NAME_LENGTH_MAX and word[0] != BAD:
            self._name_too_long(word, span)
        builder.put(Atom(word, span, id), builder.spaced)

    def _name_too_long(self, name: str, span: Span) -> None:
        message = f"a name has at most {NAME_LENGTH_MAX} characters, not {len(name)}"
        self.fail(NameTooLong(message, span, name=shorten(name)))

    def _name_in_u(self, word: str) -> None:
        if is_name(word):
            self._name(word)
        elif word[1] == '"':
            self._literal(word, lambda word, _span: utf8_literal(word))
        else:
            self._literal(word, uint_literal)

    def _number(self, word: str) -> None:
        self._literal(word, buffer_literal if word[:2] == "0x" else int_literal)

    def _minus(self, word: str) -> None:
        if len(word) == 1:
            self._name(word)
        else:
            self._literal(word, int_literal)

    def _ascii(self, word: str) -> None:
        self._literal(word, ascii_literal)

    def _literal(self, word: str, read: Callable[[str, Span], Value]) -> None:
        builder = self.builder
        id = builder.begin()
        span = builder.span()
        try:
            value = read(word, span)
        except ParseError as error:
            self.fail(error)
            builder.add(Atom(BAD, span, id))
        else:
            builder.add(Literal(value, span, id))

    def _less(self, word: str) -> None:
        """`<`, `<=` or `<trait>`."""
        if len(word) < 3:
            self._name(word)
            return
        builder = self.builder
        id = builder.begin()
        span = builder.span()
        name = word[1:-1]
        if len(name) > NAME_LENGTH_MAX:
            self._name_too_long(name, span)
        reference = TraitReference(name, TraitIdentifier(self.contract, name), True, span, id)
        self.references.append(reference)
        builder.add(reference)

    # --- Dotted names -----------------------------------------------------------------------------

    def _principal(self, word: str) -> None:
        """`'ADDRESS`, `'ADDRESS.contract` or `'ADDRESS.contract.trait`."""
        builder = self.builder
        id = builder.begin()
        try:
            issuer = parse_principal(word[1:])
        except InvalidAddress as error:
            message = f"{shorten(word)} is no address: {error}"
            self.fail(InvalidPrincipalLiteral(message, builder.span()))
            issuer = self.contract.issuer
        if self._next_word() != ".":
            builder.add(Literal(issuer, builder.span(), id))
        else:
            self._take()
            self._contract(StandardPrincipal(issuer.version, issuer.hash20), id)

    def _dot(self, _word: str) -> None:
        """`.contract` or `.contract.trait`, of the same issuer."""
        self._contract(self.contract.issuer, self.builder.begin())

    def _contract(self, issuer: StandardPrincipal, id: int) -> None:
        """After the dot: the name of a contract, and maybe that of a trait."""
        builder = self.builder
        name = self._name_after_dot(ExpectedContractIdentifier, "contract")
        if name is None:
            return builder.add(Atom(BAD, builder.span(), id))
        if len(name) > CONTRACT_NAME_LENGTH_MAX:
            message = f"a contract's name has at most {CONTRACT_NAME_LENGTH_MAX} characters"
            self.fail(ContractNameTooLong(message, builder.span(), name=shorten(name)))
        elif not is_contract_name(name):
            message = f"{name} cannot name a contract; letters, digits, '-' and '_' can"
            self.fail(IllegalContractName(message, builder.span(), name=name))
        contract = ContractPrincipal(issuer.version, issuer.hash20, name)
        if self._next_word() != ".":
            return builder.add(Literal(contract, builder.span(), id))
        self._take()
        name = self._name_after_dot(ExpectedTraitIdentifier, "trait")
        if name is None:
            return builder.add(Atom(BAD, builder.span(), id))
        if len(name) > NAME_LENGTH_MAX:
            self._name_too_long(name, builder.span())
        return builder.add(Field(TraitIdentifier(contract, name), builder.span(), id))

    def _name_after_dot(self, kind: type[ParseError], what: str) -> str | None:
        word = self._next_word()
        if is_name(word):
            self._take()
            return word
        self.fail(kind(f"the dot is not followed by the name of a {what}", self.builder.span()))
        return None

    def _next_word(self) -> str:
        """The word after the present one, "" at the end."""
        return self.words[self.index] if self.index < len(self.words) else ""

    def _take(self) -> None:
        """Makes the next word a part of the present one."""
        self.builder.offset += len(self.words[self.index])
        self.index += 1
