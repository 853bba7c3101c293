"""Keywords (variables that always exist) and the forms that define."""

from btczs.workbench.words.model import Group, definition, fails, gives, keyword

KEYWORDS = Group(
    "keywords",
    "Keywords",
    (
        keyword(
            "tx-sender", "principal", "",
            """The account whose transaction this is, and whose assets may be spent. `as-contract?`
            puts the contract in its place.""",
            gives("(is-standard tx-sender)", "true"),
        ),
        keyword(
            "contract-caller", "principal", "",
            """Who called the function: an account, or the contract that calls this one. Checking it
            instead of `tx-sender` keeps other contracts from acting in a user's name.""",
            gives("(is-eq contract-caller tx-sender)", "true"),
        ),
        keyword(
            "tx-sponsor?", "(optional principal)", "",
            "The account that pays the fee in place of the sender, if there is one.",
            gives("tx-sponsor?", "none"),
        ),
        keyword(
            "current-contract", "principal", "",
            "The contract in which the word stands.",
            gives("(is-eq current-contract tx-sender)", "false"),
        ),
        keyword(
            "none", "(optional A)", "",
            "The optional that holds nothing.",
            gives("(is-none none)", "true"),
            gives("(default-to 5 none)", "5"),
        ),
        keyword("true", "bool", "", "The truth value yes.", gives("(and true true)", "true")),
        keyword("false", "bool", "", "The truth value no.", gives("(or false false)", "false")),
        keyword(
            "stacks-block-height", "uint", "fetch_var",
            "The height of the block of this chain that is being made.",
            gives("(> stacks-block-height u0)", "true"),
        ),
        keyword(
            "tenure-height", "uint", "fetch_var",
            "How many tenures there have been: blocks share one until layer 1 has a new miner.",
            gives("(<= tenure-height stacks-block-height)", "true"),
        ),
        keyword(
            "burn-block-height", "uint", "fetch_var",
            "The height of layer 1 as this block knows it.",
            gives("(> burn-block-height u0)", "true"),
        ),
        keyword(
            "stacks-block-time", "uint", "fetch_var",
            "The time of the block that is being made, in seconds since 1970.",
            gives("(> stacks-block-time u1600000000)", "true"),
        ),
        keyword(
            "block-height", "uint", "fetch_var",
            """In contracts of versions 1 and 2: the height of the tenure. Later versions say
            `stacks-block-height` or `tenure-height`.""",
            gives("(> block-height u0)", "true"),
        ),
        keyword(
            "stx-liquid-supply", "uint", "fetch_var",
            "The base units of the coin that exist and are not burned.",
            gives("(> stx-liquid-supply u0)", "true"),
        ),
        keyword(
            "is-in-mainnet", "bool", "",
            "Whether the contract runs on the main network.",
            gives("is-in-mainnet", "false"),
        ),
        keyword(
            "is-in-regtest", "bool", "",
            "Whether the contract runs on a test network of one machine.",
            gives("(or is-in-regtest (not is-in-regtest))", "true"),
        ),
        keyword(
            "chain-id", "uint", "",
            "The number that transactions of this network carry.",
            gives("chain-id", "u2147483648"),
        ),
    ),
)  # fmt: skip

_COUNTER = (
    "(define-trait adder ((add (uint) (response uint uint))))\n"
    "(define-public (add (n uint)) (ok (+ n u1)))"
)
_FUNCTION = "name, parameters with their types, expressions"

DEFINITIONS = Group(
    "definitions",
    "Definitions",
    (
        definition(
            "(define-constant name value)", "name, expression", "bind_name",
            "Names a value. The expression is evaluated once, when the contract is deployed.",
            gives("(define-constant fee u250)\n(* fee u2)", "u500"),
            fails("(define-constant fee u1)\n(define-constant fee u2)", "NameAlreadyUsed"),
        ),
        definition(
            "(define-private (name (parameter type) ...) body ... last)", _FUNCTION,
            "bind_name user_function_application inner_type_check_cost",
            "A function for this contract alone. It may return any type.",
            gives("(define-private (twice (n uint)) (* n u2))\n(twice u21)", "u42"),
        ),
        definition(
            "(define-public (name (parameter type) ...) body ... last)", _FUNCTION,
            "bind_name user_function_application inner_type_check_cost",
            """A function that transactions and other contracts may call. It must return a response;
            with an error everything it changed is undone.""",
            gives("(define-public (pay (n uint)) (if (> n u0) (ok n) (err false)))\n(pay u5)",
                  "(ok u5)"),
            fails("(define-public (greet) true)", "PublicFunctionMustReturnResponse"),
        ),
        definition(
            "(define-read-only (name (parameter type) ...) body ... last)", _FUNCTION,
            "bind_name user_function_application inner_type_check_cost",
            """A function that everybody may call and that cannot change anything: what could change
            the state is refused inside. Nodes answer it without a transaction.""",
            gives("(define-read-only (next (n uint)) (+ n u1))\n(next u41)", "u42"),
            fails("(define-data-var n uint u0)\n(define-read-only (answer) (var-set n u1))",
                  "WriteAttemptedInReadOnly"),
        ),
        definition(
            "(define-data-var name type value)", "name, type, expression", "create_var",
            "A variable that is kept on the chain, with its first value.",
            gives("(define-data-var count uint u0)\n(var-get count)", "u0"),
        ),
        definition(
            "(define-map name key-type value-type)", "name, type, type", "create_map",
            """A table that is kept on the chain. Nobody can list its keys, not even the contract
            itself.""",
            gives("(define-map owners uint principal)\n(map-get? owners u1)", "none"),
        ),
        definition(
            "(define-fungible-token name [supply])", "name, uint", "create_ft",
            "A token of equal units, such as a currency. With a supply no more than that can exist.",
            gives("(define-fungible-token gold u1000)\n(ft-get-supply gold)", "u0"),
        ),
        definition(
            "(define-non-fungible-token name type)", "name, type of the ids", "create_nft",
            "A kind of token of which every piece has its own id and one owner.",
            gives("(define-non-fungible-token ticket uint)\n(nft-get-owner? ticket u1)", "none"),
        ),
        definition(
            "(define-trait name ((function (type ...) type) ...))",
            "name, functions with types of parameters and result", "",
            """A promise about functions. A parameter of type `<name>` takes every contract that has
            them, and `contract-call?` may call them.""",
            gives("(define-trait counter ((count (uint) (response uint uint))))\n(+ 1 1)", "2"),
        ),
        definition(
            "(use-trait name contract.trait)", "name, trait of another contract", "",
            "Makes a trait of another contract known under a name, as the type `<name>`.",
            gives(
                "(use-trait adder .counter.adder)\n"
                "(define-public (ask (who <adder>)) (contract-call? who add u41))\n"
                "(ask .counter)",
                "(ok u42)",
                counter=_COUNTER,
            ),
            fails("(use-trait token .nobody.token)", "NoSuchContract"),
        ),
        definition(
            "(impl-trait contract.trait)", "trait of another contract", "",
            """Promises that this contract has all functions of a trait; deployment is refused if it
            does not. Without this form it can still be used for the trait, and is checked when
            called.""",
            gives(
                "(impl-trait .counter.adder)\n"
                "(define-public (add (n uint)) (ok (* n u2)))\n"
                "(add u21)",
                "(ok u42)",
                counter=_COUNTER,
            ),
            fails("(impl-trait .nobody.token)", "TraitReferenceUnknown"),
        ),
    ),
)  # fmt: skip
