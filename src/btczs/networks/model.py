"""The fields of a network, their units and their meaning."""

import msgspec


class BtczsNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Specification table `[btczs_network]`."""

    chain_id: int
    """Identifies the chain in every transaction (u32). Also `/v2/info.network_id`."""
    network_id: int
    """Number of the peer-to-peer network; not the chain id."""
    burn_fee_cap: int
    """The most a miner commits for one tenure, in zat, unless its operator says otherwise."""
    peer_port: int
    rpc_port: int
    api_port: int
    block_time_ms: int
    """Intended time between sortitions, in milliseconds."""
    microblock_time_ms: int
    """A block is made at least this often while transactions wait, in milliseconds."""


class BtczConnection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Specification table `[btcz_connection]`: how the layer-1 node is reached."""

    rpc_host: str
    rpc_port: int
    rpc_username: str
    rpc_password: str
    network: str
    """`mainnet`, `testnet` or `regtest`."""
    min_confirmations: int
    """Layer-1 confirmations after which something counts as final."""
    chain: str = "bitcoinz"
    """Which Bitcoin-family chain: `bitcoinz`, `bitcoin` or `litecoin`."""


class Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token and its emission. Amounts in base units (1e-8)."""

    name: str
    symbol: str
    decimals: int
    supply_max: int
    reward_initial: int
    """Coinbase of one epoch at the start."""
    halving_epochs: int
    coinbase_maturity_tenures: int
    """A tenure's coinbase and fees can be spent this many tenures later."""


class Fees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Least fees of a transaction in base units: the larger of the flat one and the one by size."""

    base: int
    token_transfer: int
    contract_call: int
    contract_deploy: int
    per_byte: int


class Pox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mining by proof of transfer."""

    magic: str
    """Two ASCII characters that open every operation on layer 1."""
    l1_blocks_per_epoch: int
    """`k`: a sortition happens every k-th layer-1 block."""
    first_l1_height: int
    """The layer-1 block at which epoch 0 begins."""
    commit_window_epochs: int
    commit_frequency_min: int
    """A winner must have committed in at least this many epochs of the window."""
    commit_modulus: int
    reward_cycle_epochs: int
    prepare_phase_epochs: int
    l1_undo_blocks: int
    """The deepest layer-1 reorganisation that is followed."""


class Signers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signer network."""

    count_min: int
    count_max: int
    threshold_permille: int
    """Share of the weight that signs a block, in thousandths; the need is rounded up."""
    stake_min: int
    """Base units stacked behind a signer before it is eligible."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on what comes from outside."""

    block_bytes_max: int
    transaction_bytes_max: int
    mempool_transactions_max: int
    mempool_bytes_max: int
    mempool_chaining_max: int
    """Most transactions of one account that wait at once."""
    mempool_age_tenures_max: int
    block_time_drift_s_max: int
    """How far ahead of the validator's clock a block's time may be, in seconds."""
    undo_blocks: int
    """How many engine heights the store can roll back."""


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules of one network."""

    name: str
    transaction_version: int
    """0x00 mainnet, 0x80 test networks."""
    address_version_single: int
    address_version_multi: int
    btczs_network: BtczsNetwork
    btcz_connection: BtczConnection
    token: Token
    fees: Fees
    pox: Pox
    signers: Signers
    limits: Limits

    @property
    def chain_id(self) -> int:
        return self.btczs_network.chain_id

    @property
    def is_mainnet(self) -> bool:
        return self.transaction_version == 0
