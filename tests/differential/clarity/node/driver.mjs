// JSON lines in, JSON lines out: runs Clarity programs in the reference interpreter.
//
// In:  {id, deployer, setup: [{name, code, version}], name, code, version, mint: [[principal, amount]],
//       calls: [{fn, args: [hex], read: bool}]}
// Out: {id, ok, hex, error, calls: [{ok, hex, error, events}]}; `hex` is null where there is no value.
// A line {"panic": …} instead of an answer means: the interpreter is dead, start another process.

import { createInterface } from "node:readline";

import { call, deploy, DEPLOYER, fromHex, openSession, read } from "./session.mjs";

const sdk = await openSession(false);
const out = (value) => process.stdout.write(JSON.stringify(value) + "\n");

function attempt(run) {
  try {
    const { result, events } = run();
    return { ok: true, hex: result || null, error: null, events: JSON.parse(events || "[]") };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || /unreachable|panicked/.test(String(error?.message))) {
      throw error;
    }
    return { ok: false, hex: null, error: String(error?.message ?? error), events: [] };
  }
}

function run(program) {
  const sender = program.deployer ?? DEPLOYER;
  for (const [principal, amount] of program.mint ?? []) sdk.mintSTX(principal, BigInt(amount));
  for (const { name, code, version } of program.setup ?? []) {
    const answer = attempt(() => deploy(sdk, name, code, version, sender));
    if (!answer.ok) return { id: program.id, ...answer, setup_failed: name, calls: [] };
  }
  const answer = attempt(() => deploy(sdk, program.name, program.code, program.version, sender));
  const calls = [];
  if (answer.ok) {
    const contract = `${sender}.${program.name}`;
    for (const { fn, args, read: isRead } of program.calls ?? []) {
      const values = args.map(fromHex);
      const go = isRead ? read : call;
      calls.push(attempt(() => go(sdk, contract, fn, values, sender)));
    }
  }
  return { id: program.id, ...answer, calls };
}

out({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  const program = JSON.parse(line);
  try {
    out(run(program));
  } catch (error) {
    out({ id: program.id, panic: String(error?.stack ?? error) });
    process.exit(3);
  }
}
