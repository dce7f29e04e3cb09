//! Passwords: a field that shows on request what was typed, and says how strong a new one is.

use leptos::prelude::*;

use super::{
    field::{Field, FieldIds},
    icon::{Icon, IconName},
};

/// How good a new password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Nothing typed.
    Empty,
    /// Below the least length; holds the characters that are missing.
    Short(usize),
    /// Long enough, but few different characters.
    Weak,
    /// Good.
    Fair,
    /// Very good.
    Strong,
}

impl Strength {
    /// Rates by length and variety alone; the server also knows passwords that leaked.
    #[must_use]
    pub fn of(password: &str, least: usize) -> Self {
        let length = password.chars().count();
        let mut different: Vec<char> = password.chars().collect();
        different.sort_unstable();
        different.dedup();
        match (length, different.len()) {
            (0, _) => Self::Empty,
            (n, _) if n < least => Self::Short(least - n),
            (_, ..7) => Self::Weak,
            (n, _) if n < least + 5 => Self::Fair,
            _ => Self::Strong,
        }
    }

    /// What stands beside the label.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Short(missing) => format!("{missing} more characters"),
            Self::Weak => "Weak, use more different characters".to_owned(),
            Self::Fair => "Good".to_owned(),
            Self::Strong => "Strong".to_owned(),
        }
    }

    const fn bars(self) -> (usize, &'static str) {
        match self {
            Self::Empty => (0, "strength"),
            Self::Short(_) => (1, "strength is-weak"),
            Self::Weak => (2, "strength is-weak"),
            Self::Fair => (3, "strength"),
            Self::Strong => (4, "strength is-strong"),
        }
    }
}

/// A password, with a button that shows it, and on request a word for its strength.
#[component]
pub fn PasswordField(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// A new password: says how strong it is and lets the browser propose one.
    #[prop(optional)]
    new: bool,
    /// The least length of a new one.
    #[prop(default = 12)]
    least: usize,
    /// Below the input.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let shown = RwSignal::new(false);
    let strength = RwSignal::new(Strength::Empty);
    let described = {
        let ids = ids.clone();
        move || ids.described(hint.get().is_some())
    };
    let bound =
        Signal::derive(move || (new && strength.get() != Strength::Empty).then(|| strength.get().text()));
    let eye = move || if shown.get() { IconName::EyeOff } else { IconName::Eye };
    let bars = new.then(|| {
        view! {
            <svg class=move || strength.get().bars().1 aria-hidden="true">
                {["0%", "25.5%", "51%", "76.5%"]
                    .into_iter()
                    .enumerate()
                    .map(|(n, x)| {
                        let on = move || (n < strength.get().bars().0).then_some("is-on");
                        view! { <rect class=on x=x width="23.5%" height="4" rx="2"></rect> }
                    })
                    .collect_view()}
            </svg>
        }
    });
    let field = view! {
        <div class="input-box">
            <input
                class="input"
                id=ids.input.clone()
                name=name
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete=if new { "new-password" } else { "current-password" }
                minlength=new.then(|| least.to_string())
                required
                autofocus=autofocus
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                on:input=move |ev| {
                    if new {
                        strength.set(Strength::of(&event_target_value(&ev), least));
                    }
                }
            />
            <button
                type="button"
                class="input-tool needs-js"
                aria-label="Show the password"
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || view! { <Icon name=eye() size=18 /> }}
            </button>
        </div>
        {bars}
    };
    view! { <Field ids label bound hint error>{field}</Field> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_counts_length_and_variety() {
        for (password, expected) in [
            ("", Strength::Empty),
            ("short", Strength::Short(7)),
            ("aaaaaaaaaaaaaaaaaaaa", Strength::Weak),
            ("correct horse", Strength::Fair),
            ("correct horse battery", Strength::Strong),
        ] {
            assert_eq!(Strength::of(password, 12), expected, "{password}");
        }
    }
}
