//! An account on a path: what the venue does to it, step by step and round by round.

use super::cash::{carry_back, pay, receive_money, settle_expired};
use super::costs::Trade;
use super::dutch_auction::largest_fraction;
use super::path::PathStep;
use super::rounds::Rounds;
use super::situation::{Closing, Deal, Situation, Venue};
use super::{LiquidationError, Mechanism, Outcome};
use crate::book::{Book, BookShift, KnownMarks};
use crate::insight::Standing;
use crate::instrument::Instrument;
use crate::methodology::{MethodologyError, Pair};

/// Bids in one auction at the most: one is enough wherever the requirement is in proportion to what is held.
const MOST_BIDS: usize = 5;

/// What a row of the timeline tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The market moved.
    Step,
    /// The venue traded a perpetual against the delta.
    Hedge,
    /// It closed a part of a position, or of all.
    Close,
    /// It closed everything.
    CloseAll,
    /// A bidder bought a fraction of the account.
    Auction,
    /// The insurance fund took the account over.
    Takeover,
}

impl Event {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Event::Step => "step",
            Event::Hedge => "hedge",
            Event::Close => "close",
            Event::CloseAll => "close-all",
            Event::Auction => "auction",
            Event::Takeover => "takeover",
        }
    }
}

/// One row of the timeline: what happened, and the account after it. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRow {
    /// The step, from 0 for today.
    pub step: usize,
    /// What the step is called.
    pub label: String,
    /// What happened.
    pub event: Event,
    /// What was traded.
    pub trades: Vec<Trade>,
    /// Which fraction of the account a bidder bought, and at which discount.
    pub sale: Option<(f64, f64)>,
    /// What was lost to the mark, of a sale its discount.
    pub slippage: f64,
    /// What the venue took.
    pub fee: f64,
    /// What the account is worth.
    pub equity: f64,
    /// What counts against the requirements.
    pub margin_balance: Pair,
    /// The requirements.
    pub requirement: Pair,
    /// Maintenance requirement over balance; none without a balance.
    pub margin_ratio: Option<f64>,
    /// How it stands.
    pub standing: Standing,
}

/// What is left of a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Remaining {
    /// The instrument.
    pub instrument: Instrument,
    /// Its size at the path's end, in coins, signed.
    pub coins: f64,
    /// What it adds to equity there, in the account currency.
    pub worth: f64,
}

/// An account on a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What happened.
    pub rows: Vec<TimelineRow>,
    /// The step at which liquidation first began.
    pub breach: Option<usize>,
    /// How it ended.
    pub outcome: Outcome,
    /// Rounds, sales and takeovers in all.
    pub rounds: usize,
    /// Lost to marks in all.
    pub slippage: f64,
    /// Taken by the venue in all.
    pub fees: f64,
    /// What the path itself gained or lost, on what was held at each step.
    pub path_pnl: f64,
    /// Equity today.
    pub equity_start: f64,
    /// Equity at the end; negative where the account owes, which the insurance fund then pays.
    pub equity_end: f64,
    /// What the insurance fund lost.
    pub fund_loss: f64,
    /// Which part of the notional held today is still held, by today's prices: 0 to 1.
    pub kept_fraction: f64,
    /// The highest ratio of requirement to balance; none where there was once no balance.
    pub highest_ratio: Option<f64>,
    /// What is left.
    pub remaining: Vec<Remaining>,
}

/// Drives an account along a path and liquidates it where it breaches its maintenance requirement.
///
/// # Errors
/// A move out of its domain, or the methodology has no rule for the account.
pub fn run(venue: Venue<'_>, today: &Book, path: &[PathStep], mechanism: Mechanism) -> Result<Run, LiquidationError> {
    let start = PathStep { label: "today".to_owned(), shift: BookShift::default() };
    let mut walk = Walk { venue, today: today.clone(), marks: KnownMarks::default(), mechanism, run: Run::new() };
    let mut last = None;
    for (step, PathStep { label, shift }) in std::iter::once(&start).chain(path).enumerate() {
        let mut book = walk.today.shifted_again(shift, &walk.marks)?;
        let mut is_changed = settle_expired(&mut book);
        let mut situation = Situation::new(venue, book)?;
        walk.arrive(&situation);
        walk.record(&situation, step, label, Event::Step);
        if situation.is_breached() {
            walk.run.breach.get_or_insert(step);
            situation = walk.liquidate(situation, step, label, step == path.len())?;
            is_changed = true;
        }
        walk.run.equity_end = situation.state.equity;
        if is_changed {
            carry_back(&mut walk.today, &situation.book);
        }
        let is_over = situation.positions().is_empty() && situation.state.equity < 0.0;
        last = Some(situation);
        if is_over {
            break;
        }
    }
    Ok(walk.finish(today, last))
}

/// On the way.
struct Walk<'a> {
    venue: Venue<'a>,
    /// What is held, by today's prices.
    today: Book,
    marks: KnownMarks,
    mechanism: Mechanism,
    run: Run,
}

impl Run {
    fn new() -> Run {
        Run {
            rows: Vec::new(),
            breach: None,
            outcome: Outcome::Survives,
            rounds: 0,
            slippage: 0.0,
            fees: 0.0,
            path_pnl: 0.0,
            equity_start: 0.0,
            equity_end: 0.0,
            fund_loss: 0.0,
            kept_fraction: 1.0,
            highest_ratio: Some(0.0),
            remaining: Vec::new(),
        }
    }
}

impl<'a> Walk<'a> {
    /// The market has moved to a step.
    fn arrive(&mut self, situation: &Situation<'_>) {
        let equity = situation.state.equity;
        if self.run.rows.is_empty() {
            self.run.equity_start = equity;
        } else {
            self.run.path_pnl += equity - self.run.equity_end;
        }
    }

    fn record(&mut self, situation: &Situation<'_>, step: usize, label: &str, event: Event) -> &mut TimelineRow {
        let state = &situation.state;
        let worst = self.run.highest_ratio.zip(state.margin_ratio);
        self.run.highest_ratio = worst.map(|(highest, ratio)| highest.max(ratio));
        if event != Event::Step {
            self.run.rounds += 1;
        }
        self.run.rows.push(TimelineRow {
            step,
            label: label.to_owned(),
            event,
            trades: Vec::new(),
            sale: None,
            slippage: 0.0,
            fee: 0.0,
            equity: state.equity,
            margin_balance: state.margin_balance,
            requirement: state.requirement,
            margin_ratio: state.margin_ratio,
            standing: state.standing,
        });
        let last = self.run.rows.len() - 1;
        &mut self.run.rows[last]
    }

    /// Notes a round with its trades.
    fn note(&mut self, situation: &Situation<'_>, step: usize, label: &str, event: Event, trades: Vec<Trade>) {
        let slippage = trades.iter().map(|trade| trade.slippage).sum();
        let fee = trades.iter().map(|trade| trade.fee).sum();
        let row = self.record(situation, step, label, event);
        (row.trades, row.slippage, row.fee) = (trades, slippage, fee);
        self.run.slippage += slippage;
        self.run.fees += fee;
    }

    /// The venue acts until the account is safe, nothing is left, or the path goes on.
    fn liquidate(
        &mut self,
        mut situation: Situation<'a>,
        step: usize,
        label: &str,
        is_last: bool,
    ) -> Result<Situation<'a>, MethodologyError> {
        match self.mechanism {
            Mechanism::AtOnce => {
                let all = situation.positions().into_iter().map(|legs| Closing { legs, fraction: 1.0 });
                let deal = Deal::Close(all.collect());
                let (after, trades) = situation.after(&deal, 1.0)?;
                if !trades.is_empty() {
                    self.note(&after, step, label, Event::CloseAll, trades);
                }
                Ok(after)
            }
            Mechanism::Auction => self.auction(situation, step, label),
            Mechanism::Rounds => {
                let mut rounds = Rounds::begin(&situation);
                let mut left = self.venue.rules.rounds_per_step;
                while !situation.is_safe() && (left > 0 || is_last) {
                    let Some(round) = rounds.next(&situation)? else { break };
                    situation = round.situation;
                    let event = if round.is_hedge { Event::Hedge } else { Event::Close };
                    self.note(&situation, step, label, event, round.trades);
                    situation.pressure.ease(self.venue.rules.pressure_kept);
                    left = left.saturating_sub(1);
                }
                Ok(situation)
            }
        }
    }

    /// A fraction of the account, positions and balances alike, goes to a bidder; of one that owes, all to the fund.
    fn auction(
        &mut self,
        mut situation: Situation<'a>,
        step: usize,
        label: &str,
    ) -> Result<Situation<'a>, MethodologyError> {
        let auction = self.venue.rules.auction;
        let buffer_margin = |it: &Situation<'_>| auction.buffer_margin(it.state.equity, it.state.free.maintenance);
        let discount = auction.discount(auction.bid_seconds);
        let mut reserved = 0.0;
        for bid in 0..MOST_BIDS {
            if situation.positions().is_empty() || (bid > 0 && !situation.is_breached()) {
                break;
            }
            let mut book = situation.book.clone();
            let mut fee = 0.0;
            if bid == 0 && situation.state.equity > 0.0 {
                fee = auction.fee(situation.state.equity, buffer_margin(&situation));
                pay(&mut book, fee);
                situation = situation.with(book.clone(), situation.pressure.clone())?;
            }
            let value = situation.state.equity;
            if value <= reserved {
                // The fund takes over what is worth nothing, and pays what is owed.
                let all = situation.positions().into_iter().flatten();
                for leg in all {
                    let worth = book.worth_of(&book.legs[leg]);
                    super::cash::receive(&mut book, leg, worth);
                    book.legs[leg].coins = 0.0;
                }
                situation = situation.with(book, situation.pressure.clone())?;
                self.run.fees += fee;
                self.record(&situation, step, label, Event::Takeover).fee = fee;
                break;
            }
            let sold = largest_fraction(value, buffer_margin(&situation), discount, reserved).clamp(0.0, 1.0);
            let paid = sold * (1.0 - discount) * (value - reserved);
            let given = sold * discount * (value - reserved);
            receive_money(&mut book, -reserved);
            book.legs.iter_mut().for_each(|leg| leg.coins *= 1.0 - sold);
            book.balances.iter_mut().for_each(|balance| balance.amount *= 1.0 - sold);
            receive_money(&mut book, reserved + paid);
            reserved += paid;
            situation = situation.with(book, situation.pressure.clone())?;
            let row = self.record(&situation, step, label, Event::Auction);
            (row.sale, row.slippage, row.fee) = (Some((sold, discount)), given, fee);
            self.run.slippage += given;
            self.run.fees += fee;
        }
        Ok(situation)
    }

    fn finish(self, start: &Book, last: Option<Situation<'_>>) -> Run {
        let Walk { today, mut run, .. } = self;
        let Some(last) = last else { return run };
        let book = &last.book;
        run.fund_loss = if last.positions().is_empty() { (-run.equity_end).max(0.0) } else { 0.0 };
        let remaining = last.positions().into_iter().map(|legs| Remaining {
            instrument: book.legs[legs[0]].instrument,
            coins: legs.iter().map(|&leg| book.legs[leg].coins).sum(),
            worth: legs.iter().map(|&leg| book.worth_of(&book.legs[leg])).sum(),
        });
        run.remaining = remaining.collect();
        let size = |book: &Book, leg: usize| super::costs::notional(book, &book.legs[leg], book.legs[leg].coins);
        let held: f64 = (0..start.legs.len()).map(|leg| size(start, leg)).sum();
        let kept: f64 = (0..start.legs.len()).map(|leg| size(&today, leg).min(size(start, leg))).sum();
        run.kept_fraction = if held > 0.0 { kept / held } else { 1.0 };
        run.outcome = match run.breach {
            _ if run.fund_loss > 0.0 => Outcome::Bankrupt,
            None => Outcome::Survives,
            Some(_) if run.remaining.is_empty() => Outcome::Closed,
            Some(_) => Outcome::Safe,
        };
        run
    }
}
