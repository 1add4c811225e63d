//! Linear programs with bounded variables, by the dual simplex method.
//!
//! Minimise Σ c·x subject to A·x ≤ b and 0 ≤ x ≤ u. Small programs that are solved over and over with another bound or
//! another row need little else: a changed bound or an added row leaves the last basis dual feasible, so the next
//! solution is a few pivots away. That serves branch and bound, and rows that are added only once they are violated.
//!
//! The method is the textbook one (Koberstein, *The Dual Simplex Method*, 2005): an explicit inverse of the basis,
//! steepest-edge pricing with norms computed anew, and the ratio test that flips bounded variables on the way. Ties go
//! to the lower index, nothing is random: the same program gives the same bits everywhere.
#![deny(missing_docs)]

/// A row or a bound counts as kept within this; costs and coefficients should be of the order of one.
const FEASIBLE: f64 = 1e-9;
/// Smallest pivot that is trusted.
const PIVOT: f64 = 1e-9;
/// After so many pivots the inverse is computed anew.
const PIVOTS_PER_INVERSE: usize = 80;

/// Why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinearProgramError {
    /// No point satisfies every row and bound.
    #[error("no point satisfies every row and bound")]
    Infeasible,
    /// Rounding or cycling kept it from an end.
    #[error("the simplex method came to no end")]
    Stalled,
}

/// A program with the basis of its last solution.
#[derive(Debug, Clone, Default)]
pub struct LinearProgram {
    /// Entries of each variable: row and coefficient. The slack of a row has the entry one there, which is implied.
    columns: Vec<Vec<(usize, f64)>>,
    cost: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    right_hand_side: Vec<f64>,
    is_slack_basic: Vec<bool>,
    /// The variable at each position of the basis.
    basis: Vec<Variable>,
    is_basic: Vec<bool>,
    is_at_upper: Vec<bool>,
    inverse: Vec<Vec<f64>>,
    pivots_since_inverse: usize,
    work: f64,
}

/// A variable of the program or the slack of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    Structural(usize),
    Slack(usize),
}

use Variable::{Slack, Structural};

impl LinearProgram {
    /// A program of rows `… ≤ right_hand_side` without variables.
    pub fn new(right_hand_side: Vec<f64>) -> LinearProgram {
        let mut program = LinearProgram::default();
        right_hand_side.into_iter().for_each(|limit| {
            program.add_row(&[], limit);
        });
        program
    }

    /// Adds a variable between zero and `upper` with its entries (row, coefficient); its index. Variables come before
    /// the first solution. One that may grow without bound must not lower the cost.
    pub fn add_variable(&mut self, cost: f64, upper: f64, entries: &[(usize, f64)]) -> usize {
        self.columns.push(entries.to_vec());
        self.cost.push(cost);
        self.lower.push(0.0);
        self.upper.push(upper);
        self.is_basic.push(false);
        // The bound that its cost asks for, so that the basis of all slacks is dual feasible.
        self.is_at_upper.push(cost < 0.0);
        self.columns.len() - 1
    }

    /// Adds a row Σ coefficient·variable ≤ `limit`; its index.
    pub fn add_row(&mut self, entries: &[(usize, f64)], limit: f64) -> usize {
        let row = self.right_hand_side.len();
        self.right_hand_side.push(limit);
        self.is_slack_basic.push(true);
        for &(variable, coefficient) in entries {
            self.columns[variable].push((row, coefficient));
        }
        // The new slack is basic: its row of the inverse is the row itself, less what basic variables take of it.
        let mut new_row = vec![0.0; row + 1];
        for (position, variable) in self.basis.iter().enumerate() {
            if let Structural(index) = *variable
                && let Some((_, coefficient)) = entries.iter().find(|(entry, _)| *entry == index)
            {
                add_multiple(&mut new_row, &self.inverse[position], -coefficient);
            }
        }
        new_row[row] = 1.0;
        self.inverse.iter_mut().for_each(|old| old.push(0.0));
        self.inverse.push(new_row);
        self.basis.push(Slack(row));
        row
    }

    /// How many variables there are.
    pub fn variables(&self) -> usize {
        self.columns.len()
    }

    /// Narrows a variable's bounds.
    pub fn set_bounds(&mut self, variable: usize, lower: f64, upper: f64) {
        self.lower[variable] = lower;
        self.upper[variable] = upper;
    }

    /// The bounds of a variable.
    pub fn bounds(&self, variable: usize) -> (f64, f64) {
        (self.lower[variable], self.upper[variable])
    }

    /// The cost of a point.
    pub fn cost_of(&self, point: &[f64]) -> f64 {
        self.cost.iter().zip(point).map(|(cost, value)| cost * value).sum()
    }

    /// Multiplications so far, about: what a solution took, whatever the machine.
    pub fn work(&self) -> f64 {
        self.work
    }

    /// The value of each variable where the cost is least.
    ///
    /// # Errors
    /// There is no point within rows and bounds, or rounding kept the method from an end.
    pub fn solve(&mut self) -> Result<Vec<f64>, LinearProgramError> {
        let limit = 50 * (self.basis.len() + 10) + 2 * self.columns.len();
        let mut values = self.basic_values();
        let mut reduced = self.reduced_costs();
        let entries: usize = self.columns.iter().map(Vec::len).sum();
        let size = self.basis.len();
        let work_per_pivot = (3 * size * size + 4 * entries) as f64;
        self.work += work_per_pivot;
        for _ in 0..limit {
            let Some((position, excess)) = self.leaving(&values) else { return Ok(self.point(&values)) };
            self.work += work_per_pivot;
            let row = self.row(&self.inverse[position]);
            let mut candidates: Vec<(Variable, f64, f64)> = Vec::new();
            for &(variable, alpha) in &row {
                // Which way it may move, and whether that mends the excess.
                let at_upper = matches!(variable, Structural(index) if self.is_at_upper[index]);
                let helps = if at_upper { -alpha } else { alpha } * excess.signum();
                if helps > PIVOT {
                    candidates.push((variable, alpha, reduced[self.place(variable)].abs() / helps));
                }
            }
            let entering = self.ratio_test(candidates, excess.abs(), &mut values)?;
            self.pivot((position, excess > 0.0), entering, &row, &mut values, &mut reduced)?;
        }
        Err(LinearProgramError::Stalled)
    }

    /// Walks up the ratios and flips bounded variables to their other bound, as long as that does not mend the whole
    /// excess; the variable that does is to enter.
    fn ratio_test(
        &mut self,
        mut candidates: Vec<(Variable, f64, f64)>,
        mut excess: f64,
        values: &mut [f64],
    ) -> Result<(Variable, f64), LinearProgramError> {
        while !candidates.is_empty() {
            let least = candidates.iter().fold(f64::INFINITY, |least, candidate| least.min(candidate.2));
            // Of equal ratios the greatest pivot: it keeps the inverse sound.
            let mut best = 0;
            let mut pivot = 0.0;
            for (index, (_, alpha, ratio)) in candidates.iter().enumerate() {
                if *ratio <= least + 1e-12 && alpha.abs() > pivot {
                    (best, pivot) = (index, alpha.abs());
                }
            }
            let (variable, alpha, _) = candidates.swap_remove(best);
            let Structural(index) = variable else { return Ok((variable, alpha)) };
            let mended = pivot * (self.upper[index] - self.lower[index]);
            if mended >= excess || candidates.is_empty() {
                return if mended >= excess - FEASIBLE {
                    Ok((variable, alpha))
                } else {
                    Err(LinearProgramError::Infeasible)
                };
            }
            excess -= mended;
            let step = if self.is_at_upper[index] { -1.0 } else { 1.0 } * (self.upper[index] - self.lower[index]);
            self.is_at_upper[index] = !self.is_at_upper[index];
            let direction = self.direction(variable);
            add_multiple(values, &direction, -step);
        }
        Err(LinearProgramError::Infeasible)
    }

    /// The basic variable to leave and by how much it is beyond its bound: the steepest edge.
    fn leaving(&self, values: &[f64]) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64, f64)> = None;
        for (position, variable) in self.basis.iter().enumerate() {
            let (lower, upper) = self.bounds_of(*variable);
            let value = values[position];
            let excess = if value < lower - FEASIBLE {
                value - lower
            } else if value > upper + FEASIBLE {
                value - upper
            } else {
                continue;
            };
            let norm: f64 = self.inverse[position].iter().map(|entry| entry * entry).sum();
            let steepness = excess * excess / norm;
            if best.is_none_or(|(_, _, greatest)| steepness > greatest) {
                best = Some((position, excess, steepness));
            }
        }
        best.map(|(position, excess, _)| (position, excess))
    }

    /// Every variable outside the basis that may move, with its entry in a row of the inverse times the program.
    fn row(&self, inverse: &[f64]) -> Vec<(Variable, f64)> {
        let mut entries = Vec::with_capacity(self.columns.len());
        for (index, column) in self.columns.iter().enumerate() {
            if !self.is_basic[index] && self.lower[index] != self.upper[index] {
                let entry = column.iter().map(|(row, coefficient)| inverse[*row] * coefficient).sum();
                entries.push((Structural(index), entry));
            }
        }
        let slacks = inverse.iter().enumerate().filter(|(row, _)| !self.is_slack_basic[*row]);
        entries.extend(slacks.map(|(row, entry)| (Slack(row), *entry)));
        entries
    }

    /// Where a variable stands in lists of all: slacks after the others.
    fn place(&self, variable: Variable) -> usize {
        match variable {
            Structural(index) => index,
            Slack(row) => self.columns.len() + row,
        }
    }

    /// Puts a variable into the basis for another, which goes to its upper or its lower bound.
    fn pivot(
        &mut self,
        (position, goes_to_upper): (usize, bool),
        (entering, alpha): (Variable, f64),
        row: &[(Variable, f64)],
        values: &mut Vec<f64>,
        reduced: &mut Vec<f64>,
    ) -> Result<(), LinearProgramError> {
        let leaving = self.basis[position];
        let (lower, upper) = self.bounds_of(leaving);
        let bound = if goes_to_upper { upper } else { lower };

        let dual_step = reduced[self.place(entering)] / alpha;
        for (variable, alpha) in row {
            reduced[self.place(*variable)] -= dual_step * alpha;
        }
        reduced[self.place(leaving)] = -dual_step;
        reduced[self.place(entering)] = 0.0;

        let direction = self.direction(entering);
        let step = (values[position] - bound) / direction[position];
        let start = self.value_outside(entering);
        add_multiple(values, &direction, -step);
        values[position] = start + step;

        self.set_basic(leaving, false);
        if let Structural(index) = leaving {
            self.is_at_upper[index] = goes_to_upper;
        }
        self.set_basic(entering, true);
        self.basis[position] = entering;
        let pivot = direction[position];
        let pivot_row: Vec<f64> = self.inverse[position].iter().map(|entry| entry / pivot).collect();
        for (row, factor) in self.inverse.iter_mut().zip(&direction) {
            if *factor != 0.0 {
                add_multiple(row, &pivot_row, -factor);
            }
        }
        self.inverse[position] = pivot_row;
        self.pivots_since_inverse += 1;
        if self.pivots_since_inverse >= PIVOTS_PER_INVERSE {
            self.invert()?;
            *values = self.basic_values();
            *reduced = self.reduced_costs();
        }
        Ok(())
    }

    fn set_basic(&mut self, variable: Variable, basic: bool) {
        match variable {
            Structural(index) => self.is_basic[index] = basic,
            Slack(row) => self.is_slack_basic[row] = basic,
        }
    }

    fn bounds_of(&self, variable: Variable) -> (f64, f64) {
        match variable {
            Structural(index) => (self.lower[index], self.upper[index]),
            Slack(_) => (0.0, f64::INFINITY),
        }
    }

    /// The value of a variable that is not in the basis.
    fn value_outside(&self, variable: Variable) -> f64 {
        match variable {
            Structural(index) if self.is_at_upper[index] => self.upper[index],
            Structural(index) => self.lower[index],
            Slack(_) => 0.0,
        }
    }

    /// How the basic variables fall as a variable outside grows.
    fn direction(&self, variable: Variable) -> Vec<f64> {
        let inverse = self.inverse.iter();
        match variable {
            Structural(index) => {
                let column = &self.columns[index];
                inverse.map(|row| column.iter().map(|(entry, coefficient)| row[*entry] * coefficient).sum()).collect()
            }
            Slack(entry) => inverse.map(|row| row[entry]).collect(),
        }
    }

    /// What the basic variables are, from the bounds that the others stand at.
    fn basic_values(&self) -> Vec<f64> {
        let mut rest = self.right_hand_side.clone();
        for (index, column) in self.columns.iter().enumerate() {
            let value = self.value_outside(Structural(index));
            if !self.is_basic[index] && value != 0.0 {
                for (row, coefficient) in column {
                    rest[*row] -= coefficient * value;
                }
            }
        }
        self.inverse.iter().map(|row| row.iter().zip(&rest).map(|(entry, value)| entry * value).sum()).collect()
    }

    /// What a unit of each variable, then of each slack, would cost with the basic ones adjusting.
    fn reduced_costs(&self) -> Vec<f64> {
        let mut prices = vec![0.0; self.basis.len()];
        for (row, variable) in self.inverse.iter().zip(&self.basis) {
            if let Structural(index) = *variable {
                add_multiple(&mut prices, row, self.cost[index]);
            }
        }
        let of_column = |(column, cost): (&Vec<(usize, f64)>, &f64)| {
            cost - column.iter().map(|(row, coefficient)| prices[*row] * coefficient).sum::<f64>()
        };
        let structural = self.columns.iter().zip(&self.cost).map(of_column);
        structural.chain(prices.iter().map(|price| -price)).collect()
    }

    fn point(&self, values: &[f64]) -> Vec<f64> {
        let mut point: Vec<f64> = (0..self.columns.len()).map(|index| self.value_outside(Structural(index))).collect();
        for (variable, value) in self.basis.iter().zip(values) {
            if let Structural(index) = *variable {
                point[index] = *value;
            }
        }
        point
    }

    /// The inverse of the basis by Gauss and Jordan with the greatest pivot of each column.
    fn invert(&mut self) -> Result<(), LinearProgramError> {
        let size = self.basis.len();
        let mut matrix = vec![vec![0.0; size]; size];
        for (position, variable) in self.basis.iter().enumerate() {
            match *variable {
                Slack(row) => matrix[row][position] = 1.0,
                Structural(index) => {
                    self.columns[index].iter().for_each(|(row, coefficient)| matrix[*row][position] = *coefficient);
                }
            }
        }
        for (row, inverse) in self.inverse.iter_mut().enumerate() {
            inverse.fill(0.0);
            inverse[row] = 1.0;
        }
        for column in 0..size {
            let mut best = column;
            for row in column + 1..size {
                if matrix[row][column].abs() > matrix[best][column].abs() {
                    best = row;
                }
            }
            matrix.swap(column, best);
            self.inverse.swap(column, best);
            let pivot = matrix[column][column];
            if pivot.abs() < PIVOT * PIVOT {
                return Err(LinearProgramError::Stalled);
            }
            let scale = |row: &mut Vec<f64>| row.iter_mut().for_each(|entry| *entry /= pivot);
            scale(&mut matrix[column]);
            scale(&mut self.inverse[column]);
            let (left, right) = (matrix[column].clone(), self.inverse[column].clone());
            for (row, (entries, inverse)) in matrix.iter_mut().zip(&mut self.inverse).enumerate() {
                let factor = entries[column];
                if row != column && factor != 0.0 {
                    add_multiple(entries, &left, -factor);
                    add_multiple(inverse, &right, -factor);
                }
            }
        }
        self.pivots_since_inverse = 0;
        Ok(())
    }
}

/// target += factor·source, over the shorter of the two.
fn add_multiple(target: &mut [f64], source: &[f64], factor: f64) {
    for (entry, other) in target.iter_mut().zip(source) {
        *entry += factor * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textbook_program() {
        // Hillier and Lieberman's Wyndor Glass: maximise 3x + 5y; x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18; best at (2, 6).
        let mut program = LinearProgram::new(vec![12.0, 18.0]);
        program.add_variable(-3.0, 4.0, &[(1, 3.0)]);
        program.add_variable(-5.0, 100.0, &[(0, 2.0), (1, 2.0)]);
        let point = program.solve().expect("feasible");
        assert!((point[0] - 2.0).abs() < 1e-9 && (point[1] - 6.0).abs() < 1e-9, "{point:?}");
        assert!((program.cost_of(&point) + 36.0).abs() < 1e-9);
        // A row more, x + y ≤ 7: (4/3 …) no longer fits; best at (1, 6).
        program.add_row(&[(0, 1.0), (1, 1.0)], 7.0);
        let point = program.solve().expect("feasible");
        assert!((point[0] - 1.0).abs() < 1e-9 && (point[1] - 6.0).abs() < 1e-9, "{point:?}");
        // And x ≥ 2: (2, 5).
        program.set_bounds(0, 2.0, 4.0);
        let point = program.solve().expect("feasible");
        assert!((point[0] - 2.0).abs() < 1e-9 && (point[1] - 5.0).abs() < 1e-9, "{point:?}");
        program.add_row(&[(0, -1.0)], -5.0);
        assert_eq!(program.solve(), Err(LinearProgramError::Infeasible));
    }
}
