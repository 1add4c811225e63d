//! One row of the table of balances: what is deposited, or what is about to be.

use leptos::prelude::*;
use margin_engine::account::{Account, Balance};
use margin_engine::asset::Asset;
use margin_engine::collateral::CountedBalance;
use margin_engine::market::Market;

use crate::builder::parse_text::read_number;
use crate::builder::words::{amount, price, size};
use crate::charts::format::NO_FIGURE;
use crate::parts::{maybe, shown, text};
use crate::state::draft::DraftBalance;
use crate::state::{Simulator, use_simulator};

/// The list of tickers that the field of the asset suggests, by its `id`.
pub const ASSETS: &str = "collateral-assets";

/// What stands in the fields: asset, amount, and a price of one's own.
type Typed = [String; 3];

/// A balance that can be changed and removed; without an identifier the row that adds one.
///
/// What is typed counts on Enter or when the field is left, in the row that adds by its button; Escape takes it back.
#[component]
pub fn BalanceRow(id: Option<u64>) -> impl IntoView {
    let simulator = use_simulator();
    let balance = Memo::new(move |_| {
        simulator.draft.with(|draft| draft.balances.iter().find(|balance| Some(balance.id) == id).cloned())
    });
    let typed = RwSignal::new(Typed::default());
    let problem = RwSignal::new(None::<String>);
    let revert = move || {
        typed.set(balance.get().as_ref().map(texts).unwrap_or_default());
        problem.set(None);
    };
    // Undo changes what stands there, too.
    Effect::new(move |_| revert());
    let commit = move || {
        let market = untrack(|| simulator.today());
        match typed.with_untracked(|typed| read(typed, &market)) {
            Err(reason) => problem.set(Some(reason)),
            Ok(read) => {
                put(simulator, id, read);
                untrack(revert);
            }
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => commit(),
        "Escape" => untrack(revert),
        _ => {}
    };
    let field = move |place: usize, class: &'static str, testid: &'static str, label: &'static str| {
        let is_asset = place == 0;
        let hint = move || match place {
            0 => "USDC".to_owned(),
            1 => "0".to_owned(),
            _ => market_price(simulator, &typed.with(|typed| typed[0].clone())),
        };
        let name =
            move || balance.with(|balance| balance.as_ref().map_or("new row".to_owned(), |it| it.asset.to_string()));
        view! {
            <input
                class=class
                data-testid=testid
                list=is_asset.then_some(ASSETS)
                inputmode=if is_asset { "text" } else { "decimal" }
                autocomplete="off"
                aria-label=text(move || format!("{label}, {}", name()))
                placeholder=text(hint)
                prop:value=text(move || typed.with(|typed| typed[place].clone()))
                on:input:target=move |event| typed.update(|typed| typed[place] = event.target().value())
                on:keydown=key
                on:change=move |_| {
                    if id.is_some() {
                        commit();
                    }
                }
            />
        }
        .into_any()
    };
    let figure = move |of: fn(&CountedBalance) -> f64| {
        text(move || {
            counted(simulator, id).map_or_else(|| NO_FIGURE.to_owned(), |it| amount(of(&it), simulator.currency.get()))
        })
    };
    let in_maintenance = maybe(move || {
        let maintenance = counted(simulator, id)?.counted.maintenance;
        Some(format!("{} against maintenance", amount(maintenance, simulator.currency.get())))
    });
    let act = move |_| match id {
        None => commit(),
        Some(id) => simulator.edit("removed a balance", |draft| draft.balances.retain(|balance| balance.id != id)),
    };
    let (sign, what, testid) =
        if id.is_some() { ("×", "Remove", "balance-remove") } else { ("+", "Add the balance", "balance-add") };
    let has_problem = Signal::derive(move || problem.with(Option::is_some));
    view! {
        <div role="row" class="balance" class:balance-new=id.is_none() data-testid=if id.is_some() { "balance-row" } else { "balance-new" }>
            <div role="cell">{field(0, "field", "balance-asset", "Asset")}</div>
            <div role="cell">{field(1, "field num", "balance-amount", "Amount")}</div>
            <div role="cell">{field(2, "field num", "balance-price", "Price in dollars")}</div>
            <div role="cell" class="num balance-value">{figure(|balance| balance.value)}</div>
            <div role="cell" class="num balance-counted" title=in_maintenance data-testid="balance-counted">
                {figure(|balance| balance.counted.initial)}
            </div>
            <div role="cell" class="balance-last">
                <button class="balance-act" data-testid=testid aria-label=what title=what on:click=act>
                    {sign}
                </button>
            </div>
            {shown(
                has_problem,
                move || {
                    let reason = text(move || problem.get().unwrap_or_default());
                    view! { <p class="problem small-text" role="alert" data-testid="balance-problem">{reason}</p> }.into_any()
                },
            )}
        </div>
    }
}

/// The balance with what it counts for; none where there are no figures.
fn counted(simulator: Simulator, id: Option<u64>) -> Option<CountedBalance> {
    let place = simulator.draft.with(|draft| draft.balances.iter().position(|balance| Some(balance.id) == id))?;
    simulator.outcome.with(|outcome| outcome.figures()?.account_state.balances.get(place).copied())
}

/// What one unit costs in the market, for a field without a price of one's own.
fn market_price(simulator: Simulator, ticker: &str) -> String {
    let found = ticker.trim().parse::<Asset>().ok().and_then(|asset| simulator.today().usd_per(asset));
    found.map_or_else(|| "market".to_owned(), price)
}

fn texts(balance: &DraftBalance) -> Typed {
    let own = balance.usd_per_unit.map(size).unwrap_or_default();
    [balance.asset.to_string(), size(balance.amount), own]
}

/// Reads the fields.
///
/// # Errors
/// A sentence on the first that cannot be.
fn read([asset, amount, price]: &Typed, market: &Market) -> Result<Balance, String> {
    let [asset, amount, price] = [asset, amount, price].map(|text| text.trim());
    if asset.is_empty() {
        return Err("Which asset? A ticker such as USDC, BTC or EUR.".to_owned());
    }
    let asset: Asset = asset.parse().map_err(|error: margin_engine::asset::AssetError| error.to_string())?;
    if amount.is_empty() {
        return Err(format!("How much {asset}? A debt is negative."));
    }
    let amount = read_number(amount)?;
    let usd_per_unit = if price.is_empty() { None } else { Some(read_number(price)?) };
    if usd_per_unit.is_none() && market.usd_per(asset).is_none() {
        return Err(format!("This market has no price for {asset}: say what one is worth in dollars."));
    }
    let balance = Balance { asset, amount, usd_per_unit };
    // The engine says what a balance may be.
    Account::new(Asset::USD, vec![], vec![balance]).map_err(|error| error.to_string())?;
    Ok(balance)
}

/// Puts a balance in the row, or adds it.
fn put(simulator: Simulator, id: Option<u64>, Balance { asset, amount, usd_per_unit }: Balance) {
    let Some(id) = id else {
        let what = format!("deposited {} {asset}", size(amount));
        return simulator.edit(what, |draft| draft.push_balance(asset, amount, usd_per_unit));
    };
    simulator.edit(format!("balance of {} {asset}", size(amount)), |draft| {
        if let Some(balance) = draft.balances.iter_mut().find(|balance| balance.id == id) {
            *balance = DraftBalance { id, asset, amount, usd_per_unit };
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markets::named;

    #[test]
    fn what_is_no_balance_is_told() {
        let market = named("deribit-2026-08-22").expect("bundled");
        let read = |asset: &str, amount: &str, price: &str| {
            read(&[asset.to_owned(), amount.to_owned(), price.to_owned()], &market)
        };
        assert_eq!(read("usdc", "80,000", ""), Ok(Balance::new(Asset::USDC, 80_000.0)));
        let euro = Balance { usd_per_unit: Some(1.1), ..Balance::new("EUR".parse().expect("a ticker"), -5.0) };
        assert_eq!(read(" EUR ", "−5", "1.1"), Ok(euro));
        for (asset, amount, price, sentence) in [
            ("", "5", "", "Which asset? A ticker such as USDC, BTC or EUR."),
            ("€", "5", "", "\"€\" is not a currency: a ticker is one to twelve letters or digits, such as BTC or USD"),
            ("BTC", "", "", "How much BTC? A debt is negative."),
            ("BTC", "much", "", "\"much\" is not a number"),
            ("EUR", "5", "", "This market has no price for EUR: say what one is worth in dollars."),
            ("EUR", "5", "0", "the price of EUR is 0 dollars; it must be a positive number up to 1e15"),
            ("BTC", "1e20", "", "the balance in BTC is 1e20; it must be a number between -1e15 and 1e15"),
        ] {
            assert_eq!(read(asset, amount, price), Err(sentence.to_owned()));
        }
    }
}
