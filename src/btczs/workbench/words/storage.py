"""Words of data variables, maps, and the tokens a contract defines."""

from btczs.workbench.words.model import Group, fails, function, gives

_MAP = "(define-map ages { name: (string-ascii 10) } uint)\n"
_VAR = "(define-data-var count uint u5)\n"
_FT = "(define-fungible-token gold)\n"
_NFT = "(define-non-fungible-token ticket uint)\n"
_OTHER = "'ST1SJ3DTE5DN7X54YDH5D64R3BCB6A2AG2ZQ8YPD5"

STORAGE = Group(
    "storage",
    "Variables and maps",
    (
        function(
            "(var-get name)", "name of a data variable", "A", "fetch_var",
            "The value of a data variable of this contract.",
            gives(_VAR + "(var-get count)", "u5"),
        ),
        function(
            "(var-set name value)", "name of a data variable, A", "bool", "set_var",
            "Changes a data variable. Always true.",
            gives(_VAR + "(var-set count (+ (var-get count) u1))\n(var-get count)", "u6"),
            fails(_VAR + "(var-set count true)", "TypeError"),
        ),
        function(
            "(map-get? name key)", "name of a map, its key", "(optional A)", "fetch_entry",
            "The entry of a map under a key, or `none`.",
            gives(_MAP + '(map-get? ages { name: "Eve" })', "none"),
            gives(_MAP + '(map-set ages { name: "Bob" } u42)\n(map-get? ages { name: "Bob" })',
                  "(some u42)"),
        ),
        function(
            "(map-set name key value)", "name of a map, its key, its value", "bool", "set_entry",
            "Writes an entry of a map, whether or not there was one. Always true.",
            gives(_MAP + '(map-set ages { name: "Bob" } u1)', "true"),
        ),
        function(
            "(map-insert name key value)", "name of a map, its key, its value", "bool",
            "set_entry",
            """Writes an entry of a map unless there is one already; then it changes nothing and
            says false.""",
            gives(_MAP + '(list (map-insert ages { name: "Bob" } u1)\n'
                  '  (map-insert ages { name: "Bob" } u2))', "(list true false)"),
        ),
        function(
            "(map-delete name key)", "name of a map, its key", "bool", "set_entry",
            "Removes an entry of a map; false if there was none.",
            gives(_MAP + '(map-delete ages { name: "Bob" })', "false"),
        ),
    ),
)  # fmt: skip

TOKENS = Group(
    "tokens",
    "Tokens of the contract",
    (
        function(
            "(ft-mint? token amount recipient)", "name of a fungible token, uint, principal",
            "(response bool uint)", "ft_mint",
            """Makes new units of a token for an account. `(err u1)` for an amount of zero. More
            than the supply that the token was defined with aborts.""",
            gives(_FT + "(ft-mint? gold u100 tx-sender)", "(ok true)"),
            gives(_FT + "(ft-mint? gold u0 tx-sender)", "(err u1)"),
            fails("(define-fungible-token rare u10)\n(ft-mint? rare u11 tx-sender)",
                  "SupplyOverflow"),
        ),
        function(
            "(ft-transfer? token amount sender recipient)",
            "name of a fungible token, uint, principal, principal", "(response bool uint)",
            "ft_transfer",
            """Moves units of a token. It does not look at who asks: the contract must check that
            itself. `(err u1)`: not enough; `(err u2)`: sender and recipient are the same;
            `(err u3)`: an amount of zero.""",
            gives(_FT + "(ft-mint? gold u100 tx-sender)\n"
                  f"(ft-transfer? gold u30 tx-sender {_OTHER})", "(ok true)"),
            gives(_FT + f"(ft-transfer? gold u30 tx-sender {_OTHER})", "(err u1)"),
        ),
        function(
            "(ft-burn? token amount owner)", "name of a fungible token, uint, principal",
            "(response bool uint)", "ft_burn",
            "Destroys units of a token. `(err u1)` for an amount of zero or more than there is.",
            gives(_FT + "(ft-mint? gold u100 tx-sender)\n(ft-burn? gold u100 tx-sender)",
                  "(ok true)"),
            gives(_FT + "(ft-burn? gold u1 tx-sender)", "(err u1)"),
        ),
        function(
            "(ft-get-balance token owner)", "name of a fungible token, principal", "uint",
            "ft_balance",
            "How many units of a token an account has.",
            gives(_FT + "(ft-mint? gold u7 tx-sender)\n(ft-get-balance gold tx-sender)", "u7"),
        ),
        function(
            "(ft-get-supply token)", "name of a fungible token", "uint", "ft_get_supply",
            "How many units of a token there are.",
            gives(_FT + "(ft-mint? gold u7 tx-sender)\n(ft-get-supply gold)", "u7"),
        ),
        function(
            "(nft-mint? asset id recipient)", "name of a non-fungible token, its id, principal",
            "(response bool uint)", "nft_mint",
            "Makes a token with an id that nobody has yet; otherwise `(err u1)`.",
            gives(_NFT + "(nft-mint? ticket u1 tx-sender)", "(ok true)"),
            gives(_NFT + "(nft-mint? ticket u1 tx-sender)\n(nft-mint? ticket u1 tx-sender)",
                  "(err u1)"),
        ),
        function(
            "(nft-transfer? asset id sender recipient)",
            "name of a non-fungible token, its id, principal, principal", "(response bool uint)",
            "nft_transfer",
            """Gives a token to another account. It does not look at who asks. `(err u1)`: the
            sender is not its owner; `(err u2)`: sender and recipient are the same; `(err u3)`:
            there is no such token.""",
            gives(_NFT + "(nft-mint? ticket u1 tx-sender)\n"
                  f"(nft-transfer? ticket u1 tx-sender {_OTHER})", "(ok true)"),
            gives(_NFT + f"(nft-transfer? ticket u1 tx-sender {_OTHER})", "(err u3)"),
        ),
        function(
            "(nft-burn? asset id owner)", "name of a non-fungible token, its id, principal",
            "(response bool uint)", "nft_burn",
            """Destroys a token. `(err u1)`: the account is not its owner; `(err u3)`: there is no
            such token.""",
            gives(_NFT + "(nft-mint? ticket u1 tx-sender)\n(nft-burn? ticket u1 tx-sender)",
                  "(ok true)"),
        ),
        function(
            "(nft-get-owner? asset id)", "name of a non-fungible token, its id",
            "(optional principal)", "nft_owner",
            "Who has a token, or `none` if nobody does.",
            gives(_NFT + f"(nft-mint? ticket u1 {_OTHER})\n(nft-get-owner? ticket u1)",
                  f"(some {_OTHER})"),
            gives(_NFT + "(nft-get-owner? ticket u2)", "none"),
        ),
    ),
)  # fmt: skip

COINS = Group(
    "coins",
    "The coin of the network (STX)",
    (
        function(
            "(stx-transfer? amount sender recipient)", "uint, principal, principal",
            "(response bool uint)", "stx_transfer",
            """Moves coins, in base units. `(err u1)`: not enough; `(err u2)`: sender and recipient
            are the same; `(err u3)`: an amount of zero; `(err u4)`: the sender is not
            `tx-sender`, and only who sends may spend.""",
            gives(f"(stx-transfer? u5 tx-sender {_OTHER})", "(ok true)"),
            gives(f"(stx-transfer? u5 {_OTHER} tx-sender)", "(err u4)"),
        ),
        function(
            "(stx-transfer-memo? amount sender recipient memo)",
            "uint, principal, principal, (buff 34)", "(response bool uint)", "stx_transfer_memo",
            "`stx-transfer?` with a note that stands in the event.",
            gives(f"(stx-transfer-memo? u5 tx-sender {_OTHER} 0x010203)", "(ok true)"),
        ),
        function(
            "(stx-burn? amount owner)", "uint, principal", "(response bool uint)", "stx_transfer",
            """Destroys coins. `(err u1)`: not enough; `(err u3)`: an amount of zero; `(err u4)`:
            the owner is not `tx-sender`.""",
            gives("(stx-burn? u5 tx-sender)", "(ok true)"),
            gives("(stx-burn? u0 tx-sender)", "(err u3)"),
        ),
        function(
            "(stx-get-balance owner)", "principal", "uint", "stx_balance",
            "The coins of an account that are not locked.",
            gives("(> (stx-get-balance tx-sender) u0)", "true"),
            gives("(stx-get-balance .nobody)", "u0"),
        ),
        function(
            "(stx-account owner)", "principal",
            "{locked: uint, unlock-height: uint, unlocked: uint}", "stx_account",
            """Locked and unlocked coins of an account, and the height on layer 1 at which the locked
            ones become free.""",
            gives("(stx-account .nobody)", "{locked: u0, unlock-height: u0, unlocked: u0}"),
        ),
    ),
)  # fmt: skip
