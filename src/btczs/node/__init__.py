"""The composition root: the only place that knows which chain runs here, and in which roles.

`chain/` composes who writes (`consensus`), what executes (`ledger`) and what makes it final
(`finality`) into an `Application` of the engine. Around it:

- `service`: mempool in front, engine in the middle, index and events behind; one owner, no threads.
- `runtime`: a `Node`: the store opened, layer 1 followed, miners and API run and supervised.
- `miner`, `coins`: the layer-1 side of a miner. `voters`: signers that never sign twice.
- `backend`: the node as the API sees it.
- `config`, `run`: a node from its configuration file. `devnet`: a whole network in one process.

Invariants
- Nothing is acknowledged before it is on disk: the mempool's write, or the chain's atomic commit.
- Index and mempool follow the chain and are mended from it at the next start.
- Secrets are in no log, no `repr` and no configuration file.
"""
