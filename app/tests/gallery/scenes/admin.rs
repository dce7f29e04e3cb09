//! Pages of administration: a role, its settings, assigning, the record.

use app::ui::*;
use leptos::prelude::*;

use super::frame;

fn role_head(actions: bool) -> AnyView {
    let facts = view! {
        <LevelTag level=3 label="Critical" />
        <span class="with-icon"><Icon name=IconName::Cloud /> "Microsoft 365, Halden"</span>
        <span>"Full control of the tenant"</span>
    };
    let tabs = vec![
        TabItem::new("Assignments", "/a").count(6).current(actions),
        TabItem::new("Settings", "/s").current(!actions),
        TabItem::new("History", "/h"),
    ];
    view! {
        <TopBar title="Global Administrator" above=vec![("Roles".into(), "/admin/roles".into())] />
        <div class="content head-only">
            <PageHead title="Global Administrator" lead=view! { <LevelTile level=3 size=44 label="" /> }.into_any() facts=facts.into_any() actions=view! { <ButtonLink href="/add" kind=ButtonKind::Primary icon=IconName::Plus>"Add assignment"</ButtonLink> }.into_any() />
        </div>
        <Tabs items=tabs label="Global Administrator" />
    }
    .into_any()
}

fn settings_page() -> AnyView {
    let longest = RwSignal::new(14_400);
    let proof = vec![
        Choice::new("none", "None"),
        Choice::new("any", "Code or passkey"),
        Choice::new("passkey", "Passkey"),
    ];
    let extend = vec![Choice::new("0", "No"), Choice::new("1", "Once"), Choice::new("2", "Twice")];
    let review = vec![Choice::new("3", "Every 3 months"), Choice::new("6", "Every 6 months")];
    let matrix = ["Made eligible", "Activated", "Ends soon, 14 and 3 days before"].map(|event| {
        view! {
            <tr>
                <th scope="row">{event}</th>
                <td><Checkbox name="admins" label=format!("{event}: admins") bare=true checked=true /></td>
                <td><Checkbox name="person" label=format!("{event}: the person") bare=true /></td>
                <td><Checkbox name="approvers" label=format!("{event}: approvers") bare=true checked=true locked=true /></td>
            </tr>
        }
    });
    view! {
        {role_head(false)}
        <div class="content">
            <p class="say">
                "People activate this role for " <strong>"up to 4 h"</strong> ", " <mark>"extended once"</mark> ", with "
                <strong>"a code every time"</strong> ", " <strong>"a reason"</strong> " and " <strong>"a ticket"</strong>
                ". Eligible for " <strong>"180 days"</strong> " at most; " <mark>"standing assignments are not allowed"</mark> "."
            </p>
            <div class="columns">
                <Card title="Activation" icon=IconName::Lightning rows=true>
                    <Setting name="Longest activation" hint="30 min to 24 h"><Ruler name="longest" label="Longest activation" value=longest least=1800 most=86_400 small=true /></Setting>
                    <Setting name="Proof of identity"><Segmented name="proof" label="Proof of identity" options=proof value="any" /></Setting>
                    <Setting name="Ask again every time" hint="Even if just signed in" plain_switch=true><Switch name="again" label="Ask again every time" on=true /></Setting>
                    <Setting name="Ticket" hint="Jira, checked live"><TextField name="pattern" label="Pattern" label_hidden=true value="OPS-\\d+" mono=true /><Switch name="ticket" label="Ticket" on=false /></Setting>
                    <Setting name="Extend while active" hint="With approval again" changed=true><Segmented name="extend" label="Extend while active" options=extend value="1" /></Setting>
                </Card>
                <div class="stack">
                    <Card title="Assignment" icon=IconName::Group rows=true>
                        <Setting name="Eligible for at most"><TextField name="days" label="Days" label_hidden=true value="180" kind="number" /> "days"</Setting>
                        <Setting name="Review" hint="By the role’s owners"><Select name="review" label="Review" label_hidden=true options=review value="3" /></Setting>
                    </Card>
                    <Card title="Notifications" icon=IconName::Bell note="also to secops@halden.example">
                        <table class="table is-matrix">
                            <thead><tr><th scope="col">"When"</th><th scope="col">"Admins"</th><th scope="col">"The person"</th><th scope="col">"Approvers"</th></tr></thead>
                            <tbody>{matrix.collect_view()}</tbody>
                        </table>
                    </Card>
                </div>
            </div>
        </div>
        <SaveBar lead="2 changes".to_owned() text="Extend: twice to once. Standing assignment: 15 days to not allowed, ends 1 assignment.".to_owned()>
            <Button kind=ButtonKind::Quiet>"Discard"</Button>
            <Button kind=ButtonKind::Primary submit=true>"Review and save"</Button>
        </SaveBar>
    }
    .into_any()
}

pub fn settings() -> AnyView {
    frame("/admin/roles/1/settings", settings_page)
}

fn assignments_page() -> AnyView {
    let figure = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let figures = vec![
        figure("6", "assignments", "4 eligible, 2 standing, and 1 outside"),
        figure("1", "active now", "Priya Raman, 52 min left"),
        figure("17", "activations in 30 days", "1 h 12 min on average"),
        figure("31 %", "of granted time given back", "better than 24 % in October"),
    ];
    let states = vec![
        TabItem::new("All", "?").count(6).current(true),
        TabItem::new("Eligible", "?e").count(4),
        TabItem::new("Standing", "?s").count(2),
    ];
    view! {
        {role_head(true)}
        <div class="content">
            <Figures items=figures />
            <Strip mood=Mood::Amber lead="2 standing assignments have this role all day." actions=view! { <Button>"Make Jonas eligible"</Button> }.into_any()>
                "Only emergency accounts should. Jonas Ekberg has not used it for 96 days."
            </Strip>
            <div class="stack">
                <div class="filters">
                    <TextField name="q" label="Filter people" label_hidden=true placeholder="Filter people" icon=IconName::Filter />
                    <Segments items=states label="Assignments" />
                </div>
                <table class="table">
                    <thead><tr><th scope="col">"Who"</th><th scope="col">"Type"</th><th scope="col">"Period"</th><th scope="col">"Now"</th><th></th></tr></thead>
                    <tbody>
                        <tr class="needs-look">
                            <th scope="row" class="cell-main"><Person name="svc-backup-02" id="svc" below="Service account" icon=IconName::Code /></th>
                            <td class="tone-danger">"Outside Stint"</td>
                            <td><Two top="found 11:42" below="2 h 36 min ago" /></td>
                            <td><Tag mood=Mood::Red icon=IconName::Octagon>"Not from Stint"</Tag></td>
                            <td class="fit end cell-side"><Button size=ButtonSize::Small>"Look into it"</Button></td>
                        </tr>
                        <tr>
                            <th scope="row" class="cell-main"><Person name="Priya Raman" id="priya" below="Security, direct" /></th>
                            <td>"Eligible"</td>
                            <td><Two top="until 31 Mar 2027" below="in 4 months" /></td>
                            <td><Tag mood=Mood::Green><Arc total=7200 left=3120 size=14 />"Active, 52 min left"</Tag></td>
                            <td class="fit end cell-side"><IconLink href="/x" icon=IconName::Dots label="More for Priya Raman" /></td>
                        </tr>
                        <tr>
                            <th scope="row" class="cell-main"><Person name="Jonas Ekberg" id="jonas" below="IT management, direct" /></th>
                            <td class="tone-power"><strong>"Standing"</strong></td>
                            <td><Two top="no end date" below="since 4 Feb 2024" /></td>
                            <td><Tag mood=Mood::Amber icon=IconName::Warning>"Always on"</Tag></td>
                            <td class="fit end cell-side"><IconLink href="/x" icon=IconName::Dots label="More for Jonas Ekberg" /></td>
                        </tr>
                    </tbody>
                </table>
                <Pager shown="1 to 3 of 6" next="?page=2" />
            </div>
        </div>
    }
    .into_any()
}

pub fn assignments() -> AnyView {
    frame("/admin/roles/1", assignments_page)
}

pub fn confirm() -> AnyView {
    let act = view! { <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="remove">"Remove now"</Button> };
    view! {
        {assignments()}
        <Dialog title="Remove Jonas Ekberg from Global Administrator?" close="/admin/roles/1" text="His standing assignment ends at once, in Stint and in Microsoft 365. He is not using it now. You can make him eligible later." act=act.into_any()>
            <form id="remove" method="post"><TextField name="reason" label="Reason" bound="Jonas and the audit log see this" /></form>
        </Dialog>
    }
    .into_any()
}

fn audit_page() -> AnyView {
    let bars = (0..168_u32)
        .map(|n| {
            let work = (8..18).contains(&(n % 24)) && !(72..120).contains(&n);
            let value = if work { 6 + n * 7 % 9 } else { n * 5 % 3 };
            Bar {
                label: format!("hour {n}"),
                value,
                marked: if work { n % 4 } else { 0 },
                failed: u32::from(n == 130),
                now: false,
                unusual: false,
            }
        })
        .collect();
    let labels = ["Wed 18", "Thu 19", "Fri 20", "Sat 21", "Sun 22", "Mon 23", "Tue 24"]
        .into_iter()
        .enumerate()
        .map(|(n, day)| (n * 24, day.to_owned()))
        .collect();
    view! {
        <TopBar title="Audit" />
        <div class="content">
            <Seal intact=true lead="Chain verified up to record 48,211" actions=view! { <Button icon=IconName::Refresh>"Verify now"</Button> <Button icon=IconName::Download>"Export"</Button> }.into_any()>
                "at 14:17, 1 min ago. Anchored outside Stint at record 48,100, 24 Nov 06:00, 8 h ago."
            </Seal>
            <Bars bars summary="Records by hour, 18 to 24 November: 1,284, most on Friday" labels marked="Critical role" />
            <p class="legend"><span>"Ordinary"</span><span class="is-power">"Critical role"</span><span class="is-danger">"Failed or alert"</span></p>
            <table class="table">
                <thead><tr><th scope="col">"Time, Oslo"</th><th scope="col">"Who"</th><th scope="col">"What"</th><th scope="col">"Detail"</th><th scope="col">"Record"</th></tr></thead>
                <tbody>
                    <tr><td class="fit cell-when"><Two top="14:12" below="6 min ago" /></td><th scope="row" class="cell-main"><Person name="Kenji Watanabe" id="kenji" size=AvatarSize::Small /></th><td><strong>"asked for"</strong>" Global Administrator"</td><td class="muted">"R-20931, 2 h"</td><td class="mono fit">"48,211"</td></tr>
                    <tr class="needs-look"><td class="fit cell-when"><Two top="13:58" below="20 min ago" /></td><th scope="row" class="cell-main"><Person name="Stint" id="stint" icon=IconName::Plug size=AvatarSize::Small /></th><td><strong>"could not remove"</strong>" backup-operators from Daniel Okafor " <Tag mood=Mood::Red icon=IconName::Octagon>"Failed"</Tag></td><td class="muted">"LDAP error 53"</td><td class="mono fit">"48,208"</td></tr>
                    <tr class="row-open"><td colspan="5"><Facts><Fact term="What happened">"The directory said " <code>"unwilling to perform (53)"</code></Fact></Facts></td></tr>
                    <tr><td class="fit cell-when"><Two top="13:41" below="37 min ago" /></td><th scope="row" class="cell-main"><Person name="Tomasz Wieczorek" id="tomasz" size=AvatarSize::Small /></th><td><strong>"approved"</strong>" orders-prod reader for Sofia Marchetti"</td><td class="muted">"R-20927"</td><td class="mono fit">"48,207"</td></tr>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

pub fn audit() -> AnyView {
    frame("/audit", audit_page)
}

fn how_long_page() -> AnyView {
    let value = RwSignal::new(90 * 86_400);
    let kinds = vec![
        Choice::new("eligible", "Eligible")
            .text("Off until activated, with code, reason, ticket and approval."),
        Choice::new("standing", "Standing")
            .text("On all day. The policy of this role does not allow it for people.")
            .locked(),
    ];
    let above = vec![
        ("Roles".to_owned(), "/admin/roles".to_owned()),
        ("Global Administrator".to_owned(), "/admin/roles/1".to_owned()),
    ];
    view! {
        <TopBar title="Add assignment" above />
        <div class="content form">
            <h1 class="title">"How long may they have it?"</h1>
            <div class="form-rows">
                <Options name="kind" label="Type" options=kinds value="eligible" />
                <Ruler name="period" label="Period" value least=86_400 most=180 * 86_400 start="today" limit="23 May, max" choices=vec![30 * 86_400, 90 * 86_400, 180 * 86_400] ends=Callback::new(|_| "until 22 Feb 2027, in 3 months".to_owned()) />
                <TextArea name="reason" label="Reason" bound="kept in the audit log" value="Second pair of hands for the tenant move" />
                <Strip icon=IconName::Clipboard>"They are part of the next access review, on 21 Jan 2027, in 2 months."</Strip>
                <Checkbox name="mail" label="Send a mail" hint="They learn of it at once." checked=true />
            </div>
        </div>
    }
    .into_any()
}

pub fn how_long() -> AnyView {
    frame("/admin/roles/1/add", how_long_page)
}
