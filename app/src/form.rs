//! Forms that work before the browser's half has arrived: why one was refused, and what had been typed into it.
//!
//! A plain post that is refused leads back to its page with codes in the address; the sentence and what was typed come
//! back through a short-lived sealed cookie. With the browser's half nothing is lost in the first place.

use domain::Problem;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::act::{FormAct, Running};

/// What a plain form sent and why it was refused. Never holds secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The endpoint that refused.
    pub path: String,
    /// Why.
    pub problem: Option<Problem>,
    /// Fields by the names that they have in the form, such as `form[name]`.
    pub fields: Vec<(String, String)>,
}

/// Puts the draft of this request, if there is one, into the context: the same on both sides.
pub(crate) fn provide_draft() {
    let draft = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        return crate::api::server::draft();
        #[cfg(not(feature = "ssr"))]
        None::<Draft>
    });
    provide_context(StoredValue::new(draft.into_inner()));
}

/// The draft of this endpoint, as long as the address still speaks of its refusal.
fn draft_of(path: &str) -> Option<Draft> {
    if !refused_in_address(path) {
        return None;
    }
    use_context::<StoredValue<Option<Draft>>>()?.get_value().filter(|draft| draft.path == path)
}

fn refused_in_address(path: &str) -> bool {
    use_query_map()
        .with_untracked(|query| query.get_str("__err").is_some() && query.get_str("__path") == Some(path))
}

/// Why an act was refused, if it was.
#[derive(Clone, Copy, Debug)]
pub struct Refusal(Signal<Option<Problem>>);

/// Watches an act. To be called where the action is made.
pub fn refusal<S: ServerFn>(act: FormAct<S>) -> Refusal {
    refused(S::PATH, act.running())
}

fn refused(path: &str, act: Running) -> Refusal {
    let at_first = draft_of(path).and_then(|draft| draft.problem);
    let pending = act.pending();
    Refusal(Signal::derive(move || match act.version() {
        0 => at_first.clone(),
        _ if pending.get() => None,
        _ => act.error().map(|error| error.problem()),
    }))
}

impl Refusal {
    /// The whole problem, for strips.
    pub fn problem(self) -> Option<Problem> {
        self.0.get()
    }

    /// What is wrong with this field, named without `form[…]`.
    pub fn field(self, name: &'static str) -> MaybeProp<String> {
        MaybeProp::derive(move || self.0.with(|problem| Some(problem.as_ref()?.of_field(name)?.sentence())))
    }

    /// What to say over the form: the sentence when no field is meant, else how many fields need attention.
    pub fn lead(self) -> Option<String> {
        self.0.with(|problem| {
            let problem = problem.as_ref()?;
            Some(match (&problem.field, problem.more.len() + 1) {
                (None, _) => problem.sentence(),
                (Some(_), 1) => "1 field needs attention. Nothing was sent.".to_owned(),
                (Some(_), count) => format!("{count} fields need attention. Nothing was sent."),
            })
        })
    }
}

/// What was typed into a field of a plain form that was refused, else what it holds at first. `name` without `form[…]`.
pub fn typed<S: ServerFn>(name: &str, otherwise: impl Into<String>) -> String {
    let name = format!("form[{name}]");
    let draft = draft_of(S::PATH);
    let kept = draft.and_then(|draft| draft.fields.into_iter().find(|(field, _)| *field == name));
    kept.map_or_else(|| otherwise.into(), |(_, value)| value)
}

/// All that was chosen in a list of a plain form that was refused: the fields `form[name][]`.
pub fn typed_all<S: ServerFn>(name: &str) -> Vec<String> {
    let name = format!("form[{name}][]");
    let fields = draft_of(S::PATH).map(|draft| draft.fields).unwrap_or_default();
    fields.into_iter().filter(|(field, _)| *field == name).map(|(_, value)| value).collect()
}

/// Whether a plain form of this endpoint was refused, so that a sheet or dialog must stand open.
pub fn was_refused<S: ServerFn>() -> bool {
    refused_in_address(S::PATH)
}

/// The key under which this form counts once, however often it is sent: a hidden field `form[key]`.
#[component]
pub fn FormKey<S>(
    /// What the form does: when it was answered, the form gets a new key.
    act: FormAct<S>,
) -> impl IntoView
where
    S: ServerFn,
{
    let key = if cfg!(feature = "ssr") { new_key() } else { String::new() };
    // When it is not known whether a plain form was done, it comes back with the key that it had.
    form_key(answered(act.running()), typed::<S>("key", key)).into_any()
}

fn form_key(answered: Memo<usize>, key: String) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    // What the server wrote is kept, without being told to the browser a second time: that would take a number which
    // both sides must give out in the same order.
    let written = Owner::current_shared_context().is_some_and(|shared| shared.during_hydration());
    Effect::new(move |_| {
        let answered = answered.get();
        if let Some(input) = input.get().filter(|_| !written || answered > 0) {
            input.set_value(&new_key());
        }
    });
    view! { <input type="hidden" name="form[key]" node_ref=input value=key /> }
}

/// How often it was answered for good. When no answer came it may have been done all the same, and counts once only if it
/// is sent again under its key.
fn answered(act: Running) -> Memo<usize> {
    Memo::new(move |before: Option<&usize>| {
        let (version, error) = (act.version(), act.error());
        match (error, before) {
            (Some(error), Some(before)) if error.is_passing() => *before,
            _ => version,
        }
    })
}

#[cfg(feature = "ssr")]
fn new_key() -> String {
    crate::api::server::new_key()
}

/// Only tells this person's forms apart; nothing rests on nobody guessing it.
#[cfg(not(feature = "ssr"))]
fn new_key() -> String {
    use leptos::web_sys::js_sys::{Date, Math};
    format!("{:x}-{:x}", Date::now().to_bits(), Math::random().to_bits())
}
