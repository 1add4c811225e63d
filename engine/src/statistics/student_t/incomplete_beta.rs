//! The regularised incomplete beta function, as Student's t needs it.

/// No distribution that this is used for comes near: steps grow with the root of the greater parameter.
const MOST_STEPS: u32 = 2_000;

/// I_x(a, b) for positive a and b and x + complement = 1.
///
/// `front` is x^a·(1−x)^b/B(a, b), which the caller knows with fewer roundings. The continued fraction (Abramowitz and
/// Stegun 26.5.8) is evaluated by Lentz's method on the side of the mean on which it converges fast.
pub(super) fn incomplete_beta(a: f64, b: f64, x: f64, complement: f64, front: f64) -> f64 {
    if x * (a + b + 2.0) < a + 1.0 {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, complement) / b
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    // Where a denominator vanishes, Lentz goes on with a tiny one.
    let apart_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / apart_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..=MOST_STEPS {
        let m = f64::from(step);
        let mut factor = 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for numerator in [even, odd] {
            d = 1.0 / apart_from_zero(1.0 + numerator * d);
            c = apart_from_zero(1.0 + numerator / c);
            factor = c * d;
            value *= factor;
        }
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        for step in 1..100 {
            let x = f64::from(step) * 0.01;
            // I_x(a, 1) = x^a and I_x(1, b) = 1 − (1−x)^b; 1/B is the other parameter.
            for parameter in [0.5, 1.0, 3.0, 40.0] {
                let power = x.powf(parameter);
                let ours = incomplete_beta(parameter, 1.0, x, 1.0 - x, parameter * power * (1.0 - x));
                assert!((ours / power - 1.0).abs() < 1e-13, "I_{x}({parameter}, 1) is {ours}");
                let rest = (1.0 - x).powf(parameter);
                let ours = incomplete_beta(1.0, parameter, x, 1.0 - x, parameter * x * rest);
                assert!((ours - (1.0 - rest)).abs() < 1e-13, "I_{x}(1, {parameter}) is {ours}");
            }
        }
    }
}
