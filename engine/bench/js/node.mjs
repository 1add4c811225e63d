// In Node: `run [--quick]` times all cases and plain JavaScript, `packages FOLDER INPUTS [--quick]` what npm installed
// into a folder, `bits FIRST COUNT` prints hashes of random books. JSON or lines on standard output.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import * as bench from "./margin_bench.js";
import { cases, effort, memory, plain, pricer } from "./harness.js";

const [command, ...rest] = process.argv.slice(2);
const instance = () => bench.initSync({ module: readFileSync(new URL("./margin_bench_bg.wasm", import.meta.url)) });

if (command === "run") {
  const wasm = instance();
  const found = [memory(bench, wasm)];
  found.push(...(await cases(bench, effort(rest.includes("--quick")))));
  found.push(...(await plain(JSON.parse(bench.inputs()), effort(rest.includes("--quick")))));
  console.log(JSON.stringify(found));
} else if (command === "packages") {
  const inputs = JSON.parse(readFileSync(rest[1], "utf8"));
  console.log(JSON.stringify(await packages(rest[0], inputs, effort(rest.includes("--quick")))));
} else if (command === "bits") {
  instance();
  const books = new bench.BookHashes();
  const [first, count] = rest.map(Number);
  const lines = [];
  for (let book = first; book < first + count; book++) lines.push(books.hash(book).toString(16).padStart(16, "0"));
  console.log(lines.join("\n"));
} else {
  console.error("node.mjs run [--quick] | packages FOLDER INPUTS [--quick] | bits FIRST COUNT");
  process.exitCode = 2;
}

/** The packages, each by the call of it that does least beside the price. */
async function packages(folder, inputs, effort) {
  const require = createRequire(pathToFileURL(join(folder, "package.json")));
  const found = [];
  for (const [name, note, make] of [
    ["@uqee/black-scholes", "`option` in double precision, which has no price without five sensitivities", greeks],
    ["@quantlib/ql", "`blackFormula1`, one call for each price", blackFormula],
  ]) {
    try {
      const path = require.resolve(name);
      const library = await import(pathToFileURL(path).href);
      found.push(await pricer(name, note, inputs, make(library, inputs), effort));
    } catch (error) {
      found.push({ peer: name, case: "kernel", missing: String(error.message ?? error).split("\n")[0] });
    }
  }
  return found;
}

/** One price after the other, by a function of option, expiry, forward, vol and discount factor. */
function each(inputs, price) {
  const prices = new Float64Array(inputs.options * inputs.slides);
  const run = () => {
    for (let option = 0, out = 0; option < inputs.options; option++) {
      const expiry = inputs.expiries[option];
      for (let slide = 0; slide < inputs.slides; slide++, out++) {
        const vol = inputs.vols[3 * option + inputs.vol_kinds[slide]];
        prices[out] = price(option, expiry, inputs.forwards[expiry * inputs.slides + slide], vol);
      }
    }
  };
  return { prices, run };
}

function greeks(library, inputs) {
  const { BlackScholes } = library.BlackScholes ? library : library.default;
  const pricer = new BlackScholes({ sigmaToPricePrecision: "double" });
  const rates = inputs.years.map((years, expiry) => -Math.log(inputs.discount_factors[expiry]) / years);
  return each(inputs, (option, expiry, forward, sigma) => {
    return pricer.option({
      rate: rates[expiry],
      sigma,
      strike: inputs.strikes[option],
      time: inputs.years[expiry],
      type: inputs.is_call[option] ? "call" : "put",
      underlying: forward * inputs.discount_factors[expiry],
    }).price;
  });
}

function blackFormula(library, inputs) {
  const { blackFormula1, Option } = library;
  const roots = inputs.years.map(Math.sqrt);
  return each(inputs, (option, expiry, forward, vol) => {
    const type = inputs.is_call[option] ? Option.Type.Call : Option.Type.Put;
    return blackFormula1(type, inputs.strikes[option], forward, vol * roots[expiry], inputs.discount_factors[expiry]);
  });
}
