//! Where an account is called and liquidated: against hand figures, and against the account in the moved market.

use margin_engine::account::{Account, Balance, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::{CollateralSchedule, find_schedule};
use margin_engine::contract::{MarginCurveDocument, Question, Session};
use margin_engine::insight::{
    Breach, CallPrice, CurveAxis, CurveRange, Moved, account_state, call_prices, margin_curve, moving_assets,
};
use margin_engine::market::{Market, Shift};
use margin_engine::methodology::{Methodology, assess, find};
use margin_engine::progress::Progress;
use proptest::prelude::*;
use serde_json::json;

use crate::support::{self, CALM, any_market, any_positions, close, coins, market};

fn methodology(id: &str) -> Box<dyn Methodology> {
    find(id).expect("registered").configure(None).expect("a preset that reads")
}

fn schedule(id: &str) -> CollateralSchedule {
    find_schedule(id).expect("registered").configure(None).expect("a preset that reads")
}

fn account(positions: Vec<Position>, balances: Vec<Balance>) -> Account {
    support::account("USD", positions).with_balances(balances).expect("a valid account")
}

fn resolved(account: &Account, market: &Market) -> Book {
    Book::resolve(account, market, ExpiredPositions::Settle).expect("the market has it")
}

/// Margin balance less requirement in the moved market, as a stranger would compute it: nothing of a moved book.
fn free_in(account: &Account, market: &Market, shift: &Shift, id: &str, haircuts: &str) -> (f64, f64) {
    let moved = market.shifted(shift).expect("a valid move");
    let entered = entered_at_marks(account, market);
    let book = resolved(&entered.pinned(market).expect("valid"), &moved);
    let rules = methodology(id);
    let assessment = assess(find(id).expect("registered"), rules.as_ref(), &book).expect("it has rules");
    let state = account_state(rules.as_ref(), &schedule(haircuts), &book, assessment.pair());
    (state.free.initial, state.free.maintenance)
}

/// Futures without an entry price get their mark of today, so that a later worth counts what the move gained.
fn entered_at_marks(account: &Account, market: &Market) -> Account {
    let book = resolved(account, market);
    let positions = account.positions().iter().zip(&book.legs).map(|(position, leg)| Position {
        entry_price: position.entry_price.or(leg.is_future().then_some(leg.mark())),
        ..*position
    });
    support::account("USD", positions.collect()).with_balances(account.balances().to_vec()).expect("a valid account")
}

fn found(price: Option<CallPrice>) -> (f64, f64) {
    let CallPrice { price_move, price } = price.expect("there is one");
    (price_move, price.expect("the asset has a price"))
}

/// One perpetual in dollars, entered at its mark F = m·S, and C dollars, at rates of 10 % and 5 % of the index:
/// C + m·S·x ≥ rate·S·(1 + x), so x = (rate·S − C)/((m − rate)·S).
#[test]
fn a_long_perpetual_in_dollars() {
    let market = market(CALM);
    for id in ["cross", "isolated"] {
        let account = account(vec![coins("BTC_USDC-PERPETUAL", 1.0)], vec![Balance::new(Asset::USDC, 12_000.0)]);
        let book = resolved(&account, &market);
        let prices =
            call_prices(methodology(id).as_ref(), &schedule("par"), &book, Moved::alone(Asset::BTC)).expect("rules");
        let by_hand = |rate: f64| (rate * 80_000.0 - 12_000.0) / ((1.0007 - rate) * 80_000.0);
        for (ours, rate) in [(prices.margin_call_down, 0.10), (prices.liquidation_down, 0.05)] {
            let (price_move, price) = found(ours);
            assert!((price_move - by_hand(rate)).abs() <= 1e-6, "{id} {price_move} {}", by_hand(rate));
            assert!(close(price, 80_000.0 * (1.0 + price_move), 1e-12, price));
        }
        assert_eq!((prices.margin_call_up, prices.liquidation_up), (None, None));
        assert_eq!((prices.price, prices.searched), (Some(80_000.0), (-0.95, 3.0)));
    }
}

/// A coin-settled perpetual of N dollars, long, entered at F, on a balance of B coins: it gains N·(1/F − 1/F(1+x))
/// coins and needs rate·N/F(1+x) coins, so 1 + x = (1 + rate)/(1 + B·F/N), with F close to the index S for the price
/// at which requirements are counted: the size in coins is N/F(1+x), charged at the index.
#[test]
fn a_long_perpetual_in_coin() {
    let market = market(CALM);
    let account = account(vec![coins("BTC-PERPETUAL", 2.0)], vec![Balance::new(Asset::BTC, 0.5)]);
    let book = resolved(&account, &market);
    let prices = call_prices(methodology("cross").as_ref(), &schedule("par"), &book, Moved::alone(Asset::BTC))
        .expect("it has rules");
    // Two coins at the mark are N/F = 2, whatever F.
    for (ours, rate) in [(prices.margin_call_down, 0.10), (prices.liquidation_down, 0.05)] {
        let by_hand = (1.0 + rate) / (1.0 + 0.5 / 2.0) - 1.0;
        let (price_move, _) = found(ours);
        assert!((price_move - by_hand).abs() <= 1e-6, "{price_move} {by_hand}");
    }
    assert_eq!((prices.margin_call_up, prices.liquidation_up), (None, None));
}

/// A haircut of 10 % against the initial and of 5 % against the maintenance requirement.
#[test]
fn a_haircut_brings_the_call_nearer() {
    let market = market(CALM);
    let account = account(vec![coins("BTC-PERPETUAL", 2.0)], vec![Balance::new(Asset::BTC, 0.5)]);
    let book = resolved(&account, &market);
    let prices = call_prices(methodology("cross").as_ref(), &schedule("general"), &book, Moved::alone(Asset::BTC))
        .expect("it has rules");
    for (ours, rate, counted) in [(prices.margin_call_down, 0.10, 0.45), (prices.liquidation_down, 0.05, 0.475)] {
        let by_hand = (1.0 + rate) / (1.0 + counted / 2.0) - 1.0;
        assert!((found(ours).0 - by_hand).abs() <= 1e-6);
    }
}

/// Two puts held at 70,000 against one owed at 76,000: called where the one owed is at the money, safe again far below.
#[test]
fn the_nearest_of_several_crossings() {
    let market = market(CALM);
    let positions = vec![coins("BTC_USDC-25SEP26-76000-P", -1.0), coins("BTC_USDC-25SEP26-70000-P", 2.0)];
    let account = account(positions, vec![Balance::new(Asset::USDC, 9_500.0)]);
    let book = resolved(&account, &market);
    let rules = methodology("cross");
    let prices = call_prices(rules.as_ref(), &schedule("par"), &book, Moved::alone(Asset::BTC)).expect("it has rules");
    let (nearest, _) = found(prices.margin_call_down);
    // From the present price outwards by brute force.
    let is_called = |step: i32| {
        let shift = Shift { spot_move: f64::from(-step) * 1e-3, ..Shift::default() };
        free_in(&account, &market, &shift, "cross", "par").0 < 0.0
    };
    let first = (0..900).find(|step| is_called(*step)).expect("it is called");
    assert!((nearest + f64::from(first) * 1e-3).abs() <= 1.1e-3, "{nearest} {first}");
    let changes = (0..900).filter(|step| is_called(*step) != is_called(step + 1)).count();
    assert!(changes >= 2, "the test wants several crossings, there are {changes}");
}

#[test]
fn an_account_without_collateral_is_called_where_it_stands() {
    let book = resolved(&account(vec![coins("BTC-PERPETUAL", 1.0)], vec![]), &market(CALM));
    let prices = call_prices(methodology("cross").as_ref(), &schedule("par"), &book, Moved::alone(Asset::BTC))
        .expect("it has rules");
    let here = Some(CallPrice { price_move: 0.0, price: Some(80_000.0) });
    assert_eq!(
        [prices.margin_call_down, prices.margin_call_up, prices.liquidation_down, prices.liquidation_up],
        [here; 4]
    );
}

/// A coin that is only collateral moves too, and only where it is the one that moves.
#[test]
fn collateral_in_another_coin() {
    let account = account(vec![coins("BTC_USDC-PERPETUAL", -1.0)], vec![Balance::new(Asset::ETH, 10.0)]);
    let book = resolved(&account, &market(CALM));
    let rules = methodology("cross");
    let prices = call_prices(rules.as_ref(), &schedule("par"), &book, Moved::alone(Asset::ETH)).expect("it has rules");
    // 24,000 of ether against 4,000 of maintenance.
    let (price_move, price) = found(prices.liquidation_down);
    assert!(
        (price_move - (4.0 / 24.0 - 1.0)).abs() <= 1e-6 && close(price, 400.0, 1e-5, price),
        "{price_move} {price}"
    );
    assert_eq!(prices.liquidation_up, None);
    assert_eq!(moving_assets(&book), [Asset::BTC, Asset::ETH]);
}

const USUAL: CurveRange = CurveRange { from: None, to: None, points: 200 };

/// What is told of an account is what its curve says where nothing has moved; the curve meets the requirement where
/// it says, on the way of the account itself; and its nearest crossings are the call prices.
#[test]
fn a_curve_passes_through_the_account_as_it_is() {
    let market = market(CALM);
    let positions = vec![coins("BTC_USDC-25SEP26-90000-C", -3.0), coins("BTC_USDC-25SEP26-70000-P", -3.0)];
    let account = account(positions, vec![Balance::new(Asset::USDC, 60_000.0), Balance::new(Asset::BTC, 0.4)]);
    let book = resolved(&account, &market);
    for id in ["cross", "deribit-standard", "deribit-portfolio"] {
        let (rules, haircuts) = (methodology(id), schedule("general"));
        let assessment = assess(find(id).expect("registered"), rules.as_ref(), &book).expect("it has rules");
        let state = account_state(rules.as_ref(), &haircuts, &book, assessment.pair());
        for axis in [CurveAxis::Price(Moved::together(Asset::BTC)), CurveAxis::Vol, CurveAxis::Time] {
            let curve =
                margin_curve(rules.as_ref(), &haircuts, &book, axis, USUAL, Progress::UNHEARD).expect("it has rules");
            assert!(curve.places.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", curve.places);
            let here = curve.places.iter().position(|place| *place == 0.0).expect("the present is among the places");
            let point = curve.points[here].expect("it has rules");
            assert_eq!(
                (point.equity, point.margin_balance, point.requirement),
                (state.equity, state.margin_balance, state.requirement)
            );
            let worst =
                assessment.leading_pot().and_then(|pot| pot.worst).map(|slide| &assessment.grid.slides[slide].label);
            assert_eq!(point.worst_slide.map(|slide| &curve.slides[slide]), worst);
        }
        let axis = CurveAxis::Price(Moved::together(Asset::BTC));
        let curve =
            margin_curve(rules.as_ref(), &haircuts, &book, axis, USUAL, Progress::UNHEARD).expect("it has rules");
        assert!(curve.crossings.len() >= 4, "both requirements are missed on both sides: {:?}", curve.crossings);
        for crossing in &curve.crossings {
            let shift = Shift { spot_move: crossing.place, ..Shift::default() };
            let (initial, maintenance) = free_in(&account, &market, &shift, id, "general");
            let free = if crossing.breach == Breach::MarginCall { initial } else { maintenance };
            // A millionth of 80,000 on three coins.
            assert!(free.abs() <= 1.0, "{id} {crossing:?} {free}");
            assert_eq!(crossing.missed_beyond, crossing.place > 0.0);
        }
        let prices = call_prices(rules.as_ref(), &haircuts, &book, Moved::together(Asset::BTC)).expect("it has rules");
        for (breach, down, up) in [
            (Breach::MarginCall, prices.margin_call_down, prices.margin_call_up),
            (Breach::Liquidation, prices.liquidation_down, prices.liquidation_up),
        ] {
            for (below, price) in [(true, down), (false, up)] {
                let (place, price) = (curve.nearest(breach, below).expect("in the curve"), found(price).0);
                assert!((place - price).abs() <= 2e-6, "{place} {price}");
            }
        }
    }
}

/// At expiry what is owed is paid, and the requirement of the option ends: the minute before is on the curve as well.
#[test]
fn a_curve_through_time_settles_what_expires() {
    let market = market(CALM);
    let account = account(vec![coins("BTC_USDC-25SEP26-70000-C", -1.0)], vec![Balance::new(Asset::USDC, 20_000.0)]);
    let book = resolved(&account, &market);
    let rules = methodology("cross");
    let curve = margin_curve(rules.as_ref(), &schedule("par"), &book, CurveAxis::Time, USUAL, Progress::UNHEARD)
        .expect("it has rules");
    let [(days, expiry)] = curve.expiries[..] else { panic!("one expiry: {:?}", curve.expiries) };
    assert_eq!((days, expiry.to_string().as_str(), curve.places.len()), (34.0, "25SEP26", 201));
    let at = |place: f64| {
        let place = curve.places.iter().position(|known| *known == place).expect("it is on the curve");
        curve.points[place].expect("it has rules")
    };
    let (before, after) = (at(days - 1.0 / 1440.0), at(days));
    assert!(close(before.requirement.maintenance, 0.075 * 80_000.0 + 10_000.0, 1e-2, 1e4), "{before:?}");
    assert_eq!((after.requirement.maintenance, after.equity), (0.0, 10_000.0));
}

/// Portfolio margin knows what it knows: bad ranges and a book without rules are sentences.
#[test]
fn ranges_that_are_none() {
    let account = account(vec![coins("BTC-PERPETUAL", 1.0)], vec![Balance::new(Asset::BTC, 1.0)]);
    let book = resolved(&account, &market(CALM));
    let rules = methodology("cross");
    let axis = CurveAxis::Price(Moved::alone(Asset::BTC));
    for (from, to, points) in [
        (0.5, -0.5, 10),
        (f64::NAN, 1.0, 10),
        (-1.0, 1.0, 10),
        (-0.5, f64::INFINITY, 10),
        (-0.5, 0.5, 1),
        (0.0, 1.0, 9_999),
    ] {
        let range = CurveRange { from: Some(from), to: Some(to), points };
        let curve = margin_curve(rules.as_ref(), &schedule("par"), &book, axis, range, Progress::UNHEARD);
        assert!(curve.is_err(), "{from} {to} {points}");
    }
    let range = CurveRange { from: Some(-0.2), to: Some(0.3), points: 7 };
    let curve =
        margin_curve(rules.as_ref(), &schedule("par"), &book, axis, range, Progress::UNHEARD).expect("it has rules");
    assert_eq!((curve.places[0], curve.places[6], curve.places.contains(&0.0)), (-0.2, 0.3, true));
    assert!(curve.gaps.is_empty() && curve.points.iter().all(Option::is_some));
}

#[test]
fn the_questions_are_answered() {
    let market = json!({"version": 1, "title": "Round", "time": "2026-09-01T08:00:00Z", "underlyings": [
        {"asset": "BTC", "index": 80000}, {"asset": "ETH", "index": 2000}]});
    let positions = json!([{"instrument": "BTC_USDC-PERPETUAL", "quantity": 1}, {"instrument": "ETH_USDC-PERPETUAL", "quantity": 10}]);
    let balances = json!([{"asset": "USDC", "amount": 20000}]);
    let ask = |name: &str, options: serde_json::Value| {
        let question = json!({"ask": name, "options": options, "request": {
            "version": 1, "account": {"positions": positions, "balances": balances, "collateral": {"id": "par"}},
            "market": market, "methodology": {"id": "cross"}}});
        Session::new().answer(&Question::from_value(&question).expect("a question"))
    };
    let prices = ask("call_prices", json!({})).expect("an answer");
    let told: Vec<(&str, bool)> = prices["assets"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["asset"].as_str().expect("a name"), it["together"].as_bool().expect("yes or no")))
        .collect();
    assert_eq!(told, [("BTC", false), ("ETH", false), ("BTC", true), ("ETH", true)]);
    // Together: 100,000 of positions, at 5 %: 20,000 + 100,000·x = 5,000·(1 + x).
    let price = &prices["assets"][3]["liquidation"]["down"];
    let by_hand = -15.0 / 95.0;
    assert!((price["place"].as_f64().expect("a number") - by_hand).abs() <= 1e-6, "{prices}");
    assert!((price["price"].as_f64().expect("a number") - 2_000.0 * (1.0 + by_hand)).abs() <= 0.01);

    let curve = ask("margin_curve", json!({"axis": "price", "underlying": "ETH", "points": 11})).expect("an answer");
    let curve: MarginCurveDocument = serde_json::from_value(curve).expect("its own shape");
    assert_eq!(
        (curve.asset.as_deref(), curve.together, curve.places.len(), curve.prices.len()),
        (Some("ETH"), false, 11, 11)
    );
    for (options, says) in [
        (json!({"axis": "weather"}), "options.axis: there is none named \"weather\""),
        (json!({"underlying": "SOL"}), "options.underlying: the account does not depend on SOL, but on: BTC, ETH"),
        (json!({"point": 3}), "options"),
        (json!({"points": 1}), "a curve has 2 to 2000 points, not 1"),
    ] {
        let error = ask("margin_curve", options).expect_err("it is refused").to_string();
        assert!(error.contains(says), "{error}");
    }
}

proptest! {
    #![proptest_config(crate::cases())]

    /// At a crossing nothing is free, a little before it something is: in the moved market, by the account's own way.
    #[test]
    fn nothing_is_free_where_an_account_is_called(
        market in any_market(),
        positions in any_positions(),
        dollars in 1e4..1e6_f64,
        bitcoin in 0.0..5.0_f64,
        id in prop::sample::select(&["cross", "deribit-standard", "deribit-portfolio", "okx-portfolio", "custom"][..]),
    ) {
        let balances = vec![Balance::new(Asset::USDC, dollars), Balance::new(Asset::BTC, bitcoin)];
        let account = account(positions, balances);
        let book = resolved(&account, &market);
        let rules = methodology(id);
        let prices = call_prices(rules.as_ref(), &schedule("general"), &book, Moved::together(Asset::BTC));
        let prices = prices.expect("it has rules");
        let free = |price_move: f64| {
            free_in(&account, &market, &Shift { spot_move: price_move, ..Shift::default() }, id, "general")
        };
        let today = free(0.0);
        for (price, is_initial) in [
            (prices.margin_call_down, true),
            (prices.margin_call_up, true),
            (prices.liquidation_down, false),
            (prices.liquidation_up, false),
        ] {
            let of = |(initial, maintenance): (f64, f64)| if is_initial { initial } else { maintenance };
            let size: f64 = book.legs.iter().map(|leg| leg.coins.abs() * book.index_of(leg)).sum();
            match price {
                Some(price) if price.price_move == 0.0 => prop_assert!(of(today) < 0.0),
                Some(price) => {
                    prop_assert!(of(today) >= -1e-9 * size);
                    let (before, at) = (of(free(price.price_move * (1.0 - 1e-5) - price.price_move.signum() * 2e-6)), of(free(price.price_move)));
                    prop_assert!(at <= 1e-9 * size, "{at}");
                    prop_assert!(before >= -1e-9 * size, "{before} {at}");
                }
                None => {}
            }
        }
    }
}
