//! How roles, requests and people are named on all pages of activations.

use domain::{
    Instant, Scope,
    activation::State,
    person::{Principal, PrincipalRef},
    role::{Level, RoleRef},
};
use leptos::prelude::*;

use crate::ui::{Avatar, AvatarSize, IconName, LevelTile, Mood, Tag};

/// An instant on the shared clock of the page.
pub(super) fn instant(seconds: i64) -> Instant {
    Instant::from_timestamp(seconds, 0).unwrap_or_default()
}

/// What assistive technology hears of a level.
pub(super) fn level_label(level: Level) -> String {
    format!("Privilege level: {}", level.word())
}

/// The tile of a role.
pub(super) fn tile(role: &RoleRef, size: u16) -> impl IntoView + use<> {
    view! { <LevelTile level=role.level.rank() size label=level_label(role.level) /> }
}

/// The part that is covered, where it is not everything.
pub(super) fn part(scope: &Scope) -> Option<String> {
    (!scope.is_everything()).then(|| scope.to_string())
}

/// "Priya Raman or Tomasz Wieczorek"; the administrators when nobody is named.
pub(super) fn any_of(approvers: &[PrincipalRef]) -> String {
    let names: Vec<_> = approvers.iter().map(|approver| approver.name.as_str()).collect();
    match names.as_slice() {
        [] => "An administrator of Stint".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= 3 => format!("{} or {last}", first.join(", ")),
        [first, second, others @ ..] => format!("{first}, {second} or {} others", others.len()),
    }
}

/// The faces of those who may decide, four at most.
pub(super) fn faces(approvers: &[PrincipalRef]) -> impl IntoView + use<> {
    let faces = approvers
        .iter()
        .take(4)
        .map(|approver| {
            let name = approver.name.clone();
            match approver.principal {
                Principal::Person(id) => {
                    view! { <Avatar name id=id.to_string() size=AvatarSize::Small /> }.into_any()
                }
                Principal::Group(id) => {
                    view! { <Avatar name id=id.to_string() icon=IconName::Group size=AvatarSize::Small /> }
                        .into_any()
                }
            }
        })
        .collect_view();
    view! { <span class="avatars">{faces}</span> }
}

/// The state of a request as a tag.
pub(super) fn state_tag(state: State) -> impl IntoView {
    let (mood, icon, word) = match state {
        State::PendingApproval => (Mood::Neutral, IconName::Clock, "Waiting for approval"),
        State::Scheduled => (Mood::Neutral, IconName::Calendar, "Starts later"),
        State::Activating => (Mood::Neutral, IconName::Clock, "Starting"),
        State::Active => (Mood::Green, IconName::Lightning, "Active"),
        State::Ending => (Mood::Neutral, IconName::Clock, "Ending"),
        State::Ended => (Mood::Neutral, IconName::Check, "Ended"),
        State::Denied => (Mood::Neutral, IconName::Cross, "Denied"),
        State::Canceled => (Mood::Neutral, IconName::Cross, "Withdrawn"),
        State::TimedOut => (Mood::Neutral, IconName::Clock, "Lapsed"),
        State::Failed => (Mood::Red, IconName::Octagon, "Failed"),
    };
    view! { <Tag mood icon>{word}</Tag> }
}

#[cfg(test)]
mod tests {
    use domain::person::PersonId;

    use super::*;

    #[test]
    fn those_who_may_decide_are_named_shortly() {
        let named = |names: &[&str]| {
            let id = Principal::Person(PersonId::new(uuid::Uuid::nil()));
            let all: Vec<_> =
                names.iter().map(|name| PrincipalRef { principal: id, name: (*name).to_owned() }).collect();
            any_of(&all)
        };
        assert_eq!(named(&[]), "An administrator of Stint");
        assert_eq!(named(&["Priya"]), "Priya");
        assert_eq!(named(&["Priya", "Tomasz"]), "Priya or Tomasz");
        assert_eq!(named(&["Priya", "Tomasz", "Ada"]), "Priya, Tomasz or Ada");
        assert_eq!(named(&["Priya", "Tomasz", "Ada", "Bo"]), "Priya, Tomasz or 2 others");
    }
}
