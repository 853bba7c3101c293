"""Why a text is no program: one class per kind, named as the reference implementation names it.

Three groups: characters that form no word, words and brackets in the wrong place, and traits that
are nowhere defined. The reference wraps the first group as `Lexer(kind)`, so these carry
`outer_kind = "Lexer"`. A text is read word by word to its end before any bracket is looked at:
an error of the first group anywhere in the text hides the others.

`CircularReference` stands with the sorter of definitions, which raises it. Kinds that only the
reference's older parser knows are not here; no rule set of this chain uses it.
"""

from typing import ClassVar

from btczs.vm.clarity.errors import ParseError

# --- Characters that form no word -----------------------------------------------------------------


class LexerError(ParseError):
    """Some characters form no word. Field `character`, where one is to blame."""

    outer_kind: ClassVar[str] = "Lexer"


class InvalidCharInt(LexerError):
    """A number goes on with something that is no digit."""


class InvalidCharUint(LexerError):
    """An unsigned number goes on with something that is no digit."""


class InvalidCharBuffer(LexerError):
    """A buffer holds something that is no hexadecimal digit."""


class InvalidCharIdent(LexerError):
    """A name goes on with a character that names do not have."""


class InvalidCharTraitIdent(LexerError):
    """`<name` goes on with a character that names of traits do not have."""


class InvalidCharPrincipal(LexerError):
    """An address goes on with something that is no c32 digit."""


class InvalidBufferLength(LexerError):
    """A buffer has an odd number of digits. Field `digits`."""


class UnknownEscapeChar(LexerError):
    """A backslash stands before a character that it does not go with."""


class IllegalCharUTF8Encoding(LexerError):
    r"""`\u{…}` holds something that is no hexadecimal digit."""


class UnterminatedUTF8Encoding(LexerError):
    r"""`\u{…` is not closed."""


class EmptyUTF8Encoding(LexerError):
    r"""`\u{}`."""


class InvalidUTF8Encoding(LexerError):
    r"""`\u` without a brace, or with a number that is no Unicode character."""


class SingleSemiColon(LexerError):
    """One semicolon; comments begin with two."""


class UnknownSymbol(LexerError):
    """A character that no word begins with."""


class NonASCIIChar(LexerError):
    """A character outside of ASCII, wherever it stands."""


class UnsupportedLineEnding(LexerError):
    """A carriage return outside of a string."""


class ExpectedSeparator(LexerError):
    """An operator touches what follows it."""


# --- Words and brackets in the wrong place --------------------------------------------------------


class ExpectedClosing(ParseError):
    """A bracket, string or `<name` has no end. Fields `closing` and `opened` (where it begins).

    For strings and `<name` it belongs to the first group: then it has `outer_kind` too.
    """


class UnexpectedToken(ParseError):
    """A word that cannot stand here. Field `token`."""


class ExpectedWhitespace(ParseError):
    """Two items of a list touch each other."""


class ExpressionStackDepthTooDeep(ParseError):
    """Brackets nest too deeply. Field `max_depth`: the depth that calls may have."""


class VaryExpressionStackDepthTooDeep(ParseError):
    """Brackets nest too deeply, tuples counted. Field `max_depth`."""


class TupleColonExpectedv2(ParseError):
    """A key of a tuple is not followed by a colon."""


class TupleCommaExpectedv2(ParseError):
    """A value of a tuple is followed neither by a comma nor by a brace."""


class TupleValueExpected(ParseError):
    """The text ends where the value of a tuple should stand."""


class FailedParsingIntValue(ParseError):
    """An integer does not fit 128 bits. Field `text`."""


class FailedParsingUIntValue(ParseError):
    """An unsigned integer does not fit 128 bits. Field `text`."""


class IllegalASCIIString(ParseError):
    """A string is too long, or holds a character that cannot be printed."""


class InvalidBuffer(ParseError):
    """A buffer is too long."""


class InvalidPrincipalLiteral(ParseError):
    """What follows `'` is no address: its length, version or checksum is wrong."""


class ExpectedContractIdentifier(ParseError):
    """A dot is not followed by the name of a contract."""


class ExpectedTraitIdentifier(ParseError):
    """`.contract.` is not followed by the name of a trait."""


class ContractNameTooLong(ParseError):
    """The name of a contract is too long. Field `name`."""


class IllegalContractName(ParseError):
    """A name that no contract can have. Field `name`."""


class NameTooLong(ParseError):
    """A name is too long. Field `name`."""


# --- Traits ---------------------------------------------------------------------------------------


class TraitReferenceUnknown(ParseError):
    """`<name>` stands for no trait of this contract. Field `name`."""


class TraitReferenceNotAllowed(ParseError):
    """`<name>` in the type of something that is stored."""


class NameAlreadyUsed(ParseError):
    """Two traits have the same name. Field `name`."""


class DefineTraitBadSignature(ParseError):
    """`define-trait` takes a name and a list of functions."""


class ImportTraitBadSignature(ParseError):
    """`use-trait` takes a name and a trait of another contract."""


class ImplTraitBadSignature(ParseError):
    """`impl-trait` takes a trait of another contract."""
