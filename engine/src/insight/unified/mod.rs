//! The same account segregated by settlement currency, cross-collateralised, and unified.
//!
//! *Segregated*: each settlement currency is an account of its own, and what one lacks no other gives. *Cross*: their
//! requirements are summed and their collateral is pooled. *Unified*: results in one currency offset those in another,
//! by a documented rule. Haircuts, and the margin on what is owed today, are the same in all three, so that what
//! differs is netting alone: Σ max(need, 0) ≥ max(Σ need, 0) puts cross below segregated, and a cap puts unified below
//! cross.

mod correlation;
mod parameters;
mod slides;

pub use parameters::{Correlation, OffsetRule, Parameters, UnifiedRules};

use crate::book::{Book, Leg, LegKind};
use crate::collateral::{CollateralSchedule, CountedBalance};
use crate::insight::margin_balance;
use crate::methodology::{Assessment, Component, Methodology, MethodologyError, Pair, Workings, checked_requirement};
use crate::slide::{Revaluation, SlideGrid};

/// One settlement currency, or a group that is taken as one. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrencyAccount {
    /// Its ticker, or the group's name.
    pub name: String,
    /// The book's legs in it, by their place.
    pub legs: Vec<usize>,
    /// What is deposited in it, at its price.
    pub deposited: f64,
    /// What its legs are worth.
    pub worth: f64,
    /// What counts against its requirement: deposits after haircuts and legs, less the margin on what is owed.
    pub balance: Pair,
    /// What its legs require alone.
    pub requirement: Pair,
    /// What is owed in it today: cash, settled losses included, that is below zero.
    pub borrowed: f64,
    /// Deposits and settled gains, negative where something is owed.
    cash: f64,
    /// The part of `requirement` that is the worst loss, over that loss.
    factors: Pair,
    /// The worst loss on the methodology's own slides.
    worst_loss: f64,
}

/// An account under one of the modes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModeFigures {
    /// What is required.
    pub requirement: Pair,
    /// What counts against it.
    pub balance: Pair,
    /// `balance` less `requirement`. Where the accounts are segregated, a surplus in one is of no use to another: what
    /// is missing, where anything is; else the surpluses.
    pub free: Pair,
    /// What would have to be paid in.
    pub shortfall: Pair,
    /// Maintenance requirement over balance, of the worst account where there are several; none without a balance.
    pub margin_ratio: Option<f64>,
}

/// What happens on the slide that sets the requirement of the unified account.
#[derive(Debug, Clone, PartialEq)]
pub struct WorstJointSlide {
    /// In words: "BTC +15 % · ETH +10.5 %, vol up".
    pub label: String,
    /// P&L of each leg, as it counts on the slide.
    pub by_leg: Vec<f64>,
    /// The result in each currency that counts: after the methodology's own dampeners.
    pub by_currency: Vec<f64>,
    /// What futures' losses overdraw in each currency beyond today.
    pub borrowed: Vec<f64>,
}

/// The unified account.
#[derive(Debug, Clone, PartialEq)]
pub struct Unified {
    /// Its figures.
    pub figures: ModeFigures,
    /// The correlations of the book's underlyings, row by row; empty under the offset rule.
    pub correlations: Vec<f64>,
    /// What sets the requirement; none where nothing can be lost.
    pub worst: Option<WorstJointSlide>,
    /// Whether netting would have cost more than it saves, so that the cross account's requirement holds.
    pub is_capped: bool,
}

/// The three modes side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountModes {
    /// Deposits and legs at their prices: the same in every mode.
    pub equity: f64,
    /// Each settlement currency, in the order of legs and then of balances.
    pub currencies: Vec<CurrencyAccount>,
    /// Each currency for itself.
    pub segregated: ModeFigures,
    /// Collateral pooled.
    pub cross: ModeFigures,
    /// Results netted, or why there is no such figure.
    pub unified: Result<Unified, MethodologyError>,
}

/// Sets the three modes side by side. `assessment` is the methodology's of the whole book; its revaluation serves.
///
/// # Errors
/// Those of the methodology on the legs of one currency.
pub fn account_modes(
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    rules: &UnifiedRules,
    book: &Book,
    assessment: &Assessment,
) -> Result<AccountModes, MethodologyError> {
    let asked = Asked { methodology, schedule, rules, book };
    let currencies = asked.currencies(&assessment.revaluation)?;
    let sum = |of: fn(&CurrencyAccount) -> Pair| currencies.iter().map(of).fold(Pair::default(), Pair::plus);
    let (requirement, balance) = (sum(|it| it.requirement), sum(|it| it.balance));
    let cross = ModeFigures::pooled(requirement, balance);
    let segregated = ModeFigures::segregated(&currencies, requirement, balance);
    let unified = asked.unified(&currencies, &assessment.grid, &cross);
    let equity = currencies.iter().map(|it| it.deposited + it.worth).sum();
    Ok(AccountModes { equity, segregated, cross, unified, currencies })
}

struct Asked<'a> {
    methodology: &'a dyn Methodology,
    schedule: &'a CollateralSchedule,
    rules: &'a UnifiedRules,
    book: &'a Book,
}

impl Asked<'_> {
    /// The account that each leg settles in.
    fn name_of(&self, leg: &Leg) -> String {
        self.rules.account_of(self.book.settlements[leg.settlement_group].asset)
    }

    fn currencies(&self, revaluation: &Revaluation) -> Result<Vec<CurrencyAccount>, MethodologyError> {
        let book = self.book;
        let mut names: Vec<String> = Vec::new();
        let held = book.legs.iter().map(|leg| self.name_of(leg));
        for name in held.chain(book.balances.iter().map(|balance| self.rules.account_of(balance.asset))) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let each = names.into_iter().enumerate();
        each.map(|(place, name)| self.currency(name, revaluation, place == 0)).collect()
    }

    /// One currency alone. Charges that belong to no position are borne by one of them.
    fn currency(
        &self,
        name: String,
        revaluation: &Revaluation,
        bears_account_charges: bool,
    ) -> Result<CurrencyAccount, MethodologyError> {
        let legs: Vec<usize> =
            (0..self.book.legs.len()).filter(|leg| self.name_of(&self.book.legs[*leg]) == name).collect();
        let mut part = self.book.subset(legs.iter().copied());
        part.balances.retain(|balance| self.rules.account_of(balance.asset) == name);
        let rows = revaluation.subset(legs.iter().copied());
        let required = checked_requirement(self.methodology, &part, &rows, &mut Workings::unwanted())?;
        let counts = |component: &&Component| bears_account_charges || !component.is_account_charge();
        let add = |sum: Pair, component: &Component| sum.plus(component.pair());
        let requirement = required.components.iter().filter(counts).fold(Pair::default(), add);
        let is_loss = |component: &&Component| self.methodology.loss_components().contains(&component.name);
        let loss_part = required.components.iter().filter(is_loss).fold(Pair::default(), add);
        let worst_loss: f64 = required.pots.iter().map(|pot| pot.worst_loss()).sum();
        let factors = if worst_loss > 0.0 { loss_part.times(1.0 / worst_loss) } else { Pair::default() };

        let (counted, balances, worth) = margin_balance(self.methodology, self.schedule, &part);
        let deposited: f64 = balances.iter().map(|balance| balance.value).sum();
        let cash = deposited + worth.unrealised + worth.settled;
        let borrowed = (-cash).max(0.0);
        // Debts that are balances have their margin already; balances in one asset are one.
        let net = |place: usize| {
            let same = |other: &&CountedBalance| other.asset == balances[place].asset;
            balances.iter().filter(same).map(|other| other.value).sum::<f64>()
        };
        let is_first = |place: &usize| balances[..*place].iter().all(|other| other.asset != balances[*place].asset);
        let debts: f64 = (0..balances.len()).filter(is_first).map(|place| (-net(place)).max(0.0)).sum();
        let margin = self.schedule.borrowing().times((borrowed - debts).max(0.0));
        Ok(CurrencyAccount {
            name,
            legs,
            deposited,
            worth: worth.total(),
            balance: counted.plus(margin.times(-1.0)),
            requirement,
            borrowed,
            cash,
            factors,
            worst_loss,
        })
    }

    fn unified(
        &self,
        currencies: &[CurrencyAccount],
        grid: &SlideGrid,
        cross: &ModeFigures,
    ) -> Result<Unified, MethodologyError> {
        if self.methodology.loss_components().is_empty() {
            return Err(MethodologyError::NotApplicable(
                "this methodology has no slides of prices whose losses could be netted across currencies: there is no unified figure under it".to_owned(),
            ));
        }
        let netted = slides::worst(self, currencies, grid)?;
        let greater = |a: Pair, b: Pair| Pair {
            initial: a.initial.max(b.initial),
            maintenance: a.maintenance.max(b.maintenance),
        };
        // What is no loss on a slide is charged as it is in each currency.
        let charges = currencies
            .iter()
            .fold(Pair::default(), |sum, it| sum.plus(it.requirement).plus(it.factors.times(-it.worst_loss)));
        let sum = greater(netted.requirement.plus(charges), Pair::default());
        let limit = cross.requirement;
        let is_alone = currencies.iter().filter(|it| !it.legs.is_empty()).count() < 2;
        let requirement = if is_alone {
            limit
        } else {
            Pair { initial: sum.initial.min(limit.initial), maintenance: sum.maintenance.min(limit.maintenance) }
        };
        Ok(Unified {
            figures: ModeFigures::pooled(requirement, cross.balance),
            correlations: netted.correlations,
            worst: netted.worst,
            is_capped: !is_alone && sum.initial > limit.initial,
        })
    }
}

impl ModeFigures {
    fn pooled(requirement: Pair, balance: Pair) -> ModeFigures {
        let free = balance.plus(requirement.times(-1.0));
        let shortfall = Pair { initial: (-free.initial).max(0.0), maintenance: (-free.maintenance).max(0.0) };
        let margin_ratio = ratio(requirement.maintenance, balance.maintenance);
        ModeFigures { requirement, balance, free, shortfall, margin_ratio }
    }

    fn segregated(currencies: &[CurrencyAccount], requirement: Pair, balance: Pair) -> ModeFigures {
        let each: Vec<ModeFigures> =
            currencies.iter().map(|it| ModeFigures::pooled(it.requirement, it.balance)).collect();
        let missing = each.iter().fold(Pair::default(), |sum, it| sum.plus(it.shortfall));
        let surplus = each.iter().fold(Pair::default(), |sum, it| sum.plus(it.free).plus(it.shortfall));
        let of = |missing: f64, surplus: f64| if missing > 0.0 { -missing } else { surplus };
        let ratios = each.iter().map(|it| it.margin_ratio);
        ModeFigures {
            requirement,
            balance,
            free: Pair {
                initial: of(missing.initial, surplus.initial),
                maintenance: of(missing.maintenance, surplus.maintenance),
            },
            shortfall: missing,
            margin_ratio: ratios.reduce(|worst, it| Some(worst?.max(it?))).unwrap_or(Some(0.0)),
        }
    }
}

fn ratio(requirement: f64, balance: f64) -> Option<f64> {
    match balance {
        balance if balance > 0.0 => Some(requirement / balance),
        _ => (requirement == 0.0 && balance == 0.0).then_some(0.0),
    }
}

/// What futures and perpetuals lose is paid in cash, at once.
fn pays_at_once(leg: &Leg) -> bool {
    leg.kind == LegKind::Future
}
