//! Gauss–Legendre quadrature over a quarter of a circle.
//!
//! A time τ is split at u = τ·sin²θ, so that √u = √τ·sin θ and √(τ − u) = √τ·cos θ. The boundary is smooth in √u and
//! the rest of the integrands in √(τ − u), so in θ nothing is singular, at neither end.

/// The most points that a rule has.
pub(super) const MAXIMUM_POINTS: usize = 24;

/// A point of the lower half, 0 < θ < π/4. Its mirror image has sine and cosine exchanged and the same weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// sin θ.
    pub(super) sin: f64,
    /// cos θ.
    pub(super) cos: f64,
    /// The weight of the point; those of both halves add up to π/2.
    pub(super) weight: f64,
}

/// All points of a rule from the lower half of them: as many again, mirrored.
pub(super) fn points(half: &[Point]) -> impl Iterator<Item = Point> {
    let mirrored = half.iter().map(|point| Point { sin: point.cos, cos: point.sin, weight: point.weight });
    half.iter().copied().chain(mirrored)
}

/// Six points.
pub(super) const SIX: &[Point] = &[
    Point { sin: 0.05301345632350839, cos: 0.9985937980223167, weight: 0.13455794165960053 },
    Point { sin: 0.26295674629148197, cos: 0.9648076230937426, weight: 0.28334147689638245 },
    Point { sin: 0.5629800066873557, cos: 0.8264705149430952, weight: 0.36749874484146533 },
];

/// Twelve points.
pub(super) const TWELVE: &[Point] = &[
    Point { sin: 0.01448173776229765, cos: 0.9998951341372674, weight: 0.03705142255562321 },
    Point { sin: 0.07523497391583969, cos: 0.9971658330989299, weight: 0.0839899502316841 },
    Point { sin: 0.17973594380167027, cos: 0.9837148928961698, weight: 0.12572522523767746 },
    Point { sin: 0.31847446499852333, cos: 0.9479314401073025, weight: 0.15956732381048164 },
    Point { sin: 0.47635456854949665, cos: 0.8792532769469915, weight: 0.18338460936423545 },
    Point { sin: 0.6342515662981782, cos: 0.773126736472299, weight: 0.19567963219774645 },
];

/// Twenty-four points.
pub(super) const TWENTY_FOUR: &[Point] = &[
    Point { sin: 0.0037799395738572043, cos: 0.9999928560028907, weight: 0.009692779218975805 },
    Point { sin: 0.01984684255971203, cos: 0.9998030320220128, weight: 0.02240850022834334 },
    Point { sin: 0.04846006632751527, cos: 0.998825120815217, weight: 0.0347754191271444 },
    Point { sin: 0.08909075888684498, cos: 0.9960235121125234, weight: 0.04657299968465168 },
    Point { sin: 0.14089968771805708, cos: 0.9900238774903128, weight: 0.05760619179192755 },
    Point { sin: 0.20269178115797667, cos: 0.9792425858034397, weight: 0.0676935945701255 },
    Point { sin: 0.2728811737386235, cos: 0.9620477457065378, weight: 0.0766695100759055 },
    Point { sin: 0.3494885179781353, cos: 0.9369406468936261, weight: 0.08438653241665875 },
    Point { sin: 0.430184856284271, cos: 0.902740820736318, weight: 0.0907179395513914 },
    Point { sin: 0.5123888224660149, cos: 0.8587535703634022, weight: 0.09555976597719573 },
    Point { sin: 0.5934139833142019, cos: 0.804897412349656, weight: 0.09883250710140552 },
    Point { sin: 0.6706524322117375, cos: 0.741771740610601, weight: 0.1004824236537231 },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_the_sine_integrate_to_their_closed_forms() {
        for (half, highest) in [(SIX, 4), (TWELVE, 12), (TWENTY_FOUR, 30)] {
            // The integrals of sinⁿ over the quarter follow from those two before (Wallis).
            let mut integrals = [std::f64::consts::FRAC_PI_2, 1.0];
            for power in 0..=highest {
                let sum: f64 = points(half).map(|point| point.weight * point.sin.powi(power)).sum();
                assert!((sum - integrals[0]).abs() < 1e-6, "{power}: {sum} and not {}", integrals[0]);
                integrals = [integrals[1], integrals[0] * f64::from(power + 1) / f64::from(power + 2)];
            }
        }
    }

    #[test]
    fn points_lie_on_the_circle_and_weights_add_up() {
        for half in [SIX, TWELVE, TWENTY_FOUR] {
            assert!(points(half).all(|point| (point.sin.hypot(point.cos) - 1.0).abs() < 4e-16));
            let weights: f64 = points(half).map(|point| point.weight).sum();
            assert!((weights - std::f64::consts::FRAC_PI_2).abs() < 1e-15);
        }
    }
}
