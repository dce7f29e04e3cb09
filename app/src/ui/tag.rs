//! Small things in lines: tag, badge, requirement, avatar. Each has a word or stands beside one.

use leptos::prelude::*;

use super::{
    icon::{Icon, IconName},
    strip::Mood,
};

/// A tinted word.
#[component]
pub fn Tag(
    /// What it is about.
    #[prop(optional)]
    mood: Mood,
    /// An icon before the word.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Round, for the row of protections.
    #[prop(optional)]
    round: bool,
    /// The word.
    children: Children,
) -> impl IntoView {
    let mood = match mood {
        Mood::Neutral => "",
        Mood::Green => " tag-green",
        Mood::Amber => " tag-amber",
        Mood::Red => " tag-red",
        Mood::Purple => " tag-purple",
    };
    let class = format!("tag{mood}{}", if round { " is-round" } else { "" });
    view! { <span class=class>{icon.map(|name| view! { <Icon name size=14 /> })} {children()}</span> }
        .into_any()
}

/// A count in a navigation item or heading. Zero shows nothing.
#[component]
pub fn Badge(
    /// How many.
    #[prop(into)]
    count: Signal<u32>,
    /// Amber: look at this.
    #[prop(optional)]
    amber: bool,
    /// What is counted, for assistive technology: "to decide".
    #[prop(optional, into)]
    label: String,
) -> impl IntoView {
    let class = if amber { "badge badge-amber" } else { "badge" };
    let shown = move || if count.get() > 99 { "99+".to_owned() } else { count.get().to_string() };
    move || {
        let label = label.clone();
        (count.get() > 0).then(|| {
            view! {
                <span class=class>
                    {shown()}
                    <span class="visually-hidden">" "{label}</span>
                </span>
            }
        })
    }
}

/// What a thing asks for, as icons with words, read as one phrase: "Asks for: MFA, Approval".
#[component]
pub fn Needs(
    /// Icon and word of each.
    items: Vec<(IconName, String)>,
    /// What stands there when nothing else is asked: "Reason only".
    #[prop(into)]
    otherwise: String,
) -> impl IntoView {
    let none = items.is_empty().then_some(otherwise);
    let items = items
        .into_iter()
        .map(|(name, word)| view! { <span><Icon name /> {word} <span class="visually-hidden">", "</span></span> })
        .collect_view();
    view! { <span class="needs">{items} {none}</span> }.into_any()
}

/// One of twelve muted hues for an identifier, always the same one (FNV-1a).
fn hue(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) % 12
}

/// First letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// How large an avatar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 22 px.
    Tiny,
    /// 28 px.
    Small,
    /// 32 px.
    #[default]
    Normal,
    /// 48 px.
    Large,
}

/// Initials on a muted hue, or an icon for groups and services. Decoration: the name stands beside it.
#[component]
pub fn Avatar(
    /// Whose initials.
    #[prop(into)]
    name: String,
    /// What the hue is chosen from.
    #[prop(into)]
    id: String,
    /// An icon instead of initials.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// How large.
    #[prop(optional)]
    size: AvatarSize,
) -> impl IntoView {
    let kind = if icon.is_some() { "avatar-thing".to_owned() } else { format!("hue-{}", hue(&id)) };
    let (size, glyph) = match size {
        AvatarSize::Tiny => (" avatar-xs", 12),
        AvatarSize::Small => (" avatar-s", 14),
        AvatarSize::Normal => ("", 16),
        AvatarSize::Large => (" avatar-l", 22),
    };
    let inside = match icon {
        Some(name) => view! { <Icon name size=glyph /> }.into_any(),
        None => initials(&name).into_any(),
    };
    view! { <span class=format!("avatar {kind}{size}") aria-hidden="true">{inside}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        for (name, expected) in
            [("Marta Lindqvist", "ML"), ("Anna Maria (Ops) Berg", "AB"), ("kenji", "K"), ("", ""), ("  ", "")]
        {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn the_same_person_always_has_the_same_hue() {
        assert_eq!(hue("marta"), hue("marta"));
        let different: std::collections::BTreeSet<_> =
            (0..200).map(|n| hue(&format!("person-{n}"))).collect();
        assert_eq!(different.len(), 12);
    }
}
