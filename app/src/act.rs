//! What a form does: sends its fields as they are to a server function, and keeps what came of it. In the browser they are
//! not read into a type first, so that no form needs code of its own for that; without the browser's half the form is
//! an ordinary one that sends the same.

use std::marker::PhantomData;

use leptos::{ev::SubmitEvent, html, prelude::*, server_fn::ServerFn};
use serde::de::DeserializeOwned;

use crate::{AppError, AppResult, exchange::understood};

/// A server function that forms carry out, and how that goes. Made where the page is drawn; copies are the same act.
pub struct FormAct<S> {
    running: Running,
    function: PhantomData<fn() -> S>,
}

impl<S> Clone for FormAct<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for FormAct<S> {}

/// How an act goes, whichever it is: compiled once.
#[derive(Clone, Copy)]
pub(crate) struct Running {
    /// How many of it are on their way.
    under_way: RwSignal<usize>,
    /// The fields of the last one, as long as it is.
    sent: RwSignal<Option<String>>,
    /// How often it was answered.
    version: RwSignal<usize>,
    /// What the last answer said.
    answer: RwSignal<Option<AppResult<String>>>,
    /// How often what came of it was forgotten, because the form stands for something else now.
    forgotten: StoredValue<usize>,
    /// Why what was sent before that was refused, if it was: none of the business of the form that is there now.
    late: RwSignal<Option<AppError>>,
}

impl<S> FormAct<S> {
    /// An act that nobody has carried out yet.
    pub fn new() -> Self {
        Self { running: Running::new(), function: PhantomData }
    }

    /// What the last answer said.
    pub fn value(self) -> Signal<Option<AppResult<S::Output>>>
    where
        S: ServerFn,
        S::Output: DeserializeOwned + Send + Sync + 'static,
    {
        let answer = self.running.answer;
        Signal::derive(move || {
            answer.with(|answer| {
                let answer = answer.as_ref()?.as_ref();
                Some(answer.map_err(Clone::clone).and_then(|text| understood(text)))
            })
        })
    }

    /// Whether it is on its way.
    pub fn pending(self) -> Memo<bool> {
        self.running.pending()
    }

    /// How often it was answered.
    pub fn version(self) -> RwSignal<usize> {
        self.running.version
    }

    /// Whether what is on its way says this in this field, named without `form[…]`. For values that are the same when they are
    /// sent: ids and words of lower-case letters.
    pub fn sends(self, field: &'static str, value: String) -> Signal<bool> {
        self.running.sends(field, &value)
    }

    /// Why the last answer was no, if it came after the form had become one for something else.
    pub fn late(self) -> Option<AppError> {
        self.running.late.get_untracked()
    }

    /// Forgets what came of it: from now on the form is one for something else.
    pub fn clear(self) {
        self.running.answer.set(None);
        self.running.forgotten.update_value(|count| *count += 1);
    }

    /// How it goes.
    pub(crate) fn running(self) -> Running {
        self.running
    }
}

impl Running {
    fn new() -> Self {
        Self {
            under_way: RwSignal::new(0),
            sent: RwSignal::new(None),
            version: RwSignal::new(0),
            answer: RwSignal::new(None),
            forgotten: StoredValue::new(0),
            late: RwSignal::new(None),
        }
    }

    /// Whether it is on its way.
    pub(crate) fn pending(self) -> Memo<bool> {
        Memo::new(move |_| self.under_way.get() > 0)
    }

    /// How often it was answered.
    pub(crate) fn version(self) -> usize {
        self.version.get()
    }

    /// Why the last answer was no, if it was.
    pub(crate) fn error(self) -> Option<AppError> {
        self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()))
    }

    fn sends(self, field: &str, value: &str) -> Signal<bool> {
        let pair = format!("form%5B{field}%5D={value}");
        let says = move |sent: &Option<String>| {
            sent.as_ref().is_some_and(|sent| sent.split('&').any(|one| one == pair))
        };
        Signal::derive(move || self.sent.with(&says))
    }
}

impl<S> Default for FormAct<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// The form of an act: its fields are named `form[…]`, as the server function reads them.
#[component]
pub fn ActForm<S>(
    /// What it carries out.
    act: FormAct<S>,
    /// Where the form is to be known.
    #[prop(optional)]
    node_ref: NodeRef<html::Form>,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView
where
    S: ServerFn,
{
    form(S::PATH, act.running, node_ref, children)
}

fn form(path: &'static str, running: Running, node_ref: NodeRef<html::Form>, children: Children) -> AnyView {
    let send = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        #[cfg(feature = "hydrate")]
        browser::send(path, running, &event);
        #[cfg(not(feature = "hydrate"))]
        let _ = running;
    };
    let children = children();
    view! { <form action=path method="post" node_ref=node_ref on:submit=send>{children}</form> }.into_any()
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{
        ev::SubmitEvent, form::form_data_from_event, prelude::*, task::spawn_local, web_sys::UrlSearchParams,
    };

    use domain::Code;

    use super::{AppResult, Running};
    use crate::exchange::browser::{exchange, here};

    /// Sends the fields of the form that this event is about.
    pub(super) fn send(path: &'static str, running: Running, event: &SubmitEvent) {
        let forgotten = running.forgotten.get_value();
        running.under_way.update(|count| *count += 1);
        // What cannot leave this device was certainly not done.
        let Some(fields) = fields(event).filter(|_| window().navigator().on_line()) else {
            return running.answered(forgotten, Err(Code::Unavailable.into()));
        };
        running.sent.set(Some(fields.clone()));
        let here = here();
        spawn_local(async move {
            let answer =
                exchange(path.to_owned(), "application/x-www-form-urlencoded", fields, Some(here)).await;
            running.answered(forgotten, answer);
        });
    }

    /// As the browser would send them, with what the pressed button says.
    fn fields(event: &SubmitEvent) -> Option<String> {
        let fields = form_data_from_event(event).ok()?;
        UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()
    }

    impl Running {
        /// Keeps the answer to what was sent when so much had been forgotten. The page may be gone by then, and with it
        /// whoever wants to know.
        fn answered(self, forgotten: usize, answer: AppResult<String>) {
            let left = self.under_way.try_update(|count| {
                *count = count.saturating_sub(1);
                *count
            });
            let is_late = self.forgotten.try_get_value() != Some(forgotten);
            let (late, answer) = match answer {
                Err(error) if is_late => (Some(error), None),
                answer => (None, Some(answer)),
            };
            let _ = self.late.try_set(late);
            let _ = self.version.try_update(|version| *version += 1);
            let _ = self.answer.try_set(answer);
            if left == Some(0) {
                let _ = self.sent.try_set(None);
            }
        }
    }
}
