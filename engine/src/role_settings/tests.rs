//! Settings that administrators save, and those that nobody could satisfy.

use domain::{
    Code, Problem, Span,
    event::EventKind,
    person::Principal,
    role::{RoleId, builtin},
    role_settings::{ChangeSettings, RoleSettings, TicketRule},
};

use crate::{Ctx, Result, role, role_settings, testing::World};

fn refused<T: std::fmt::Debug>(result: Result<T>) -> Problem {
    result.unwrap_err().problem().unwrap().clone()
}

fn code_and_field<T: std::fmt::Debug>(result: Result<T>) -> (Code, Option<String>) {
    let problem = refused(result);
    (problem.code, problem.field)
}

fn field(name: &str) -> Option<String> {
    Some(name.to_owned())
}

/// Approval by these, so many of them.
fn by(approvers: &[Principal], needed: u8) -> RoleSettings {
    let mut settings = RoleSettings::initial();
    settings.approval.required = true;
    settings.approval.stages[0].approvers = approvers.to_vec();
    settings.approval.stages[0].needed = needed;
    settings
}

async fn save(world: &World, ctx: &Ctx, role: RoleId, settings: &RoleSettings, version: i64) -> Result<i64> {
    let change = ChangeSettings { settings: settings.clone(), version };
    role_settings::change(&world.engine, ctx, role, change).await
}

crate::on_every_database!(each_change_makes_a_version_and_says_from_what_to_what, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    let mut settings = RoleSettings::initial();
    settings.activation.longest = Span::hours(2);
    assert_eq!(save(&world, &ctx, exchange, &settings, 1).await.unwrap(), 2);
    let detail = role::get(&world.engine, &ctx, exchange).await.unwrap();
    assert_eq!((&detail.settings, detail.settings_version), (&settings, 2));
    let facts = world.facts(EventKind::SettingsChanged).await;
    assert_eq!(facts[0].before, Some(serde_json::to_value(RoleSettings::initial()).unwrap()));
    assert_eq!(facts[0].after, Some(serde_json::to_value(&settings).unwrap()));
    // The same settings again are no change.
    assert_eq!(save(&world, &ctx, exchange, &settings, 2).await.unwrap(), 2);
    assert_eq!(world.facts(EventKind::SettingsChanged).await.len(), 1);
    world.engine.close().await;
});

crate::on_every_database!(settings_are_saved_over_the_version_that_was_shown_only, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    let mut settings = RoleSettings::initial();
    settings.activation.longest = Span::hours(2);
    save(&world, &ctx, exchange, &settings, 1).await.unwrap();
    settings.activation.longest = Span::hours(3);
    assert_eq!(refused(save(&world, &ctx, exchange, &settings, 1).await).code, Code::Conflict);
    assert_eq!(refused(save(&world, &ctx, exchange, &settings, 3).await).code, Code::Conflict);
    world.engine.close().await;
});

crate::on_every_database!(only_administrators_with_a_fresh_code_change_settings, world, {
    let root = world.administrator("Root").await;
    let exchange = world.role("exchange").await;
    let mut settings = RoleSettings::initial();
    settings.activation.longest = Span::hours(2);
    let ada = world.ctx(world.person("Ada").await);
    assert_eq!(refused(save(&world, &ada, exchange, &settings, 1).await).code, Code::NotFound);
    let stale = world.ctx_signed_in(root, Span::minutes(11));
    assert_eq!(refused(save(&world, &stale, exchange, &settings, 1).await).code, Code::MfaStale);
    let unknown = world.engine.env().id();
    assert_eq!(refused(save(&world, &world.ctx(root), unknown, &settings, 1).await).code, Code::NotFound);
    let auditor = world.person("Aud").await;
    let kind = domain::assignment::AssignmentKind::Active;
    world.assign(builtin::AUDITOR, Principal::Person(auditor), kind, None).await;
    assert_eq!(
        refused(save(&world, &world.ctx(auditor), exchange, &settings, 1).await).code,
        Code::Forbidden
    );
    world.engine.close().await;
});

crate::on_every_database!(all_that_is_out_of_bounds_is_said_at_once, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    let mut settings = RoleSettings::initial();
    settings.activation.proposed = Span::hours(9);
    settings.activation.ticket =
        Some(TicketRule { system: "Desk".to_owned(), pattern: "(".to_owned(), example: String::new() });
    let problem = refused(save(&world, &ctx, exchange, &settings, 1).await);
    assert_eq!(problem.of_field("proposed").unwrap().code, Code::OutOfBounds);
    assert_eq!(problem.of_field("ticket_pattern").unwrap().code, Code::Malformed);
    settings.activation.proposed = Span::hours(1);
    assert_eq!(
        code_and_field(save(&world, &ctx, exchange, &settings, 1).await),
        (Code::Malformed, field("ticket_pattern"))
    );
    settings.activation.ticket = Some(TicketRule {
        system: " Desk ".to_owned(),
        pattern: "[A-Z]+-[0-9]+".to_owned(),
        example: "12".to_owned(),
    });
    assert_eq!(
        code_and_field(save(&world, &ctx, exchange, &settings, 1).await),
        (Code::Malformed, field("ticket_example"))
    );
    settings.activation.ticket.as_mut().unwrap().example = "CHG-12 ".to_owned();
    save(&world, &ctx, exchange, &settings, 1).await.unwrap();
    let saved = role::get(&world.engine, &ctx, exchange).await.unwrap().settings.activation.ticket.unwrap();
    assert_eq!((saved.system.as_str(), saved.example.as_str()), ("Desk", "CHG-12"));
    world.engine.close().await;
});

crate::on_every_database!(nobody_is_their_own_approver, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let (one, other) = (Principal::Person(ada), Principal::Person(ben));
    let nobody = (Code::NobodyCouldApprove, field("approvers"));
    // While nobody is eligible it is enough that there are enough people.
    assert_eq!(code_and_field(save(&world, &ctx, exchange, &by(&[one], 2), 1).await), nobody);
    assert_eq!(save(&world, &ctx, exchange, &by(&[one], 1), 1).await.unwrap(), 2);
    world.eligible(ada, exchange).await;
    assert_eq!(code_and_field(save(&world, &ctx, exchange, &by(&[one, other], 2), 2).await), nobody);
    assert_eq!(save(&world, &ctx, exchange, &by(&[one, other], 1), 2).await.unwrap(), 3);
    // The same person by name and through a group is one person.
    let group = world.group("Approvers", &[ada, ben]).await;
    let twice = [Principal::Group(group), one, other];
    assert_eq!(code_and_field(save(&world, &ctx, exchange, &by(&twice, 2), 3).await), nobody);
    // One eligible person for whom it works is enough.
    let cleo = world.person("Cleo").await;
    world.eligible(cleo, exchange).await;
    assert_eq!(save(&world, &ctx, exchange, &by(&twice, 2), 3).await.unwrap(), 4);
    world.engine.close().await;
});

crate::on_every_database!(disabled_people_and_empty_groups_approve_nothing, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let group = world.group("Approvers", &[ada, ben]).await;
    world.disabled(ben).await;
    let nobody = (Code::NobodyCouldApprove, field("approvers"));
    assert_eq!(
        code_and_field(save(&world, &ctx, exchange, &by(&[Principal::Group(group)], 2), 1).await),
        nobody
    );
    let empty = world.group("Empty", &[]).await;
    assert_eq!(
        code_and_field(save(&world, &ctx, exchange, &by(&[Principal::Group(empty)], 1), 1).await),
        nobody
    );
    let disabled =
        save(&world, &ctx, exchange, &by(&[Principal::Person(ben), Principal::Person(ada)], 1), 1).await;
    assert_eq!(code_and_field(disabled), (Code::PersonDisabled, field("approvers")));
    world.removed_group(group).await;
    for gone in [
        Principal::Group(group),
        Principal::Person(world.engine.env().id()),
        Principal::Group(domain::Id::new(ada.uuid())),
    ] {
        let refused = save(&world, &ctx, exchange, &by(&[gone], 1), 1).await;
        assert_eq!(code_and_field(refused), (Code::Malformed, field("approvers")));
    }
    world.engine.close().await;
});

crate::on_every_database!(without_named_approvers_the_administrators_agree, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    assert_eq!(save(&world, &ctx, exchange, &by(&[], 1), 1).await.unwrap(), 2);
    world.engine.close().await;
});

crate::on_every_database!(the_administration_can_always_be_standing, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let mut settings = RoleSettings::initial();
    let refused = save(&world, &ctx, builtin::ADMINISTRATOR, &settings, 1).await;
    assert_eq!(code_and_field(refused), (Code::BuiltIn, field("active_permanent")));
    settings.active.permanent = true;
    settings.activation.longest = Span::hours(1);
    assert_eq!(save(&world, &ctx, builtin::ADMINISTRATOR, &settings, 1).await.unwrap(), 2);
    settings.active.permanent = false;
    assert_eq!(save(&world, &ctx, builtin::AUDITOR, &settings, 1).await.unwrap(), 2);
    world.engine.close().await;
});
