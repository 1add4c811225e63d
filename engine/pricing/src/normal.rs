//! The normal distribution: [`norm_cdf`], its density [`norm_pdf`] and its inverse [`norm_quantile`].

use super::mills::polynomial;
use super::numeric::{ln, sqrt};
pub use super::numeric::{norm_cdf, norm_pdf};

/// The x with N(x) = `probability`: relative error about 1e-15 of x, near probabilities of one what their own rounding
/// leaves.
///
/// −∞ at zero, ∞ at one; NaN outside [0, 1]. M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
/// distribution", Applied Statistics 37, 1988, routine PPND16.
pub fn norm_quantile(probability: f64) -> f64 {
    let centred = probability - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180625 - centred * centred;
        return centred * (polynomial(&CENTRE.0, r) / polynomial(&CENTRE.1, r));
    }
    let tail = if centred < 0.0 { probability } else { 1.0 - probability };
    if tail == 0.0 {
        return centred * f64::INFINITY;
    }
    // NaN for a tail below zero.
    let r = sqrt(-ln(tail));
    let distance = if r <= 5.0 {
        polynomial(&MIDDLE.0, r - 1.6) / polynomial(&MIDDLE.1, r - 1.6)
    } else {
        polynomial(&FAR.0, r - 5.0) / polynomial(&FAR.1, r - 5.0)
    };
    if centred < 0.0 { -distance } else { distance }
}

/// Numerator and denominator, from the constant term up, for probabilities from 0.075 to 0.925.
const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.3871328727963665,
        133.14166789178438,
        1971.5909503065513,
        13731.69376550946,
        45921.95393154987,
        67265.7709270087,
        33430.57558358813,
        2509.0809287301227,
    ],
    [
        1.0,
        42.31333070160091,
        687.1870074920579,
        5394.196021424751,
        21213.794301586597,
        39307.89580009271,
        28729.085735721943,
        5226.495278852854,
    ],
);

/// For tails down to e⁻²⁵.
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        1.4234371107496835,
        4.630337846156546,
        5.769497221460691,
        3.6478483247632045,
        1.2704582524523684,
        0.2417807251774506,
        0.022723844989269184,
        0.0007745450142783414,
    ],
    [
        1.0,
        2.053191626637759,
        1.6763848301838038,
        0.6897673349851,
        0.14810397642748008,
        0.015198666563616457,
        0.0005475938084995345,
        1.0507500716444169e-9,
    ],
);

/// For tails beyond.
const FAR: ([f64; 8], [f64; 8]) = (
    [
        6.657904643501103,
        5.463784911164114,
        1.7848265399172913,
        0.29656057182850487,
        0.026532189526576124,
        0.0012426609473880784,
        2.7115555687434876e-5,
        2.0103343992922881e-7,
    ],
    [
        1.0,
        0.599832206555888,
        0.1369298809227358,
        0.014875361290850615,
        0.0007868691311456133,
        1.8463183175100548e-5,
        1.421511758316446e-7,
        2.0442631033899397e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_to_sixteen_digits() {
        // 60-digit arithmetic on these very doubles.
        for (probability, expected) in [
            (1e-300, -37.0470962993612),
            (1e-100, -21.273453560965326),
            (1e-30, -11.464024688443615),
            (1e-12, -7.034483825301132),
            (1e-10, -6.361340902404057),
            (1e-5, -4.264890793922825),
            (0.001, -3.0902323061678136),
            (0.01, -2.326347874040841),
            (0.025, -1.9599639845400543),
            (0.074, -1.4466320671589785),
            (0.075, -1.439531470938456),
            (0.1, -1.2815515655446004),
            (0.25, -0.6744897501960817),
            (0.4, -0.2533471031357997),
            (0.49, -0.025068908258711057),
            (0.6, 0.2533471031357997),
            (0.9, 1.2815515655446006),
            (0.975, 1.9599639845400538),
            (0.99, 2.3263478740408408),
            (0.999, 3.090232306167813),
        ] {
            let ours = norm_quantile(probability);
            assert!((ours / expected - 1.0).abs() < 2e-15, "{probability}: {ours} and not {expected}");
        }
    }

    #[test]
    fn quantiles_undo_the_distribution() {
        for step in -3_700..=500 {
            let x = f64::from(step) * 0.01;
            let error = (norm_quantile(norm_cdf(x)) - x).abs();
            // N(x) above one half is known to a unit in the last place of one, and elsewhere to 1e-13 of itself.
            let known = if x > 0.0 { 4e-16 / norm_pdf(x) } else { 1e-13 / (1.0 - x) };
            assert!(error <= 2e-15 * x.abs() + known, "{x}: off by {error:e}");
        }
    }

    #[test]
    fn quantiles_at_the_ends() {
        assert_eq!(norm_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(norm_quantile(1.0), f64::INFINITY);
        assert_eq!(norm_quantile(0.5), 0.0);
        for outside in [-0.1, 1.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(norm_quantile(outside).is_nan(), "{outside}");
        }
        assert!(norm_quantile(f64::from_bits(1)) > -38.5);
    }
}
