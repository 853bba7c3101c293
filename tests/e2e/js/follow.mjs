// A transfer, followed over the WebSocket instead of by asking.
//
//   node follow.mjs URL SENDER_SECRET RECIPIENT
//
// Prints the notifications as lines of JSON; ends when the transaction is signed.
import WebSocket from 'ws';
import { connect } from './client_v7.mjs';

const [url, senderKey, recipient] = process.argv.slice(2);
const client = connect(url);
const transaction = await client.transfer({ recipient, amount: 4242n, senderKey });
const txid = `0x${transaction.txid()}`;

const socket = new WebSocket(`${url.replace('http', 'ws')}/extended/v1/ws`);
const subscriptions = [
  { event: 'tx_update', tx_id: txid },
  { event: 'address_tx_update', address: recipient },
  { event: 'address_balance_update', address: recipient },
  { event: 'block' },
  { event: 'mempool' },
];
let acknowledged = 0;
const heard = new Set();

socket.on('open', () => {
  subscriptions.forEach((params, id) =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'subscribe', params }))
  );
});

socket.on('message', async data => {
  const message = JSON.parse(data);
  if (message.error) throw new Error(JSON.stringify(message.error));
  if ('result' in message) {
    acknowledged += 1;
    if (acknowledged < subscriptions.length) return;
    const answer = await client.broadcast(transaction);
    if (answer.error) throw new Error(JSON.stringify(answer));
    console.log(JSON.stringify({ method: 'sent', params: { txid } }));
    return;
  }
  console.log(JSON.stringify(message));
  heard.add(message.method);
  if (message.method === 'tx_update' && message.params.btczs_status === 'signed') heard.add('signed');
  if (heard.has('signed') && subscriptions.every(({ event }) => heard.has(event))) socket.close();
});
socket.on('close', () => clearTimeout(patience));
const patience = setTimeout(() => {
  console.error(`heard only ${[...heard].join(', ')}`);
  process.exit(1);
}, 30_000);
