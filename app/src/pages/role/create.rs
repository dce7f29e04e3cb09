//! A role of one's own.

use crate::ui::PageTitle;
use leptos::prelude::*;

use super::words::{WordFields, Words};
use crate::{
    act::{ActForm, FormAct},
    api::role::{RoleCreate, role_catalogue},
    form::{FormKey, refusal, typed},
    load::Load,
    loading::loading,
    step_up::{AdministratorCode, RefusalStrip},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, SkeletonShape, TextField, TopBar},
};

/// The form of a new role.
#[component]
pub fn RoleCreatePage() -> impl IntoView {
    // Only whether the reader may do this, and whether a code is asked: nothing of it is shown.
    let reader = loading(|| (), |()| async { role_catalogue().await.map(|seen| seen.proved_until) });
    let create = FormAct::<RoleCreate>::new();
    let refusal = refusal(create);
    let words = Words {
        name: typed::<RoleCreate>("name", ""),
        description: typed::<RoleCreate>("description", ""),
        level: typed::<RoleCreate>("level", "limited"),
        link: typed::<RoleCreate>("link", ""),
        fixed: false,
    };
    let words = StoredValue::new(words);
    view! {
        <PageTitle text="New role" />
        <TopBar title="New role" above=vec![("Roles".to_owned(), "/roles".to_owned())] heading=true />
        <div class="content form">
            <Load resource=reader shape=SkeletonShape::Lines let:proved_until>
                <ActForm act=create>
                    <div class="form-rows">
                        <RefusalStrip refusal />
                        <WordFields words=words.get_value() refusal />
                        <TextField
                            name="form[role_key]"
                            label="Key"
                            value={typed::<RoleCreate>("role_key", "")}
                            bound="for links and tools, stays for ever"
                            placeholder="payroll-operator"
                            maxlength=100_u32
                            required=true
                            mono=true
                            error=refusal.field("key")
                        />
                        <FormKey act=create />
                        <AdministratorCode proved_until refusal />
                        <div class="actions end">
                            <ButtonLink href="/roles" size=ButtonSize::Large>"Cancel"</ButtonLink>
                            <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true busy=create.pending()>"Create role"</Button>
                        </div>
                    </div>
                </ActForm>
            </Load>
        </div>
    }
}
