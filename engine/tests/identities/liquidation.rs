//! Liquidation: no money is lost on the way, it stops as soon as the account is safe, and figures by hand.

use margin_engine::account::{Balance, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::{CollateralSchedule, find_schedule};
use margin_engine::insight::Standing;
use margin_engine::insight::liquidation::path::{Crash, PathStep, Replay};
use margin_engine::insight::liquidation::{
    Event, LiquidationRules, Mechanism, Outcome, Run, Venue, Ways, run, ways, with_perpetuals,
};
use margin_engine::methodology::{Methodology, find};
use margin_engine::progress::Progress;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{self, CALM, METHODOLOGIES, any_positions, close, coins, market};

/// The account's book with its perpetuals, and its schedule of haircuts.
fn book(positions: Vec<Position>, balances: Vec<Balance>) -> Book {
    let account = support::account("USD", positions).with_balances(balances).expect("a valid account");
    let market = market(CALM);
    let held = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("valid");
    with_perpetuals(&account, &held, &market).expect("the market has them")
}

fn par() -> CollateralSchedule {
    find_schedule("par").expect("registered").configure(None).expect("the preset reads")
}

fn methodology(id: &str, edits: Option<&Value>) -> Box<dyn Methodology> {
    find(id).expect("registered").configure(edits).expect("valid")
}

fn rules(edits: Value) -> LiquidationRules {
    LiquidationRules::new(Some(&edits)).expect("valid")
}

fn dollars(amount: f64) -> Vec<Balance> {
    vec![Balance::new(Asset::USDC, amount)]
}

fn driven(id: &str, rules: &LiquidationRules, book: &Book, path: &[PathStep], mechanism: Mechanism) -> Run {
    let methodology = methodology(id, None);
    let hedges_first = rules.hedges_first(find(id).expect("registered"));
    let venue = Venue { methodology: methodology.as_ref(), schedule: &par(), rules: rules.parameters(), hedges_first };
    run(venue, book, path, mechanism).expect("it has rules for the book")
}

fn crash(spot_move: f64, steps: usize) -> Vec<PathStep> {
    Crash { spot_move, steps, vol_factor: 1.0 - 3.0 * spot_move.min(0.0), rebound: 0.0 }.path()
}

/// Whatever is traded changes equity by its costs and by nothing else, and between steps nothing but prices does.
fn assert_conserved(run: &Run, gross: f64) {
    let mut before: Option<f64> = None;
    for row in &run.rows {
        assert!(row.slippage >= 0.0 && row.fee >= 0.0, "{row:?}");
        if let (Some(before), true) = (before, row.event != Event::Step) {
            let lost = row.slippage + row.fee;
            assert!(close(row.equity, before - lost, 1e-9, gross), "{} is not {before} less {lost}", row.equity);
        }
        before = Some(row.equity);
    }
    let known = run.equity_start + run.path_pnl - run.slippage - run.fees;
    assert!(close(run.equity_end, known, 1e-9, gross), "{} is not {known}", run.equity_end);
}

fn gross(book: &Book) -> f64 {
    let legs: f64 = book.legs.iter().map(|leg| (leg.coins * book.index_of(leg)).abs()).sum();
    legs * 10.0 + book.balances.iter().map(|balance| balance.value().abs()).sum::<f64>()
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn no_money_is_lost_on_the_way(
        positions in any_positions(),
        cash in 0.0..400_000.0_f64,
        coins in 0.0..3.0_f64,
        spot_move in -0.7..0.9_f64,
        id in prop::sample::select(&METHODOLOGIES[..]),
        mechanism in prop::sample::select(&[Mechanism::Rounds, Mechanism::AtOnce, Mechanism::Auction][..]),
    ) {
        let mut balances = dollars(cash);
        balances.push(Balance::new(Asset::BTC, coins));
        let book = book(positions, balances);
        let rules = LiquidationRules::new(None).expect("the preset reads");
        let methodology = methodology(id, None);
        let hedges_first = rules.hedges_first(find(id).expect("registered"));
        let schedule = par();
        let venue = Venue { methodology: methodology.as_ref(), schedule: &schedule, rules: rules.parameters(), hedges_first };
        let path = crash(spot_move, 3);
        // Some rules know no coin as collateral, and say so.
        let Ok(ours) = run(venue, &book, &path, mechanism) else { return Ok(()) };
        assert_conserved(&ours, gross(&book));
        prop_assert_eq!(&ours, &run(venue, &book, &path, mechanism).expect("as before"), "twice the same");
        // A round is never more than is needed: before the last one the account was not safe.
        let buffer = rules.parameters().buffer;
        let is_safe = |balance: f64, needed: f64| balance - needed >= buffer * needed;
        for pair in ours.rows.windows(2) {
            if pair[1].event != Event::Step && pair[1].event != Event::Auction && pair[1].event != Event::Takeover {
                let (before, needed) = (pair[0].margin_balance.maintenance, pair[0].requirement.maintenance);
                prop_assert!(!is_safe(before, needed) || pair[0].equity < 0.0, "{pair:?}");
            }
        }
        let last = ours.rows.last().expect("today at least");
        match ours.outcome {
            Outcome::Survives => prop_assert!(ours.breach.is_none() && ours.rows.len() == path.len() + 1),
            Outcome::Safe => prop_assert!(last.standing < Standing::Liquidation, "{last:?}"),
            Outcome::Closed => prop_assert!(ours.remaining.is_empty() && last.equity >= 0.0),
            Outcome::Bankrupt => {
                prop_assert!(ours.remaining.is_empty() && ours.fund_loss == -last.equity && ours.fund_loss > 0.0);
            }
        }
    }

    /// Where closing everything would have left more, a note says so; both are counted at the same prices.
    #[test]
    fn never_worse_than_all_at_once_without_saying_so(positions in any_positions(), cash in 0.0..200_000.0_f64) {
        let book = book(positions, dollars(cash));
        let all = compared("deribit-portfolio", json!({}), &book, &crash(-0.5, 4));
        let at_once = all.ways.iter().find(|way| way.id == "at-once").and_then(|way| way.run.as_ref().ok()).expect("it runs");
        let worse = all.chosen.equity_end < at_once.equity_end - 1e-6 * gross(&book);
        prop_assert!(!worse || all.notes.iter().any(|note| note.contains("would have left more")), "{:?}", all.notes);
        if let Some(breach) = all.chosen.breach {
            prop_assert_eq!(at_once.breach, Some(breach));
            prop_assert_eq!(all.saved, Some(all.chosen.equity_end - at_once.equity_end));
        }
    }
}

fn compared(id: &str, edits: Value, book: &Book, path: &[PathStep]) -> Ways {
    let methodology = methodology(id, None);
    let entry = find(id).expect("registered");
    ways((entry, methodology.as_ref()), &par(), &rules(edits), book, path, Mechanism::Rounds, Progress::UNHEARD)
        .expect("it runs")
}

/// One linear perpetual under cross margin, by hand. Ten coins at 80,056 (index 80,000) and 60,000 dollars; prices fall
/// by 4 % to 76,853.76 and 76,800: 27,977.60 are left against 5 % of 768,000, 38,400. A round of a quarter trades 2.5
/// coins: slippage 0.1 % of notional, fee 0.5 % of notional, nothing on equity, no buffer.
#[test]
fn a_perpetual_by_hand() {
    let book = book(vec![coins("BTC_USDC-PERPETUAL", 10.0)], dollars(60_000.0));
    let edits = json!({
        "buffer": 0.0,
        "slippage": { "other": { "half_spread": 0.001, "per_million": 0.0 } },
        "fee": { "other": 0.005, "of_equity": 0.0 },
    });
    let path = Crash { spot_move: -0.04, steps: 1, vol_factor: 1.0, rebound: 0.0 }.path();
    let run = driven("cross", &rules(edits), &book, &path, Mechanism::Rounds);
    let mark = 80_056.0 * 0.96;
    let equity = 60_000.0 - 10.0 * 80_056.0 * 0.04;
    assert!(close(run.rows[1].equity, equity, 1e-12, equity) && run.rows[1].standing == Standing::Liquidation);
    assert!(close(run.rows[1].requirement.maintenance, 38_400.0, 1e-12, 38_400.0));
    // A quarter costs 0.6 % of 2.5 marks and frees 9,600: 26,824.79 against 28,800 is not enough; then as much as it takes,
    // x coins with equity − 0.006·mark·x = 0.05·76,800·(7.5 − x).
    let after = equity - 0.006 * mark * 2.5;
    let x = (28_800.0 - after) / (0.05 * 76_800.0 - 0.006 * mark);
    let rounds: Vec<_> = run.rows.iter().filter(|row| row.event == Event::Close).collect();
    assert_eq!(rounds.len(), 2);
    assert!(close(rounds[0].trades[0].coins, -2.5, 1e-12, 2.5) && close(rounds[0].equity, after, 1e-12, after));
    assert!(close(rounds[1].trades[0].coins, -x, 1e-6, x), "{} {x}", rounds[1].trades[0].coins);
    assert!(close(run.remaining[0].coins, 7.5 - x, 1e-6, x) && run.outcome == Outcome::Safe);
    assert!(close(run.kept_fraction, (7.5 - x) / 10.0, 1e-6, 1.0));
    // All at once: 0.6 % of ten marks.
    let at_once = driven(
        "cross",
        &rules(json!({
            "slippage": { "other": { "half_spread": 0.001, "per_million": 0.0 } },
            "fee": { "other": 0.005, "of_equity": 0.0 },
        })),
        &book,
        &path,
        Mechanism::AtOnce,
    );
    assert!(close(at_once.equity_end, equity - 0.06 * mark, 1e-12, equity), "{}", at_once.equity_end);
    assert_eq!(at_once.outcome, Outcome::Closed);
}

/// Nobody comes back to trade: many small trades then cost as much as one. With recovery they cost less.
#[test]
fn without_recovery_rounds_cost_what_one_trade_costs() {
    let book = book(vec![coins("BTC_USDC-PERPETUAL", 50.0)], dollars(205_000.0));
    let slippage = |kept: f64, mechanism| {
        let edits = json!({ "pressure_kept": kept, "fee": { "other": 0.0, "of_equity": 0.0 },
            "slippage": { "other": { "half_spread": 0.0, "per_million": 0.002 } } });
        driven("cross", &rules(edits), &book, &crash(-0.05, 1), mechanism).slippage
    };
    // 0.2 % for each million, on average half of it: 50 coins at 76,053.20.
    let notional = 50.0 * 80_056.0 * 0.95;
    let known = notional * 0.002 * (notional / 1e6) / 2.0;
    assert!(close(slippage(1.0, Mechanism::AtOnce), known, 1e-12, known));
    assert!(close(slippage(1.0, Mechanism::Rounds), known, 1e-12, known));
    assert!(slippage(0.5, Mechanism::Rounds) < 0.9 * known);
}

/// 40,000 dollars under ten coins that lose 320,000: the fund pays what is owed.
#[test]
fn bankruptcy_is_the_funds_loss() {
    let book = book(vec![coins("BTC_USDC-PERPETUAL", 10.0)], dollars(90_000.0));
    for mechanism in [Mechanism::Rounds, Mechanism::AtOnce, Mechanism::Auction] {
        let run = driven("cross", &rules(json!({})), &book, &crash(-0.4, 1), mechanism);
        assert_eq!(run.outcome, Outcome::Bankrupt, "{mechanism:?}");
        let costs = run.slippage + run.fees;
        assert!(close(run.fund_loss, 10.0 * 80_056.0 * 0.4 - 90_000.0 + costs, 1e-9, 1e6), "{run:?}");
        assert_eq!(run.fund_loss, -run.equity_end);
    }
}

/// A sold strangle under portfolio margin is hedged in the perpetual before anything is closed, and the hedge lowers the
/// requirement; elsewhere it is not.
#[test]
fn portfolio_margin_hedges_first() {
    let positions = vec![coins("BTC_USDC-25SEP26-80000-P", -5.0), coins("BTC_USDC-25SEP26-80000-C", -5.0)];
    let book = book(positions, dollars(95_000.0));
    let hedged = driven("deribit-portfolio", &rules(json!({})), &book, &crash(-0.15, 3), Mechanism::Rounds);
    let first = hedged.rows.iter().position(|row| row.event != Event::Step).expect("it is liquidated");
    let (before, row) = (&hedged.rows[first - 1], &hedged.rows[first]);
    assert_eq!(row.event, Event::Hedge);
    assert!(row.trades[0].instrument == support::instrument("BTC_USDC-PERPETUAL") && row.trades[0].coins < 0.0);
    assert!(row.requirement.maintenance < before.requirement.maintenance);
    let plain =
        driven("deribit-portfolio", &rules(json!({ "hedges_first": [] })), &book, &crash(-0.15, 3), Mechanism::Rounds);
    assert!(plain.rows.iter().all(|row| row.event != Event::Hedge) && plain.breach == hedged.breach);
}

#[test]
fn an_account_without_positions_and_one_that_holds() {
    let empty = driven(
        "deribit-portfolio",
        &rules(json!({})),
        &book(vec![], dollars(10.0)),
        &crash(-0.9, 2),
        Mechanism::Rounds,
    );
    assert!(empty.outcome == Outcome::Survives && empty.rows.len() == 3 && empty.equity_end == 10.0);
    let owing = book(vec![], vec![Balance::new(Asset::BTC, 1.0), Balance::new(Asset::USDC, -60_000.0)]);
    let owing = driven("cross", &rules(json!({})), &owing, &crash(-0.5, 1), Mechanism::Rounds);
    assert!(owing.outcome == Outcome::Bankrupt && close(owing.fund_loss, 20_000.0, 1e-12, 1e5), "{owing:?}");
    let rich = book(vec![coins("BTC-25SEP26-80000-P", -1.0)], dollars(1e6));
    let rich = driven("deribit-portfolio", &rules(json!({})), &rich, &crash(-0.5, 4), Mechanism::Rounds);
    assert!(rich.outcome == Outcome::Survives && rich.rounds == 0 && rich.highest_ratio.is_some_and(|it| it < 1.0));
}

/// Closing coin-settled shorts under dollars leaves dollars: no debt in coin that would gain as the price goes on falling.
#[test]
fn liquidation_leaves_no_debt_in_coin() {
    let book = book(vec![coins("BTC-25SEP26-80000-P", -10.0)], dollars(200_000.0));
    let run = driven("deribit-portfolio", &rules(json!({})), &book, &crash(-0.3, 6), Mechanism::AtOnce);
    assert!(run.outcome == Outcome::Closed || run.outcome == Outcome::Bankrupt);
    let closed = run.rows.iter().position(|row| row.event == Event::CloseAll).expect("it is closed");
    let equity = run.rows[closed].equity;
    assert!(run.rows[closed + 1..].iter().all(|row| close(row.equity, equity, 1e-12, 1e6)), "{:?}", run.rows);
    assert!(closed + 1 < run.rows.len(), "the path goes on after it");
}

/// After a sale the buffer margin is nothing, so that the requirement is met with room to spare.
#[test]
fn a_bidder_buys_as_much_as_makes_the_account_safe() {
    let positions = vec![coins("BTC_USDC-25SEP26-60000-P", -10.0), coins("BTC_USDC-PERPETUAL", 1.0)];
    let book = book(positions, dollars(90_000.0));
    let run = driven("derive-pm2", &rules(json!({})), &book, &crash(-0.12, 2), Mechanism::Auction);
    let row = run.rows.iter().find(|row| row.event == Event::Auction).expect("it is auctioned");
    let (sold, discount) = row.sale.expect("a sale");
    assert!(close(discount, 0.05 + 0.25 / 3.0, 1e-12, 1.0) && sold > 0.0 && sold < 1.0);
    let free = row.margin_balance.maintenance - row.requirement.maintenance;
    let buffer_margin = free + 0.15 * (free - row.equity);
    assert!(close(buffer_margin, 0.0, 1e-6, row.equity), "{buffer_margin}");
}

/// Past closes move each underlying by its own; days that the market does not know are refused.
#[test]
fn past_days_are_replayed() {
    let replay = Replay::find("2026-02").expect("there");
    let held = book(vec![coins("BTC-PERPETUAL", 1.0), coins("ETH-PERPETUAL", 1.0)], dollars(10.0));
    let path = replay.path(&held, 4.0).expect("the history holds them");
    assert_eq!(path.len(), 14);
    let history = held.history.as_ref().expect("a history");
    let close_on = |asset, day: &str| {
        history.close_on(asset, format!("{day}T00:00:00Z").parse().expect("a day")).expect("a close")
    };
    for (place, asset) in [Asset::BTC, Asset::ETH].into_iter().enumerate() {
        let known = close_on(asset, "2026-02-05") / close_on(asset, "2026-01-27") - 1.0;
        let (ours, step) = path[8].shift.asset_moves[place];
        assert!(ours == asset && close(step, known, 1e-12, 1.0));
    }
    assert_eq!(path[8].shift.shift.days_forward, 9.0);
    let error = Replay::find("2020-03").expect("there").path(&held, 4.0).expect_err("before the history");
    assert!(error.contains("March 2020"), "{error}");
}
