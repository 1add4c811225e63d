//! Loads the bundled markets and mounts the simulator into the document.

#[cfg(target_arch = "wasm32")]
fn main() {
    use leptos::prelude::*;
    use margin_simulator::app::App;
    use margin_simulator::state::markets;

    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        match markets::load().await {
            Ok(()) => leptos::mount::mount_to_body(App),
            Err(reason) => leptos::mount::mount_to_body(move || {
                view! { <p class="notice critical" data-testid="start-error" role="alert">{reason}</p> }
            }),
        }
    });
}

/// The page lives in the browser; natively there are only its tests.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
