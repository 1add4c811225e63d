//! The methodologies that go by history, on real closes: against figures of NumPy 2.4 and SciPy 1.17, and what must
//! hold of them whatever the figures.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::insight::{loss_track, regime_track, savings};
use margin_engine::instrument::{Expiry, Instrument};
use margin_engine::market::{ExpiryDraft, History, HistoryDocument, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{Assessment, MethodologyError, RegimeRule, assess, find, regime_of};
use margin_engine::progress::Progress;
use serde_json::{Value, json};

use crate::{coins, say};

const VALUE_AT_RISK: [&str; 3] = ["var-historical", "var-filtered", "var-parametric"];

fn history(closes: &[Vec<f64>; 2]) -> Arc<History> {
    let column = |list: &[f64]| list.iter().copied().map(Some).collect::<Vec<_>>();
    let closes = BTreeMap::from([("BTC".to_owned(), column(&closes[0])), ("ETH".to_owned(), column(&closes[1]))]);
    let document = HistoryDocument { source: "daily closes".to_owned(), start: "2020-01-01".to_owned(), closes };
    document.try_into().expect("a history")
}

/// BTC at 80,000 and ETH at 2,400 with a smile each, and the closes as far as they were known at `time`.
fn market(time: &str, history: Option<Arc<History>>) -> Market {
    let expiry = Expiry::parse("25DEC26").expect("a date");
    let coin = |asset, index: f64| {
        let smile = [(0.5, 0.7), (0.8, 0.55), (1.0, 0.5), (1.3, 0.55), (2.0, 0.7)];
        UnderlyingDraft::new(asset, index).with_perpetual(index * 1.001).with(ExpiryDraft::new(
            expiry,
            index * 1.01,
            smile.map(|(part, vol)| (part * index, vol)),
        ))
    };
    let draft = MarketDraft::new(time.parse().expect("a time"), Source::default())
        .with(coin(Asset::BTC, 80_000.0))
        .with(coin(Asset::ETH, 2_400.0));
    Market::new(MarketDraft { history, ..draft }).expect("a market")
}

/// Sizes of futures in dollars, of all else in coins.
fn book(market: &Market, positions: &[(&str, f64)]) -> Book {
    let position = |&(name, size): &(&str, f64)| {
        let instrument: Instrument = name.parse().expect("a name");
        let quantity = if name.ends_with("PERPETUAL") { Quantity::quote(size) } else { Quantity::coins(size) };
        Position { instrument, quantity, entry_price: None }
    };
    let account = Account::new(Asset::USD, positions.iter().map(position).collect(), vec![]).expect("an account");
    Book::resolve(&account, market, ExpiredPositions::Refuse).expect("the market has them")
}

fn try_assess(id: &str, edits: &Value, book: &Book) -> Result<Assessment, MethodologyError> {
    let entry = find(id).expect("registered");
    assess(entry, entry.configure(Some(edits))?.as_ref(), book)
}

fn assessed(id: &str, edits: Value, book: &Book) -> Assessment {
    try_assess(id, &edits, book).expect("it applies")
}

fn need(id: &str, edits: Value, book: &Book) -> f64 {
    assessed(id, edits, book).initial
}

fn close(what: &str, ours: f64, reference: f64, tolerance: f64) {
    assert!((ours / reference - 1.0).abs() <= tolerance, "{what}: {ours} and not {reference}");
}

/// 600,000 dollars of BTC and 400,000 of ETH: P&L is notional times simple return.
const LINEAR: [(&str, f64); 2] = [("BTC_USDC-PERPETUAL", 600_000.0), ("ETH_USDC-PERPETUAL", 400_000.0)];
/// The same settled in coin: inverse contracts are linear in dollars, their notional counted at the index.
const INVERSE: [(&str, f64); 2] = [("BTC-PERPETUAL", 600_000.0 * 1.001), ("ETH-PERPETUAL", 400_000.0 * 1.001)];

const AFTER: &str = "2026-08-22T08:00:00Z";

#[test]
fn historical_simulation_is_that_of_numpy() {
    let Some(closes) = coins() else { return };
    let market = market(AFTER, Some(history(&closes)));
    // numpy.quantile(-pnl, α, method="inverted_cdf"), the shortfall by its definition, on simple returns; five days as
    // exp of sums of log returns; rescaled days by an EWMA of log returns in a loop, from their mean square.
    for (id, edits, confidence, at_risk, shortfall, day, place) in [
        (
            "var-historical",
            json!({"window_days": 2366}),
            0.99,
            90029.341472578,
            132485.25251418332,
            "2025-10-10",
            "24th",
        ),
        ("var-historical", json!({}), 0.99, 67888.71807130825, 90226.59601913932, "2026-06-02", "11th"),
        ("var-historical", json!({}), 0.95, 43224.313075047125, 61249.1115050686, "2026-02-03", "51st"),
        ("var-historical", json!({"horizon_days": 5}), 0.99, 149399.724741718, 177721.8707566078, "2024-08-07", "11th"),
        (
            "var-historical",
            json!({"horizon_days": 5}),
            0.975,
            115055.61784754638,
            151218.68385623037,
            "2024-12-21",
            "26th",
        ),
        ("var-filtered", json!({}), 0.99, 66215.39009379168, 83115.19366470345, "2026-01-20", "11th"),
        (
            "var-filtered",
            json!({"ewma_lambda": 0.94}),
            0.975,
            49268.56419329605,
            68155.80522131996,
            "2025-02-26",
            "26th",
        ),
    ] {
        for positions in [LINEAR, INVERSE] {
            let book = book(&market, &positions);
            let mut edits = edits.clone();
            edits["confidence"] = json!(confidence);
            let assessment = assessed(id, edits.clone(), &book);
            close(id, assessment.initial, at_risk, 1e-9);
            let (days, worst) = (assessment.memos[2].value, assessment.pots[0].worst_loss());
            assert!(assessment.reason.starts_with(&format!("the {place} worst of ")), "{}", assessment.reason);
            assert!(assessment.reason.ends_with(day) && worst > at_risk, "{}", assessment.reason);
            assert_eq!(days as usize, assessment.grid.slides.len());
            close("memo", assessment.memos[0].value, at_risk, 1e-9);
            close("memo", assessment.memos[1].value, shortfall, 1e-9);
            edits["measure"] = json!("expected-shortfall");
            let mean = assessed(id, edits, &book);
            close(id, mean.initial, shortfall, 1e-9);
            close("shares", mean.leg_shares.iter().sum(), shortfall, 1e-9);
            assert!(mean.reason.starts_with("the mean of the worst "), "{}", mean.reason);
        }
    }
}

#[test]
fn parametric_value_at_risk_of_a_linear_book_is_a_multiple_of_its_deviation() {
    let Some(closes) = coins() else { return };
    let market = market(AFTER, Some(history(&closes)));
    let hedged = [LINEAR[0], ("ETH_USDC-PERPETUAL", -400_000.0)];
    // Σ about zero of simple returns, in a loop; √(x′Σx), scipy.stats.norm.ppf and pdf.
    for (positions, lambda, deviation, at_risk, shortfall) in [
        (LINEAR, 1.0, 27897.222191417222, 64898.64353664842, 74352.07329271182),
        (INVERSE, 0.94, 23461.410561452605, 54579.4025816346, 62529.68505775481),
        (hedged, 1.0, 9111.793072827473, 21197.200443672253, 24284.880470548207),
        (hedged, 0.94, 5601.64476387371, 13031.374387569613, 14929.583282001848),
    ] {
        let book = book(&market, &positions);
        let ours = assessed("var-parametric", json!({"ewma_lambda": lambda}), &book);
        close("value at risk", ours.initial, at_risk, 1e-9);
        close("deviation", ours.memos[0].value, deviation, 1e-9);
        assert_eq!((ours.memos[1].value, ours.memos[2].value), (0.0, 0.0));
        let ten_days = need("var-parametric", json!({"ewma_lambda": lambda, "horizon_days": 10}), &book);
        close("ten days", ten_days, at_risk * 10.0_f64.sqrt(), 1e-9);
        let mean = need("var-parametric", json!({"ewma_lambda": lambda, "measure": "expected-shortfall"}), &book);
        close("shortfall", mean, shortfall, 1e-9);
    }
}

#[test]
fn what_must_hold_of_every_tail() {
    let Some(closes) = coins() else { return };
    let market = market(AFTER, Some(history(&closes)));
    let naked = [("BTC_USDC-25DEC26-80000-C", -10.0), ("ETH_USDC-25DEC26-2400-P", -100.0)];
    let naked_book = book(&market, &naked);
    let delta = |coin: usize| -naked_book.legs[coin].delta_coins();
    let mut hedged = naked.to_vec();
    hedged.extend([("BTC_USDC-SPOT", delta(0)), ("ETH_USDC-SPOT", delta(1))]);
    let hedged = book(&market, &hedged);
    for id in VALUE_AT_RISK {
        for confidence in [0.95, 0.99] {
            let with =
                |measure: &str, book: &Book| need(id, json!({"confidence": confidence, "measure": measure}), book);
            let (at_risk, shortfall) = (with("value-at-risk", &naked_book), with("expected-shortfall", &naked_book));
            assert!(shortfall >= at_risk && at_risk > 0.0, "{id}: {shortfall} {at_risk}");
            let triple = book(&market, &naked.map(|(name, size)| (name, 3.0 * size)));
            close(id, with("value-at-risk", &triple), 3.0 * at_risk, 1e-9);
            assert!(with("value-at-risk", &hedged) < at_risk, "{id}: a hedge of delta costs");
        }
        let maintenance = assessed(id, json!({"maintenance_factor": 0.5}), &naked_book);
        close(id, maintenance.maintenance, 0.5 * maintenance.initial, 1e-12);
    }
    // Both ways of counting a curved book see a loss of the same order.
    let (full, quadratic) =
        (need("var-historical", json!({}), &hedged), need("var-parametric", json!({"ewma_lambda": 1}), &hedged));
    say(&format!("short gamma, hedged: {full:.0} by full revaluation, {quadratic:.0} by delta and gamma"));
    assert!(quadratic > 0.3 * full && quadratic < 3.0 * full);
    // Vols that rise as prices fall cost what is short of vol.
    let puts = book(&market, &[("BTC_USDC-25DEC26-70000-P", -10.0)]);
    assert!(
        need("var-historical", json!({"vol_reaction": -1.5}), &puts) > 1.1 * need("var-historical", json!({}), &puts)
    );
}

#[test]
fn where_the_expansion_turns_back_the_normal_stands_in() {
    let Some(closes) = coins() else { return };
    let market = market(AFTER, Some(history(&closes)));
    let hedged = |calls: f64| {
        let call = ("BTC_USDC-25DEC26-80000-C", calls);
        // The forward is 1 % above the index.
        let spot = -1.01 * book(&market, &[call]).legs[0].delta_coins();
        assessed("var-parametric", json!({}), &book(&market, &[call, ("BTC_USDC-SPOT", spot)]))
    };
    // ∓χ² with one degree of freedom, whose skewness is ∓√8 and whose excess kurtosis is 12. By hand the
    // expansion gives −2.3263 − 2.0798 − 2.8056 + 3.0108; the quantile itself is (6.6349 − 1)/√2 = 3.9845, 5 % less.
    let (short, long) = (hedged(-10.0), hedged(10.0));
    for (assessment, sign) in [(&short, -1.0), (&long, 1.0)] {
        close("skewness", assessment.memos[1].value, sign * 8.0_f64.sqrt(), 1e-12);
        close("kurtosis", assessment.memos[2].value, 12.0, 1e-12);
    }
    close("quantile", short.memos[3].value, -4.2009, 2e-5);
    assert!(short.reason.contains("Cornish") && short.notes.len() == 2, "{:?}", short.notes);
    // On the other side it turns back.
    close("quantile", long.memos[3].value, -2.326_347_874, 1e-9);
    assert!(long.reason.contains("normal") && long.notes[2].contains("normal quantile"), "{:?}", long.notes);
}

#[test]
fn a_book_without_history_has_a_sentence() {
    let Some(closes) = coins() else { return };
    let positions = [("BTC-PERPETUAL", 1e5), ("ETH-PERPETUAL", 1e5)];
    let bare = book(&market(AFTER, None), &positions);
    let only_one = [("BTC".to_owned(), vec![Some(100.0); 400])];
    let document = HistoryDocument { source: String::new(), start: "2020-01-01".to_owned(), closes: only_one.into() };
    let partial = book(&market(AFTER, Some(document.try_into().expect("a history"))), &positions);
    let short = book(&market("2020-02-15T00:00:00Z", Some(history(&closes))), &positions);
    for id in VALUE_AT_RISK.into_iter().chain(["regime-adaptive"]) {
        for (book, part) in [(&bare, "no daily closes"), (&partial, "closes of ETH"), (&short, "there are 44")] {
            let error = try_assess(id, &json!({}), book).expect_err("no history");
            assert!(matches!(error, MethodologyError::NotApplicable(_)), "{id}: {error:?}");
            assert!(error.to_string().contains(part), "{id}: {error}");
        }
    }
}

#[test]
fn ranges_follow_the_regime() {
    let Some(closes) = coins() else { return };
    let history = history(&closes);
    let range = |time| {
        let book = book(&market(time, Some(Arc::clone(&history))), &[("BTC_USDC-PERPETUAL", 1e6)]);
        let assessment = assessed("regime-adaptive", json!({"model": {"shortest_history_days": 60}}), &book);
        assert_eq!(assessment.memos[0].name, "price range");
        // A linear position loses its range, and the contingency of futures is beside it.
        close("worst slide", assessment.components[0].initial, 1e6 * assessment.memos[0].value, 1e-9);
        assert_eq!((assessment.components.len(), assessment.grid.slides.len()), (2, 33));
        assessment.memos[0].value
    };
    let (before, after, quiet) =
        (range("2020-03-08T00:00:00Z"), range("2020-03-14T00:00:00Z"), range("2023-08-15T00:00:00Z"));
    say(&format!(
        "range of BTC: {before:.3} before the crash of March 2020, {after:.3} after, {quiet:.3} in August 2023"
    ));
    assert!(after > 1.5 * before && after > 3.0 * quiet);

    // Two coins that move together: parting costs less than a full move against the book, and more than nothing.
    let market = market(AFTER, Some(Arc::clone(&history)));
    let pair = book(&market, &[("BTC_USDC-PERPETUAL", 1e6), ("ETH_USDC-PERPETUAL", -7e5)]);
    let with = |part: f64| assessed("regime-adaptive", json!({"opposite_fraction": part}), &pair);
    assert_eq!(with(0.5).grid.slides.len(), 3 * (11 + 2 * 10));
    assert!(with(0.0).initial < with(0.5).initial && with(0.5).initial < with(1.0).initial);
}

#[test]
fn the_track_ends_in_the_methodologys_range() {
    let Some(closes) = coins() else { return };
    let history = history(&closes);
    let market = market(AFTER, Some(Arc::clone(&history)));
    let regime =
        regime_of(find("regime-adaptive").expect("registered").configure(None).expect("a preset").configured())
            .expect("a regime");
    let straddle = [("BTC_USDC-25DEC26-80000-C", -5.0), ("BTC_USDC-25DEC26-80000-P", -5.0), ("ETH-PERPETUAL", 1e5)];
    let book = book(&market, &straddle);
    let track = regime_track(&history, Asset::BTC, &regime, Progress::UNHEARD).expect("a history");
    let btc = self::book(&market, &straddle[..2]);
    let memo = assessed("regime-adaptive", json!({}), &btc).memos[0].value;
    assert_eq!(track.today.range, memo);
    assert_eq!(track.rules[0].today, memo);
    // A whole history of fits ends nearly where a thousand days of them do.
    let start = Instant::now();
    let whole = regime_track(&history, Asset::BTC, &RegimeRule { history_days: 10_000, ..regime }, Progress::UNHEARD)
        .expect("a history");
    say(&format!("track over {} days: {:.0} ms", whole.days.len(), start.elapsed().as_secs_f64() * 1e3));
    assert!((whole.today.range / memo - 1.0).abs() < 0.01, "{} {memo}", whole.today.range);
    for rule in &whole.rules {
        let count = whole.returns.iter().zip(&rule.ranges).filter(|(step, range)| step.abs() > **range).count();
        assert_eq!((rule.breaches.len(), rule.coverage.breaches), (whole.days.len(), count), "{}", rule.name);
    }
    assert_eq!(whole.forecasts.len(), whole.days.len());

    // What a linear book loses is its notional times the range; what a straddle does, what slides say.
    let linear = self::book(&market, &LINEAR);
    let losses = loss_track(&linear, Asset::BTC, &track.rules[0].ranges).expect("it is held");
    for (loss, range) in losses.iter().zip(&track.rules[0].ranges) {
        close("loss", *loss, 600_000.0 * range, 1e-9);
    }
    let range = [0.1];
    let ours = loss_track(&book, Asset::BTC, &[0.1, 0.3]).expect("it is held")[0];
    let edits = json!({"price_range_up": 0.1, "price_range_down": 0.1, "vol_shift_up": 0, "vol_shift_down": 0,
        "extreme_multiple": 0, "short_option_contingency": 0, "price_steps": 20});
    close("straddle", ours, need("custom", edits, &btc), 0.01);
    assert_eq!(loss_track(&linear, "SOL".parse().expect("a ticker"), &range), None);
    assert_eq!(loss_track(&linear, Asset::ETH, &[0.0]), Some(vec![0.0]));
}

#[test]
fn a_thousand_days_are_quick() {
    let Some(closes) = coins() else { return };
    let market = market(AFTER, Some(history(&closes)));
    let names: Vec<String> = (0..10)
        .flat_map(|leg| {
            [
                format!("BTC_USDC-25DEC26-{}-C", 60_000 + 4_000 * leg),
                format!("ETH_USDC-25DEC26-{}-P", 1_800 + 100 * leg),
            ]
        })
        .collect();
    let positions: Vec<(&str, f64)> =
        names.iter().enumerate().map(|(leg, name)| (name.as_str(), leg as f64 - 9.5)).collect();
    let book = book(&market, &positions);
    for id in VALUE_AT_RISK.into_iter().chain(["regime-adaptive"]) {
        let entry = find(id).expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let timed = |run: &mut dyn FnMut()| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        };
        let mut again = || drop(assess(entry, methodology.as_ref(), &book).expect("it applies"));
        let first = timed(&mut again);
        let later = (0..10).map(|_| timed(&mut again)).fold(f64::INFINITY, f64::min);
        let assessment = assess(entry, methodology.as_ref(), &book).expect("it applies");
        let credit = timed(&mut || drop(savings(methodology.as_ref(), &book, &assessment).expect("it applies")));
        say(&format!("{id}, 20 legs: {first:.1} ms at first, {later:.2} ms again, {credit:.1} ms for the credit"));
    }
}
