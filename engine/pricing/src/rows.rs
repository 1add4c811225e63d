//! Sums and products over rows of numbers: the loops around the kernel that touch every figure of a revaluation.
//!
//! They are not inlined: within code that is compiled for size they would be compiled for size too.

/// Adds each number of a row to the sum in its place; what one has more than the other is left alone.
#[inline(never)]
pub fn add(row: &[f64], sums: &mut [f64]) {
    for (sum, number) in sums.iter_mut().zip(row) {
        *sum += number;
    }
}

/// `unit`·(`size`·weight) in each place: what one unit gains times how many there are.
///
/// As many places are written as the shortest of the slices has.
#[inline(never)]
pub fn scale(unit: &[f64], size: f64, weights: &[f64], out: &mut [f64]) {
    for ((out, unit), weight) in out.iter_mut().zip(unit).zip(weights) {
        *out = unit * (size * weight);
    }
}

/// Whether all are numbers, neither infinite nor none.
#[inline(never)]
pub fn are_finite(numbers: &[f64]) -> bool {
    // Zero times what is no finite number is none, and stays none in a sum. Eight sums, so that none waits for another.
    let mut zeros = [0.0; 8];
    let (eights, rest) = numbers.as_chunks::<8>();
    for eight in eights {
        for (zero, number) in zeros.iter_mut().zip(eight) {
            *zero += number * 0.0;
        }
    }
    zeros.iter().all(|zero| *zero == 0.0) && rest.iter().all(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_that_is_none_is_found_wherever_it_stands() {
        for length in 0..40 {
            let numbers = vec![-1.5e300; length];
            assert!(are_finite(&numbers));
            for place in 0..length {
                for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    let mut numbers = numbers.clone();
                    numbers[place] = bad;
                    assert!(!are_finite(&numbers), "{bad} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn rows_are_added_and_scaled_place_by_place() {
        let mut sums = [1.0, 2.0, 3.0];
        add(&[10.0, 20.0], &mut sums);
        assert_eq!(sums, [11.0, 22.0, 3.0]);
        scale(&[0.1, -0.2], -3.0, &[1.0, 0.5], &mut sums);
        assert_eq!(sums, [0.1 * -3.0, -0.2 * -1.5, 3.0]);
    }
}
