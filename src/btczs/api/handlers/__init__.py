"""Handlers: one function per operation, taking a `Call` and returning plain JSON values.

Modules follow what a client asks for: `node` (what the chain is), `fees`, `submit` (sending
transactions), `transactions`, `mempool`, `blocks`, `addresses`, `chain` (supply, times, search),
`layer1`, `faucet`.
Handlers read the index inside one `with index.view()`, and never await inside it.
"""
