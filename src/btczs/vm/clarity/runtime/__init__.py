"""What contract code works with while it runs, whichever evaluator runs it.

Plain functions on plain data: bytes, integers, text, values. They charge nothing and evaluate
nothing; the wrappers of `interpreter.natives` and the code that the compiler makes call them.

- `views`: the Protocols through which a contract sees state and chain; `memory` implements them for
  tools and tests.
- `keys`, `storage`: where contracts keep variables, maps, balances and owners, as bytes.
- `assets`, `allowances`: what moved in a transaction, and what was allowed to.
- `events`: what a contract did, for receipts. `errors`: what can go wrong, one class per kind.
- `values`, `typing`, `equality`, `consensus_buffers`, `plain`: values with their types, and their
  bytes; `contracts`, `contract_records`, `type_codec`: deployed contracts and how they are kept.
- `integers`, `text_numbers`, `principals`, `signatures`, `bitcoin`, `btcz`: what single functions
  of the language compute.

Invariant: the same inputs give the same outputs on every machine; no clock, no randomness, no I/O.
"""
