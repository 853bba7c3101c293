"""The kind of an error from what the reference implementation prints of it.

Errors of execution appear as debug text (`Runtime(ArithmeticOverflow, …)`): wrappers around a
variant, and the kind is the outermost name that is no wrapper. Errors of the parser and of analysis
appear as sentences; `MESSAGES` tells the kind by the words that never change in them.
"""

import re

_WRAPPERS = frozenset(
    [
        "Some",
        "Vm",
        "Interpreter",
        "Runtime",
        "RuntimeCheck",
        "StaticCheck",
        "Static",
        "Unchecked",
        "ShortReturn",
        "EarlyReturn",
        "Parse",
        "Parser",
        "Lexer",
        "Internal",
        "Clarity",
        "ClarityError",
        "StaticCheckError",
        "CommonCheckErrorKind",
        "RuntimeCheckErrorKind",
        "StaticCheckErrorKind",
        "ParseErrorKind",
        "LexerError",
        "RuntimeError",
        "CheckErrors",
        "Err",
        "Error",
        "ParseError",
        "VmExecutionError",
        "ClarityEvalError",
        "EarlyReturnError",
        "ClarityType",
        "VmInternalError",
        "err",
    ]
)
_FORMER_NAMES = {"ExpectedValue": "UnwrapFailed", "TypeMismatch": "TypeError"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

ANY_ERROR = "*"
UNKNOWN = "?"


def kind_of_debug(text: str) -> str:
    """The kind in debug text such as `Runtime(Arithmetic("…"), [])`; `UNKNOWN` if none is there."""
    if text.strip() == ANY_ERROR:
        return ANY_ERROR
    for name in _NAME.findall(re.sub(r"\"(\\.|[^\"\\])*\"|'[^']*'", "", text)):
        if name not in _WRAPPERS:
            return _FORMER_NAMES.get(name, name)
    return UNKNOWN


# The first fitting line counts. Written as the constant words of each sentence.
MESSAGES: tuple[tuple[str, str], ...] = (
    # the parser
    (r"AST has too deep of an expression nesting", "ExpressionStackDepthTooDeep"),
    (r"detected interdependent functions", "CircularReference"),
    (r"contract name '.*' is too long", "ContractNameTooLong"),
    (r"illegal name \(too long\)", "NameTooLong"),
    (r"expected closing '", "ExpectedClosing"),
    (r"unexpected '", "UnexpectedToken"),
    (r"unexpected single ';'", "SingleSemiColon"),
    (r"Failed to parse int literal", "FailedParsingIntValue"),
    (r"Failed to parse uint literal", "FailedParsingUIntValue"),
    (r"illegal ascii string", "IllegalASCIIString"),
    (r"\(impl-trait \.\.\.\) expects", "ImplTraitBadSignature"),
    (r"\(use-trait \.\.\.\) expects", "ImportTraitBadSignature"),
    (r"\(define-trait \.\.\.\) expects", "DefineTraitBadSignature"),
    (r"invalid principal literal", "InvalidPrincipalLiteral"),
    (r"invalid hex-string literal", "InvalidBuffer"),
    (r"unknown symbol, '", "UnknownSymbol"),
    (r"expected ',' separating", "TupleCommaExpectedv2"),
    (r"expected ':' after key", "TupleColonExpectedv2"),
    (r"expected value expression for tuple", "TupleValueExpected"),
    (r"expected whitespace before expression", "ExpectedWhitespace"),
    (r"expected contract identifier", "ExpectedContractIdentifier"),
    (r"expected trait identifier", "ExpectedTraitIdentifier"),
    (r"illegal trait name", "IllegalTraitName"),
    (r"illegal clarity name", "IllegalClarityName"),
    (r"Illegal contract name", "IllegalContractName"),
    (r"Illegal variable name", "IllegalVariableName"),
    (r"trait references can not be stored", "TraitReferenceNotAllowed"),
    (r"use of undeclared trait", "TraitReferenceUnknown"),
    (r"invalid characters detected", "InvalidCharactersDetected"),
    # the lexer
    (r"invalid character, '.*', in int literal", "InvalidCharInt"),
    (r"invalid character, '.*', in uint literal", "InvalidCharUint"),
    (r"invalid character, '.*', in buffer", "InvalidCharBuffer"),
    (r"invalid character, '.*', in identifier", "InvalidCharIdent"),
    (r"invalid character, '.*', in trait identifier", "InvalidCharTraitIdent"),
    (r"invalid character, '.*', in principal literal", "InvalidCharPrincipal"),
    (r"invalid character, '.*', in string literal", "IllegalCharString"),
    (r"invalid character, '.*', in UTF8 encoding", "IllegalCharUTF8Encoding"),
    (r"invalid UTF8 encoding", "InvalidUTF8Encoding"),
    (r"empty UTF8 encoding", "EmptyUTF8Encoding"),
    (r"unterminated UTF8 encoding", "UnterminatedUTF8Encoding"),
    (r"invalid buffer length", "InvalidBufferLength"),
    (r"unknown escape character", "UnknownEscapeChar"),
    (r"expected separator", "ExpectedSeparator"),
    (r"illegal non-ASCII character", "NonASCIIChar"),
    (r"unsupported line-ending", "UnsupportedLineEnding"),
    (r"change your editor from CRLF", "UnsupportedLineEnding"),
    # analysis: shape of expressions
    (r"match on a optional type uses", "BadMatchOptionSyntax"),
    (r"match on a result type uses", "BadMatchResponseSyntax"),
    (r"match requires an input", "BadMatchInput"),
    (r"invalid syntax of 'let'", "BadLetSyntax"),
    (r"invalid syntax binding", "BadSyntaxBinding"),
    (r"invalid tuple syntax", "BadTupleConstruction"),
    (r"invalid tuple field name", "BadTupleFieldName"),
    (r"invalid map name", "BadMapName"),
    (r"invalid map definition", "BadMapTypeDefinition"),
    (r"invalid function definition", "DefineFunctionBadSignature"),
    (r"invalid function name", "BadFunctionName"),
    (r"invalid variable definition", "DefineVariableBadSignature"),
    (r"invalid trait definition", "DefineTraitBadSignature"),
    (r"\(define-asset \.\.\.\) expects", "DefineNFTBadSignature"),
    (r"expecting an token name", "BadTokenName"),
    (r"expected a name argument", "ExpectedName"),
    (r"expecting >= \d+ arguments", "RequiresAtLeastArguments"),
    (r"expecting < \d+ arguments", "RequiresAtMostArguments"),
    (r"expecting \d+ arguments", "IncorrectArgumentCount"),
    (r"too many function parameters", "TooManyFunctionParameters"),
    (r"too many trait methods", "TraitTooManyMethods"),
    (r"expecting a value <= ", "MaxLengthOverflow"),
    (r"reached depth limit", "MaxContextDepthReached"),
    # analysis: types
    (r"supertype of two types is too large", "SupertypeTooLarge"),
    (r"greater than maximum allowed value size", "ValueTooLarge"),
    (r"value size was out of defined bounds", "ValueOutOfBounds"),
    (r"deeper than maximum allowed type depth", "TypeSignatureTooDeep"),
    (r"trait-reference chain exceeds", "TraitReferenceChainTooDeep"),
    (r"reached limit of elements in a sequence", "ConstructedListTooLarge"),
    (r"supplied type description is invalid", "InvalidTypeDescription"),
    (r"tuple types may not be empty", "EmptyTuplesNotAllowed"),
    (r"failed to parse type: '", "UnknownTypeName"),
    (r"expecting expression of type 'optional', found", "ExpectedOptionalType"),
    (r"expecting expression of type 'optional' or 'response', found", "ExpectedOptionalOrResponseType"),
    (r"expecting expression of type 'response', found", "ExpectedResponseType"),
    (r"expecting expression of type 'list', 'buff', 'string-ascii' or", "ExpectedSequence"),
    (r"expecting expression of type function", "NonFunctionApplication"),
    (r"expecting expression of type list$", "ExpectedListApplication"),
    (r"expecting expression of type trait identifier", "ExpectedTraitIdentifier"),
    (r"expecting expression of type '.*' or '.*', found", "UnionTypeError"),
    (r"expecting expression of type '.*', found", "TypeError"),
    (r"but 'ok' type is indeterminate", "CouldNotDetermineResponseOkType"),
    (r"but 'err' type is indeterminate", "CouldNotDetermineResponseErrType"),
    (r"either the some, ok, or err type is indeterminate", "CouldNotDetermineMatchTypes"),
    (r"type of expression cannot be determined", "CouldNotDetermineType"),
    (r"could not determine the input type for the serialization", "CouldNotDetermineSerializationType"),
    (r"expecting tuple, found", "ExpectedTuple"),
    (r"cannot find field '", "NoSuchTupleField"),
    (r"public functions must return an expression of type 'response'", "PublicFunctionMustReturnResponse"),
    (r"detected two execution paths", "ReturnTypesMustMatch"),
    (r"returned by the arms of 'if' must match", "IfArmsMustMatch"),
    (r"returned by the arms of 'match' must match", "MatchArmsMustMatch"),
    (r"passed in 'default-to' must match", "DefaultTypesMustMatch"),
    (r"intermediary responses in consecutive", "UncheckedIntermediaryResponses"),
    # analysis: names
    (r"conflicts with previous value", "NameAlreadyUsed"),
    (r"is a reserved word", "ReservedWord"),
    (r"use of unresolved persisted variable", "NoSuchDataVariable"),
    (r"use of unresolved map", "NoSuchMap"),
    (r"use of unresolved contract", "NoSuchContract"),
    (r"use of unresolved variable", "UndefinedVariable"),
    (r"use of unresolved function", "UnknownFunction"),
    (r"use of unresolved trait", "NoSuchTrait"),
    (r"use of illegal / unresolved function", "IllegalOrUnknownFunctionApplication"),
    (r"undefined asset", "NoSuchNFT"),
    (r"undefined token", "NoSuchFT"),
    (r"contract '.*' has no public function", "NoSuchPublicFunction"),
    (r"contract name '.*' conflicts with existing contract", "ContractAlreadyExists"),
    (r"missing contract name for call", "ContractCallExpectName"),
    (r"expected a callable contract", "ExpectedCallableType"),
    # analysis: chain properties
    (r"use of block unknown property", "NoSuchBlockInfoProperty"),
    (r"use of unknown stacks block property", "NoSuchStacksBlockInfoProperty"),
    (r"use of unknown tenure property", "NoSuchTenureInfoProperty"),
    (r"missing property name for block info", "GetBlockInfoExpectPropertyName"),
    (r"missing property name for burn block info", "GetBurnBlockInfoExpectPropertyName"),
    (r"missing property name for stacks block info", "GetStacksBlockInfoExpectPropertyName"),
    (r"missing property name for tenure info", "GetTenureInfoExpectPropertyName"),
    # analysis: reading and writing
    (r"\(at-block \.\.\.\) closures expect read-only", "AtBlockClosureMustBeReadOnly"),
    (r"\(at-block \.\.\.\) is not available", "AtBlockUnavailable"),
    (r"expecting read-only statements", "WriteAttemptedInReadOnly"),
    # analysis: traits
    (r"method '.*' unspecified in trait", "TraitMethodUnknown"),
    (r"invalid signature for method", "BadTraitImplementation"),
    (r"unexpected use of trait reference or field", "UnexpectedTraitOrFieldReference"),
    (r"duplicate method name", "DefineTraitDuplicateMethod"),
    (r"trait reference expected", "ContractOfExpectsTrait"),
    (r"is not a compatible with expected trait", "IncompatibleTrait"),
    # analysis: allowances
    (r"expects a list of asset allowances", "ExpectedListOfAllowances"),
    (r"allowance expressions are only allowed", "AllowanceExprNotAllowed"),
    (r"expected an allowance expression", "ExpectedAllowanceExpr"),
    (r"with-all-assets-unsafe is not allowed here", "WithAllAllowanceNotAllowed"),
    (r"with-all-assets-unsafe must not be used along", "WithAllAllowanceNotAlone"),
    (r"with-nft allowance must include a list", "WithNftExpectedListOfIdentifiers"),
    (r"with-nft allowance identifiers list must not exceed", "MaxIdentifierLengthExceeded"),
    (r"too many allowances specified", "TooManyAllowances"),
    # limits
    (r"cost overflowed cost counter|Used up cost budget", "CostBalanceExceeded"),
    (r"execution cost exceeded budget", "CostBalanceExceeded"),
    (r"exceeded memory budget|Used up memory budget", "MemoryBalanceExceeded"),
    (r"cost computation failed|Cost computation failed", "CostComputationFailed"),
)  # fmt: skip
_MESSAGES = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in MESSAGES)
_DEBUG = re.compile(r"[A-Z][A-Za-z]+(\(.*\)|\s*\{.*\})?", re.DOTALL)


def kind_of_text(text: str) -> str:
    """The kind in debug text or in a sentence; `UNKNOWN` if it is neither."""
    text = re.sub(r"^:?\d+:\d+: ", "", text.strip())
    for pattern, kind in _MESSAGES:
        if pattern.search(text):
            return kind
    return kind_of_debug(text) if _DEBUG.fullmatch(text) else UNKNOWN


_SAME = {"VaryExpressionStackDepthTooDeep": "ExpressionStackDepthTooDeep"}


def same_kind(ours: str, expected: str) -> bool:
    """Whether `ours` is the kind `expected`, where expectations may leave the kind open."""
    if expected in (ANY_ERROR, UNKNOWN):
        return True
    return _SAME.get(ours, ours) == _SAME.get(expected, expected)
