//! The margin ratio as a needle over a bar: healthy, to be watched, critical.

use leptos::prelude::*;
use margin_engine::insight::WARNING_RATIO;

use crate::charts::format::percent;
use crate::parts::text;

/// The ratio at which the bar ends.
const END: f64 = 1.3;

/// The needle stands at the ratio; at the end of the bar where that is beyond, or where nothing counts.
pub fn gauge(ratio: Signal<Option<f64>>) -> AnyView {
    let at = |ratio: f64| format!("{:.2}%", (ratio / END).clamp(0.0, 1.0) * 100.0);
    let shown = move || ratio.get().unwrap_or(END);
    let words = move || ratio.get().map_or_else(|| "nothing counts".to_owned(), percent);
    let (healthy, watch) = (at(WARNING_RATIO), at(1.0 - WARNING_RATIO));
    view! {
        <div
            class="gauge"
            role="meter"
            aria-label="Margin ratio"
            aria-valuemin="0"
            aria-valuemax=END.to_string()
            aria-valuenow=text(move || shown().clamp(0.0, END).to_string())
            aria-valuetext=text(words)
            data-testid="gauge"
        >
            <i class="gauge-healthy" style:width=healthy></i>
            <i class="gauge-watch" style:width=watch></i>
            <i class="gauge-critical"></i>
            <span class="gauge-needle" style:left=text(move || at(shown()))></span>
        </div>
    }
    .into_any()
}
