//! The largest size that fits, on the grid of whole ticks.

/// More ticks than this are not asked for; what fits there is not limited.
pub(super) const MOST_TICKS: u64 = 1 << 40;

/// So often a stretch of sizes whose ends fit is halved in search of a gap, unless its figures run straight. Sizes up
/// to 32 ticks are looked at one by one where they do not.
const HALVINGS: u32 = 4;

/// Figures within this fraction of each other run straight.
const STRAIGHT: f64 = 1e-9;

/// What is known of a size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    /// Whether it would be accepted.
    pub fits: bool,
    /// What decides that: straight lines between two sizes where the requirement is linear in between.
    pub figures: [f64; 3],
}

#[derive(Clone, Copy)]
struct Point {
    ticks: u64,
    probe: Probe,
}

/// The largest number of ticks that fits, all smaller ones down to the first fitting too; 0 where one tick does not, and
/// none where no size up to [`MOST_TICKS`] is refused.
///
/// That number fits and one more does not: both have been asked for. Between two sizes that fit, all fit where what is
/// free is concave in the size, as under every methodology whose requirement is a greatest loss over slides plus
/// charges on absolute sizes; so doubling and halving find the end of the first stretch. Where a requirement is not
/// convex (a credit that comes in steps, a dampened short option), stretches that do not run straight are also looked
/// at in sixteenths.
///
/// # Errors
/// Those of `probe`.
pub(super) fn largest<E>(mut probe: impl FnMut(u64) -> Result<Probe, E>) -> Result<Option<u64>, E> {
    let mut at = |ticks| Ok(Point { ticks, probe: probe(ticks)? });
    let none = at(0)?;
    // Nothing is always allowed.
    let mut low = Point { probe: Probe { fits: true, ..none.probe }, ..none };
    let mut ticks = 1;
    while ticks <= MOST_TICKS {
        let high = at(ticks)?;
        if let Some(fitting) = end(low, high, HALVINGS, &mut at)? {
            return Ok(Some(fitting));
        }
        low = high;
        ticks *= 2;
    }
    Ok(None)
}

/// The last size that fits before the first that does not, above `low`, which fits, and up to `high`.
fn end<E>(
    low: Point,
    high: Point,
    halvings: u32,
    at: &mut impl FnMut(u64) -> Result<Point, E>,
) -> Result<Option<u64>, E> {
    if high.ticks - low.ticks <= 1 {
        return Ok((!high.probe.fits).then_some(low.ticks));
    }
    if high.probe.fits && halvings == 0 {
        return Ok(None);
    }
    let middle = at(low.ticks + (high.ticks - low.ticks) / 2)?;
    if !middle.probe.fits {
        return end(low, middle, halvings.saturating_sub(1), at);
    }
    let left = if is_straight(low, middle, high) { 0 } else { halvings.saturating_sub(1) };
    match end(low, middle, left, at)? {
        Some(fitting) => Ok(Some(fitting)),
        None => end(middle, high, left, at),
    }
}

fn is_straight(low: Point, middle: Point, high: Point) -> bool {
    let part = (middle.ticks - low.ticks) as f64 / (high.ticks - low.ticks) as f64;
    let figures = low.probe.figures.iter().zip(&middle.probe.figures).zip(&high.probe.figures);
    figures.into_iter().all(|((low, middle), high)| {
        let expected = low + part * (high - low);
        (middle - expected).abs() <= STRAIGHT * (low.abs() + high.abs())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `free` decides.
    fn largest_of(free: impl Fn(f64) -> f64) -> Option<u64> {
        largest_with(free, |_| 0.0)
    }

    /// `free` decides, and `other` is a figure beside it.
    fn largest_with(free: impl Fn(f64) -> f64, other: impl Fn(f64) -> f64) -> Option<u64> {
        let mut asked = 0;
        let found = largest(|ticks| {
            asked += 1;
            let free = free(ticks as f64);
            Ok::<_, ()>(Probe { fits: free >= 0.0, figures: [free, other(ticks as f64), 0.0] })
        });
        assert!(asked < 500, "{asked}");
        found.expect("it never fails")
    }

    #[test]
    fn ends_of_lines_and_bends_are_found() {
        for end in [1_u64, 2, 3, 10, 31, 32, 33, 1_000, 123_456_789, MOST_TICKS - 1] {
            assert_eq!(largest_of(|ticks| end as f64 + 0.5 - ticks), Some(end));
            assert_eq!(largest_of(|ticks| end as f64 - ticks), Some(end), "what leaves nothing fits");
            // First it frees, then it costs.
            let bend = (end / 3) as f64;
            assert_eq!(largest_of(|ticks| (10.0 + ticks).min(10.0 + bend - 2.0 * (ticks - bend))), {
                let last = bend + (10.0 + bend) / 2.0;
                Some(last as u64)
            });
        }
        assert_eq!(largest_of(|ticks| 0.5 - ticks), Some(0));
        assert_eq!(largest_of(|_| -1.0), Some(0));
        assert_eq!(largest_of(|ticks| ticks), None);
    }

    #[test]
    fn the_first_stretch_counts_where_there_are_two() {
        // Refused from 40 to 50, and again from 200.
        let free = |ticks: f64| if (40.0..=50.0).contains(&ticks) { -1.0 } else { 200.0 - ticks };
        assert_eq!(largest_of(free), Some(39));
        // Every small stretch, where figures do not run straight.
        for gap in 1..30 {
            let free = |ticks: f64| if ticks == f64::from(gap) { -1.0 } else { 200.5 - ticks };
            let expected = u64::try_from(gap).expect("positive") - 1;
            assert_eq!(largest_with(free, |ticks| ticks * ticks), Some(expected));
        }
    }
}
