"""Why a script does not let its coins be spent."""

from enum import StrEnum
from typing import ClassVar

from btczs.primitives import InvalidInput


class Reason(StrEnum):
    """Names are stable; the texts are what the nodes put into their refusals."""

    EVAL_FALSE = "Script evaluated without error but finished with a false/empty top stack element"
    SCRIPTNUM = "unknown error"
    OP_RETURN = "OP_RETURN was encountered"
    SCRIPT_SIZE = "Script is too big"
    PUSH_SIZE = "Push value size limit exceeded"
    OP_COUNT = "Operation limit exceeded"
    STACK_SIZE = "Stack size limit exceeded"
    SIG_COUNT = "Signature count negative or greater than pubkey count"
    PUBKEY_COUNT = "Pubkey count negative or limit exceeded"
    VERIFY = "Script failed an OP_VERIFY operation"
    EQUALVERIFY = "Script failed an OP_EQUALVERIFY operation"
    CHECKMULTISIGVERIFY = "Script failed an OP_CHECKMULTISIGVERIFY operation"
    CHECKSIGVERIFY = "Script failed an OP_CHECKSIGVERIFY operation"
    NUMEQUALVERIFY = "Script failed an OP_NUMEQUALVERIFY operation"
    BAD_OPCODE = "Opcode missing or not understood"
    DISABLED_OPCODE = "Attempted to use a disabled opcode"
    INVALID_STACK_OPERATION = "Operation not valid with the current stack size"
    INVALID_ALTSTACK_OPERATION = "Operation not valid with the current altstack size"
    UNBALANCED_CONDITIONAL = "Invalid OP_IF construction"
    NEGATIVE_LOCKTIME = "Negative locktime"
    UNSATISFIED_LOCKTIME = "Locktime requirement not satisfied"
    SIG_HASHTYPE = "Signature hash type missing or not understood"
    SIG_DER = "Non-canonical DER signature"
    MINIMALDATA = "Data push larger than necessary"
    SIG_PUSHONLY = "Only push operators allowed in signature scripts"
    SIG_HIGH_S = "Non-canonical signature: S value is unnecessarily high"
    SIG_NULLDUMMY = "Dummy CHECKMULTISIG argument must be zero"
    SIG_NULLFAIL = "Signature must be zero for failed CHECK(MULTI)SIG operation"
    MINIMALIF = "OP_IF/NOTIF argument must be minimal"
    PUBKEYTYPE = "Public key is neither compressed or uncompressed"
    CLEANSTACK = "Extra items left on stack after execution"
    DISCOURAGE_UPGRADABLE_NOPS = "NOPx reserved for soft-fork upgrades"
    DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM = "Witness version reserved for soft-fork upgrades"
    WITNESS_PROGRAM_WRONG_LENGTH = "Witness program has incorrect length"
    WITNESS_PROGRAM_WITNESS_EMPTY = "Witness program was passed an empty witness"
    WITNESS_PROGRAM_MISMATCH = "Witness program hash mismatch"
    WITNESS_MALLEATED = "Witness requires empty scriptSig"
    WITNESS_MALLEATED_P2SH = "Witness requires only-redeemscript scriptSig"
    WITNESS_UNEXPECTED = "Witness provided for non-witness script"
    WITNESS_PUBKEYTYPE = "Using non-compressed keys in segwit"
    OP_CODESEPARATOR = "Using OP_CODESEPARATOR in non-witness script"
    SIG_FINDANDDELETE = "Signature is found in scriptCode"


class ScriptFailed(InvalidInput):
    """The input may not spend the output. Field: `reason`, the name of a `Reason` in lower case."""

    code: ClassVar[str] = "script_failed"

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason.name.lower()


class UnsupportedScript(InvalidInput):
    """Whether the input may spend the output is not decided here (taproot). Field: `reason`."""

    code: ClassVar[str] = "unsupported_script"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
