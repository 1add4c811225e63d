//! P&L of every leg on every slide: the hot loop.

use std::ops::Range;

use super::american::american_row;
use super::expiry_terms::ExpiryTerms;
use super::{PnlBasis, SlideGrid, Stress};
use crate::alike::Chains;
use crate::book::{AmericanTerms, Book, Leg, LegKind};
use crate::instrument::{Exercise, Right, Settlement};
use crate::pricing::bond::FixedCoupon;
use crate::pricing::grid::{GridOption, GridVols, TotalVol, changes, prices, time_values};
use crate::pricing::rows;

/// P&L of each leg on each slide, in the account currency.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Revaluation {
    slide_count: usize,
    pnl: Vec<f64>,
}

impl Revaluation {
    /// Rows of nothing.
    pub(super) fn of_nothing(slide_count: usize, legs: usize) -> Revaluation {
        Revaluation { slide_count, pnl: vec![0.0; legs * slide_count] }
    }

    /// How many slides each row has.
    pub fn slide_count(&self) -> usize {
        self.slide_count
    }

    /// P&L of one leg on every slide, in the order of the grid.
    ///
    /// # Panics
    /// `leg` is not a leg of the book that was revalued.
    pub fn leg(&self, leg: usize) -> &[f64] {
        &self.pnl[leg * self.slide_count..][..self.slide_count]
    }

    /// The same with the rows of some legs replaced, by those of `rows` in their order. Legs that are not there are
    /// passed over, and so are all where the slides are not as many.
    pub fn with_rows(mut self, legs: &[usize], rows: &Revaluation) -> Revaluation {
        let width = self.slide_count.max(1);
        for (leg, row) in legs.iter().zip(rows.pnl.chunks_exact(width)) {
            if let Some(place) = self.pnl.chunks_exact_mut(width).nth(*leg) {
                place.copy_from_slice(row);
            }
        }
        self
    }

    /// All rows, one after the other.
    pub fn rows(&self) -> &[f64] {
        &self.pnl
    }

    /// A row, to be written anew.
    pub(super) fn leg_mut(&mut self, leg: usize) -> &mut [f64] {
        &mut self.pnl[leg * self.slide_count..][..self.slide_count]
    }

    /// Whether every P&L of a leg is a number.
    pub(crate) fn is_leg_finite(&self, leg: usize) -> bool {
        rows::are_finite(self.leg(leg))
    }

    /// Rows of nothing in the place of some, as legs come and go.
    pub(crate) fn replace(&mut self, legs: &Range<usize>, count: usize) {
        replace_rows(&mut self.pnl, self.slide_count, legs, count);
    }

    /// Whether every P&L is a number.
    pub fn is_finite(&self) -> bool {
        rows::are_finite(&self.pnl)
    }

    /// P&L of the whole book on every slide, legs summed in their order.
    pub fn totals(&self) -> Vec<f64> {
        let mut totals = vec![0.0; self.slide_count];
        for row in self.pnl.chunks_exact(self.slide_count.max(1)) {
            rows::add(row, &mut totals);
        }
        totals
    }

    /// The rows of legs of another size: each is multiplied by its leg's factor.
    ///
    /// P&L is in proportion to size, so this is the revaluation of the book whose legs are so many times as large.
    pub fn scaled(&self, factors: impl IntoIterator<Item = f64>) -> Revaluation {
        let mut scaled = self.clone();
        for (row, factor) in scaled.pnl.chunks_exact_mut(self.slide_count.max(1)).zip(factors) {
            row.iter_mut().for_each(|pnl| *pnl *= factor);
        }
        scaled
    }

    /// The rows of some legs only, as [`Book::subset`] keeps them.
    ///
    /// # Panics
    /// An index is not a leg of the book that was revalued.
    pub fn subset(&self, legs: impl IntoIterator<Item = usize>) -> Revaluation {
        let pnl = legs.into_iter().flat_map(|leg| self.leg(leg).iter().copied()).collect();
        Revaluation { slide_count: self.slide_count, pnl }
    }
}

/// Puts `count` rows of nothing in the place of those of some legs.
pub(super) fn replace_rows(rows: &mut Vec<f64>, width: usize, legs: &Range<usize>, count: usize) {
    rows.splice(legs.start * width..legs.end * width, std::iter::repeat_n(0.0, count * width));
}

/// Reprices every leg of the book on every slide of the grid.
///
/// Every slide must carry one stress and one weight for each underlying of the book. Memory is taken before the loop
/// over legs; inside it nothing is allocated once the lists are as long as they get. European options of one strike and
/// expiry, calls and puts, have the same time values, which are computed once, and so are prices of equal American ones.
pub fn revalue(book: &Book, grid: &SlideGrid) -> Revaluation {
    let mut revaluation = Revaluation::of_nothing(grid.slides.len(), book.legs.len());
    let legs: Vec<usize> = (0..book.legs.len()).collect();
    price_rows(book, grid, &legs, &mut |index, row| {
        let leg = &book.legs[index];
        let out = revaluation.leg_mut(index);
        // Sign, size and weight enter once, here.
        changes(row.prices, row.before, row.conversions, leg.coins * leg.account_per_quote, row.weights, out);
    });
    revaluation
}

/// What one unit of a leg is worth on each slide, ready to be counted.
pub(super) struct UnitRow<'a> {
    /// On each slide.
    pub(super) prices: &'a [f64],
    /// Before any.
    pub(super) before: f64,
    /// What one unit of the prices' currency is worth on each slide, in that of `before`.
    pub(super) conversions: &'a [f64],
    /// What P&L is multiplied by.
    pub(super) weights: &'a [f64],
}

/// Prices some legs of the book on every slide and hands each, by its place in the book, to `take`; legs that no slide
/// moves are left out, and so are all where there are no slides.
///
/// A leg has the same bits whichever are priced with it.
pub(super) fn price_rows(book: &Book, grid: &SlideGrid, legs: &[usize], take: &mut dyn FnMut(usize, UnitRow)) {
    let slide_count = grid.slides.len();
    if slide_count == 0 {
        return;
    }
    let mut expiries: Vec<Option<ExpiryTerms>> = book.expiries.iter().map(|_| None).collect();
    for leg in legs {
        let place = book.legs[*leg].expiry;
        expiries[place].get_or_insert_with(|| ExpiryTerms::new(book, grid, &book.expiries[place]));
    }
    let underlyings: Vec<UnderlyingTerms> =
        (0..book.underlyings.len()).map(|u| UnderlyingTerms::new(grid, u)).collect();
    let mut row = Row::new(slide_count);
    let together = priced_together(book, legs);
    for first in together.firsts() {
        for now in together.like(first) {
            let leg = &book.legs[legs[now]];
            let underlying = &underlyings[leg.underlying];
            let Some(expiry) = &expiries[leg.expiry] else { continue };
            if now == first {
                row.price_option(leg, book, expiry);
            }
            if let Some(Worth { before, conversion }) = row.worth(leg, book, grid, expiry) {
                let conversions = match conversion {
                    Conversion::None => &underlying.ones,
                    Conversion::ToCoin => &underlying.shrinkage,
                    Conversion::FromCoin => &underlying.growth,
                };
                let weights = &underlying.weights;
                take(legs[now], UnitRow { prices: &row.prices, before, conversions, weights });
            }
        }
    }
}

/// Which of some legs are priced once, by their places among these: European options of one strike and expiry, and
/// American ones that are the same.
fn priced_together(book: &Book, legs: &[usize]) -> Chains {
    // What is like nothing else must not share a hash either.
    let hash = |leg: &usize| {
        let it = &book.legs[*leg];
        option_terms(it).map_or(*leg as u64, |_| it.strike_hash())
    };
    let hashes: Vec<u64> = legs.iter().map(hash).collect();
    Chains::new(&hashes, &|one, other| {
        let (one, other) = (&book.legs[legs[one]], &book.legs[legs[other]]);
        one.expiry == other.expiry && option_terms(one).is_some_and(|terms| Some(terms) == option_terms(other))
    })
}

/// What an option's prices come from, beside its expiry: strike, vol, and of American ones call or put.
fn option_terms(leg: &Leg) -> Option<(GridOption, f64, Option<Right>)> {
    match leg.kind {
        LegKind::Option { right, strike, ln_strike, vol_annual, exercise } => {
            let right = (exercise == Exercise::American).then_some(right);
            Some((GridOption { strike, ln_strike }, vol_annual, right))
        }
        _ => None,
    }
}

/// What the slides do to one underlying: a number for each slide.
struct UnderlyingTerms {
    /// 1 + s.
    growth: Vec<f64>,
    /// 1/(1 + s).
    shrinkage: Vec<f64>,
    ones: Vec<f64>,
    /// What P&L is multiplied by.
    weights: Vec<f64>,
}

impl UnderlyingTerms {
    fn new(grid: &SlideGrid, underlying: usize) -> UnderlyingTerms {
        let growth: Vec<f64> = grid.slides.iter().map(|slide| 1.0 + slide.stresses[underlying].spot_move).collect();
        UnderlyingTerms {
            shrinkage: growth.iter().map(|growth| 1.0 / growth).collect(),
            ones: vec![1.0; growth.len()],
            growth,
            weights: grid.slides.iter().map(|slide| slide.weights[underlying]).collect(),
        }
    }
}

/// What one unit of a leg's value on a slide is counted in.
enum Conversion {
    /// In its own currency.
    None,
    /// The value is in the quote currency and counted in coin.
    ToCoin,
    /// The value is in coin and counted in the quote currency.
    FromCoin,
}

/// What one unit of a leg is worth before any slide, and how values are counted.
pub(super) struct Worth {
    pub(super) before: f64,
    conversion: Conversion,
}

/// The numbers of one leg on every slide, in lists that serve all legs in turn.
pub(super) struct Row {
    /// What one unit is worth on each slide; of an option, then today.
    pub(super) prices: Vec<f64>,
    time_values: Vec<f64>,
    /// Of the option for which the time values are, by kind and by slide.
    total_vols: Vec<TotalVol>,
    grid_vols: GridVols,
    /// Per √year, on each slide.
    vols: Vec<f64>,
}

impl Row {
    pub(super) fn new(slide_count: usize) -> Row {
        let numbers = || vec![0.0; slide_count + 1];
        Row {
            prices: numbers(),
            time_values: numbers(),
            total_vols: Vec::new(),
            grid_vols: GridVols::default(),
            vols: Vec::new(),
        }
    }

    /// Computes what [`worth`](Self::worth) needs of an option: the time values, of an American one the prices.
    pub(super) fn price_option(&mut self, leg: &Leg, book: &Book, expiry: &ExpiryTerms) {
        let Some((option, vol_annual, american)) = option_terms(leg) else { return };
        let ln_moneyness = option.ln_strike - expiry.ln_forward;
        let vols = expiry.vol_kinds.iter().map(|kind| (kind.terms.apply(vol_annual, ln_moneyness), kind.sqrt_years));
        self.total_vols.clear();
        self.total_vols.extend(vols.clone().map(|(vol, sqrt_years)| TotalVol::new(vol * sqrt_years)));
        self.grid_vols.fill(&expiry.slides, &self.total_vols);
        time_values(&option, &expiry.slides, &self.grid_vols, &mut self.time_values);
        if let Some(right) = american {
            prices(right, option.strike, &expiry.slides, &self.time_values, &mut self.prices);
            let vols_of_kinds: Vec<f64> = vols.map(|(vol, _)| vol).collect();
            self.vols.clear();
            self.vols.extend(expiry.slides.vol_kinds.iter().map(|kind| vols_of_kinds[*kind as usize]));
            let terms = AmericanTerms { right, strike: option.strike, carry: book.expiries[leg.expiry].carry() };
            american_row(&terms, expiry, &self.vols, &mut self.prices);
        }
    }

    /// Fills in what one unit of a leg is worth on each slide; none where no slide is a gain or a loss.
    ///
    /// What it is worth before any comes from the same kernel, so that a slide that moves nothing is worth exactly
    /// nothing.
    pub(super) fn worth(&mut self, leg: &Leg, book: &Book, grid: &SlideGrid, expiry: &ExpiryTerms) -> Option<Worth> {
        let is_inverse = leg.settlement == Settlement::Inverse;
        let in_coin = is_inverse && grid.basis == PnlBasis::SettlementCurrency;
        let own = |before| Some(Worth { before, conversion: Conversion::None });
        match leg.kind {
            LegKind::Option { right, strike, exercise, .. } => {
                if exercise == Exercise::European {
                    prices(right, strike, &expiry.slides, &self.time_values, &mut self.prices);
                }
                let before = self.prices[expiry.today()];
                Some(Worth { before, conversion: if in_coin { Conversion::ToCoin } else { Conversion::None } })
            }
            LegKind::Future if is_inverse => {
                // Per-coin P&L, in coin valued at today's index: S·(1 − F/F').
                let (index, today) = (book.index_of(leg), expiry.forward_today());
                for (pnl, forward) in self.prices.iter_mut().zip(&expiry.slides.forwards) {
                    *pnl = index * (1.0 - today / forward);
                }
                Some(Worth { before: 0.0, conversion: if in_coin { Conversion::None } else { Conversion::FromCoin } })
            }
            // A coin is always worth one coin.
            LegKind::Spot if in_coin => None,
            LegKind::Future | LegKind::Spot => {
                self.prices.copy_from_slice(&expiry.slides.forwards);
                own(expiry.forward_today())
            }
            LegKind::Bond { terms, yield_annual } => {
                for (price, slide) in self.prices.iter_mut().zip(&grid.slides) {
                    *price = bond_price(&terms, yield_annual, &slide.stresses[leg.underlying]);
                }
                own(terms.price(yield_annual, 0.0).0)
            }
            LegKind::Settled => None,
        }
    }
}

/// Per-unit value of a bond on a slide.
fn bond_price(terms: &FixedCoupon, yield_annual: f64, stress: &Stress) -> f64 {
    terms.price(yield_annual + stress.rate_move.at(terms.maturity_years), stress.time_step_years).0
}
