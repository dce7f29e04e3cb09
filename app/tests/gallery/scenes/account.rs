//! The account, states of trouble, and pages before sign-in.

use app::ui::*;
use leptos::prelude::*;

use super::frame;

fn security_page() -> AnyView {
    view! {
        <TopBar title="Security" above=vec![("Marta Lindqvist".into(), "/account".into())] heading=true />
        <div class="content">
            <p class="line">
                <Tag mood=Mood::Green round=true icon=IconName::Check>"Password"</Tag>
                <Tag mood=Mood::Green round=true icon=IconName::Check>"Code"</Tag>
                <span class="muted"><strong>"Your account is well protected."</strong>" A code or a passkey is asked for at sign-in and at each activation."</span>
            </p>
            <div class="columns">
                <div class="stack">
                    <Card title="Authenticator app" icon=IconName::Phone note="Pixel 9, added 12 Mar 2025">
                        <form class="form-rows"><CodeField small=true label="Code from the app" hint="A new code comes in 18 s." /><div class="actions"><Button kind=ButtonKind::Primary submit=true>"Add phone"</Button><ButtonLink href="/account" kind=ButtonKind::Quiet>"Cancel"</ButtonLink></div></form>
                    </Card>
                    <Card title="Signed-in devices" icon=IconName::Laptop rows=true>
                        <div class="card-row"><Icon name=IconName::Laptop size=18 /><Two top="Firefox on Linux" below="Oslo, 192.0.2.41. Active now" /><Tag mood=Mood::Green>"this one"</Tag></div>
                        <div class="card-row"><Icon name=IconName::Phone size=18 /><Two top="Stint on Pixel 9" below="Oslo, 192.0.2.41. 14:02, 16 min ago" /><Button size=ButtonSize::Small>"Sign out"</Button></div>
                    </Card>
                </div>
                <div class="stack">
                    <Card title="Recovery codes" icon=IconName::Lock actions=view! { <Button size=ButtonSize::Small>"New set"</Button> }.into_any()>
                        <div class="stack tight"><Meter value=8 most=10 label="8 of 10 left" /><p class="small muted"><strong>"8 of 10 left"</strong>" made 12 Mar 2025"</p></div>
                    </Card>
                    <Card title="Password" icon=IconName::Key>
                        <div class="form-rows"><PasswordField name="new_password" label="New password" new=true hint="12 characters or more." /></div>
                    </Card>
                </div>
            </div>
        </div>
    }
    .into_any()
}

pub fn security() -> AnyView {
    frame("/account/security", security_page)
}

fn states_page() -> AnyView {
    view! {
        <TopBar title="States" />
        <div class="content">
            <Skeleton />
            <Skeleton shape=SkeletonShape::Lines count=2 label="Loading text" />
            <Strip lead="Nothing to do.">"A neutral strip."</Strip>
            <Seal intact=false lead="Chain broken at record 48,102.">"Records after it cannot be trusted. Export and compare with the anchor."</Seal>
            <p class="actions">
                <Button kind=ButtonKind::Primary busy=true>"Request activation"</Button>
                <Button size=ButtonSize::Small>"Small"</Button>
                <Button kind=ButtonKind::Deny icon=IconName::Cross>"Deny"</Button>
                <Button kind=ButtonKind::Danger>"Remove now"</Button>
            </p>
            <p class="line">{IconName::ALL.iter().map(|name| view! { <Icon name=*name size=22 /> }).collect_view()}</p>
            <p class="line">{(0..12).map(|n| view! { <Avatar name=format!("Person {n}") id=format!("person-{n}") /> }).collect_view()}</p>
            <p class="line"><LevelTile level=1 label="Privilege level: Limited" /><LevelTile level=2 size=44 label="Privilege level: High" /><LevelTag level=1 label="Limited" /><Ring total=3600 left=42 /><Ring total=86_400 left=400_000 /></p>
            <Empty title="You are not on duty" text="No role is active, and you are not eligible for one yet. When somebody makes you eligible, it appears here and you get an e-mail." actions=view! { <ButtonLink href="/ask" kind=ButtonKind::Primary>"Ask for a role"</ButtonLink> <ButtonLink href="/how">"How Stint works"</ButtonLink> }.into_any() />
        </div>
    }
    .into_any()
}

pub fn states() -> AnyView {
    frame("/settings", states_page)
}

pub fn failed() -> AnyView {
    frame("/audit", || {
        let actions = view! { <ButtonLink href="/audit" kind=ButtonKind::Primary icon=IconName::Refresh>"Try again"</ButtonLink> <ButtonLink href="/roles">"Go to My roles"</ButtonLink> };
        view! { <TopBar title="Audit" /> <ErrorPanel number="7F3A-09C2" time="14:18:07" actions=actions.into_any() /> }.into_any()
    })
}

pub fn sign_in() -> AnyView {
    view! {
        <SignFrame run_by="Run by Halden Logistics IT" host="stint.halden.example">
            <h1>"Sign in to Stint"</h1>
            <p>"Use your Halden account."</p>
            <form method="post">
                <TextField name="email" label="E-mail" kind="email" autocomplete="username" value="marta.lindqvist@halden.example" />
                <PasswordField name="password" label="Password" error="That name and password do not match." />
                <Button kind=ButtonKind::Primary size=ButtonSize::Large block=true submit=true>"Continue"</Button>
            </form>
            <p class="or">"or"</p>
            <ButtonLink href="/sso" size=ButtonSize::Large block=true icon=IconName::Shield>"Continue with SSO"</ButtonLink>
        </SignFrame>
    }
    .into_any()
}

pub fn code() -> AnyView {
    view! {
        <SignFrame run_by="Run by Halden Logistics IT" host="stint.halden.example" demo="Demo. Nothing here is real.">
            <h1>"Enter your six-digit code"</h1>
            <p>"From the authenticator app on your phone, entry “Stint: Halden”."</p>
            <div class="whose"><Avatar name="Marta Lindqvist" id="marta-1" size=AvatarSize::Small /><span class="clip">"marta.lindqvist@halden.example"</span><a class="link" href="/">"Change"</a></div>
            <form method="post">
                <CodeField label="Code" label_hidden=true hint="A new code comes in 18 s." auto_send=true autofocus=true />
                <Button kind=ButtonKind::Primary size=ButtonSize::Large block=true submit=true>"Verify"</Button>
            </form>
            <div class="rows">
                <a class="row-go" href="/p"><Icon name=IconName::Passkey size=18 /> "Use a passkey instead" <Icon name=IconName::ChevronRight /></a>
                <a class="row-go" href="/r"><Icon name=IconName::Key size=18 /> "Use a recovery code" <Icon name=IconName::ChevronRight /></a>
            </div>
        </SignFrame>
    }
    .into_any()
}
