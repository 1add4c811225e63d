//! The unit in which an amount of a currency is written.

use margin_engine::asset::Asset;

use crate::charts::Unit;

/// "$" before an amount of US dollars, the ticker behind everything else.
pub fn unit(currency: &Asset) -> Unit<'_> {
    if *currency == Asset::USD { Unit::Prefix("$") } else { Unit::Suffix(currency.as_str()) }
}
