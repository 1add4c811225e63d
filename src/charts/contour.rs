//! Where a table changes its sign, by marching squares.

/// A point in the table's own coordinates: (column value, row value).
type Place = (f64, f64);
/// A side of a cell: its lower left corner's index, and whether it runs upwards.
type Side = (usize, bool);

/// The lines along which the table is zero, joined end to end. Cells with an unknown corner have none; a table without
/// a change of sign has none at all.
#[must_use]
pub(super) fn zero_lines(columns: &[f64], rows: &[f64], table: &[f64]) -> Vec<Vec<Place>> {
    if table.len() != columns.len() * rows.len() {
        return Vec::new();
    }
    let mut links: Vec<Vec<Side>> = vec![Vec::new(); 2 * table.len()];
    let mut order = Vec::new();
    let mut join = |from: Side, to: Side| {
        for (side, other) in [(from, to), (to, from)] {
            let others = &mut links[slot(side)];
            if others.is_empty() {
                order.push(side);
            }
            others.push(other);
        }
    };
    for row in 0..rows.len().saturating_sub(1) {
        for column in 0..columns.len().saturating_sub(1) {
            let corner = row * columns.len() + column;
            let above = corner + columns.len();
            let values = [table[corner], table[corner + 1], table[above + 1], table[above]];
            // Nearly all cells have one sign.
            let is_gain = values[0] > 0.0;
            if values.iter().all(|value| (*value > 0.0) == is_gain) || values.iter().any(|value| !value.is_finite()) {
                continue;
            }
            let sides: [Side; 4] = [(corner, false), (corner + 1, true), (above, false), (corner, true)];
            let crossed: Vec<Side> = (0..4)
                .filter(|side| (values[*side] > 0.0) != (values[(side + 1) % 4] > 0.0))
                .map(|side| sides[side])
                .collect();
            match crossed[..] {
                [from, to] => join(from, to),
                // A saddle: the sign in the middle says which corners belong together.
                [lower, right, upper, left] => {
                    let middle: f64 = values.iter().sum();
                    if (middle > 0.0) == (values[0] > 0.0) {
                        join(lower, right);
                        join(upper, left);
                    } else {
                        join(left, lower);
                        join(right, upper);
                    }
                }
                _ => {}
            }
        }
    }
    // Lines that end at the edge are walked from there; what is left afterwards is closed.
    let ends: Vec<Side> = order.iter().filter(|side| links[slot(**side)].len() == 1).copied().collect();
    let starts = ends.into_iter().chain(order.iter().copied());
    let mut lines = Vec::new();
    for start in starts {
        let walked = walk(start, &mut links);
        if walked.len() > 1 {
            lines.push(walked.into_iter().map(|side| crossing(side, columns, rows, table)).collect());
        }
    }
    lines
}

/// Where the links of a side are kept.
fn slot((index, upwards): Side) -> usize {
    2 * index + usize::from(upwards)
}

/// Follows links from a side, taking them away, until none is left.
fn walk(start: Side, links: &mut [Vec<Side>]) -> Vec<Side> {
    let mut way = vec![start];
    let mut here = start;
    while let Some(next) = links[slot(here)].pop() {
        let back = &mut links[slot(next)];
        if let Some(index) = back.iter().position(|side| *side == here) {
            back.swap_remove(index);
        }
        way.push(next);
        here = next;
    }
    way
}

/// The point of a side where the table is zero, linear between its ends.
fn crossing((index, upwards): Side, columns: &[f64], rows: &[f64], table: &[f64]) -> Place {
    let (row, column) = (index / columns.len(), index % columns.len());
    let from = (columns[column], rows[row]);
    let (to, next) = if upwards {
        ((from.0, rows[row + 1]), index + columns.len())
    } else {
        ((columns[column + 1], from.1), index + 1)
    };
    let share = table[index] / (table[index] - table[next]);
    (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_has_one_straight_line() {
        let columns = [0.0, 1.0, 2.0];
        let rows = [0.0, 10.0, 20.0];
        let table: Vec<f64> = rows.iter().flat_map(|_| columns.map(|column| column - 0.5)).collect();
        assert_eq!(zero_lines(&columns, &rows, &table), [vec![(0.5, 0.0), (0.5, 10.0), (0.5, 20.0)]]);
    }

    #[test]
    fn a_hill_has_one_closed_line() {
        let axis: Vec<f64> = (-10..=10).map(|index| f64::from(index) / 10.0).collect();
        let table: Vec<f64> = axis.iter().flat_map(|y| axis.iter().map(move |x| 0.45 - x * x - y * y)).collect();
        let lines = zero_lines(&axis, &axis, &table);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].iter().all(|(x, y)| (x.hypot(*y) - 0.45_f64.sqrt()).abs() < 0.01));
    }

    #[test]
    fn saddles_and_unknown_cells_are_no_trouble() {
        let lines = zero_lines(&[0.0, 1.0], &[0.0, 1.0], &[1.0, -1.0, -1.0, 1.0]);
        assert_eq!(lines.len(), 2);
        assert!(zero_lines(&[0.0, 1.0], &[0.0, 1.0], &[1.0, f64::NAN, -1.0, 1.0]).is_empty());
        assert!(zero_lines(&[0.0, 1.0], &[0.0, 1.0], &[0.0; 4]).is_empty());
        assert!(zero_lines(&[0.0, 1.0], &[0.0, 1.0], &[0.0; 3]).is_empty());
        assert!(zero_lines(&[], &[], &[]).is_empty());
    }
}
