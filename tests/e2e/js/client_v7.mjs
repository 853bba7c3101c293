// `@stacks/transactions` 7, behind the few verbs that scenario.mjs needs.
import { STACKS_DEVNET, createNetwork } from '@stacks/network';
import {
  AddressHashMode,
  AddressVersion,
  addressFromPublicKeys,
  addressToString,
  broadcastTransaction,
  createStacksPublicKey,
  fetchFeeEstimate,
  fetchFeeEstimateTransfer,
  fetchNonce,
  getAddressFromPrivateKey,
  makeSTXTokenTransfer,
  privateKeyToPublic,
  sponsorTransaction,
} from '@stacks/transactions';

export function connect(baseUrl) {
  const network = createNetwork({ network: STACKS_DEVNET, client: { baseUrl } });
  return {
    address: secret => getAddressFromPrivateKey(secret, network),
    publicKey: secret => privateKeyToPublic(secret),
    multisigAddress: (publicKeys, required) =>
      addressToString(
        addressFromPublicKeys(
          AddressVersion.TestnetMultiSig,
          AddressHashMode.P2SH,
          required,
          publicKeys.map(createStacksPublicKey)
        )
      ),
    nonce: address => fetchNonce({ address, network }),
    feeEstimate: transaction => fetchFeeEstimate({ transaction, network }),
    feeByRate: transaction => fetchFeeEstimateTransfer({ transaction, network }),
    transfer: options => makeSTXTokenTransfer({ ...options, network }),
    sponsor: (transaction, sponsorPrivateKey) =>
      sponsorTransaction({ transaction, sponsorPrivateKey, network }),
    hashMode: transaction => transaction.auth.spendingCondition.hashMode,
    broadcast: transaction => broadcastTransaction({ transaction, network }),
  };
}
