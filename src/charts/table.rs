//! Reading between the values of an ascending axis.

/// The index of the value at or below `at` and how far towards the next one `at` lies (0 up to 1, exactly 0 on a
/// value). `None` outside the axis; an axis of one value knows only that one.
#[must_use]
pub(super) fn bracket(axis: &[f64], at: f64) -> Option<(usize, f64)> {
    let (first, last) = (*axis.first()?, *axis.last()?);
    if !(first..=last).contains(&at) {
        return None;
    }
    let index = axis.partition_point(|value| *value <= at).saturating_sub(1);
    match axis.get(index + 1) {
        Some(next) => Some((index, (at - axis[index]) / (next - axis[index]))),
        None => Some((index, 0.0)),
    }
}

/// The value `share` (0 to 1) of the way along the axis.
#[must_use]
pub(super) fn value_between(axis: &[f64], share: f64) -> f64 {
    let (Some(first), Some(last)) = (axis.first(), axis.last()) else {
        return 0.0;
    };
    // Rounding must not push the value out of the axis.
    (first + (last - first) * share).clamp(*first, first.max(*last))
}

/// How far along the axis a value lies, 0 at its first and 1 at its last value; the middle for an axis without length.
#[must_use]
pub(super) fn share_of(axis: &[f64], value: f64) -> f64 {
    match (axis.first(), axis.last()) {
        (Some(first), Some(last)) if last > first => (value - first) / (last - first),
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_hold_between_and_on_the_values() {
        let axis = [-0.3, 0.0, 0.1];
        assert_eq!(bracket(&axis, -0.3), Some((0, 0.0)));
        assert_eq!(bracket(&axis, 0.0), Some((1, 0.0)));
        assert_eq!(bracket(&axis, 0.05), Some((1, 0.5)));
        assert_eq!(bracket(&axis, 0.1), Some((2, 0.0)));
        for outside in [-0.31, 0.11, f64::NAN] {
            assert_eq!(bracket(&axis, outside), None);
        }
        assert_eq!(bracket(&[], 0.0), None);
        assert_eq!(bracket(&[2.0], 2.0), Some((0, 0.0)));
    }

    #[test]
    fn shares_and_values_are_inverse() {
        let axis = [-0.3, 0.2, 0.7];
        for share in [0.0, 0.2, 0.5, 1.0] {
            assert!((share_of(&axis, value_between(&axis, share)) - share).abs() < 1e-12);
        }
        assert_eq!(share_of(&[1.0], 1.0), 0.5);
        assert_eq!(value_between(&[], 0.5), 0.0);
    }
}
