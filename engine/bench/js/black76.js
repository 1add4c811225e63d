// Options on slides in plain JavaScript, price only, as one would write it where speed matters: typed arrays, logarithms
// of strikes and forwards taken once, total vols once for each option and kind, nothing allocated in a run.

/** What both pricers hold. */
class Pricer {
  constructor(inputs) {
    this.options = inputs.options;
    this.slides = inputs.slides;
    this.strikes = Float64Array.from(inputs.strikes);
    this.isCall = Uint8Array.from(inputs.is_call, Number);
    this.expiries = Uint32Array.from(inputs.expiries);
    this.vols = Float64Array.from(inputs.vols);
    this.years = Float64Array.from(inputs.years);
    this.discountFactors = Float64Array.from(inputs.discount_factors);
    this.forwards = Float64Array.from(inputs.forwards);
    this.volKinds = Uint8Array.from(inputs.vol_kinds);
    this.lnForwards = new Float64Array(this.forwards.length);
    this.totalVols = new Float64Array(3);
    this.prices = new Float64Array(this.options * this.slides);
  }

  takeLogarithms() {
    const { forwards, lnForwards } = this;
    for (let index = 0; index < forwards.length; index++) lnForwards[index] = Math.log(forwards[index]);
  }

  takeTotalVols(option, expiry) {
    const root = Math.sqrt(this.years[expiry]);
    for (let kind = 0; kind < 3; kind++) this.totalVols[kind] = this.vols[3 * option + kind] * root;
  }
}

/** J. F. Hart's rational function for the normal distribution, as in G. West, "Better approximations to cumulative normal
 * functions" (Wilmott, 2005); double precision. */
function normalDistribution(x) {
  const z = Math.abs(x);
  if (z > 37) return x > 0 ? 1 : 0;
  const exponential = Math.exp(-0.5 * z * z);
  let tail;
  if (z < 7.07106781186547) {
    const numerator =
      (((((0.0352624965998911 * z + 0.700383064443688) * z + 6.37396220353165) * z + 33.912866078383) * z +
        112.079291497871) * z + 221.213596169931) * z + 220.206867912376;
    const denominator =
      ((((((0.0883883476483184 * z + 1.75566716318264) * z + 16.064177579207) * z + 86.7807322029461) * z +
        296.564248779674) * z + 637.333633378831) * z + 793.826512519948) * z + 440.413735824752;
    tail = (exponential * numerator) / denominator;
  } else {
    tail = exponential / (2.506628274631 * (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))));
  }
  return x > 0 ? 1 - tail : tail;
}

/** D·(F·N(d1) − K·N(d2)), and puts likewise. */
export class PlainBlack76 extends Pricer {
  run() {
    this.takeLogarithms();
    const { slides, volKinds, totalVols, forwards, lnForwards, prices } = this;
    for (let option = 0; option < this.options; option++) {
      const expiry = this.expiries[option];
      const strike = this.strikes[option];
      const lnStrike = Math.log(strike);
      const discountFactor = this.discountFactors[expiry];
      const sign = this.isCall[option] === 1 ? 1 : -1;
      this.takeTotalVols(option, expiry);
      const first = expiry * slides;
      const out = option * slides;
      for (let slide = 0; slide < slides; slide++) {
        const forward = forwards[first + slide];
        const totalVol = totalVols[volKinds[slide]];
        const d1 = (lnForwards[first + slide] - lnStrike) / totalVol + 0.5 * totalVol;
        const d2 = d1 - totalVol;
        prices[out + slide] =
          discountFactor * sign * (forward * normalDistribution(sign * d1) - strike * normalDistribution(sign * d2));
      }
    }
  }
}

/** The formula of this repository's kernel (`engine/pricing/src/grid.rs`), its coefficients included, one number at a
 * time. */
export class OneExponential extends Pricer {
  run() {
    this.takeLogarithms();
    const { slides, volKinds, totalVols, forwards, lnForwards, prices } = this;
    for (let option = 0; option < this.options; option++) {
      const expiry = this.expiries[option];
      const strike = this.strikes[option];
      const lnStrike = Math.log(strike);
      const discountFactor = this.discountFactors[expiry];
      const isCall = this.isCall[option] === 1;
      this.takeTotalVols(option, expiry);
      const first = expiry * slides;
      const out = option * slides;
      for (let slide = 0; slide < slides; slide++) {
        const forward = forwards[first + slide];
        const totalVol = totalVols[volKinds[slide]];
        const moneyness = Math.abs(lnForwards[first + slide] - lnStrike) / totalVol;
        const near = moneyness - 0.5 * totalVol;
        const zNear = Math.min(Math.abs(near), 37.5);
        const zFar = Math.min(moneyness + 0.5 * totalVol, 37.5);
        const lower = Math.min(strike, forward);
        const density = lower * Math.exp(-0.5 * zNear * zNear);
        const nearDenominator = millsDenominator(zNear);
        const farDenominator = millsDenominator(zFar);
        const nearNumerator = near < 0 ? -millsNumerator(zNear) : millsNumerator(zNear);
        const difference = nearNumerator * farDenominator - millsNumerator(zFar) * nearDenominator;
        const timeValue = (near < 0 ? lower : 0) + density * (difference / (nearDenominator * farDenominator));
        const intrinsic = isCall ? forward - strike : strike - forward;
        prices[out + slide] = discountFactor * (Math.max(intrinsic, 0) + Math.max(timeValue, 0));
      }
    }
  }
}

function millsNumerator(z) {
  return (
    (((((0.3989496060390871 * z + 7.923894939198332) * z + 72.11254214211515) * z + 383.6756328033625) * z +
      1268.012522882529) * z + 2502.698473088601) * z + 2491.2971011964555
  );
}

function millsDenominator(z) {
  return (
    ((((((z + 19.863018928910975) * z + 181.74389985844186) * z + 981.8001462677335) * z + 3355.19020732669) * z +
      7210.4748755385735) * z + 8980.931933012425) * z + 4982.594202392911
  );
}
