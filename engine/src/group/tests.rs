//! Groups, as administrators meet them.

use domain::{
    Code, Problem, Span,
    assignment::AssignmentKind,
    event::EventKind,
    group::{ChangeGroup, GroupId, NewGroup},
    page::ListQuery,
    person::{PersonId, Principal},
    role::builtin,
    role_settings::RoleSettings,
};

use crate::{Ctx, Result, group, person, testing::World};

fn new(name: &str) -> NewGroup {
    NewGroup { name: name.to_owned(), description: "who runs the mail".to_owned() }
}

fn renamed(name: &str, version: i64) -> ChangeGroup {
    ChangeGroup { name: name.to_owned(), description: String::new(), version }
}

/// Somebody who administers Stint permanently, and can sign in.
async fn marta(world: &World) -> PersonId {
    let person = world.administrator("Marta").await;
    world.enrolled(person, "marta").await;
    person
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Problem {
    result.unwrap_err().problem().expect("a refusal, not a failure").clone()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    refusal(result).code
}

async fn members(world: &World, ctx: &Ctx, id: GroupId) -> Vec<String> {
    let detail = group::get(&world.engine, ctx, id).await.unwrap();
    detail.people.into_iter().map(|member| member.person.name).collect()
}

crate::on_every_database!(a_user_administrator_keeps_a_plain_group_in_order, world, {
    let helpdesk = world.ctx(world.user_administrator("Uma").await);
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let id = group::create(&world.engine, &helpdesk, new(" Mail people ")).await.unwrap();
    for person in [bo, ada] {
        let added = group::add_member(&world.engine, &helpdesk, id, person).await.unwrap();
        assert!(added.made_privileged.is_empty());
    }
    let detail = group::get(&world.engine, &helpdesk, id).await.unwrap();
    assert_eq!((detail.row.name.as_str(), detail.row.members), ("Mail people", 2));
    assert!(!detail.row.privileged && detail.people[0].since == world.engine.now());
    assert_eq!(members(&world, &helpdesk, id).await, ["Ada", "Bo"]);
    group::change(&world.engine, &helpdesk, id, renamed("Post", detail.version)).await.unwrap();
    group::remove_member(&world.engine, &helpdesk, id, bo).await.unwrap();
    assert_eq!(members(&world, &helpdesk, id).await, ["Ada"]);
    group::remove(&world.engine, &helpdesk, id).await.unwrap();
    assert_eq!(code(group::get(&world.engine, &helpdesk, id).await), Code::NotFound);
    assert!(person::get(&world.engine, &helpdesk, ada).await.unwrap().groups.is_empty());
    let kinds =
        [EventKind::GroupCreated, EventKind::GroupChanged, EventKind::GroupRemoved, EventKind::MemberAdded];
    for (kind, count) in kinds.into_iter().zip([1, 1, 1, 2]) {
        assert_eq!(world.recorded(kind).await.len(), count, "{kind:?}");
    }
    let left = world.recorded(EventKind::MemberRemoved).await;
    assert_eq!(left.len(), 2);
    assert_eq!(left[1].person, Some(ada.to_string()));
    assert_eq!(left[1].reason.as_deref(), Some("group_removed"));
});

crate::on_every_database!(names_of_groups_are_unique_without_regard_to_case, world, {
    let root = world.ctx(marta(&world).await);
    let id = group::create(&world.engine, &root, new("Operators")).await.unwrap();
    let other = group::create(&world.engine, &root, new("Others")).await.unwrap();
    let taken = refusal(group::create(&world.engine, &root, new("OPERATORS")).await);
    assert_eq!((taken.code, taken.field.as_deref()), (Code::NameTaken, Some("name")));
    assert_eq!(
        code(group::change(&world.engine, &root, other, renamed("operators", 1)).await),
        Code::NameTaken
    );
    // Its own name in other letters is free for itself, and that of a removed group for everybody.
    group::change(&world.engine, &root, id, renamed("OPERATORS", 1)).await.unwrap();
    group::remove(&world.engine, &root, id).await.unwrap();
    group::create(&world.engine, &root, new("Operators")).await.unwrap();
    let (one, two) = tokio::join!(
        group::create(&world.engine, &root, new("Twins")),
        group::create(&world.engine, &root, new("twins")),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|won| **won).count(), 1);
});

crate::on_every_database!(a_change_of_a_group_that_was_changed_meanwhile_is_a_conflict, world, {
    let root = world.ctx(marta(&world).await);
    let id = group::create(&world.engine, &root, new("Operators")).await.unwrap();
    group::change(&world.engine, &root, id, renamed("Operators of mail", 1)).await.unwrap();
    assert_eq!(code(group::change(&world.engine, &root, id, renamed("Mail", 1)).await), Code::Conflict);
    let nameless = refusal(group::change(&world.engine, &root, id, renamed("", 2)).await);
    assert_eq!((nameless.code, nameless.field.as_deref()), (Code::Required, Some("name")));
});

crate::on_every_database!(groups_are_listed_and_searched_by_name, world, {
    let root = world.ctx(marta(&world).await);
    let ada = world.person("Ada").await;
    let (mail, _) = (world.group("Mail_ops", &[ada]).await, world.group("Mailxops", &[]).await);
    let exchange = world.role("exchange").await;
    world.assign(exchange, Principal::Group(mail), AssignmentKind::Eligible, None).await;
    let query = |search: &str| ListQuery { cursor: None, search: Some(search.to_owned()) };
    let found = group::list(&world.engine, &root, query("MAIL")).await.unwrap();
    let lines: Vec<_> =
        found.items.iter().map(|row| (row.name.as_str(), row.members, row.privileged)).collect();
    assert_eq!(lines, [("Mail_ops", 1, true), ("Mailxops", 0, false)]);
    assert_eq!(group::list(&world.engine, &root, query("l_o")).await.unwrap().items.len(), 1);
    for number in 0..51 {
        world.group(&format!("Team {number}"), &[]).await;
    }
    let first = group::list(&world.engine, &root, query("team")).await.unwrap();
    let rest =
        group::list(&world.engine, &root, ListQuery { cursor: first.next, ..query("team") }).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len()), (50, 1));
});

crate::on_every_database!(
    membership_of_a_group_that_stands_for_something_is_for_the_administrator_alone,
    world,
    {
        let root = world.ctx(marta(&world).await);
        let helpdesk = world.ctx(world.user_administrator("Uma").await);
        let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
        let (eligible, approving) =
            (world.group("Eligible", &[ada]).await, world.group("Approving", &[ada]).await);
        let exchange = world.role("exchange").await;
        world.assign(exchange, Principal::Group(eligible), AssignmentKind::Eligible, None).await;
        let mut settings = RoleSettings::initial();
        settings.approval.required = true;
        settings.approval.stages[0].approvers = vec![Principal::Group(approving)];
        world.role_with("global", settings).await;
        for id in [eligible, approving] {
            let detail = group::get(&world.engine, &helpdesk, id).await.unwrap();
            assert!(detail.row.privileged);
            assert_eq!(code(group::add_member(&world.engine, &helpdesk, id, bo).await), Code::Forbidden);
            assert_eq!(code(group::remove_member(&world.engine, &helpdesk, id, ada).await), Code::Forbidden);
            assert_eq!(
                code(group::change(&world.engine, &helpdesk, id, renamed("X", 1)).await),
                Code::Forbidden
            );
            assert_eq!(code(group::remove(&world.engine, &helpdesk, id).await), Code::Forbidden);
        }
        let added = group::add_member(&world.engine, &root, eligible, bo).await.unwrap();
        assert_eq!(added.made_privileged.iter().map(|person| person.id).collect::<Vec<_>>(), [bo]);
        let record = world.recorded(EventKind::MemberAdded).await.pop().unwrap();
        assert_eq!(record.after.unwrap(), serde_json::json!({ "made_privileged": true }));
        // Who had to do with a role already is not made so again.
        assert!(
            group::add_member(&world.engine, &root, approving, bo).await.unwrap().made_privileged.is_empty()
        );
    }
);

crate::on_every_database!(putting_somebody_into_a_group_twice_changes_nothing, world, {
    let root = world.ctx(marta(&world).await);
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let id = world.group("Operators", &[]).await;
    let (one, two) = tokio::join!(
        group::add_member(&world.engine, &root, id, ada),
        group::add_member(&world.engine, &root, id, ada),
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(members(&world, &root, id).await, ["Ada"]);
    assert_eq!(world.recorded(EventKind::MemberAdded).await.len(), 1);
    group::remove_member(&world.engine, &root, id, bo).await.unwrap();
    assert!(world.recorded(EventKind::MemberRemoved).await.is_empty());
    // Who left can come back, and stands in it once.
    group::remove_member(&world.engine, &root, id, ada).await.unwrap();
    group::add_member(&world.engine, &root, id, ada).await.unwrap();
    assert_eq!(group::get(&world.engine, &root, id).await.unwrap().row.members, 1);
});

crate::on_every_database!(a_disabled_person_is_put_into_no_group, world, {
    let root = world.ctx(marta(&world).await);
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let id = world.group("Operators", &[bo]).await;
    for person in [ada, bo] {
        person::disable(&world.engine, &root, person).await.unwrap();
    }
    assert_eq!(code(group::add_member(&world.engine, &root, id, ada).await), Code::PersonDisabled);
    let unknown = world.engine.env().id();
    assert_eq!(code(group::add_member(&world.engine, &root, id, unknown).await), Code::NotFound);
    assert!(group::get(&world.engine, &root, id).await.unwrap().people[0].disabled);
});

crate::on_every_database!(a_group_that_is_still_in_use_stays, world, {
    let root = world.ctx(marta(&world).await);
    let id = world.group("Operators", &[]).await;
    let exchange = world.role("exchange").await;
    let until = Span::hours(1).after(world.engine.now());
    world.assign(exchange, Principal::Group(id), AssignmentKind::Eligible, Some(until)).await;
    let mut settings = RoleSettings::initial();
    settings.approval.required = true;
    settings.approval.stages[0].approvers = vec![Principal::Group(id)];
    let global = world.role_with("global", settings).await;
    let problem = refusal(group::remove(&world.engine, &root, id).await);
    assert_eq!(problem.code, Code::GroupInUse);
    assert_eq!(problem.limit.as_deref(), Some("approves global, eligible for exchange"));
    let detail = group::get(&world.engine, &root, id).await.unwrap();
    assert_eq!(detail.approves.iter().map(|role| role.id).collect::<Vec<_>>(), [global]);
    assert_eq!(detail.assignments.len(), 1);
});

crate::on_every_database!(an_assignment_that_is_over_does_not_keep_a_group, world, {
    let root_id = marta(&world).await;
    let (ada, id) = (world.person("Ada").await, world.group("Operators", &[]).await);
    group::add_member(&world.engine, &world.ctx(root_id), id, ada).await.unwrap();
    let exchange = world.role("exchange").await;
    let until = Span::hours(1).after(world.engine.now());
    world.assign(exchange, Principal::Group(id), AssignmentKind::Eligible, Some(until)).await;
    world.advance(Span::hours(1));
    group::remove(&world.engine, &world.ctx(root_id), id).await.unwrap();
    assert_eq!(code(group::get(&world.engine, &world.ctx(root_id), id).await), Code::NotFound);
});

crate::on_every_database!(who_administers_through_a_group_does_so_only_while_in_it, world, {
    let marta = marta(&world).await;
    let uma = world.person("Uma").await;
    let id = world.group("Helpdesk", &[uma]).await;
    world.assign(builtin::USER_ADMINISTRATOR, Principal::Group(id), AssignmentKind::Active, None).await;
    let helpdesk = world.ctx(uma);
    assert!(group::list(&world.engine, &helpdesk, ListQuery::default()).await.is_ok());
    group::remove_member(&world.engine, &world.ctx(marta), id, uma).await.unwrap();
    assert_eq!(code(group::list(&world.engine, &helpdesk, ListQuery::default()).await), Code::Forbidden);
    assert_eq!(code(group::get(&world.engine, &helpdesk, id).await), Code::NotFound);
});

crate::on_every_database!(strangers_learn_nothing_of_groups_and_auditors_change_none, world, {
    let ada = world.person("Ada").await;
    let (stranger, auditor) = (world.ctx(world.person("Stan").await), world.ctx(world.auditor("Ines").await));
    let (real, unreal) = (world.group("Operators", &[ada]).await, world.engine.env().id());
    assert_eq!(code(group::list(&world.engine, &stranger, ListQuery::default()).await), Code::Forbidden);
    for id in [real, unreal] {
        assert_eq!(code(group::get(&world.engine, &stranger, id).await), Code::NotFound);
        assert_eq!(code(group::change(&world.engine, &stranger, id, renamed("", 1)).await), Code::NotFound);
        assert_eq!(code(group::remove(&world.engine, &stranger, id).await), Code::NotFound);
        assert_eq!(code(group::add_member(&world.engine, &stranger, id, ada).await), Code::NotFound);
        assert_eq!(code(group::remove_member(&world.engine, &stranger, id, ada).await), Code::NotFound);
    }
    assert_eq!(members(&world, &auditor, real).await, ["Ada"]);
    for ctx in [&stranger, &auditor] {
        assert_eq!(code(group::create(&world.engine, ctx, new("")).await), Code::Forbidden);
    }
    assert_eq!(code(group::change(&world.engine, &auditor, real, renamed("X", 1)).await), Code::Forbidden);
    assert_eq!(code(group::add_member(&world.engine, &auditor, real, ada).await), Code::Forbidden);
    assert_eq!(code(group::remove_member(&world.engine, &auditor, real, ada).await), Code::Forbidden);
    assert_eq!(code(group::remove(&world.engine, &auditor, real).await), Code::Forbidden);
});

crate::on_every_database!(administrators_need_a_fresh_second_factor_to_change_groups, world, {
    let marta = marta(&world).await;
    let ada = world.person("Ada").await;
    let id = world.group("Operators", &[ada]).await;
    let stale = world.ctx_signed_in(marta, Span::minutes(11));
    assert_eq!(code(group::create(&world.engine, &stale, new("New")).await), Code::MfaStale);
    assert_eq!(code(group::change(&world.engine, &stale, id, renamed("X", 1)).await), Code::MfaStale);
    assert_eq!(code(group::add_member(&world.engine, &stale, id, marta).await), Code::MfaStale);
    assert_eq!(code(group::remove_member(&world.engine, &stale, id, ada).await), Code::MfaStale);
    assert_eq!(code(group::remove(&world.engine, &stale, id).await), Code::MfaStale);
});

crate::on_every_database!(
    the_last_administrator_cannot_be_taken_out_of_the_group_that_makes_them_one,
    world,
    {
        let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
        let id = world.group("Administrators", &[ada, bo]).await;
        world.assign(builtin::ADMINISTRATOR, Principal::Group(id), AssignmentKind::Active, None).await;
        world.enrolled(ada, "ada").await;
        world.enrolled(bo, "bo").await;
        let root = world.ctx(ada);
        group::remove_member(&world.engine, &root, id, bo).await.unwrap();
        assert_eq!(code(group::remove_member(&world.engine, &root, id, ada).await), Code::LastAdministrator);
        assert_eq!(members(&world, &root, id).await, ["Ada"]);
        assert_eq!(code(group::remove(&world.engine, &root, id).await), Code::GroupInUse);
    }
);
