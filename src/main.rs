//! Loads the bundled markets and mounts the simulator into the document.

#[cfg(target_arch = "wasm32")]
fn main() {
    use leptos::prelude::*;
    use margin_simulator::app::App;
    use margin_simulator::later;
    use margin_simulator::state::{markets, storage};

    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        // A first visit opens with a portfolio and a methodology that are at hand; what somebody built may need more.
        let needs_rules = storage::needs_rules();
        later::fetch();
        let markets = markets::load().await;
        let rules = if needs_rules { later::rules().await.map(Some) } else { Ok(None) };
        let failure = match (markets, rules) {
            (Ok(()), Ok(rules)) => return leptos::mount::mount_to_body(move || view! { <App rules=rules /> }),
            (Err(reason), _) => reason,
            (_, Err(_)) => later::MISSING.to_owned(),
        };
        leptos::mount::mount_to_body(move || {
            view! { <p class="notice critical" data-testid="start-error" role="alert">{failure}</p> }
        });
    });
}

/// The page lives in the browser; natively there are only its tests.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
