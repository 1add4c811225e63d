//! What to do next: an order before it is sent, the best hedge, and what each leg adds.

mod attribution_tab;
mod hedge_card;
mod hedges_tab;
mod pair_table;
mod pre_trade;
mod pre_trade_tab;
mod trade_panel;

pub use pre_trade::{OrderTicket, TicketPage, TicketPageProps};
pub use trade_panel::{TradePanel, TradePanelProps};
