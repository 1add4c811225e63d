//! The book with one unit of every candidate beside it, priced once: what trades would lead to, without pricing again.

use super::costs::HedgeCosts;
use super::estimate::Estimate;
use super::universe;
use super::{HedgeLimits, Holding};
use crate::account::{Quantity, QuantityUnit};
use crate::book::{Book, ExpiredPositions, Leg, LegKind};
use crate::insight::pre_trade::tick;
use crate::instrument::Exercise;
use crate::methodology::{CountedOptions, Methodology, MethodologyError, Requirement, Workings, checked_requirement};
use crate::slide::{Revaluation, revalue};

/// An American price takes as long as so many European ones.
const AMERICAN: usize = 40;

/// Something that may be traded. Figures are for one unit, bought, in the account currency.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Its leg of one unit in the combined book.
    pub leg: usize,
    /// The smallest trade.
    pub step: Quantity,
    /// Units in the smallest trade.
    pub units_per_step: f64,
    /// At most so many steps, by the limits on size, cost, delta and vega of a trade alone.
    pub most_steps: u32,
    /// Half the spread and the fee.
    pub cost: f64,
    /// What is paid when it is bought: the price of options and shares, nothing for futures.
    pub cash: f64,
    /// Delta at the price of the underlying.
    pub delta: f64,
    /// Vega for one vol point.
    pub vega: f64,
    /// What is held of it already, in units.
    pub held: f64,
}

/// A candidate by its place, and how many steps of it: negative to sell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trade {
    pub candidate: usize,
    pub steps: i64,
}

/// Everything that a search works on.
pub(super) struct Desk<'a> {
    methodology: &'a dyn Methodology,
    pub book: Book,
    rows: Revaluation,
    held: usize,
    pub candidates: Vec<Candidate>,
    pub limits: &'a HedgeLimits,
    pub estimate: Estimate,
    /// A step must free so many times its cost.
    pub cost_weight: f64,
    /// How many instruments there would be without thinning.
    pub listed: usize,
    /// What trades are judged against: [`Desk::burden`] of none.
    pub before: f64,
}

impl<'a> Desk<'a> {
    /// Resolves and prices the candidates.
    ///
    /// # Errors
    /// The methodology has no rule for the book with them.
    pub(super) fn new(
        holding: &Holding<'a>,
        limits: &'a HedgeLimits,
        costs: &HedgeCosts,
    ) -> Result<Desk<'a>, MethodologyError> {
        let parameters = costs.parameters();
        let Holding { account, market, methodology, book: held_book, .. } = *holding;
        let mut instruments = universe::candidates(held_book, market, limits);
        let listed = instruments.len();
        instruments.truncate(parameters.candidates as usize);
        let held = held_book.legs.len();
        let resolve = |instruments: &[_]| {
            universe::one_of_each(account, instruments)
                .and_then(|account| Book::resolve(&account, market, ExpiredPositions::Settle).ok())
                .ok_or_else(|| MethodologyError::NotApplicable("the market cannot price what it lists".to_owned()))
        };
        let slide_count = methodology.slides(held_book)?.slides.len();
        let is_american = |leg: &Leg| matches!(leg.kind, LegKind::Option { exercise: Exercise::American, .. });
        let weight = if held_book.legs.iter().any(is_american) { AMERICAN } else { 1 };
        instruments.truncate(parameters.repricings as usize / (slide_count.max(1) * weight));
        let book = resolve(&instruments)?;
        let grid = methodology.slides(&book)?;
        let rows = revalue(&book, &grid);
        if !rows.is_finite() {
            return Err(MethodologyError::NotANumber("a profit or loss"));
        }
        let mut desk = Desk {
            methodology,
            book,
            rows,
            held,
            candidates: Vec::new(),
            limits,
            estimate: Estimate::default(),
            cost_weight: parameters.least_freed_per_cost,
            listed,
            before: 0.0,
        };
        desk.candidates = (held..desk.book.legs.len()).map(|leg| desk.candidate(leg, costs)).collect();
        let requirement = desk.requirement(&[])?;
        let legs = desk.candidates.iter().map(|candidate| candidate.leg);
        desk.estimate = Estimate::new(&desk.book, &desk.rows, held, &requirement, legs);
        desk.before = desk.burden(&[]);
        Ok(desk)
    }

    fn candidate(&self, leg: usize, costs: &HedgeCosts) -> Candidate {
        let book = &self.book;
        let one = &book.legs[leg];
        let step = tick(book, one);
        let coins_per_step = match step.unit {
            QuantityUnit::Coin => step.amount * one.contract_size,
            QuantityUnit::Quote => step.amount / one.mark(),
        };
        let units_per_step = coins_per_step / one.coins;
        let per_coin = one.coins * one.account_per_quote;
        let held_legs = || self.held_legs().iter();
        let held = held_legs().filter(|held| held.instrument == one.instrument).map(|held| held.coins).sum::<f64>();
        let candidate = Candidate {
            leg,
            step,
            units_per_step,
            most_steps: 0,
            cost: costs.of(book, one),
            cash: if one.is_future() { 0.0 } else { one.mark() * per_coin },
            delta: one.delta_coins() * book.underlyings[one.underlying].account_per_coin,
            vega: one.sensitivities.vega * per_coin / 100.0,
            held: held / one.coins,
        };
        let gross = held_legs().filter(|held| held.underlying == one.underlying).map(|held| held.coins.abs()).sum();
        let size = self.limits.max_size.unwrap_or(gross) / coins_per_step;
        let within = |most: Option<f64>, per_unit: f64| {
            most.map_or(f64::INFINITY, |most| most / (per_unit.abs() * units_per_step))
        };
        let limits = self.limits;
        let most = size
            .min(within(limits.max_cost, candidate.cost))
            .min(within(limits.max_delta, candidate.delta))
            .min(within(limits.max_vega, candidate.vega));
        // The noise of a quotient must not cost a step. What is no number, 0 over 0, is no limit.
        let most_steps = (most * (1.0 + 1e-12)).floor().clamp(0.0, 1e9) as u32;
        Candidate { most_steps, ..candidate }
    }

    /// What is held.
    pub(super) fn held_legs(&self) -> &[Leg] {
        &self.book.legs[..self.held]
    }

    /// Units of a candidate that a trade comes to.
    pub(super) fn units(&self, trade: Trade) -> f64 {
        trade.steps as f64 * self.candidates[trade.candidate].units_per_step
    }

    /// A sum over trades of something for each unit.
    pub(super) fn total(&self, trades: &[Trade], each: impl Fn(&Candidate, f64) -> f64) -> f64 {
        trades.iter().map(|trade| each(&self.candidates[trade.candidate], self.units(*trade))).sum()
    }

    /// What trades cost.
    pub(super) fn cost(&self, trades: &[Trade]) -> f64 {
        self.total(trades, |candidate, units| candidate.cost * units.abs())
    }

    /// Whether trades together keep the limits on cost and Greeks; sizes each has kept by itself.
    pub(super) fn keeps_limits(&self, trades: &[Trade]) -> bool {
        let is_within = |figure: f64, most: Option<f64>| most.is_none_or(|most| figure.abs() <= most * (1.0 + 1e-9));
        let delta_keeps = |underlying: usize| {
            let of = |candidate: &Candidate, units: f64| {
                let is_on = self.book.legs[candidate.leg].underlying == underlying;
                if is_on { candidate.delta * units } else { 0.0 }
            };
            is_within(self.total(trades, of), self.limits.max_delta)
        };
        is_within(self.cost(trades), self.limits.max_cost)
            && is_within(self.total(trades, |candidate, units| candidate.vega * units), self.limits.max_vega)
            && (0..self.book.underlyings.len()).all(delta_keeps)
    }

    /// The book after trades.
    fn traded(&self, trades: &[Trade]) -> (Book, Revaluation) {
        let of_trades = trades.iter().map(|trade| (self.candidates[trade.candidate].leg, self.units(*trade)));
        let legs: Vec<(usize, f64)> = (0..self.held).map(|leg| (leg, 1.0)).chain(of_trades).collect();
        let mut book = self.book.subset(legs.iter().map(|(leg, _)| *leg));
        for (leg, (_, units)) in book.legs.iter_mut().zip(&legs) {
            leg.coins *= units;
        }
        let rows = self.rows.subset(legs.iter().map(|(leg, _)| *leg)).scaled(legs.iter().map(|(_, units)| *units));
        (book, rows)
    }

    /// The methodology's requirement after trades; nothing is priced again.
    fn requirement(&self, trades: &[Trade]) -> Result<Requirement, MethodologyError> {
        let (book, rows) = self.traded(trades);
        checked_requirement(self.methodology, &book, &rows, &mut Workings::unwanted())
    }

    /// What trades leave to be carried: the initial requirement, the premium paid that does not count in the margin
    /// balance, and the costs by their weight. Infinite where the methodology refuses.
    pub(super) fn burden(&self, trades: &[Trade]) -> f64 {
        let (book, rows) = self.traded(trades);
        let Ok(requirement) = checked_requirement(self.methodology, &book, &rows, &mut Workings::unwanted()) else {
            return f64::INFINITY;
        };
        let cash = self.total(trades, |candidate, units| candidate.cash * units);
        requirement.initial() - counted_worth(self.methodology, &book) + cash + self.cost_weight * self.cost(trades)
    }
}

/// What options and holdings of a book count for in the margin balance.
pub(super) fn counted_worth(methodology: &dyn Methodology, book: &Book) -> f64 {
    let worth = book.worth();
    worth.outright
        + match methodology.counted_options() {
            CountedOptions::All => worth.long_options + worth.short_options,
            CountedOptions::Long => worth.long_options,
            CountedOptions::None => 0.0,
        }
}
