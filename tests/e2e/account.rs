//! The account: collateral, the gauge, and how it stands.

use crate::support::{Page, Viewport, browse};

impl Page {
    /// Types into the row that adds a balance, and adds it.
    async fn deposit(&self, asset: &str, amount: &str, price: &str) {
        for (field, text) in [("balance-asset", asset), ("balance-amount", amount), ("balance-price", price)] {
            let field = format!("[data-testid=\"balance-new\"] [data-testid=\"{field}\"]");
            self.read::<()>(
                "const [selector, text] = arguments; const field = document.querySelector(selector); \
                 field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); return null",
                vec![field.into(), text.into()],
            )
            .await;
        }
        self.click("balance-add").await;
    }

    /// How the account stands, once it does so.
    async fn stands(&self, standing: &str) {
        const READ: &str = "return document.querySelector('[data-testid=\"account-standing\"]').dataset.standing ?? ''";
        self.wait_for(standing, async || self.read::<String>(READ, vec![]).await == standing).await;
    }
}

#[test]
fn the_gauge_follows_deposits_and_undo() {
    browse("account", Viewport::DESKTOP, async |page: &Page| {
        let opening = page.figures().await;
        let ratio = opening.number("margin-ratio");
        assert!((0.35..0.65).contains(&ratio), "the opening account is about half used: {ratio}");
        page.stands("healthy").await;
        assert_eq!(page.all_by_testid("balance-row").await.len(), 1);

        page.deposit("BTC", "1", "").await;
        let richer = page.figures_after(&opening).await;
        assert!(richer.number("margin-ratio") < ratio && richer.number("equity") > opening.number("equity") + 50_000.0);
        assert_eq!(richer.initial(), opening.initial(), "collateral changes no requirement here");
        assert_eq!(page.all_by_testid("balance-row").await.len(), 2);
        page.click("undo").await;
        assert_eq!(page.figures_after(&richer).await, opening);

        // Cut to a quarter, maintenance is not met.
        page.type_over("balance-amount", "20000").await;
        let poorer = page.figures_after(&opening).await;
        page.stands("liquidation").await;
        assert!(poorer.number("margin-ratio") > 1.0 && poorer.number("free-margin") < 0.0, "{poorer:#?}");
        page.click("undo").await;
        assert_eq!(page.figures_after(&poorer).await, opening);
        page.stands("healthy").await;

        // It is kept with all the rest.
        page.rest().await;
        page.reload().await;
        assert_eq!(page.figures().await, opening);
    });
}

#[test]
fn an_account_without_collateral_is_told_how_to_begin() {
    browse("no-collateral", Viewport::DESKTOP, async |page: &Page| {
        page.click("balance-remove").await;
        assert!(page.text("account-empty").await.starts_with("Add collateral"));
        assert!(page.text("collateral-empty").await.contains("No collateral yet"));
        page.click("deposit-USDC").await;
        page.stands("healthy").await;
        let figures = page.figures().await;
        // Twice the initial requirement counts.
        let free = figures.number("free-margin") / figures.initial();
        assert!((1.0..1.1).contains(&free), "{figures:#?}");
    });
}

#[test]
fn bad_collateral_is_told_and_nothing_is_lost() {
    browse("bad-collateral", Viewport::DESKTOP, async |page: &Page| {
        let before = page.figures().await;
        page.deposit("EUR", "1000", "").await;
        assert!(page.text("balance-problem").await.contains("no price for EUR"));
        assert_eq!(page.figures().await, before);
        // What was typed is still there; a price makes it whole.
        page.deposit("EUR", "1000", "1.1").await;
        let after = page.figures_after(&before).await;
        // Deribit takes no euros: they are worth something, and count nothing.
        assert!((after.number("equity") - before.number("equity") - 1_100.0).abs() < 1e-6);
        assert_eq!(after.number("free-margin"), before.number("free-margin"));
        page.select("collateral-schedule", "par").await;
        let par = page.figures_after(&after).await;
        assert!((par.number("free-margin") - after.number("free-margin") - 1_100.0).abs() < 1e-6);
        // A haircut of one's own.
        page.select("collateral-schedule", "general").await;
        page.click("haircuts").await;
        page.type_over("parameter-others.haircut.initial", "0.5").await;
        assert!(
            page.text_of("dialog[open]").await.contains("it must lie between 0 and 0.5"),
            "maintenance is above it"
        );
        page.type_over("parameter-assets.USDC.haircut.initial", "0.5").await;
        page.click("haircuts-close").await;
        page.wait_for("an edited mark", async || page.text("collateral-mark").await == "edited").await;
    });
}
