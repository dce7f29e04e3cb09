//! What a person needs to add Stint to an authenticator app: a QR code, or a key to type.

use leptos::prelude::*;

use crate::{api::sign_in::Enrolling, ui::QrCode};

/// The QR code beside the three things to do; the field for the code comes after it.
#[component]
pub fn Enrolment(
    /// What the app needs.
    enrolling: Enrolling,
) -> impl IntoView {
    view! {
        <div class="enrolment">
            <QrCode drawing=enrolling.drawing squares=enrolling.squares label="QR code for your authenticator app" />
            <ol class="todo">
                <li>"Open the authenticator app and scan."</li>
                <li>"Or type the key: " <code class="pick key">{enrolling.key}</code></li>
                <li>"Enter the code it shows."</li>
            </ol>
        </div>
    }
    .into_any()
}
