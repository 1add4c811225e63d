//! Figures computed once in double precision with NumPy 2.4 and SciPy 1.17, from the same closes.

use std::time::Instant;

use margin_engine::statistics::correlation::correlation_matrix;
use margin_engine::statistics::ewma::filtered_returns;
use margin_engine::statistics::hidden_markov::{FitLimits, HiddenMarkov};
use margin_engine::statistics::moments::{moments, root_mean_square};
use margin_engine::statistics::returns::{log_returns, simple_returns};
use margin_engine::statistics::student_t::StudentT;
use margin_engine::statistics::tail::tail_risk;

use crate::{coins, index, say};

/// Dollars in BTC and in ETH.
const EXPOSURES: [f64; 2] = [600_000.0, 400_000.0];

fn close(name: &str, ours: f64, reference: f64, tolerance: f64) {
    assert!((ours / reference - 1.0).abs() <= tolerance, "{name}: {ours} and not {reference}");
}

fn portfolio(returns: [&[f64]; 2]) -> Vec<f64> {
    returns[0].iter().zip(returns[1]).map(|(btc, eth)| EXPOSURES[0] * btc + EXPOSURES[1] * eth).collect()
}

#[test]
fn historical_value_at_risk_of_two_coins() {
    let Some([btc, eth]) = coins() else { return };
    let returns = [simple_returns(&btc).expect("prices"), simple_returns(&eth).expect("prices")];
    let pnl = portfolio([&returns[0], &returns[1]]);
    assert_eq!(pnl.len(), 2_366);
    // numpy.quantile(-pnl, α, method="inverted_cdf"); the shortfall by its definition on the sorted losses.
    for (confidence, at_risk, shortfall) in [
        (0.95, 51664.148039388194, 78097.1432520503),
        (0.975, 63597.9247602457, 98297.8139843279),
        (0.99, 90029.341472578, 132485.25251418338),
    ] {
        let risk = tail_risk(&pnl, confidence).expect("a sample");
        close("value at risk", risk.value_at_risk, at_risk, 1e-12);
        close("shortfall", risk.expected_shortfall, shortfall, 1e-12);
        assert_eq!(-pnl[risk.index], risk.value_at_risk);
    }
}

#[test]
fn filtered_value_at_risk_of_two_coins() {
    let Some([btc, eth]) = coins() else { return };
    // EWMA from the root mean square of the whole series, in a loop of its own.
    for (lambda, confidence, at_risk, shortfall) in [
        (0.94, 0.975, 48955.962862318745, 72089.17263753833),
        (0.94, 0.99, 68090.02866318787, 95248.45111323948),
        (0.97, 0.975, 48364.59960850637, 70314.43538827176),
        (0.97, 0.99, 65547.74487807666, 93532.89822404068),
    ] {
        let filtered = [&btc, &eth].map(|closes| {
            let returns = simple_returns(closes).expect("prices");
            filtered_returns(&returns, root_mean_square(&returns), lambda).expect("in the domain")
        });
        let risk = tail_risk(&portfolio([&filtered[0], &filtered[1]]), confidence).expect("a sample");
        close("value at risk", risk.value_at_risk, at_risk, 1e-11);
        close("shortfall", risk.expected_shortfall, shortfall, 1e-11);
    }
}

#[test]
fn moments_and_correlation_of_two_coins() {
    let Some([btc, eth]) = coins() else { return };
    let (btc, eth) = (log_returns(&btc).expect("prices"), log_returns(&eth).expect("prices"));
    let ours = moments(&btc).expect("moves");
    // numpy mean and std(ddof=1), scipy.stats skew and kurtosis.
    close("mean", ours.mean, 0.0009017461759213411, 1e-12);
    close("standard deviation", ours.standard_deviation, 0.03196921158947622, 1e-12);
    close("skewness", ours.skewness, -1.3089716255175985, 1e-11);
    close("excess kurtosis", ours.excess_kurtosis, 21.796983410390865, 1e-11);
    close("correlation", correlation_matrix(&[&btc, &eth]).expect("moves")[1], 0.831832774993085, 1e-12);
}

#[test]
fn student_t_of_daily_returns() {
    // scipy.stats.t.logpdf, maximised by scipy.optimize.minimize (Nelder-Mead, 1e-11) from scipy.stats.t.fit.
    let check = |name, closes: Vec<f64>, [nu, location, scale, log_likelihood]: [f64; 4]| {
        let start = Instant::now();
        let fit = StudentT::fit(&log_returns(&closes).expect("prices")).expect("moves");
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        let ours = fit.distribution;
        say(&format!("Student's t of {name}: ν {:.5}, {milliseconds:.1} ms", ours.degrees_of_freedom()));
        close("ν", ours.degrees_of_freedom(), nu, 1e-5);
        close("location", ours.location(), location, 1e-4);
        close("scale", ours.scale(), scale, 1e-5);
        close("log-likelihood", fit.log_likelihood, log_likelihood, 1e-12);
    };
    if let Some([btc, _]) = coins() {
        check("BTC", btc, [2.6430573643582127, 0.0006970990817385089, 0.01856943656203829, 5116.892627350217]);
    }
    if let Some(index) = index() {
        check("S&P 500", index, [2.7352767784550585, 0.0006208678020723057, 0.0068009952726940225, 26443.377813587947]);
    }
}

#[test]
fn hidden_states_of_a_coin() {
    let Some([btc, _]) = coins() else { return };
    let returns = log_returns(&btc).expect("prices");
    // The likelihood as a function of all parameters (logits for probabilities), maximised by BFGS in
    // scipy.optimize.minimize from several starts. Three states have a second peak, at 5155.37, which other starts find.
    let limits = FitLimits { iterations: 3_000, tolerance: 1e-9 };
    for (vols, log_likelihood) in
        [(&[0.01722326, 0.05273862][..], 5100.14441432203), (&[0.01077981, 0.02843461, 0.07526245], 5154.031470392659)]
    {
        let fit = HiddenMarkov::fit(&returns, vols.len(), limits).expect("moves");
        assert!(fit.converged);
        assert!((fit.log_likelihood - log_likelihood).abs() < 1e-3, "{}", fit.log_likelihood);
        for (&ours, &reference) in fit.model.vols().iter().zip(vols) {
            close("vol", ours, reference, 1e-4);
        }
    }
    let start = Instant::now();
    let fit =
        HiddenMarkov::fit(&returns, 3, FitLimits { iterations: 100, tolerance: f64::NEG_INFINITY }).expect("moves");
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    say(&format!("{} days, 3 states, {} rounds: {milliseconds:.0} ms", returns.len(), fit.iterations));
}
