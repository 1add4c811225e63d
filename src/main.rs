//! Mounts the simulator into the document.

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(margin_simulator::app::App);
}
