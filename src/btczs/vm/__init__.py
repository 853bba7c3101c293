"""Virtual machines: what executes transactions.

`clarity` runs the contracts of BTCZS. It sees the world through small Protocols
(`clarity.runtime.views`) that the ledger implements, and knows nothing of blocks or networks.
"""
