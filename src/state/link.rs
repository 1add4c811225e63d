//! The whole state as text: for the address bar, for storage, for other programs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use margin_engine::asset::Asset;
use margin_engine::contract::{CompareChoice, ContractError, MarketChoice, MethodologyChoice, Request, WhatIf};

use super::draft::Draft;
use super::markets::LoadedMarket;

/// What a link's fragment asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Fragment {
    /// Nothing: an ordinary visit.
    Empty,
    /// A prepared portfolio: `#portfolio=box`.
    Portfolio(String),
    /// A whole state: `#state=…`.
    State(String),
    /// The ticket alone, `#ticket`, with a state or without: `#ticket=…`.
    Ticket(Option<String>),
}

/// Which page a state is shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The simulator, whose address is `#state=…`.
    Whole,
    /// The ticket alone, with the state that this browser keeps: `#ticket`.
    Ticket,
    /// The ticket alone, whose state is in its address: `#ticket=…`.
    LinkedTicket,
}

impl Fragment {
    /// The page that it leads to.
    pub fn place(&self) -> Place {
        match self {
            Fragment::Ticket(None) => Place::Ticket,
            Fragment::Ticket(Some(_)) => Place::LinkedTicket,
            _ => Place::Whole,
        }
    }
}

/// A state that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// Legs and methodology.
    pub draft: Draft,
    /// The market.
    pub market: LoadedMarket,
    /// The account currency.
    pub currency: Asset,
    /// The what-if.
    pub what_if: WhatIf,
}

/// Why a saved state cannot be opened.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// The text is damaged.
    #[error("it is damaged or cut off")]
    Damaged,
    /// It reads as text, but not as a state.
    #[error("{0}")]
    Contract(#[from] ContractError),
}

/// Tells what a fragment, with or without its `#`, asks for.
pub fn read_fragment(fragment: &str) -> Fragment {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    match fragment.split_once('=') {
        Some(("state", text)) => Fragment::State(text.to_owned()),
        Some(("portfolio", id)) => Fragment::Portfolio(id.to_owned()),
        Some(("ticket", text)) => Fragment::Ticket(Some(text.to_owned())),
        None if fragment == "ticket" => Fragment::Ticket(None),
        _ if fragment.is_empty() => Fragment::Empty,
        // Anything else is damaged rather than empty: it must not be dropped silently.
        _ => Fragment::State(fragment.to_owned()),
    }
}

/// The fragment that opens this state.
pub fn fragment(request: &Request) -> String {
    format!("#state={}", encoded(request))
}

/// The fragment that opens this state on the ticket's page.
pub fn ticket_fragment(request: &Request) -> String {
    format!("#ticket={}", encoded(request))
}

fn encoded(request: &Request) -> String {
    URL_SAFE_NO_PAD.encode(request.to_json())
}

/// The JSON text of a state in the text of a `state` fragment, for [`open_json`].
///
/// # Errors
/// It is damaged.
pub fn decoded(text: &str) -> Result<String, LinkError> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| LinkError::Damaged)?;
    String::from_utf8(bytes).map_err(|_| LinkError::Damaged)
}

/// Opens the JSON text of a state.
///
/// # Errors
/// It is no request, or holds something that cannot be shown.
pub fn open_json(text: &str) -> Result<Restored, LinkError> {
    let request = Request::from_json(text)?;
    let market = match &request.market {
        MarketChoice::Named(name) => {
            LoadedMarket::bundled(name).ok_or_else(|| ContractError::UnknownMarket(name.clone()))?
        }
        whole @ MarketChoice::Whole(_) => LoadedMarket::own(whole.resolve(|_| None)?),
    };
    let mut draft = Draft::default();
    draft.methodology.clone_from(&request.methodology.id);
    if let Some(edits) = &request.methodology.parameters {
        draft.edits.insert(request.methodology.id.clone(), edits.clone());
    }
    for other in &request.compare {
        if let CompareChoice::Edited(MethodologyChoice { id, parameters: Some(edits) }) = other {
            draft.edits.insert(id.clone(), edits.clone());
        }
    }
    for (index, position) in request.account.positions.iter().enumerate() {
        let failed = |reason| ContractError::Position { index, name: position.instrument.clone(), reason };
        let valid = position.to_position().map_err(failed)?;
        draft.push(valid.instrument, valid.quantity, valid.entry_price, position.enabled);
    }
    let account = request.account.to_account()?;
    for balance in account.balances() {
        draft.push_balance(balance.asset, balance.amount, balance.usd_per_unit);
    }
    draft.collateral.clone_from(&request.account.collateral);
    // What cannot be computed at all is not opened. An expired position can: it is shown with its reason.
    match request.prepare(|_| Some(market.market.as_ref().clone())) {
        Ok(_) | Err(ContractError::Resolve { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Restored { draft, market, currency: account.currency(), what_if: request.what_if })
}

#[cfg(test)]
mod tests {
    use margin_engine::account::Quantity;
    use margin_engine::contract::CollateralChoice;

    use super::super::figures::request;
    use super::*;

    fn open_fragment(text: &str) -> Result<Restored, LinkError> {
        decoded(text).and_then(|json| open_json(&json))
    }

    fn state() -> (Draft, LoadedMarket, WhatIf) {
        let mut draft = Draft::default();
        draft.add("BTC-25SEP26-84000-C".parse().expect("a name"), Quantity::coins(-10.0));
        draft.add("BTC-PERPETUAL".parse().expect("a name"), Quantity::quote(25_000.0));
        draft.change(0, |leg| leg.enabled = false);
        draft.edits.insert(draft.methodology.clone(), serde_json::json!({"linear": {"pnl_offset": 0.5}}));
        draft.push_balance(Asset::USDC, 80_000.0, None);
        draft.push_balance("WSTETH".parse().expect("a ticker"), 3.0, Some(5_200.0));
        draft.collateral = Some(CollateralChoice { id: "deribit".to_owned(), parameters: None });
        // Edits of a methodology that is not the chosen one are kept too.
        draft.edits.insert("custom".to_owned(), serde_json::json!({"price_steps": 7}));
        let what_if = WhatIf { spot_move: -0.05, vol_points: 0.02, days_forward: 3.0 };
        (draft, LoadedMarket::bundled("deribit-2026-08-22").expect("bundled"), what_if)
    }

    #[test]
    fn a_link_opens_what_was_shared() {
        let (draft, market, what_if) = state();
        let link = fragment(&request(&draft, market.choice.clone(), Asset::BTC, what_if));
        let Fragment::State(text) = read_fragment(&link) else { panic!("{link}") };
        let restored = open_fragment(&text).expect("it was just written");
        assert_eq!(restored, Restored { draft, market, currency: Asset::BTC, what_if });
    }

    #[test]
    fn a_market_of_ones_own_travels_whole() {
        let (draft, market, what_if) = state();
        let own = LoadedMarket::own(market.market.as_ref().clone());
        let restored = open_json(&request(&draft, own.choice.clone(), Asset::USD, what_if).to_json()).expect("valid");
        assert_eq!(restored.market, own);
    }

    #[test]
    fn damage_is_told() {
        let (draft, market, what_if) = state();
        let link = fragment(&request(&draft, market.choice, Asset::USD, what_if));
        let Fragment::State(text) = read_fragment(&link) else { panic!("{link}") };
        for cut in [1, 10, text.len() / 2, text.len() - 2] {
            assert!(open_fragment(&text[..cut]).is_err(), "{cut}");
        }
        assert_eq!(open_fragment("%%%"), Err(LinkError::Damaged));
        assert_eq!(read_fragment("#gibberish"), Fragment::State("gibberish".to_owned()));
        assert_eq!(read_fragment(""), Fragment::Empty);
        assert_eq!(read_fragment("#portfolio=box"), Fragment::Portfolio("box".to_owned()));
    }

    #[test]
    fn the_ticket_has_a_page_of_its_own() {
        let (draft, market, what_if) = state();
        let request = request(&draft, market.choice.clone(), Asset::USD, what_if);
        let asked = read_fragment(&ticket_fragment(&request));
        assert_eq!(asked.place(), Place::LinkedTicket);
        let Fragment::Ticket(Some(text)) = asked else { panic!("{asked:?}") };
        assert_eq!(open_fragment(&text).expect("it was just written").draft, draft);
        assert_eq!(read_fragment("#ticket").place(), Place::Ticket);
        assert_eq!(read_fragment(&fragment(&request)).place(), Place::Whole);
        assert_eq!(read_fragment("").place(), Place::Whole);
    }
}
