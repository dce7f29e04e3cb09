//! The layout of pages before sign-in: form at the left, dial at the right, cropped at the top on mobile.

use leptos::prelude::*;

use super::mark::{Dial, Wordmark};

/// Mark, form, two remarks at the foot, the dial.
#[component]
pub fn SignFrame(
    /// At the foot, left: "Run by Halden Logistics IT".
    #[prop(optional, into)]
    run_by: String,
    /// At the foot, right: the host.
    #[prop(optional, into)]
    host: String,
    /// Hours since midnight, for the hand of the dial.
    #[prop(default = 14.3)]
    hour: f64,
    /// A strip over everything.
    #[prop(optional, into)]
    demo: Option<String>,
    /// Heading (h1), one sentence, the form.
    children: Children,
) -> impl IntoView {
    view! {
        {demo.filter(|demo| !demo.is_empty()).map(|demo| view! { <p class="demo-strip">{demo}</p> })}
        <div class="sign">
            <div class="sign-form">
                <header>
                    <Wordmark />
                </header>
                <main class="sign-body" id="main">
                    {children()}
                </main>
                <footer class="sign-foot">
                    <span>{run_by}</span>
                    <span>{host}</span>
                </footer>
            </div>
            <div class="sign-dial" aria-hidden="true">
                <Dial hour />
                <div>
                    <p>"Privilege for as long as the work takes."</p>
                    <p>"Nobody is an administrator all day."</p>
                </div>
            </div>
        </div>
    }
    .into_any()
}
