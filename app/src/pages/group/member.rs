//! Who is in a group, and taking somebody out of it.

use domain::{Instant, group::Member, person::PersonId};
use leptos::prelude::*;

use super::detail::Loaded;
use crate::{
    act::{ActForm, FormAct},
    api::group::GroupRemoveMember,
    form::{FormKey, refusal},
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, Dialog, Empty, IconName, Mood, Person, Section, Strip,
        Tag, Two, time, use_toasts,
    },
    when::{Zone, shown_at, use_zone},
};

/// The members by name, and the way to add one.
#[component]
pub(super) fn Members(loaded: Signal<Loaded>, may: Memo<bool>) -> impl IntoView {
    let zone = use_zone();
    let shown = Memo::new(move |_| loaded.with(|(group, _)| (group.row.id, group.people.clone())));
    let list = move || {
        let ((id, members), may, now) = (shown.get(), may.get(), shown_at());
        let here = format!("/groups/{id}");
        let add = may.then(|| {
            view! {
                <ButtonLink href=format!("{here}?do=add") icon=IconName::Plus>
                    "Add member"
                </ButtonLink>
            }
        });
        if members.is_empty() {
            return view! {
                <Empty
                    title="Nobody is in it"
                    text="Members are eligible for what the group is eligible for, each for themselves."
                    small=true
                    actions=add.into_any()
                />
            }
            .into_any();
        }
        let rows = members.into_iter().map(|member| line(member, &here, may, zone, now)).collect_view();
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col">"Member since"</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <div class="actions below-table">{add}</div>
        }
        .into_any()
    };
    view! {
        <Section title="Members" id="members">
            {list}
        </Section>
    }
}

fn line(member: Member, here: &str, may: bool, zone: Zone, now: Instant) -> impl IntoView + use<> {
    let Member { person, since, disabled } = member;
    let distance = time::relative(since.timestamp(), now.timestamp());
    let whom = person.name.clone();
    let out = may.then(|| {
        view! {
            <ButtonLink
                href=format!("{here}?do=take-out&person={}", person.id)
                kind=ButtonKind::Quiet
                size=ButtonSize::Small
            >
                "Take out"
                <span class="visually-hidden">{format!(" {whom}")}</span>
            </ButtonLink>
        }
    });
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <span class="line">
                    <a class="row-link" href=format!("/people/{}", person.id)>
                        <Person name=person.name id=person.id.to_string() />
                    </a>
                    {disabled.then(|| view! { <Tag icon=IconName::Lock>"Disabled"</Tag> })}
                </span>
            </th>
            <td title=zone.full(since)>
                <Two top=zone.day(since, now) below=distance />
            </td>
            <td class="fit end cell-side">{out}</td>
        </tr>
    }
}

/// The question before somebody is taken out.
#[component]
pub(super) fn TakeOutDialog(loaded: Signal<Loaded>, person: PersonId) -> impl IntoView {
    let (group, toasts) = (loaded.with_untracked(|(group, _)| group.clone()), use_toasts());
    let close = format!("/groups/{}", group.row.id);
    let Some(name) =
        group.people.into_iter().find(|member| member.person.id == person).map(|member| member.person.name)
    else {
        return ().into_any();
    };
    let act = FormAct::<GroupRemoveMember>::new();
    let refusal = refusal(act);
    let told = format!("{name} is out of {}.", group.row.name);
    Effect::new(move |_| {
        if let Some(Ok(())) = act.value().get() {
            changed(Topic::Group);
            toasts.show(told.clone(), "", None);
        }
    });
    let text = if group.row.privileged {
        "What only this group gives them ends at once: what they are eligible for, what they have active by it, and \
         approving. They can be added again."
    } else {
        "The group has to do with no role, so nothing else changes. They can be added again."
    };
    let button = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="take-out" busy=act.pending()>
            "Take out now"
        </Button>
    };
    view! {
        <Dialog title=format!("Take {name} out of {}?", group.row.name) close text act=button.into_any()>
            <ActForm act=act attr:id="take-out" attr:class="form-rows">
                {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <input type="hidden" name="form[id]" value=group.row.id.to_string() />
                <input type="hidden" name="form[person]" value=person.to_string() />
                <FormKey act=act />
                <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
            </ActForm>
        </Dialog>
    }
    .into_any()
}
