//! The catalogue that comes with Stint: the administrator roles of Office 365 and Entra, with their real names and
//! template ids. An imported role is an ordinary role; it confers nothing in Stint.

use std::sync::LazyLock;

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    role::{CatalogueRole, ImportRoles, Role, RoleRef},
};
use uuid::Uuid;

use super::{create::add, known};
use crate::{Committed, Ctx, Engine, Tx, error::Result, store};

static CATALOGUE: LazyLock<Vec<CatalogueRole>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("catalogue.json"))
        .expect("invariant: the catalogue in the program is well-formed")
});

/// All roles of the catalogue, and which of them are there already.
///
/// # Errors
/// `signed_out`, `forbidden`.
pub async fn catalogue(engine: &Engine, ctx: &Ctx) -> Result<Vec<CatalogueRole>> {
    known::lister(engine, ctx).await?;
    let there =
        store::role::keys_among(engine.readers(), CATALOGUE.iter().map(|role| role.key.as_str())).await?;
    Ok(CATALOGUE
        .iter()
        .map(|role| CatalogueRole { imported: there.contains(&role.key), ..role.clone() })
        .collect())
}

/// Makes roles of the catalogue, with the initial settings. Those whose key exists are left alone. Gives the new ones.
///
/// # Errors
/// `required` without a key, `malformed` for a key that the catalogue does not have, `signed_out`, `forbidden`,
/// `mfa_stale`.
pub async fn import(engine: &Engine, ctx: &Ctx, input: ImportRoles) -> Result<Vec<RoleRef>> {
    ctx.signed()?;
    let chosen = chosen(&input.keys)?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::RoleCreated), move |tx| {
            Box::pin(async move { carry_out(&act, tx, &chosen).await })
        })
        .await
}

/// What these keys name, each once, in the order of the catalogue.
fn chosen(keys: &[String]) -> Result<Vec<&'static CatalogueRole>, Problem> {
    if keys.is_empty() {
        return Err(Problem::new(Code::Required).field("keys"));
    }
    if keys.iter().any(|key| !CATALOGUE.iter().any(|role| role.key == *key)) {
        return Err(Problem::new(Code::Malformed).field("keys").limit("keys of the catalogue"));
    }
    Ok(CATALOGUE.iter().filter(|role| keys.contains(&role.key)).collect())
}

async fn carry_out(
    engine: &Engine,
    tx: &mut Tx,
    chosen: &[&CatalogueRole],
) -> Result<Committed<Vec<RoleRef>>> {
    known::maker(tx, Uuid::nil()).await?;
    let there = store::role::keys_among(tx.conn(), chosen.iter().map(|role| role.key.as_str())).await?;
    let (mut made, mut events) = (Vec::new(), Vec::new());
    for from in chosen.iter().filter(|role| !there.contains(&role.key)) {
        let role = Role {
            id: engine.env().id(),
            key: from.key.clone(),
            name: from.name.clone(),
            description: from.description.clone(),
            level: from.level,
            link: None,
            template_id: Some(from.template_id.clone()),
            disabled_at: None,
            settings_version: 1,
            created_at: tx.now,
            version: 1,
        };
        events.push(add(tx, &role).await?.reason("imported"));
        made.push(store::role::reference(&role));
    }
    if made.is_empty() {
        return Ok(tx.unchanged(made));
    }
    tx.commit(engine, made, events).await
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::{role, text};

    use super::*;

    #[test]
    fn every_role_of_the_catalogue_could_be_imported() {
        assert!(CATALOGUE.len() > 100, "{}", CATALOGUE.len());
        for entry in CATALOGUE.iter() {
            assert_eq!(role::key(&entry.key).unwrap(), entry.key);
            assert_eq!(text::line("name", &entry.name, text::NAME).unwrap(), entry.name);
            assert_eq!(
                text::line("description", &entry.description, text::DESCRIPTION).unwrap(),
                entry.description
            );
            assert_eq!(Uuid::parse_str(&entry.template_id).unwrap().to_string(), entry.template_id);
            assert!(!entry.imported, "{}", entry.key);
        }
        let distinct =
            |of: fn(&CatalogueRole) -> &str| CATALOGUE.iter().map(of).collect::<HashSet<_>>().len();
        assert_eq!(distinct(|role| &role.key), CATALOGUE.len());
        assert_eq!(distinct(|role| &role.name), CATALOGUE.len());
        assert_eq!(distinct(|role| &role.template_id), CATALOGUE.len());
    }
}
