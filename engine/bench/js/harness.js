// Medians by the clock of JavaScript, as src/timing.rs takes them natively; run in Node and in the browser.

import { OneExponential, PlainBlack76 } from "./black76.js";

const pause = () => new Promise((done) => setTimeout(done, 0));

/** How often a time is taken, and over how many milliseconds at least: browsers round their clock to a tenth of one. */
export const effort = (quick) => (quick ? { samples: 5, sampleMs: 5 } : { samples: 21, sampleMs: 20 });

/** Times `run(repetitions)`: nanoseconds of one run, as median and quartiles. */
export async function measure(name, units, run, { samples, sampleMs }) {
  const time = (repetitions) => {
    const start = performance.now();
    run(repetitions);
    return performance.now() - start;
  };
  // Optimised code comes after some calls, and from another thread.
  for (const start = performance.now(); performance.now() - start < 5 * sampleMs; ) {
    run(1);
    await pause();
  }
  let repetitions = 1;
  while (time(repetitions) < sampleMs && repetitions < 2 ** 30) repetitions *= 2;
  const found = [];
  for (let sample = 0; sample < samples; sample++) {
    found.push((time(repetitions) * 1e6) / repetitions);
    await pause();
  }
  found.sort((one, other) => one - other);
  const [lower, median, upper] = [1, 2, 3].map((quarter) => found[Math.floor(((samples - 1) * quarter) / 4)]);
  return {
    case: name,
    units,
    median_ns: median,
    lower_quartile_ns: lower,
    upper_quartile_ns: upper,
    samples,
    repetitions,
  };
}

/** The memory of a module that has done nothing before, after one large assessment; it never shrinks. */
export function memory(bench, wasm) {
  const before = wasm.memory.buffer.byteLength;
  const name = "cold/deribit-portfolio/10000";
  const prepared = bench.Prepared.named(name);
  prepared.run(1);
  prepared.free();
  return { case: name, memory_bytes: wasm.memory.buffer.byteLength, memory_bytes_before: before };
}

/** Every case in wasm. */
export async function cases(bench, effort) {
  const measured = [];
  for (const name of bench.caseNames()) {
    const prepared = bench.Prepared.named(name);
    measured.push(await measure(name, prepared.units, (repetitions) => prepared.run(repetitions), effort));
    prepared.free();
  }
  return measured;
}

/** The furthest that prices are from ours, measured by the larger of forward and strike. */
export function largestError(inputs, prices) {
  let largest = 0;
  for (let option = 0; option < inputs.options; option++) {
    const first = inputs.expiries[option] * inputs.slides;
    for (let slide = 0; slide < inputs.slides; slide++) {
      const index = option * inputs.slides + slide;
      const scale = Math.max(inputs.forwards[first + slide], inputs.strikes[option]);
      const error = Math.abs(prices[index] - inputs.prices[index]) / scale;
      // What is no number is as far as can be.
      if (!(error <= largest)) largest = error >= 0 ? error : Number.MAX_VALUE;
    }
  }
  return largest;
}

/** Times a pricer with `run()` and `prices`, and compares its prices. */
export async function pricer(name, note, inputs, pricer, effort) {
  const run = (repetitions) => {
    for (let repetition = 0; repetition < repetitions; repetition++) pricer.run();
  };
  const measured = await measure("kernel", inputs.options * inputs.slides, run, effort);
  return { ...measured, peer: name, note, largest_error: largestError(inputs, pricer.prices) };
}

/** The same options and slides in plain JavaScript. */
export async function plain(inputs, effort) {
  return [
    await pricer(
      "JavaScript, Black-76",
      "two normal distributions by Hart's rational function, logarithms and total vols hoisted, typed arrays",
      inputs,
      new PlainBlack76(inputs),
      effort,
    ),
    await pricer(
      "JavaScript, our kernel's method",
      "this kernel's formula transcribed: one exponential, no lanes",
      inputs,
      new OneExponential(inputs),
      effort,
    ),
  ];
}
