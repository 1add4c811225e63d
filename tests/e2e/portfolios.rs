//! Portfolios that are at hand: none, prepared ones, strategies.

use margin_simulator::learn::prepared::PREPARED;

use crate::support::{Page, Start, Viewport, browse, browse_from};

#[test]
fn an_empty_portfolio_needs_nothing_and_says_how_to_begin() {
    browse("empty", Viewport::DESKTOP, async |page: &Page| {
        page.open_prepared("empty").await;
        assert!(page.text("legs-empty").await.starts_with("No legs yet."));
        let figures = page.figures().await;
        for name in ["initial-margin", "maintenance-margin", "hedging-credit", "hedging-credit-percent"] {
            assert_eq!(figures.number(name), 0.0, "{name}");
        }
        assert!(page.text("slide-table").await.contains("No legs yet"));
        assert!(page.text("worst-slide").await.contains("No legs yet"));
        assert!(page.text("credit-story").await.starts_with("Add legs"));
        for slider in ["spot-shift", "vol-shift", "days-forward"] {
            page.set_value(slider, "5").await;
        }
        page.rest().await;
        page.reload().await;
        page.by_testid("legs-empty").await;
        assert_eq!(page.figures().await.initial(), 0.0);
    });
}

#[test]
fn every_prepared_portfolio_opens_by_its_link() {
    for prepared in PREPARED {
        let (id, legs) = (prepared.id, prepared.legs.len());
        let fragment = format!("portfolio={id}");
        browse_from(&format!("prepared-{id}"), Viewport::DESKTOP, Start::Fragment(&fragment), async |page: &Page| {
            assert_eq!(page.legs().await.len(), legs, "{id}");
            let by_link = page.figures().await;
            by_link.assert_sound();
            assert!(by_link.initial() > 0.0, "{id}: {by_link:#?}");
            assert_eq!(page.notices().await, Vec::<String>::new());
            // By the menu it is the same, and the menu carries the link.
            page.open_prepared("empty").await;
            page.click("learn").await;
            let entry = page.by_testid(&format!("portfolio-{id}")).await;
            assert_eq!(entry.attr("href").await.expect("an entry").as_deref(), Some(format!("#{fragment}").as_str()));
            entry.click().await.expect("an entry");
            assert_eq!(page.figures().await, by_link);
            assert_eq!(page.legs().await.len(), legs, "{id}");
        });
    }
}

#[test]
fn the_menu_lists_every_prepared_portfolio_with_a_sentence() {
    browse("menu", Viewport::DESKTOP, async |page: &Page| {
        page.click("learn").await;
        const READ: &str = "return [...document.querySelectorAll('[data-testid^=\"portfolio-\"][href^=\"#portfolio=\"]')] \
            .map(e => [e.getAttribute('href'), e.innerText])";
        let entries: Vec<(String, String)> = page.read(READ, vec![]).await;
        let listed: Vec<&str> = entries.iter().filter_map(|(href, _)| href.strip_prefix("#portfolio=")).collect();
        let expected: Vec<&str> = PREPARED.iter().map(|prepared| prepared.id).chain(["empty"]).collect();
        assert_eq!(listed, expected);
        for (href, text) in entries {
            assert!(text.trim().ends_with('.') && text.lines().count() > 1, "{href}: {text}");
        }
    });
}

#[test]
fn a_portfolio_that_does_not_exist_is_told() {
    browse_from("unknown", Viewport::DESKTOP, Start::Fragment("portfolio=moonshot"), async |page: &Page| {
        let notices = page.notices().await;
        assert!(notices.len() == 1 && notices[0].contains("\"moonshot\""), "{notices:?}");
        assert!(page.legs().await.len() > 1, "the opening portfolio stands in");
    });
}

#[test]
fn every_strategy_adds_its_legs_in_one_click() {
    const STRATEGIES: [(&str, usize); 12] = [
        ("covered-call", 2),
        ("protective-put", 2),
        ("collar", 3),
        ("straddle", 2),
        ("delta-neutral-straddle", 3),
        ("strangle", 2),
        ("vertical", 2),
        ("butterfly", 3),
        ("iron-condor", 4),
        ("calendar", 2),
        ("risk-reversal", 2),
        ("box", 4),
    ];
    browse("strategies", Viewport::DESKTOP, async |page: &Page| {
        page.open_prepared("empty").await;
        page.click("tab-strategies").await;
        assert_eq!(page.all_by_testid("strategy").await.len(), STRATEGIES.len());
        page.click("strategy-replace").await;
        for side in ["chain-side-buy", "chain-side-sell"] {
            page.click(side).await;
            for (id, legs) in STRATEGIES {
                page.click_css(&format!("[data-testid=\"strategy\"][data-strategy=\"{id}\"]")).await;
                page.wait_for(id, async || page.legs().await.len() == legs).await;
                page.figures().await.assert_sound();
                assert!(
                    page.text("what-changed").await.contains(&id.replace("delta-neutral-", "").replace('-', " ")),
                    "{id}"
                );
            }
        }
        // Without the check mark it joins what is held.
        page.click("strategy-replace").await;
        page.click_css("[data-testid=\"strategy\"][data-strategy=\"covered-call\"]").await;
        page.wait_for("more legs", async || page.legs().await.len() > 4).await;
    });
}
