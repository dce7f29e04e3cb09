//! What happened in the sample organisation in the last three weeks, and what waits, runs and is planned now.

use std::collections::HashMap;

use chrono::{Datelike, TimeZone, Weekday};
use domain::{
    Instant, Span,
    assignment::AssignmentKind::{Active, Eligible},
    group::NewGroup,
    person::Principal,
    role::{ImportRoles, Level, NewRole, RoleId, builtin},
    role_settings::{ChangeSettings, RoleSettings, SecondFactor, TicketRule},
    session::Act,
};
use uuid::Uuid;

use super::{
    cast::EVERYBODY,
    stage::{Stage, wish},
};
use crate::{
    Engine,
    error::{Error, Result},
    group, role, role_settings,
};

/// The administrator of the story.
const MARTA: &str = "marta";

/// The first day, at nine in the organisation's zone.
pub(super) fn beginning(until: Instant) -> Instant {
    Span::days(21).before(until)
}

type Roles = HashMap<&'static str, RoleId>;

/// Tells the whole story.
pub(super) async fn tell(engine: &Engine, until: Instant) -> Result<()> {
    let mut stage = Stage::new(engine);
    let [first, others @ ..] = &EVERYBODY;
    stage.set_up(first).await?;
    for part in others {
        stage.invite(MARTA, part).await?;
    }
    let roles = roles(&mut stage).await?;
    settings(&mut stage, &roles).await?;
    assignments(&mut stage, &roles).await?;
    history(&mut stage, &roles, until).await?;
    today(&mut stage, &roles, until).await?;
    stage.go_to(until).await
}

const IMPORTED: [&str; 9] = [
    "global-administrator",
    "exchange-administrator",
    "sharepoint-administrator",
    "license-administrator",
    "compliance-administrator",
    "service-support-administrator",
    "user-administrator",
    "helpdesk-administrator",
    "global-reader",
];
const OWNER: &str = "orders-prod-owner";

async fn roles(stage: &mut Stage<'_>) -> Result<Roles> {
    let ctx = stage.stepped_up(MARTA, Act::Administer, Uuid::nil()).await?;
    let keys = IMPORTED.map(str::to_owned).to_vec();
    let imported = role::import(stage.engine, &ctx, ImportRoles { keys }).await?;
    let mut roles: Roles = HashMap::new();
    for key in IMPORTED {
        if let Some(role) = imported.iter().find(|role| role.key == key) {
            roles.insert(key, role.id);
        }
    }
    let ctx = stage.stepped_up(MARTA, Act::Administer, Uuid::nil()).await?;
    let owner = NewRole {
        key: OWNER.to_owned(),
        name: "orders-prod owner".to_owned(),
        description: "owning the orders database in production: every table, every row".to_owned(),
        level: Level::High,
        link: None,
    };
    roles.insert(OWNER, role::create(stage.engine, &ctx, owner).await?);
    Ok(roles)
}

fn of(roles: &Roles, key: &str) -> Result<RoleId> {
    roles.get(key).copied().ok_or_else(|| Error::broken("demo.role", format!("no role {key}")))
}

async fn settings(stage: &mut Stage<'_>, roles: &Roles) -> Result<()> {
    let person = |name: &str| stage.person(name).map(Principal::Person);
    let all = vec![person(MARTA)?, person("priya")?, person("tomasz")?];
    let two = vec![person("priya")?, person("tomasz")?];
    let compliance = vec![person(MARTA)?, person("tomasz")?];
    let ticket = || {
        Some(TicketRule { system: "Jira".into(), pattern: "OPS-[0-9]+".into(), example: "OPS-1234".into() })
    };
    let approved = |approvers: Vec<Principal>| {
        let mut settings = RoleSettings::initial();
        settings.approval.required = true;
        for stage in &mut settings.approval.stages {
            stage.approvers.clone_from(&approvers);
            stage.timeout = Span::hours(1);
        }
        settings
    };
    let mut global = approved(all);
    global.activation.longest = Span::hours(4);
    global.activation.second_factor = SecondFactor::Fresh { minutes: 0 };
    global.activation.justification = Some(15);
    global.activation.ticket = ticket();
    let mut sharepoint = RoleSettings::initial();
    sharepoint.activation.ticket = ticket();
    let mut licence = RoleSettings::initial();
    licence.activation.second_factor = SecondFactor::InSession;
    licence.activation.longest = Span::hours(2);
    let mut helpdesk = RoleSettings::initial();
    helpdesk.activation.second_factor = SecondFactor::NotAsked;
    helpdesk.activation.holders = Some(2);
    for (key, settings) in [
        ("global-administrator", global),
        ("sharepoint-administrator", sharepoint),
        ("license-administrator", licence),
        ("helpdesk-administrator", helpdesk),
        ("compliance-administrator", approved(compliance)),
        (OWNER, approved(two)),
    ] {
        let role = of(roles, key)?;
        let ctx = stage.stepped_up(MARTA, Act::Administer, role.uuid()).await?;
        role_settings::change(stage.engine, &ctx, role, ChangeSettings { settings, version: 1 }).await?;
    }
    Ok(())
}

async fn assignments(stage: &mut Stage<'_>, roles: &Roles) -> Result<()> {
    let ctx = stage.stepped_up(MARTA, Act::Administer, Uuid::nil()).await?;
    let new = NewGroup { name: "Exchange operators".to_owned(), description: "On call for mail".to_owned() };
    let operators = group::create(stage.engine, &ctx, new).await?;
    for name in [MARTA, "daniel"] {
        let ctx = stage.stepped_up(MARTA, Act::Administer, operators.uuid()).await?;
        group::add_member(stage.engine, &ctx, operators, stage.person(name)?).await?;
    }
    let exchange = of(roles, "exchange-administrator")?;
    stage.assign(MARTA, exchange, Principal::Group(operators), Eligible, None).await?;
    for (name, key, days) in [
        (MARTA, "global-administrator", Some(150)),
        (MARTA, "sharepoint-administrator", Some(240)),
        (MARTA, "license-administrator", Some(58)),
        (MARTA, "service-support-administrator", None),
        (MARTA, OWNER, Some(27)),
        ("priya", "global-administrator", Some(150)),
        ("kenji", "global-administrator", Some(150)),
        ("kenji", "user-administrator", None),
        ("sofia", "compliance-administrator", Some(60)),
        ("daniel", "helpdesk-administrator", None),
        ("tomasz", "global-reader", None),
    ] {
        let person = Principal::Person(stage.person(name)?);
        stage.assign(MARTA, of(roles, key)?, person, Eligible, days.map(Span::days)).await?;
    }
    let daniel = Principal::Person(stage.person("daniel")?);
    stage.assign(MARTA, builtin::USER_ADMINISTRATOR, daniel, Eligible, None).await?;
    let jonas = Principal::Person(stage.person("jonas")?);
    stage.assign(MARTA, builtin::AUDITOR, jonas, Active, Some(Span::days(180))).await
}

/// How a request of the past came out.
enum Fate {
    /// It ran its time.
    TimeUp,
    /// Given back after so many minutes.
    GivenBack(i64),
    /// Approved, and it ran its time.
    Approved(&'static str),
    /// Approved, and given back after so many minutes.
    ApprovedAndGivenBack(&'static str, i64),
    /// Denied.
    Denied(&'static str, &'static str),
    /// Taken back by the requester.
    Withdrawn,
    /// Nobody decided.
    Lapsed,
}

use Fate::{Approved, ApprovedAndGivenBack, Denied, GivenBack, Lapsed, TimeUp, Withdrawn};

/// Days ago, hour and minute in the organisation's zone, who, role, hours, why, ticket, and how it came out.
type Past = (i64, u32, u32, &'static str, &'static str, i64, &'static str, &'static str, Fate);

const PAST: [Past; 16] = [
    (
        19,
        9,
        12,
        MARTA,
        "exchange-administrator",
        2,
        "Move shared mailboxes of the Bergen office",
        "",
        GivenBack(70),
    ),
    (18, 13, 5, "daniel", "helpdesk-administrator", 1, "Reset passwords after the phishing test", "", TimeUp),
    (
        17,
        10,
        40,
        MARTA,
        "global-administrator",
        2,
        "Conditional access wave 2 for the pilot group",
        "OPS-4702",
        Approved("priya"),
    ),
    (16, 9, 20, "kenji", "user-administrator", 1, "Joiners of week 46", "", GivenBack(35)),
    (
        15,
        14,
        30,
        "sofia",
        "compliance-administrator",
        4,
        "Retention labels, audit finding 7",
        "",
        Approved("tomasz"),
    ),
    (
        14,
        11,
        0,
        MARTA,
        "service-support-administrator",
        2,
        "Ticket with Microsoft, mail delay",
        "",
        GivenBack(80),
    ),
    (12, 9, 45, "daniel", "exchange-administrator", 1, "Message trace for a supplier", "", TimeUp),
    (
        11,
        15,
        10,
        "kenji",
        "global-administrator",
        1,
        "Look at the sign-in logs of last night",
        "OPS-4755",
        Denied("tomasz", "Please use Global Reader for this."),
    ),
    (10, 10, 15, "tomasz", "global-reader", 1, "Compare policies before the change", "", TimeUp),
    (9, 13, 0, MARTA, OWNER, 4, "Rotate the keys of the export job", "", ApprovedAndGivenBack("tomasz", 125)),
    (8, 9, 30, MARTA, "license-administrator", 1, "Joiners for week 48", "", TimeUp),
    (
        7,
        16,
        20,
        "priya",
        "global-administrator",
        1,
        "Yearly test of the emergency access account",
        "OPS-4790",
        ApprovedAndGivenBack(MARTA, 35),
    ),
    (5, 10, 5, "sofia", "compliance-administrator", 2, "Export for audit finding 7, second try", "", Lapsed),
    (
        4,
        11,
        25,
        MARTA,
        "sharepoint-administrator",
        2,
        "Site storage quota, Bergen",
        "OPS-4801",
        GivenBack(45),
    ),
    (3, 14, 0, "kenji", "user-administrator", 1, "Leavers of November", "", TimeUp),
    (
        2,
        9,
        50,
        "kenji",
        "global-administrator",
        2,
        "Conditional access wave 3, planned too early",
        "OPS-4811",
        Withdrawn,
    ),
];

async fn history(stage: &mut Stage<'_>, roles: &Roles, until: Instant) -> Result<()> {
    for (days, hour, minute, who, key, hours, why, ticket, fate) in &PAST {
        let Some(moment) = workday(stage.engine, until, *days, *hour, *minute) else { continue };
        stage.go_to(moment).await?;
        // What a weekend moved to its Friday may begin when the one before is over.
        let moment = moment.max(stage.engine.now());
        let id = stage.ask(who, wish(of(roles, key)?, Span::hours(*hours), why, ticket)).await?;
        let later = |minutes: i64| Span::minutes(minutes).after(moment);
        match fate {
            TimeUp | Lapsed => {}
            GivenBack(minutes) => {
                stage.go_to(later(*minutes)).await?;
                stage.give_back(who, id).await?;
            }
            Approved(by) => {
                stage.go_to(later(6)).await?;
                stage.decide(by, id, None).await?;
            }
            ApprovedAndGivenBack(by, minutes) => {
                stage.go_to(later(4)).await?;
                stage.decide(by, id, None).await?;
                stage.go_to(later(*minutes)).await?;
                stage.give_back(who, id).await?;
            }
            Denied(by, why) => {
                stage.go_to(later(16)).await?;
                stage.decide(by, id, Some(why)).await?;
            }
            Withdrawn => {
                stage.go_to(later(9)).await?;
                stage.withdraw(who, id).await?;
            }
        }
        stage.go_to(later(hours * 60 + 90)).await?;
    }
    Ok(())
}

/// That many days ago at this time in the organisation's zone; a day at the weekend counts as the Friday before.
fn workday(engine: &Engine, until: Instant, days: i64, hour: u32, minute: u32) -> Option<Instant> {
    let zone = engine.config().zone;
    let day = Span::days(days).before(until).with_timezone(&zone).date_naive();
    let day = match day.weekday() {
        Weekday::Sat => day - chrono::TimeDelta::days(1),
        Weekday::Sun => day - chrono::TimeDelta::days(2),
        _ => day,
    };
    let local = day.and_hms_opt(hour, minute, 0)?;
    zone.from_local_datetime(&local).earliest().map(|moment| moment.to_utc())
}

/// What waits, runs and is planned at the end of the story.
async fn today(stage: &mut Stage<'_>, roles: &Roles, until: Instant) -> Result<()> {
    let ago = |minutes: i64| Span::minutes(minutes).before(until);
    stage.go_to(ago(134)).await?;
    let owner = wish(of(roles, OWNER)?, Span::hours(6), "Backfill order exports for the last three days", "");
    let owner = stage.ask(MARTA, owner).await?;
    stage.go_to(ago(128)).await?;
    stage.decide("tomasz", owner, None).await?;
    stage.go_to(ago(58)).await?;
    let exchange =
        wish(of(roles, "exchange-administrator")?, Span::hours(1), "Mail flow rule for the new supplier", "");
    stage.ask(MARTA, exchange).await?;
    stage.go_to(ago(30)).await?;
    let mut later = wish(
        of(roles, "sharepoint-administrator")?,
        Span::hours(1),
        "Archive the sites of closed projects",
        "OPS-4822",
    );
    later.starts_at = Some(Span::minutes(102).after(until));
    stage.ask(MARTA, later).await?;
    stage.go_to(ago(14)).await?;
    let retention = wish(
        of(roles, "compliance-administrator")?,
        Span::hours(4),
        "Export for audit finding 7, retention",
        "",
    );
    stage.ask("sofia", retention).await?;
    stage.go_to(ago(6)).await?;
    let wave = "Enable conditional access wave 3 for the Osaka pilot group";
    let global = wish(of(roles, "global-administrator")?, Span::hours(2), wave, "OPS-4821");
    stage.ask("kenji", global).await?;
    Ok(())
}
