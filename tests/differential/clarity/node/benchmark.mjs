// Measures programs in the reference interpreter (WebAssembly), costs tracked.
//
// In, on standard input: JSON {rounds, programs: [{name, source, version, function, setup, calls}]}
// where `calls` is how many calls one round makes. Out, a JSON line per program:
// {name, result (hex), cost, cpu_us: [per call, one per round], wall_us: […]}.

import { readFileSync } from "node:fs";

import { call, deploy, DEPLOYER, openSession } from "./session.mjs";

const WARM_UP_CALLS = 3;
const { rounds, programs } = JSON.parse(readFileSync(0, "utf8"));
const sdk = await openSession(true);

const prepared = programs.map((program, index) => {
  const name = `p${index}`;
  deploy(sdk, name, program.source, program.version);
  const contract = `${DEPLOYER}.${name}`;
  for (const fn of program.setup) call(sdk, contract, fn, []);
  let answer;
  for (let i = 0; i < WARM_UP_CALLS; i++) answer = call(sdk, contract, program.function, []);
  return { program, contract, result: answer.result, cost: answer.costs, cpu: [], wall: [] };
});

for (let round = 0; round < rounds; round++) {
  for (const { program, contract, cpu, wall } of prepared) {
    const cpuStart = process.cpuUsage();
    const start = process.hrtime.bigint();
    for (let i = 0; i < program.calls; i++) call(sdk, contract, program.function, []);
    const elapsed = Number(process.hrtime.bigint() - start) / 1e3;
    const used = process.cpuUsage(cpuStart);
    cpu.push((used.user + used.system) / program.calls);
    wall.push(elapsed / program.calls);
  }
}

for (const { program, result, cost, cpu, wall } of prepared) {
  const line = { name: program.name, result, cost: JSON.parse(cost), cpu_us: cpu, wall_us: wall };
  process.stdout.write(JSON.stringify(line) + "\n");
}
