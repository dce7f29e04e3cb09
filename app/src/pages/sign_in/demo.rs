//! Who may sign in where everything is invented. Renders nothing anywhere else.

use domain::sign_in::DemoPerson;
use leptos::prelude::*;

use crate::{api::sign_in::sign_in_demo, loading::loading, ui::Two};

/// The people of the demo organisation, and how to sign in as them.
#[component]
pub fn DemoPeople(
    /// Where signing in leads, for those who are signed in already.
    to: Memo<String>,
) -> impl IntoView {
    let people = loading(move || to.get(), sign_in_demo);
    view! {
        <Suspense>
            {move || {
                let people = people.get().and_then(Result::ok).unwrap_or_default();
                (!people.is_empty()).then(|| list(people))
            }}
        </Suspense>
    }
}

fn list(people: Vec<DemoPerson>) -> impl IntoView {
    let rows = people
        .into_iter()
        .map(|person| {
            view! {
                <tr>
                    <th scope="row"><Two top=person.name below=person.part /></th>
                    <td><code class="pick">{person.sign_in_name}</code></td>
                    <td><code class="pick">{person.password}</code></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="demo-people" aria-labelledby="demo-people">
            <h2 id="demo-people">"Who may sign in here"</h2>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col">"Sign-in name"</th>
                        <th scope="col">"Password"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="small muted">"For a code run " <code>"stint demo code NAME"</code> " with the sign-in name."</p>
        </section>
    }
    .into_any()
}
