"""BitcoinZ: what differs from Bitcoin.

`header` (140 bytes and a solution), `equihash` (its proof of work), `difficulty` (DigiShield),
`transaction` (versions 1 to 4), `sighash` (ZIP 143 and ZIP 243). `chain.toml` holds the numbers of
its networks; `l1.params` reads them. Use `l1.wire` and `l1.pow`, which choose by chain.
"""
