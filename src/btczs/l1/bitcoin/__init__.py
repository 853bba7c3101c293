"""Bitcoin and Litecoin: 80-byte headers, transactions with and without witness, signature hashes.

`bitcoin.toml` and `litecoin.toml` hold the numbers of their networks; `l1.params` reads them. Use
`l1.wire` and `l1.pow`, which choose by chain.
"""
