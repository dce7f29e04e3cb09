//! Pages of everyday work: my roles, activating, a request, approvals.

use app::ui::*;
use leptos::prelude::*;

use super::{super::NOW, frame, level_word, meta};

fn roles_page() -> AnyView {
    let hour = |n: i64| NOW - 18 * 60 - 2 * 3600 + n * 3600;
    let hours = (0..8)
        .map(|n| (hour(n), if n % 2 == 0 { format!("{}:00", 12 + n) } else { String::new() }))
        .collect();
    let buttons = |primary: bool| {
        let kind = if primary { ButtonKind::Primary } else { ButtonKind::Secondary };
        view! { <Button kind icon=IconName::Plus>"Extend"</Button> <Button>"Deactivate"</Button> }.into_any()
    };
    let rows = [
        (3, "Global Administrator", IconName::Cloud, "Microsoft 365", "31 Mar 2027", "in 4 months", false),
        (2, "SharePoint Administrator", IconName::Cloud, "Microsoft 365", "30 Jun 2027", "in 7 months", false),
        (1, "License Administrator", IconName::Cloud, "Microsoft 365", "31 Dec 2026", "in 5 weeks", false),
        (2, "namespace-admin payments", IconName::Hexagon, "Kubernetes prod-eu-1", "30 Nov", "in 6 days", true),
        (2, "backup-operators", IconName::Tree, "LDAP group, Halden", "30 Jun 2027", "in 7 months", false),
    ]
    .map(|(level, name, icon, place, until, distance, soon)| {
        let word = level_word(level);
        let needs = vec![(IconName::Phone, "MFA".to_owned()), (IconName::PersonCheck, "Approval".to_owned())];
        view! {
            <tr>
                <td class="fit cell-hide"><Checkbox name="role" value=name label=format!("Select {name}") bare=true /></td>
                <td class="fit cell-lead"><LevelTile level label=format!("Privilege level: {word}") /></td>
                <th scope="row" class="cell-main">
                    <span class="two"><span class="row-name">{name}</span> <span class="with-icon"><Icon name=icon /> {place}</span></span>
                </th>
                <td><Needs items=needs otherwise="Reason only" /></td>
                <td class=if soon { "tone-warn" } else { "cell-hide" }><Two top=until below=distance /></td>
                <td class="fit end cell-side">
                    <span class="actions">
                        <span class="only-desktop"><Button kind=ButtonKind::Quiet icon=IconName::Refresh>"Repeat 2 h"</Button></span>
                        <ButtonLink href="/activate">"Activate"</ButtonLink>
                    </span>
                </td>
            </tr>
        }
    });
    view! {
        <TopBar title="My roles" note="Tuesday 24 November, 14:18, Oslo" />
        <div class="content">
            <Section title="Active now" id="active" note="2, and 1 starts later">
                <Lanes from=hour(0) to=hour(8) hours clock="14:18">
                    <Lane name="Exchange Administrator" starts_at=NOW - 6700 ends_at=NOW + 494 clock="ends 14:26" meta=meta(2, IconName::Cloud, "Microsoft 365") actions=buttons(true) />
                    <Lane name="orders-prod owner" href="/requests/2" starts_at=NOW - 7680 ends_at=NOW + 13_920 clock="ends 18:10" meta=meta(2, IconName::Cylinder, "PostgreSQL, Oslo") actions=buttons(false) />
                    <Lane name="cluster-admin" starts_at=NOW + 6120 ends_at=NOW + 9720 clock="16:00 to 17:00" meta=meta(3, IconName::Hexagon, "Kubernetes prod-eu-1") actions=view! { <Button>"Cancel start"</Button> }.into_any() />
                </Lanes>
            </Section>
            <Section title="Eligible" id="eligible" note="5" actions=view! { <TextField name="filter" label="Filter by role or system" label_hidden=true placeholder="Filter by role or system" icon=IconName::Filter /> }.into_any()>
                <table class="table">
                    <thead><tr><th></th><th></th><th scope="col">"Role"</th><th scope="col">"Asks for"</th><th scope="col">"Eligible until"</th><th></th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </Section>
        </div>
        <ToastRegion first=("Extended by 2 h.".into(), "Exchange Administrator ends 16:26, in 2 h 8 min.".into()) />
    }
    .into_any()
}

pub fn roles() -> AnyView {
    frame("/roles", roles_page)
}

pub fn activate() -> AnyView {
    let sheet = || {
        let value = RwSignal::new(5400);
        let ends = Callback::new(|_| "ends about 15:48 today".to_owned());
        let start = vec![Choice::new("now", "On approval"), Choice::new("later", "At a set time")];
        let facts = view! {
            <LevelTag level=3 label="Critical" />
            <span class="with-icon"><Icon name=IconName::Cloud /> "Microsoft 365, Halden"</span>
        };
        let foot = view! {
            <ButtonLink href="/roles" kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
            <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true form="activate">"Request activation"</Button>
        };
        view! {
            <Sheet title="Activate Global Administrator" close="/roles" lead=view! { <LevelTile level=3 size=40 label="" /> }.into_any() facts=facts.into_any() foot=foot.into_any()>
                <form id="activate" method="post">
                    <Strip mood=Mood::Red lead="3 fields need attention." announce=true>"Nothing was sent."</Strip>
                    <Ruler name="seconds" label="For how long" value most=14_400 ends choices=vec![1800, 3600, 5400, 7200, 14_400] />
                    <div class="line between"><span class="small">"Start"</span><Segmented name="start" label="Start" options=start value="now" /></div>
                    <TextArea name="reason" label="Reason" value="test" least=15_usize error="Say what you are going to do, in 15 characters or more. Approvers read this." />
                    <TextField name="ticket" label="Ticket" value="4830" icon=IconName::Ticket error="Ticket numbers look like OPS-1234." />
                    <CodeField error="That code is not right. Wait for the next one. 4 attempts left." />
                </form>
            </Sheet>
        }
        .into_any()
    };
    view! { {roles()} {sheet()} }.into_any()
}

fn request_page() -> AnyView {
    let head = view! { <Tag mood=Mood::Green><Arc total=21_600 left=13_920 size=14 />"Active"</Tag> <span>"since 12:10, 2 h 8 min ago"</span> };
    view! {
        <TopBar title="R-20929" above=vec![("My requests".into(), "/requests".into())] />
        <div class="content narrow">
            <PageHead title="Marta Lindqvist, orders-prod owner" lead=view! { <LevelTile level=2 size=44 label="Privilege level: High" /> }.into_any() facts=head.into_any() />
            <div class="columns main-side">
                <Timeline>
                    <Step time="12:03:41" full_time="24 November 2026, 12:03:41, Oslo" dot=Dot::Person("Marta Lindqvist".into(), "marta-1".into()) lead="Asked" text="by Marta Lindqvist for 6 h" quote="Backfill order exports for 21 to 23 November." />
                    <Step time="12:03:41" dot=Dot::Icon(IconName::Phone, Mood::Green) lead="Code verified" text="authenticator app “Pixel 9”" />
                    <Step time="12:03:42" dot=Dot::Icon(IconName::Envelope, Mood::Neutral) lead="Approver told" text="Tomasz Wieczorek, by e-mail and push" wait="6 min 12 s" />
                    <Step time="12:09:55" dot=Dot::Icon(IconName::Plug, Mood::Green) lead="Granted" text="in PostgreSQL, Oslo, in 0.4 s" more="Membership in orders_owner, read back from the system at 12:09:55" wait="2 h 8 min on duty" span=Span::Duty />
                    <Step time="14:18" dot=Dot::Now lead="Now" text="3 h 52 min left" wait="3 h 42 min" span=Span::Ahead />
                    <Step time="18:10" dot=Dot::Icon(IconName::Plug, Mood::Neutral) lead="" text="Ends and is removed from PostgreSQL" span=Span::Ahead />
                </Timeline>
                <div class="aside stack">
                    <div class="card ring-card">
                        <Ring total=21_600 left=13_920 large=true />
                        <p><strong>"Ends 18:10"</strong>", in 3 h 52 min"</p>
                        <div class="actions even"><Button icon=IconName::Plus>"Extend"</Button><Button kind=ButtonKind::Primary>"Deactivate"</Button></div>
                    </div>
                    <Facts>
                        <Fact term="Role">"orders-prod owner " <LevelTag level=2 label="High" /></Fact>
                        <Fact term="Where"><span class="with-icon"><Icon name=IconName::Cylinder /> "PostgreSQL, Oslo"</span></Fact>
                        <Fact term="Ticket"><a href="/t">"OPS-4811"</a> " Order export backfill"</Fact>
                    </Facts>
                    <Seal intact=true lead="Sealed in the audit log.">"Records 48,183 to 48,190"</Seal>
                </div>
            </div>
        </div>
    }
    .into_any()
}

pub fn request() -> AnyView {
    frame("/requests/R-20929", request_page)
}

fn approvals_page() -> AnyView {
    let hours = (0..24_u32)
        .map(|h| Bar {
            label: format!("{h}:00"),
            value: if (7..18).contains(&h) {
                h * 5 % 8 + 2
            } else if h == 22 {
                6
            } else {
                0
            },
            unusual: h == 22,
            ..Bar::default()
        })
        .collect();
    view! {
        <TopBar title="Approvals" note="3 to decide" />
        <div class="split has-detail">
            <div class="split-list stack">
                <Segments items=vec![TabItem::new("To decide", "?").count(3).current(true), TabItem::new("Decided", "?d")] label="Approvals" />
                <div>
                    <a class="pick" href="/1" aria-current="true">
                        <Avatar name="Kenji Watanabe" id="kenji" />
                        <span>"Kenji Watanabe"</span>
                        <span class="with-icon small muted"><Arc total=3600 left=3240 size=16 /> "54 min"</span>
                        <span class="pick-text line"><LevelTile level=3 size=20 label="Privilege level: Critical" /> <strong>"Global Administrator"</strong></span>
                        <span class="pick-text">"2 h, asked 6 min ago"</span>
                        <span class="pick-text clip">"“Enable conditional access wave 3 for the Osaka pilot group.”"</span>
                        <span class="pick-text"><Tag mood=Mood::Amber icon=IconName::Clock>"Unusual hour, 22:12 in Osaka"</Tag></span>
                    </a>
                    <a class="pick" href="/2">
                        <Avatar name="Sofia Marchetti" id="sofia" />
                        <span>"Sofia Marchetti"</span>
                        <span class="with-icon small muted"><Arc total=3600 left=1140 size=16 tone=time::tone_to_decide(1140) /> "19 min"</span>
                        <span class="pick-text line"><LevelTile level=2 size=20 label="Privilege level: High" /> <strong>"Compliance Administrator"</strong></span>
                        <span class="pick-text">"4 h, asked 14 min ago"</span>
                    </a>
                </div>
            </div>
            <div class="split-detail">
                <div class="content">
                    <PageHead2 />
                    <Facts wide=true><Fact term="Role"><LevelTag level=3 label="Critical" /> "full control of the tenant"</Fact><Fact term="Runs"><strong>"2 h"</strong>", on approval until about " <strong>"16:18"</strong></Fact></Facts>
                    <blockquote class="quote">"“Enable conditional access wave 3 for the Osaka pilot group.”"</blockquote>
                    <Bars bars=hours summary="Kenji’s activations by hour, Osaka time, 90 days" labels=vec![(0, "0:00".into()), (6, "6:00".into()), (12, "12:00".into()), (18, "18:00".into())] tall=44 />
                </div>
                <form class="decide-bar" method="post">
                    <TextField name="why" label="Justification" bound="needed to deny, optional to approve" placeholder="Why? Kenji and the audit log see this" />
                    <div class="actions"><Button kind=ButtonKind::Deny size=ButtonSize::Large submit=true icon=IconName::Cross>"Deny"</Button><Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true icon=IconName::Check>"Approve for 2 h"</Button></div>
                </form>
            </div>
        </div>
    }
    .into_any()
}

/// The head of a detail beside a list: its heading is below the page's.
#[component]
fn PageHead2() -> impl IntoView {
    view! {
        <header class="page-head">
            <Avatar name="Kenji Watanabe" id="kenji" size=AvatarSize::Large />
            <div class="page-head-text"><h2 class="title">"Kenji Watanabe asks for Global Administrator for 2 h"</h2><div class="page-head-facts">"Infrastructure, Osaka. Asked 14:12, 6 min ago"</div></div>
        </header>
    }
}

pub fn approvals() -> AnyView {
    frame("/approvals", approvals_page)
}
