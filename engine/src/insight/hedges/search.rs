//! The best number of steps, found by steps that double and halve.

/// A size in steps, and what is to be least there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Least {
    /// Whole steps, not negative.
    pub steps: u32,
    /// The function there.
    pub value: f64,
}

/// Where a convex function of whole numbers from 0 to `most` is least, walking from `start`; of others, a place whose
/// neighbours are no better. Each walk doubles its stride while that helps and halves it when it does not, so an
/// evaluation or three suffice where the start was right, and a logarithm of the distance where it was not.
pub(super) fn least(function: &mut dyn FnMut(u32) -> f64, start: u32, most: u32) -> Least {
    let steps = start.min(most);
    let mut best = Least { steps, value: function(steps) };
    loop {
        let before = best.steps;
        best = walk(function, best, most, false);
        best = walk(function, best, most, true);
        // A stride may have stepped over the least; then another walk goes back.
        if best.steps == before {
            return best;
        }
    }
}

/// Walks one way until a single step that way is no better.
fn walk(function: &mut dyn FnMut(u32) -> f64, from: Least, most: u32, upwards: bool) -> Least {
    let mut best = from;
    let mut stride = 1_u32;
    while stride > 0 {
        let room = if upwards { most - best.steps } else { best.steps };
        let move_by = stride.min(room);
        if move_by == 0 {
            break;
        }
        let steps = if upwards { best.steps + move_by } else { best.steps - move_by };
        let value = function(steps);
        if value < best.value {
            best = Least { steps, value };
            stride = stride.saturating_mul(2);
        } else {
            stride = move_by / 2;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_convex_functions_is_found_from_anywhere() {
        let functions: [&dyn Fn(f64) -> f64; 4] = [
            &|x| (x - 37.0).abs() * 3.0 + 0.1 * x,
            &|x| (100.0 - 2.0 * x).max(x * 0.5 - 7.0).max(0.0) + 0.01 * x,
            &|x| x * x,
            &|x| -x,
        ];
        for function in functions {
            let expected = (0..=400).map(|steps| function(f64::from(steps))).fold(f64::INFINITY, f64::min);
            for start in [0, 1, 36, 37, 38, 250, 400, 9_000] {
                let mut evaluations = 0;
                let found = least(
                    &mut |steps| {
                        evaluations += 1;
                        function(f64::from(steps))
                    },
                    start,
                    400,
                );
                assert_eq!(found.value, expected, "from {start}");
                assert!(evaluations < 80, "{evaluations} from {start}");
            }
        }
    }

    #[test]
    fn without_room_the_start_is_the_answer() {
        assert_eq!(least(&mut f64::from, 5, 0), Least { steps: 0, value: 0.0 });
    }
}
