-- The index: derived data only. Everything here can be rebuilt from the node's outbox.
--
-- Amounts are unsigned 128-bit integers as 16-byte big-endian BLOBs (SQLite's integers have 64
-- bits): they sort rightly and are summed in Python. Ordinals are dense, counted from 0, so that
-- "offset n from the newest" is one key and a page costs the same at any depth.

CREATE TABLE blocks (
    height            INTEGER PRIMARY KEY,
    block_id          BLOB NOT NULL UNIQUE,
    block_hash        BLOB NOT NULL,
    parent_block_id   BLOB NOT NULL,
    parent_block_hash BLOB NOT NULL,
    consensus_hash    BLOB NOT NULL,
    tenure_height     INTEGER NOT NULL,
    is_tenure_start   INTEGER NOT NULL,
    timestamp         INTEGER NOT NULL,
    miner             TEXT NOT NULL,
    miner_txid        TEXT NOT NULL,
    state_root        BLOB NOT NULL,
    l1_height         INTEGER NOT NULL,
    l1_hash           TEXT NOT NULL,
    l1_time           INTEGER NOT NULL,
    signatures        BLOB NOT NULL,     -- 65 bytes each, joined
    cost              BLOB NOT NULL,     -- sum over its transactions, MessagePack
    first_ordinal     INTEGER NOT NULL,  -- of its transactions
    tx_count          INTEGER NOT NULL
) STRICT;
CREATE INDEX blocks_by_hash ON blocks (block_hash);
CREATE INDEX blocks_by_l1_height ON blocks (l1_height, height);
CREATE INDEX blocks_by_l1_hash ON blocks (l1_hash, height);
CREATE INDEX blocks_by_tenure ON blocks (tenure_height, height);
CREATE INDEX blocks_by_time ON blocks (timestamp, height);

CREATE TABLE transactions (
    ordinal     INTEGER PRIMARY KEY,
    txid        BLOB NOT NULL UNIQUE,
    height      INTEGER NOT NULL,
    tx_index    INTEGER NOT NULL,
    kind        TEXT NOT NULL,           -- token_transfer, coinbase, tenure_change, …
    sender      TEXT NOT NULL,
    recipient   TEXT,
    event_count INTEGER NOT NULL,
    raw         BLOB NOT NULL,
    receipt     BLOB NOT NULL            -- MessagePack
) STRICT;
CREATE INDEX transactions_by_kind ON transactions (kind, ordinal);
CREATE INDEX transactions_by_sender ON transactions (sender, ordinal);
CREATE INDEX transactions_by_recipient ON transactions (recipient, ordinal)
    WHERE recipient IS NOT NULL;

-- Every address that a transaction concerns, with what it moved there.
CREATE TABLE address_transactions (
    address    TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,         -- among the address's own transactions
    tx_ordinal INTEGER NOT NULL,
    sent       BLOB NOT NULL,            -- fees not included
    received   BLOB NOT NULL,            -- miner rewards not included
    fee        BLOB NOT NULL,            -- paid by this address
    reward     BLOB NOT NULL,            -- matured here
    PRIMARY KEY (address, ordinal)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX address_transactions_by_tx ON address_transactions (tx_ordinal, address);

CREATE TABLE address_events (
    address     TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    tx_ordinal  INTEGER NOT NULL,
    event_index INTEGER NOT NULL,
    PRIMARY KEY (address, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_events_by_tx ON address_events (tx_ordinal);

-- Money that appeared outside transactions: genesis allocations, matured miner rewards.
CREATE TABLE credits (
    height       INTEGER NOT NULL,
    credit_index INTEGER NOT NULL,
    address      TEXT NOT NULL,
    amount       BLOB NOT NULL,
    is_reward    INTEGER NOT NULL,
    PRIMARY KEY (height, credit_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE address_totals (
    address     TEXT PRIMARY KEY,
    sent        BLOB NOT NULL,
    received    BLOB NOT NULL,
    fees        BLOB NOT NULL,
    rewards     BLOB NOT NULL,
    tx_count    INTEGER NOT NULL,
    event_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
