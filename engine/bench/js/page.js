// In the browser: times all cases and plain JavaScript, and leaves the answer where the driver looks for it.

import init, * as bench from "./margin_bench.js";
import { cases, effort, memory, plain } from "./harness.js";

async function run() {
  const wasm = await init();
  const chosen = effort(location.search === "?quick");
  const found = [memory(bench, wasm)];
  found.push(...(await cases(bench, chosen)));
  found.push(...(await plain(JSON.parse(bench.inputs()), chosen)));
  return found;
}

run().then(
  (found) => (window.answer = JSON.stringify({ found })),
  (error) => (window.answer = JSON.stringify({ failure: String(error) })),
);
