//! Found hedges do what they say, and nothing better is near: by brute force, and through the contract from nothing.

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::default_for;
use margin_engine::contract::{
    AccountDocument, HedgeDocument, HedgesDocument, MarketChoice, MarketDocument, MethodologyChoice, PositionDocument,
    Question, Request, Session, WhatIf, assess,
};
use margin_engine::insight::{Hedge, HedgeCosts, HedgeLimits, Hedges, Holding, account_state, hedges};
use margin_engine::instrument::{Instrument, Kind, Right};
use margin_engine::market::Market;
use margin_engine::methodology::{self, Pair, find};
use margin_engine::progress::Progress;
use serde_json::{Value, json};

use crate::support::{self, CALM, METHODOLOGIES, close, coins, market, quote};

const CALL: &str = "BTC-25SEP26-80000-C";

/// Books that are worth hedging, by name and size.
const BOOKS: [&[(&str, f64)]; 4] = [
    &[(CALL, -3.0)],
    &[("BTC-25SEP26-80000-P", -2.0), ("BTC-25DEC26-104000-C", -2.0), ("BTC-PERPETUAL", 1.0)],
    &[("ETH-25SEP26-2400-C", -40.0), ("BTC-25DEC26-80000-P", -1.0)],
    &[("BTC_USDC-25SEP26-80000-P", -2.0), (CALL, -1.0)],
];

fn positions(book: &[(&str, f64)]) -> Vec<Position> {
    book.iter().map(|(name, size)| coins(name, *size)).collect()
}

fn search(id: &str, account: &Account, market: &Market, limits: &HedgeLimits) -> Hedges {
    let entry = find(id).expect("registered");
    let methodology = entry.configure(None).expect("its preset");
    let book = Book::resolve(account, market, ExpiredPositions::Refuse).expect("listed");
    let holding = Holding { account, market, book: &book, entry, methodology: methodology.as_ref() };
    let costs = HedgeCosts::new(None).expect("the preset");
    hedges(&holding, limits, &costs, Progress::UNHEARD).unwrap_or_else(|error| panic!("{id}: {error}"))
}

fn request(id: &str, market: &Market, positions: Vec<PositionDocument>) -> Request {
    Request {
        version: 1,
        account: AccountDocument { currency: "USD".to_owned(), positions, balances: vec![], collateral: None },
        market: MarketChoice::Whole(Box::new(MarketDocument::from(market))),
        methodology: MethodologyChoice { id: id.to_owned(), parameters: None },
        what_if: WhatIf::default(),
        compare: vec![],
        explain: false,
    }
}

fn ask(request: &Request, options: &Value) -> HedgesDocument {
    let question = Question { ask: "hedges".to_owned(), request: request.clone(), options: options.clone() };
    let answer = Session::new().answer(&question).unwrap_or_else(|error| panic!("{error}"));
    serde_json::from_value(answer).expect("the document")
}

fn all(found: &HedgesDocument) -> impl Iterator<Item = &HedgeDocument> {
    found.singles.iter().chain(&found.pair).chain(&found.rebalance)
}

/// Whoever applies a hedge gets the requirement that was stated, computed by the contract's other path.
#[test]
fn a_hedge_has_the_stated_requirement() {
    let market = market(CALM);
    for id in METHODOLOGIES {
        for book in BOOKS {
            let held: Vec<PositionDocument> =
                book.iter().map(|(name, size)| PositionDocument::coins(name, *size)).collect();
            let request = request(id, &market, held.clone());
            let Ok(before) = assess(&request, |_| None) else { continue };
            let found = ask(&request, &Value::Null);
            assert!(close(found.initial, before.initial_margin, 1e-12, before.initial_margin), "{id} {book:?}");
            assert_eq!(found.dropped, 0, "{id} {book:?}: {found:#?}");
            assert_eq!(found.reason.is_empty(), all(&found).next().is_some(), "{id}: {}", found.reason);
            // Isolated positions do not see each other.
            assert_eq!(found.singles.is_empty(), id == "isolated", "{id} {book:?}: {}", found.reason);
            for hedge in all(&found) {
                let mut positions = held.clone();
                positions.extend(hedge.trades.iter().cloned());
                let after = assess(
                    &Request { account: AccountDocument { positions, ..request.account.clone() }, ..request.clone() },
                    |_| None,
                );
                let after = after.unwrap_or_else(|error| panic!("{id}: {error}"));
                let scale = before.initial_margin;
                assert!(close(hedge.initial, after.initial_margin, 1e-12, scale), "{id} {hedge:#?}");
                assert!(close(hedge.maintenance, after.maintenance_margin, 1e-12, scale), "{id} {hedge:#?}");
                assert!(hedge.freed >= 10.0 * hedge.cost, "{id} {hedge:#?}");
                // Premium that does not count can only be taken off.
                assert!(
                    hedge.freed <= (before.initial_margin - hedge.initial).max(0.0) + hedge.cash.abs() + 1e-6 * scale
                );
            }
            let rank = |hedge: &HedgeDocument| hedge.freed / hedge.cost;
            assert!(found.singles.windows(2).all(|pair| rank(&pair[0]) >= rank(&pair[1])), "{id}");
            assert_eq!(ask(&request, &Value::Null), found, "{id}: asked twice");
        }
    }
}

/// What trades free of the initial requirement less ten times what they cost: what hedges are chosen by.
fn benefit(hedge: &Hedge) -> f64 {
    hedge.freed - 10.0 * hedge.cost
}

/// Every instrument, both sides, every size in steps (for perpetuals and futures 80 sizes): each assessed from nothing.
#[test]
fn no_single_trade_is_better() {
    let market = market(CALM);
    let costs = HedgeCosts::new(None).expect("the preset");
    let underlying = market.get(Asset::BTC).expect("listed");
    let product = support::instrument(CALL).product;
    let mut kinds = vec![Kind::Perpetual];
    for listed in underlying.expiries() {
        let expiry = listed.expiry();
        kinds.push(Kind::Future { expiry });
        for &strike in listed.listed_strikes() {
            kinds.extend([Right::Call, Right::Put].map(|right| Kind::Option { expiry, strike, right }));
        }
    }
    let held = [("BTC-25SEP26-80000-C", -1.5), ("BTC-25DEC26-64000-P", -0.5)];
    let account = support::account("USD", positions(&held));
    for id in ["custom", "deribit-portfolio", "okx-portfolio", "aevo-portfolio", "span"] {
        let found = search(id, &account, &market, &HedgeLimits::default());
        let best = found.singles.iter().map(benefit).fold(0.0, f64::max);
        assert!(best > 0.0, "{id}");
        let entry = find(id).expect("registered");
        let methodology = entry.configure(None).expect("its preset");
        let schedule = default_for(entry).configure(None).expect("its preset");
        let free = |book: &Book, requirement: Pair| {
            account_state(methodology.as_ref(), &schedule, book, requirement).free.initial
        };
        let bare = free(&support::book("USD", &positions(&held), &market), found.before);
        let mut greatest: (f64, String) = (0.0, String::new());
        for &kind in &kinds {
            let instrument = Instrument::coin(product, kind);
            let sizes: Vec<Quantity> = match kind {
                Kind::Option { .. } => (1..=20).map(|step| Quantity::coins(f64::from(step) / 10.0)).collect(),
                _ => (1..=80).map(|step| Quantity::quote(f64::from(step) * 2_000.0)).collect(),
            };
            for size in sizes.iter().flat_map(|size| [*size, Quantity { amount: -size.amount, ..*size }]) {
                let trade = Position { instrument, quantity: size, entry_price: None };
                let mut traded = positions(&held);
                traded.push(trade);
                let book = support::book("USD", &traded, &market);
                let after = methodology::assess(entry, methodology.as_ref(), &book).expect("covered");
                let cost = costs.of(&book, book.legs.last().expect("the trade"));
                // What is paid for options is not in the balance under every rule, so margin is what gets free of it.
                let leg = book.legs.last().expect("the trade");
                let cash = if leg.is_option() { leg.coins * leg.mark() * leg.account_per_quote } else { 0.0 };
                let freed = free(&book, after.pair()) - bare - cash;
                if freed - 10.0 * cost > greatest.0 {
                    greatest = (freed - 10.0 * cost, format!("{instrument} {size:?}"));
                }
            }
        }
        assert!(best >= greatest.0 * (1.0 - 1e-9), "{id}: {} by {}, found {best}", greatest.0, greatest.1);
    }
}

#[test]
fn a_rebalancing_keeps_its_limits() {
    let market = market(CALM);
    let costs = HedgeCosts::new(None).expect("the preset");
    let mut found_any = 0;
    for id in ["custom", "deribit-portfolio", "derive-pm2", "paradex-portfolio"] {
        for book in BOOKS {
            for limits in [
                HedgeLimits { payoff_tolerance: 0.02, ..HedgeLimits::default() },
                HedgeLimits { payoff_tolerance: 0.1, max_cost: Some(60.0), ..HedgeLimits::default() },
                HedgeLimits {
                    payoff_tolerance: 0.3,
                    max_delta: Some(9_000.0),
                    max_vega: Some(40.0),
                    max_size: Some(1.0),
                    ..HedgeLimits::default()
                },
                HedgeLimits { payoff_tolerance: 0.25, options: false, perpetuals: false, ..HedgeLimits::default() },
            ] {
                let account = support::account("USD", positions(book));
                let found = search(id, &account, &market, &limits);
                let bare = support::book("USD", &positions(book), &market);
                for hedge in found.singles.iter().chain(&found.pair).chain(&found.rebalance) {
                    let book = support::book("USD", &hedge.trades, &market);
                    let cost: f64 = book.legs.iter().map(|leg| costs.of(&book, leg)).sum();
                    assert!(close(cost, hedge.cost, 1e-9, cost), "{id} {hedge:#?}");
                    assert!(limits.max_cost.is_none_or(|most| cost <= most * 1.000001), "{id} {hedge:#?}");
                    let vega: f64 = book.legs.iter().map(|leg| leg.coins * leg.sensitivities.vega / 100.0).sum();
                    assert!(limits.max_vega.is_none_or(|most| vega.abs() <= most * 1.000001), "{id} {vega} {hedge:#?}");
                    for (place, underlying) in book.underlyings.iter().enumerate() {
                        let legs = book.legs.iter().filter(|leg| leg.underlying == place);
                        let delta: f64 = legs.map(|leg| leg.delta_coins() * underlying.index).sum();
                        let is_kept = limits.max_delta.is_none_or(|most| delta.abs() <= most * 1.000001);
                        assert!(is_kept, "{id} {delta} {hedge:#?}");
                    }
                    for leg in &book.legs {
                        assert!(limits.max_size.is_none_or(|most| leg.coins.abs() <= most * 1.000001), "{hedge:#?}");
                        assert!(limits.options || leg.is_future(), "{hedge:#?}");
                        assert!(limits.perpetuals || leg.instrument.kind != Kind::Perpetual, "{hedge:#?}");
                    }
                }
                let Some(hedge) = &found.rebalance else { continue };
                found_any += 1;
                let book = support::book("USD", &hedge.trades, &market);
                for (place, underlying) in book.underlyings.iter().enumerate() {
                    let size: f64 = bare
                        .legs
                        .iter()
                        .filter(|leg| bare.underlyings[leg.underlying].asset == underlying.asset)
                        .map(|leg| leg.coins.abs() * underlying.index)
                        .sum();
                    for step in 0..=1_000 {
                        let price = underlying.index * (0.5 + f64::from(step) / 1_000.0);
                        let legs = book.legs.iter().filter(|leg| leg.underlying == place);
                        let change: f64 = legs
                            .map(|leg| {
                                let value = match leg.instrument.option_terms() {
                                    Some((strike, Right::Call)) => (price - strike).max(0.0),
                                    Some((strike, Right::Put)) => (strike - price).max(0.0),
                                    None => price,
                                };
                                leg.coins * (value - leg.mark())
                            })
                            .sum();
                        let most = limits.payoff_tolerance * size;
                        assert!(change.abs() <= most * 1.000001, "{id} at {price}: {change} {most} {hedge:#?}");
                        assert!(change.abs() <= hedge.payoff_change * 1.000001, "{id} at {price}: {hedge:#?}");
                    }
                }
            }
        }
    }
    assert!(found_any > 20, "{found_any}");
}

/// A rebalancing that may change the payoff as it likes contains every single trade and every pair.
#[test]
fn freedom_does_not_hurt_a_rebalancing() {
    let market = market(CALM);
    for id in ["custom", "deribit-portfolio", "aevo-portfolio"] {
        for book in BOOKS {
            let account = support::account("USD", positions(book));
            let free = HedgeLimits { payoff_tolerance: 1e3, ..HedgeLimits::default() };
            let found = search(id, &account, &market, &free);
            let rebalance = found.rebalance.as_ref().map_or(0.0, benefit);
            let others = found.singles.iter().chain(&found.pair).map(benefit).fold(0.0, f64::max);
            assert!(rebalance >= others * (1.0 - 1e-9), "{id} {book:?}: {rebalance} {others} {found:#?}");
        }
    }
}

#[test]
fn there_is_a_sentence_where_nothing_is_found() {
    let market = market(CALM);
    let hedged = positions(&[(CALL, 2.0), (CALL, -2.0)]);
    for (positions, part) in [(vec![], "needs no margin"), (hedged, "needs no margin")] {
        let found = search("custom", &support::account("USD", positions), &market, &HedgeLimits::default());
        assert!(found.reason.contains(part) && found.singles.is_empty(), "{found:#?}");
        assert!(found.pair.is_none() && found.rebalance.is_none());
    }
    let account = support::account("USD", positions(BOOKS[0]));
    let elsewhere = HedgeLimits { underlyings: vec![Asset::ETH], ..HedgeLimits::default() };
    assert!(search("custom", &account, &market, &elsewhere).reason.contains("Nothing is listed"));
    let free = HedgeLimits { max_cost: Some(0.0), ..HedgeLimits::default() };
    assert!(search("custom", &account, &market, &free).reason.contains("worth its cost"));
}

#[test]
fn limits_that_are_none_are_refused() {
    let request = request("custom", &market(CALM), vec![PositionDocument::coins(CALL, -1.0)]);
    for (options, part) in [
        (json!({"max_cost": -1}), "options.max_cost"),
        (json!({"underlyings": ["?"]}), "options.underlyings"),
        (json!({"costs": {"option_fee": 2}}), "option_fee is 2"),
        (json!({"costs": {"fee": 2}}), "unknown field"),
        (json!({"payoff": 1}), "unknown field"),
    ] {
        let question = Question { ask: "hedges".to_owned(), request: request.clone(), options };
        let error = Session::new().answer(&question).expect_err(part).to_string();
        assert!(error.contains(part), "{error}");
    }
}

/// By hand. Half spread and fee of a perpetual of 80,056 dollars: 0.02 % and
/// 0.05 % of the notional; of an option on 80,000 the fee is 24 dollars, or an eighth of what it costs.
#[test]
fn costs_by_hand() {
    let market = market(CALM);
    let costs = HedgeCosts::new(None).expect("the preset");
    let book = support::book("USD", &[quote("BTC-PERPETUAL", -10_000.0), coins("BTC-25SEP26-80000-C", 2.0)], &market);
    assert!(close(costs.of(&book, &book.legs[0]), 7.0, 1e-12, 7.0));
    let call = &book.legs[1];
    let half = (0.01 * call.mark()).max(0.005 * call.sensitivities.vega);
    assert!(call.mark() > 24.0 / 0.125);
    assert!(close(costs.of(&book, call), 2.0 * (half + 24.0), 1e-12, 100.0));
}
