"""The BTCZS chain as an `Application`: state machine, proposals, blocks, side tables.

`application.BtczsChain` is the state machine. `execution` runs a block on the committed state, the
same way for the miner (`assembly`) and for validators. `messages` says what a proposal holds,
`l1_source` how news of layer 1 becomes a message, `tables` what is stored beside the state.

Invariants
- A block is committed only after its state root has been matched; state, undo record, tip and
  outbox go into the store in one write.
- `finalize_block` uses nothing but the messages and the committed state.
- A proposal changes the state by news of layer 1 or by a block, never both.
"""
