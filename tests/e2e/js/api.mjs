// What the transaction library does not read itself: balances and statuses.

const PATIENCE_MS = 30_000;
const POLL_MS = 100;

async function fetchJson(url) {
  const response = await fetch(url);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

export async function fetchBalance(url, address) {
  return (await fetchJson(`${url}/extended/v1/address/${address}/balances`)).stx.balance;
}

// The transaction, once its `btczs_status` is one of `states`.
export async function until(url, txid, states) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const tx = await fetchJson(`${url}/extended/v1/tx/0x${txid}`);
    if (tx === null) throw new Error(`the node does not know ${txid}`);
    if (states.includes(tx.btczs_status)) return tx;
    if (Date.now() > deadline) throw new Error(`${txid} is still ${tx.tx_status} ${tx.btczs_status}`);
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}
