// A session of the reference interpreter (WebAssembly, in memory) without any project files.

import {
  CallFnArgs,
  ContractOptions,
  DeployContractArgs,
  SDK,
  SDKOptions,
} from "@stacks/clarinet-sdk-wasm";

export const EPOCH = "4.0";
export const DEPLOYER = "S1G2081040G2081040G2081040G208105NK8PE5";

const noFiles = () => {
  throw new Error("no files are needed");
};

/** A fresh chain at the newest epoch. */
export async function openSession(trackCosts) {
  const sdk = new SDK(noFiles, new SDKOptions(trackCosts, false, false));
  await sdk.initEmptySession({ enabled: false });
  sdk.setEpoch(EPOCH);
  return sdk;
}

export const toHex = (bytes) => Buffer.from(bytes).toString("hex");
export const fromHex = (text) => Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));

export function deploy(sdk, name, code, version, sender = DEPLOYER) {
  return sdk.deployContract(new DeployContractArgs(name, code, new ContractOptions(version), sender));
}

export function call(sdk, contract, name, args, sender = DEPLOYER) {
  return sdk.callPublicFn(new CallFnArgs(contract, name, args, sender));
}

export function read(sdk, contract, name, args, sender = DEPLOYER) {
  return sdk.callReadOnlyFn(new CallFnArgs(contract, name, args, sender));
}
