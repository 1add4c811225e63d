//! Against 40-digit arithmetic, closed forms and SciPy.

use super::*;

fn standard(nu: f64) -> StudentT {
    StudentT::new(nu, 0.0, 1.0).expect("in the domain")
}

fn close(ours: f64, expected: f64, tolerance: f64) {
    assert!((ours / expected - 1.0).abs() <= tolerance, "{ours} and not {expected}");
}

#[test]
fn ratio_of_gammas() {
    for (a, expected) in [(0.5, 1.0 / PI.sqrt()), (1.0, PI.sqrt() / 2.0), (1.5, 2.0 / PI.sqrt())] {
        close(gamma_ratio(a), expected, 4e-15);
    }
    for step in 1..400 {
        let a = 0.25 * f64::from(step);
        close(gamma_ratio(a), (libm::lgamma(a + 0.5) - libm::lgamma(a)).exp(), 2e-13);
    }
}

#[test]
fn distribution_and_density_to_sixteen_digits() {
    // 40-digit arithmetic (mpmath).
    for (nu, x, below, density) in [
        (1.0, -30.0, 0.010606402405535423, 0.00035328511230165446),
        (1.0, -0.1, 0.4682744825694464, 0.315158303152268),
        (2.0, -30.0, 0.0005546313409798295, 3.69139222955669e-5),
        (2.5, -2.33, 0.059777315832399835, 0.04800112364053587),
        (5.0, -30.0, 3.859324310248026e-7, 6.401741489594477e-8),
        (5.0, -0.1, 0.4621150705773302, 0.3773381299664312),
        (40.0, -30.0, 2.425453830295104e-29, 3.0995941408068e-29),
        (1000.0, -30.0, 7.687343722021741e-142, 1.2151341190135477e-140),
        (1000.0, -2.33, 0.010002194193269646, 0.02654260868875195),
    ] {
        close(standard(nu).distribution(x), below, 3e-14 + 1e-16 * nu);
        close(standard(nu).distribution(-x), 1.0 - below, 1e-15);
        close(standard(nu).density(x), density, 1e-13);
    }
}

#[test]
fn closed_forms() {
    for step in -400..=400 {
        let t = f64::from(step) * 0.25;
        // Cauchy's distribution, and ν = 2; both lose digits below, where 1 is subtracted.
        let cauchy = 0.5 + t.atan() / PI;
        assert!((standard(1.0).distribution(t) - cauchy).abs() < 1e-15, "{t}");
        let two = 0.5 + 0.5 * t / (2.0 + t * t).sqrt();
        assert!((standard(2.0).distribution(t) - two).abs() < 1e-15, "{t}");
    }
}

#[test]
fn quantiles_of_scipy() {
    // scipy.stats.t.ppf.
    for (nu, probability, expected) in [
        (1.5, 0.005, -17.82031051446281),
        (2.643, 0.01, -5.069478443216386),
        (2.643, 0.3, -0.593082977035265),
        (4.0, 0.01, -3.746947387979197),
        (30.0, 0.025, -2.042272456301238),
        (1000.0, 0.005, -2.580754698065951),
    ] {
        close(standard(nu).quantile(probability).expect("in the domain"), expected, 1e-12);
        let moved = StudentT::new(nu, 3.0, 2.0).expect("in the domain");
        close(moved.quantile(1.0 - probability).expect("in the domain"), 3.0 - 2.0 * expected, 1e-12);
    }
}

#[test]
fn quantile_undoes_distribution() {
    for nu in [0.5, 1.0, 2.2, 7.0, 120.0, 1e4, 1e6] {
        for probability in [1e-200, 1e-12, 1e-4, 0.01, 0.2, 0.499, 0.5, 0.75, 0.999] {
            let t = standard(nu).quantile(probability).expect("in the domain");
            if t > -1e100 {
                close(standard(nu).distribution(t), probability, 1e-12 + 1e-16 * nu);
            }
        }
    }
    assert!(standard(3.0).quantile(0.0).is_err() && standard(3.0).quantile(f64::NAN).is_err());
}

#[test]
fn many_degrees_of_freedom_are_normal() {
    let nearly = standard(1e6);
    close(nearly.quantile(0.01).expect("in the domain"), normal::quantile(0.01).expect("in the domain"), 2e-6);
    close(
        nearly.expected_shortfall(0.99).expect("in the domain"),
        normal::expected_shortfall(0.99).expect("in the domain"),
        3e-6,
    );
}

#[test]
fn shortfall_is_the_mean_of_the_quantiles_beyond() {
    let distribution = StudentT::new(3.0, 0.5, 2.0).expect("in the domain");
    // Midpoints in u = (p/tail)^¼, where the integrand is smooth to the end.
    let (tail, steps) = (0.025, 20_000);
    let mean: f64 = (0..steps)
        .map(|step| {
            let u = (f64::from(step) + 0.5) / f64::from(steps);
            -distribution.quantile(tail * u.powi(4)).expect("in the domain") * 4.0 * u.powi(3) / f64::from(steps)
        })
        .sum();
    close(distribution.expected_shortfall(1.0 - tail).expect("in the domain"), mean, 1e-6);
    assert!(standard(1.0).expected_shortfall(0.99).is_err(), "no mean");
}

#[test]
fn parameters_outside_their_domain_are_refused() {
    for (nu, location, scale) in [(0.1, 0.0, 1.0), (3.0, f64::NAN, 1.0), (3.0, 0.0, 0.0), (f64::NAN, 0.0, 1.0)] {
        assert!(StudentT::new(nu, location, scale).is_err());
    }
}
