"""Words of contracts, of the assets they may move, and of the chain they run on."""

from btczs.workbench.words.model import Group, fails, function, gives

_OTHER = "'ST1SJ3DTE5DN7X54YDH5D64R3BCB6A2AG2ZQ8YPD5"
_FT = "(define-fungible-token gold)\n(ft-mint? gold u100 tx-sender)\n"
_COUNTER = (
    "(define-trait adder ((add (uint) (response uint uint))))\n"
    "(define-public (add (n uint)) (ok (+ n u1)))"
)

CONTRACTS = Group(
    "contracts",
    "Contracts",
    (
        function(
            "(contract-call? contract function argument ...)",
            "contract or trait parameter, name of a public or read-only function, its arguments",
            "(response A B)", "contract_call load_contract",
            """Calls a function of another contract, by its name or through a trait. There,
            `contract-caller` is this contract and `tx-sender` stays the same. If it returns an
            error, what it changed is undone. A contract cannot come back into itself.""",
            gives("(contract-call? .counter add u5)", "(ok u6)", counter=_COUNTER),
            gives(
                "(use-trait adder .counter.adder)\n"
                "(define-public (ask (who <adder>)) (contract-call? who add u2))\n"
                "(ask .counter)",
                "(ok u3)",
                counter=_COUNTER,
            ),
            fails("(contract-call? .nobody count)", "NoSuchContract"),
        ),
        function(
            "(contract-of trait)", "a parameter of a trait's type", "principal", "contract_of",
            "The principal of the contract that was given for a trait parameter.",
            gives(
                "(use-trait adder .counter.adder)\n"
                "(define-private (who (given <adder>)) (contract-of given))\n"
                "(is-eq (who .counter) .counter)",
                "true",
                counter=_COUNTER,
            ),
        ),
        function(
            "(contract-hash? contract)", "principal", "(response (buff 32) uint)", "contract_hash",
            """SHA-512/256 of a contract's source. `(err u1)` if the principal is no contract,
            `(err u2)` if there is none of that name.""",
            gives("(contract-hash? tx-sender)", "(err u1)"),
            gives("(contract-hash? .nobody)", "(err u2)"),
        ),
        function(
            "(print value)", "A", "A", "print",
            "Records a value as an event of the transaction, and returns it.",
            gives('(print { event: "hello" })', '{event: "hello"}'),
        ),
        function(
            "(as-contract expression)", "A", "A", "as_contract",
            """Evaluates an expression with the contract as `tx-sender` and `contract-caller`, so that
            it can spend what the contract owns. Replaced by `as-contract?` in version 4, which says
            what may be spent.""",
            gives("(is-eq (as-contract tx-sender) tx-sender)", "false"),
        ),
        function(
            "(at-block block-id expression)", "(buff 32), A", "A", "at_block",
            """Evaluated an expression in the state of an older block. It was taken out of the
            language; every contract that uses it is refused now.""",
            fails(
                "(at-block 0x0000000000000000000000000000000000000000000000000000000000000000\n"
                "  (stx-get-balance tx-sender))",
                "AtBlockUnavailable",
            ),
        ),
    ),
)  # fmt: skip

ALLOWANCES = Group(
    "allowances",
    "Limits on what may be moved",
    (
        function(
            "(as-contract? (allowance ...) body ... last)", "allowances, expressions",
            "(response A uint)", "as_contract_safe",
            """Evaluates the body with the contract as `tx-sender`, and lets it move only what the
            allowances say. `(ok last)` if they were kept. Otherwise all that the body did is undone
            and the result is `(err n)`: the place of the first allowance that was broken, or u128 if
            none speaks of what was moved.""",
            gives("(is-eq (unwrap-panic (as-contract? () tx-sender)) current-contract)", "true"),
            gives(
                f"(stx-transfer? u50 tx-sender current-contract)\n"
                f"(as-contract? ((with-stx u10)) (try! (stx-transfer? u50 tx-sender {_OTHER})))",
                "(err u0)",
            ),
        ),
        function(
            "(restrict-assets? owner (allowance ...) body ... last)",
            "principal, allowances, expressions", "(response A uint)", "restrict_assets",
            """Evaluates the body and looks afterwards at what it moved out of `owner`. `(ok last)` if
            the allowances were kept. Otherwise all that the body did is undone and the result is
            `(err n)`: the place of the first allowance that was broken, or u128 if none speaks of
            what was moved. Useful around calls of contracts one does not trust.""",
            gives(
                "(restrict-assets? tx-sender ((with-stx u100))\n"
                f"  (try! (stx-transfer? u50 tx-sender {_OTHER})))",
                "(ok true)",
            ),
            gives(
                "(restrict-assets? tx-sender ()\n"
                f"  (try! (stx-transfer? u50 tx-sender {_OTHER})))",
                "(err u128)",
            ),
        ),
        function(
            "(with-stx amount)", "uint", "an allowance", "",
            "Allows to move or burn up to `amount` base units of the coin.",
            gives(
                "(restrict-assets? tx-sender ((with-stx u49))\n"
                f"  (try! (stx-transfer? u50 tx-sender {_OTHER})))",
                "(err u0)",
            ),
        ),
        function(
            "(with-ft contract token amount)", "principal, (string-ascii 128), uint",
            "an allowance", "",
            """Allows to move up to `amount` units of a fungible token. The token `"*"` stands for
            all of the contract.""",
            gives(
                _FT
                + '(restrict-assets? tx-sender ((with-ft current-contract "gold" u30))\n'
                f"  (try! (ft-transfer? gold u30 tx-sender {_OTHER})))",
                "(ok true)",
            ),
        ),
        function(
            "(with-nft contract asset ids)", "principal, (string-ascii 128), (list 128 A)",
            "an allowance", "",
            """Allows to move the tokens with these ids. The asset `"*"` stands for all of the
            contract.""",
            gives(
                "(define-non-fungible-token ticket uint)\n(nft-mint? ticket u1 tx-sender)\n"
                '(restrict-assets? tx-sender ((with-nft current-contract "ticket" (list u1)))\n'
                f"  (try! (nft-transfer? ticket u1 tx-sender {_OTHER})))",
                "(ok true)",
            ),
        ),
        function(
            "(with-stacking amount)", "uint", "an allowance", "",
            "Allows to lock up to `amount` base units. Replaced by `with-staking` in version 6.",
            gives("(restrict-assets? tx-sender ((with-stacking u100)) true)", "(ok true)"),
        ),
        function(
            "(with-staking amount)", "uint", "an allowance", "",
            "Allows to lock up to `amount` base units.",
            gives("(restrict-assets? tx-sender ((with-staking u100)) true)", "(ok true)"),
        ),
        function(
            "(with-pox)", "nothing", "an allowance", "",
            "Allows changes of what the account has locked that lock nothing more.",
            gives("(restrict-assets? tx-sender ((with-pox)) true)", "(ok true)"),
        ),
        function(
            "(with-all-assets-unsafe)", "nothing", "an allowance", "",
            "Allows everything. Only in `as-contract?`, and only alone.",
            gives("(as-contract? ((with-all-assets-unsafe)) (+ 1 1))", "(ok 2)"),
        ),
    ),
)  # fmt: skip

CHAIN = Group(
    "chain",
    "Blocks",
    (
        function(
            "(get-stacks-block-info? property height)",
            "`header-hash`, `id-header-hash` or `time`; uint", "(optional A)", "block_info",
            "A property of an earlier block of this chain; `none` for the present and the future.",
            gives("(is-some (get-stacks-block-info? time (- stacks-block-height u1)))", "true"),
            gives("(get-stacks-block-info? time stacks-block-height)", "none"),
        ),
        function(
            "(get-tenure-info? property height)",
            "`burnchain-header-hash`, `miner-address`, `time`, `vrf-seed`, `block-reward`, "
            "`miner-spend-total` or `miner-spend-winner`; uint",
            "(optional A)", "block_info",
            """A property of the tenure in which an earlier block was made. A reward is known only
            after some time.""",
            gives("(is-some (get-tenure-info? miner-address (- stacks-block-height u1)))", "true"),
            gives("(get-tenure-info? time u1000000000)", "none"),
        ),
        function(
            "(get-burn-block-info? property height)", "`header-hash` or `pox-addrs`; uint",
            "(optional A)", "burn_block_info",
            "A property of a block of layer 1 that the chain knows.",
            gives("(is-some (get-burn-block-info? header-hash (- burn-block-height u1)))", "true"),
            gives("(get-burn-block-info? header-hash u1000000000)", "none"),
        ),
        function(
            "(get-block-info? property height)",
            "`burnchain-header-hash`, `header-hash`, `id-header-hash`, `miner-address`, `time`, "
            "`vrf-seed` and others; uint",
            "(optional A)", "block_info",
            """A property of an earlier tenure, by its height. Version 3 has
            `get-stacks-block-info?` and `get-tenure-info?` instead.""",
            gives("(get-block-info? time u1000000000)", "none"),
        ),
    ),
)  # fmt: skip
