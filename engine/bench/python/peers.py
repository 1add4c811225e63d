"""The same options and slides by NumPy with SciPy, and by QuantLib: `peers.py INPUTS [--quick]`, JSON on standard output.

What is missing is a line that says so.
"""

import json
import sys
import time


def measure(peer, note, units, run, prices, inputs, quick):
    """Nanoseconds of one run, as median and quartiles, as `src/timing.rs` takes them."""
    samples, sample_s = (5, 0.005) if quick else (21, 0.02)

    def timed(repetitions):
        start = time.perf_counter()
        for _ in range(repetitions):
            run()
        return time.perf_counter() - start

    repetitions = 1
    while timed(repetitions) < sample_s:
        repetitions *= 2
    found = sorted(timed(repetitions) * 1e9 / repetitions for _ in range(samples))
    lower, median, upper = (found[(samples - 1) * quarter // 4] for quarter in (1, 2, 3))
    return {
        "peer": peer,
        "note": note,
        "case": "kernel",
        "units": units,
        "median_ns": median,
        "lower_quartile_ns": lower,
        "upper_quartile_ns": upper,
        "samples": samples,
        "repetitions": repetitions,
        "largest_error": largest_error(inputs, prices()),
    }


def largest_error(inputs, prices):
    """The furthest from ours, measured by the larger of forward and strike."""
    largest, slides = 0.0, inputs["slides"]
    for option, (strike, expiry) in enumerate(zip(inputs["strikes"], inputs["expiries"])):
        for slide in range(slides):
            forward = inputs["forwards"][expiry * slides + slide]
            ours, theirs = inputs["prices"][option * slides + slide], float(prices[option * slides + slide])
            error = abs(theirs - ours) / max(forward, strike)
            # What is no number is as far as can be.
            if not error <= largest:
                largest = error if error >= 0.0 else sys.float_info.max
    return largest


def vectorised(inputs, quick):
    """Whole arrays, and expiry by expiry, where less falls out of the cache; the faster one counts."""
    import numpy as np
    import scipy
    from scipy.special import ndtr

    options, slides = inputs["options"], inputs["slides"]
    expiries, kinds = np.array(inputs["expiries"]), np.array(inputs["vol_kinds"])
    strikes, vols = np.array(inputs["strikes"])[:, None], np.array(inputs["vols"]).reshape(options, 3)
    roots, discounts = np.sqrt(inputs["years"]), np.array(inputs["discount_factors"])
    forwards = np.array(inputs["forwards"]).reshape(len(roots), slides)
    signs = np.where(inputs["is_call"], 1.0, -1.0)[:, None]

    class Block:
        """Options that are priced together, their layout made beforehand, and lists that are taken once."""

        def __init__(self, members, forward_rows):
            self.members, self.forwards = members, forward_rows
            self.strikes, self.signs, self.vols = strikes[members], signs[members], vols[members]
            self.roots = roots[expiries[members]][:, None]
            self.signed_discounts = self.signs * discounts[expiries[members]][:, None]
            shape = (len(members), slides)
            self.d1, self.d2, self.prices = np.empty(shape), np.empty(shape), np.empty(shape)

        def run(self):
            d1, d2, prices = self.d1, self.d2, self.prices
            total_vols = (self.vols * self.roots)[:, kinds]
            np.subtract(np.log(self.forwards), np.log(self.strikes), out=d1)
            np.divide(d1, total_vols, out=d1)
            np.multiply(total_vols, 0.5, out=d2)
            np.add(d1, d2, out=d1)
            np.subtract(d1, total_vols, out=d2)
            np.multiply(d1, self.signs, out=d1)
            np.multiply(d2, self.signs, out=d2)
            ndtr(d1, out=d1)
            ndtr(d2, out=d2)
            np.multiply(d1, self.forwards, out=d1)
            np.multiply(d2, self.strikes, out=d2)
            np.subtract(d1, d2, out=prices)
            np.multiply(prices, self.signed_discounts, out=prices)

    whole = Block(np.arange(options), forwards[expiries])
    by_expiry = [Block(np.flatnonzero(expiries == expiry), forwards[expiry][None, :]) for expiry in range(len(roots))]

    def gathered():
        prices = np.empty((options, slides))
        for block in by_expiry:
            prices[block.members] = block.prices
        return prices.ravel()

    name = f"NumPy {np.__version__} with SciPy {scipy.__version__}"
    note = "`scipy.special.ndtr`, all results into arrays that are there"
    units = options * slides
    return min(
        measure(name, f"{note}; whole arrays", units, whole.run, lambda: whole.prices.ravel(), inputs, quick),
        measure(
            name,
            f"{note}; expiry by expiry",
            units,
            lambda: [block.run() for block in by_expiry],
            gathered,
            inputs,
            quick,
        ),
        key=lambda found: found["median_ns"],
    )


def quantlib(inputs, quick):
    """One call for each price, from Python."""
    import QuantLib as ql

    slides, formula = inputs["slides"], ql.blackFormula
    roots = [years**0.5 for years in inputs["years"]]
    calls = []
    for option, expiry in enumerate(inputs["expiries"]):
        right = ql.Option.Call if inputs["is_call"][option] else ql.Option.Put
        for slide, kind in enumerate(inputs["vol_kinds"]):
            forward = inputs["forwards"][expiry * slides + slide]
            total_vol = inputs["vols"][3 * option + kind] * roots[expiry]
            calls.append((right, inputs["strikes"][option], forward, total_vol, inputs["discount_factors"][expiry]))
    prices = []

    def run():
        prices[:] = [formula(*call) for call in calls]

    note = "`blackFormula`, one call from Python for each price"
    return measure(f"QuantLib {ql.__version__}", note, len(calls), run, lambda: prices, inputs, quick)


def main():
    """Each peer by itself, so that one that is missing leaves the others."""
    with open(sys.argv[1], encoding="utf-8") as file:
        inputs = json.load(file)
    found = []
    for name, peer in (("NumPy with SciPy", vectorised), ("QuantLib", quantlib)):
        try:
            found.append(peer(inputs, "--quick" in sys.argv))
        except ImportError as error:
            found.append({"peer": name, "case": "kernel", "missing": str(error)})
    print(json.dumps(found))


main()
