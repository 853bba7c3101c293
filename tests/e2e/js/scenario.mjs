// What a wallet does, with one version of the library.
//
//   node scenario.mjs URL 6|7 SETTINGS
//
// SETTINGS is JSON: {sender, sponsor, recipient, multisigs: [{name, sequential, secrets}]}; secrets
// are hexadecimal, recipient is an address. Prints one line of JSON per event; exits with 0 if
// everything was sent and mined. Fees and nonces are left to the library wherever it can find them.
import { fetchBalance, until } from './api.mjs';

const [url, version, settingsText] = process.argv.slice(2);
const settings = JSON.parse(settingsText);
const { connect } = await import(`./client_v${version}.mjs`);
const client = connect(url);

const AMOUNTS = { transfer: 1234567n, sponsored: 765432n, funding: 5000000n, multisig: 111111n };
const REQUIRED = 2;
const { recipient, multisigs } = settings;
const sender = client.address(settings.sender);
const sponsor = client.address(settings.sponsor);

function print(event, fields) {
  const json = JSON.stringify({ event, ...fields }, (_, value) =>
    typeof value === 'bigint' ? value.toString() : value
  );
  console.log(json);
}

async function send(name, transaction, fields = {}) {
  const answer = await client.broadcast(transaction);
  if (answer.error) throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
  if (answer.txid !== transaction.txid()) throw new Error(`${name}: another txid came back`);
  print('sent', { name, txid: answer.txid, hash_mode: client.hashMode(transaction), ...fields });
  return answer.txid;
}

async function confirm(name, txid) {
  const tx = await until(url, txid, ['signed', 'anchored', 'final']);
  print('confirmed', { name, txid, tx });
}

async function read(name, address) {
  const nonce = await client.nonce(address);
  print('read', { name, address, nonce, balance: await fetchBalance(url, address) });
}

await read('sender before', sender);
await read('sponsor before', sponsor);

// A transfer whose fee and nonce the library asks the node for.
const transfer = await client.transfer({
  recipient,
  amount: AMOUNTS.transfer,
  memo: `with ${version}`,
  senderKey: settings.sender,
});
print('fees', {
  estimate: await client.feeEstimate(transfer),
  by_rate: await client.feeByRate(transfer),
});
const sent = { transfer: await send('transfer', transfer, { amount: AMOUNTS.transfer }) };

// The sender signs with a fee of 0, then the sponsor adds fee, nonce and signature.
const unpaid = await client.transfer({
  recipient,
  amount: AMOUNTS.sponsored,
  fee: 0n,
  senderKey: settings.sender,
  sponsored: true,
});
const sponsored = await client.sponsor(unpaid, settings.sponsor);
sent.sponsored = await send('sponsored', sponsored, { amount: AMOUNTS.sponsored });

// Multi-signature accounts get their money first.
for (const account of multisigs) {
  account.publicKeys = account.secrets.map(client.publicKey);
  account.address = client.multisigAddress(account.publicKeys, REQUIRED);
  const funding = await client.transfer({
    recipient: account.address,
    amount: AMOUNTS.funding,
    senderKey: settings.sender,
  });
  const name = `funding of ${account.name}`;
  sent[name] = await send(name, funding, { amount: AMOUNTS.funding, address: account.address });
}
for (const [name, txid] of Object.entries(sent)) await confirm(name, txid);

// Twice from each, by two different pairs of the three: the second needs the account's next nonce.
for (const account of multisigs) {
  for (const [round, signerKeys] of [account.secrets.slice(0, 2), account.secrets.slice(1)].entries()) {
    const transaction = await client.transfer({
      recipient,
      amount: AMOUNTS.multisig,
      numSignatures: REQUIRED,
      publicKeys: account.publicKeys,
      signerKeys,
      useNonSequentialMultiSig: !account.sequential,
    });
    const name = `${account.name} ${round}`;
    const txid = await send(name, transaction, { amount: AMOUNTS.multisig, address: account.address });
    await confirm(name, txid);
  }
}

// A refusal arrives in the shape that the library parses.
const tooMuch = await client.transfer({
  recipient,
  amount: 10n ** 18n,
  fee: 1000n,
  senderKey: settings.sender,
});
const { reason, reason_data } = await client.broadcast(tooMuch);
print('refused', { reason, reason_data });

await read('sender after', sender);
await read('sponsor after', sponsor);
for (const account of multisigs) await read(`${account.name} after`, account.address);
