//! The history of the schema: one change a file, append-only, never importing an entity.
//!
//! Instants are 64-bit microseconds of UTC since 1970, alike on SQLite and PostgreSQL; ids are UUIDs.

use sea_orm_migration::prelude::*;

mod m0001_installation;
mod m0002_person;
mod m0003_role;
mod m0004_activation;
mod m0005_sign_in;
mod m0006_audit;
mod m0007_outbox;
mod m0008_clock;
mod m0009_outbox_erased;
mod m0010_backup;
mod m0011_growth;

/// All changes, in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_installation::Change),
            Box::new(m0002_person::Change),
            Box::new(m0003_role::Change),
            Box::new(m0004_activation::Change),
            Box::new(m0005_sign_in::Change),
            Box::new(m0006_audit::Change),
            Box::new(m0007_outbox::Change),
            Box::new(m0008_clock::Change),
            Box::new(m0009_outbox_erased::Change),
            Box::new(m0010_backup::Change),
            Box::new(m0011_growth::Change),
        ]
    }
}

/// Whether the database has a change that this program does not know: it was made by a newer one.
///
/// # Errors
/// When the history cannot be read.
pub async fn is_newer(db: &SchemaManagerConnection<'_>) -> Result<bool, DbErr> {
    let known: Vec<_> = Migrator::migrations().iter().map(|change| change.name().to_owned()).collect();
    Ok(Migrator::get_migration_models(db).await?.iter().any(|applied| !known.contains(&applied.version)))
}

/// A connection as the history takes it.
pub type Connection<'c> = SchemaManagerConnection<'c>;

/// Applies what is missing, on a database of any age.
///
/// # Errors
/// When a change fails; the schema is then as before it.
pub async fn up<'c, C: IntoSchemaManagerConnection<'c>>(db: C) -> Result<(), DbErr> {
    Migrator::up(db, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_leaves_the_old_schema_or_the_new_one() {
        assert!(Migrator::migrations().iter().all(|change| change.use_transaction() == Some(true)));
    }
}
