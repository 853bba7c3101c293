// `@stacks/transactions` 6, behind the few verbs that scenario.mjs needs.
import networks from '@stacks/network-v6';
import library from '@stacks/transactions-v6';

const {
  AddressHashMode,
  AddressVersion,
  AnchorMode,
  TransactionVersion,
  addressFromPublicKeys,
  addressToString,
  broadcastTransaction,
  createStacksPublicKey,
  estimateTransaction,
  estimateTransactionByteLength,
  estimateTransfer,
  getAddressFromPrivateKey,
  getNonce,
  makeSTXTokenTransfer,
  publicKeyToString,
  pubKeyfromPrivKey,
  sponsorTransaction,
} = library;

export function connect(url) {
  const network = new networks.StacksDevnet({ url });
  return {
    address: secret => getAddressFromPrivateKey(secret, TransactionVersion.Testnet),
    publicKey: secret => publicKeyToString(pubKeyfromPrivKey(secret)),
    multisigAddress: (publicKeys, required) =>
      addressToString(
        addressFromPublicKeys(
          AddressVersion.TestnetMultiSig,
          AddressHashMode.SerializeP2SH,
          required,
          publicKeys.map(createStacksPublicKey)
        )
      ),
    nonce: address => getNonce(address, network),
    feeEstimate: async transaction => {
      const length = estimateTransactionByteLength(transaction);
      return (await estimateTransaction(transaction.payload, length, network))[1].fee;
    },
    feeByRate: transaction => estimateTransfer(transaction, network),
    transfer: options => makeSTXTokenTransfer({ ...options, network, anchorMode: AnchorMode.Any }),
    sponsor: (transaction, sponsorPrivateKey) =>
      sponsorTransaction({ transaction, sponsorPrivateKey, network }),
    hashMode: transaction => transaction.auth.spendingCondition.hashMode,
    broadcast: transaction => broadcastTransaction(transaction, network),
  };
}
