//! Sign-ins with their password and factor. Recovery codes, one-time links and counters of attempts are beside.

pub(crate) mod attempt;
pub(crate) mod link;
pub(crate) mod recovery;

use std::collections::HashMap;

use domain::{Code, Id, Instant, Problem, person::PersonId, sign_in::SignInId};
use sea_orm::{Condition, ExprTrait, QueryOrder, QuerySelect, Set, entity::prelude::*, sea_query::Expr};

use super::{at_opt, us};
use crate::error::{Error, Result};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub name: String,
        pub password_hash: Option<String>,
        pub password_set_at: Option<i64>,
        pub totp_sealed: Option<Vec<u8>>,
        pub totp_enrolled_at: Option<i64>,
        pub totp_last_step: Option<i64>,
        pub codes_made_at: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A sign-in as stored. Does not print its secrets.
#[derive(Clone)]
pub(crate) struct SignIn {
    pub id: SignInId,
    pub person: PersonId,
    /// Normalised.
    pub name: String,
    /// A PHC string.
    pub password_hash: Option<String>,
    pub password_set_at: Option<Instant>,
    /// The secret of the authenticator app, sealed in the place of this sign-in.
    pub totp_sealed: Option<Vec<u8>>,
    pub totp_enrolled_at: Option<Instant>,
    pub codes_made_at: Option<Instant>,
    /// Counts changes of password and factor.
    pub version: i64,
}

/// What others may know of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignInSummary {
    pub id: SignInId,
    pub name: String,
    pub has_password: bool,
    pub has_factor: bool,
}

impl TryFrom<row::Model> for SignIn {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            person: Id::new(row.person_id),
            name: row.name,
            password_hash: row.password_hash,
            password_set_at: at_opt(row.password_set_at)?,
            totp_sealed: row.totp_sealed,
            totp_enrolled_at: at_opt(row.totp_enrolled_at)?,
            codes_made_at: at_opt(row.codes_made_at)?,
            version: row.version,
        })
    }
}

/// A sign-in without password and factor; `name_taken` when somebody has this name.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    id: SignInId,
    person: PersonId,
    name: &str,
    now: Instant,
) -> Result<()> {
    // Looked up first: a violated constraint would spoil the whole transaction on PostgreSQL. Writers are serial.
    if find_by_name(db, name).await?.is_some() {
        return Err(Problem::new(Code::NameTaken).field("sign_in_name").into());
    }
    let model = row::ActiveModel {
        id: Set(id.uuid()),
        person_id: Set(person.uuid()),
        name: Set(name.to_owned()),
        password_hash: Set(None),
        password_set_at: Set(None),
        totp_sealed: Set(None),
        totp_enrolled_at: Set(None),
        totp_last_step: Set(None),
        codes_made_at: Set(None),
        created_at: Set(us(now)),
        version: Set(1),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn find_by_name<C: ConnectionTrait>(db: &C, name: &str) -> Result<Option<SignIn>> {
    row::Entity::find().filter(row::Column::Name.eq(name)).one(db).await?.map(SignIn::try_from).transpose()
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: SignInId) -> Result<SignIn> {
    let row = row::Entity::find_by_id(id.uuid()).one(db).await?;
    row.map(SignIn::try_from).transpose()?.ok_or_else(|| Problem::new(Code::NotFound).into())
}

/// The sign-in that links of a person are for: their oldest.
pub(crate) async fn first_of<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Option<SignIn>> {
    row::Entity::find()
        .filter(row::Column::PersonId.eq(person.uuid()))
        .order_by_asc(row::Column::CreatedAt)
        .order_by_asc(row::Column::Id)
        .one(db)
        .await?
        .map(SignIn::try_from)
        .transpose()
}

/// The sign-ins of these people, oldest first.
pub(crate) async fn names_of<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<SignInSummary>>> {
    let mut names: HashMap<PersonId, Vec<SignInSummary>> = HashMap::new();
    for chunk in people.chunks(500) {
        let rows = row::Entity::find()
            .filter(row::Column::PersonId.is_in(chunk.iter().map(|id| id.uuid())))
            .order_by_asc(row::Column::Name)
            .all(db)
            .await?;
        for row in rows {
            names.entry(Id::new(row.person_id)).or_default().push(SignInSummary {
                id: Id::new(row.id),
                name: row.name,
                has_password: row.password_hash.is_some(),
                has_factor: row.totp_enrolled_at.is_some(),
            });
        }
    }
    Ok(names)
}

/// Whether this person has set a password or a factor, in whichever of their sign-ins.
pub(crate) async fn has_credentials<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<bool> {
    let names = names_of(db, &[person]).await?;
    Ok(names.values().flatten().any(|sign_in| sign_in.has_password || sign_in.has_factor))
}

/// Whether there is nobody at all, so that the first person may be set up.
pub(crate) async fn nobody_exists<C: ConnectionTrait>(db: &C) -> Result<bool> {
    use super::person::row as person;
    let one: Option<Uuid> =
        person::Entity::find().select_only().column(person::Column::Id).into_tuple().one(db).await?;
    Ok(one.is_none())
}

/// Credentials to set over the version that was read.
#[derive(Default)]
pub(crate) struct NewCredentials {
    /// A PHC string.
    pub password_hash: Option<String>,
    /// The sealed secret, and the step of the code that proved it, which is thereby used up.
    pub factor: Option<(Vec<u8>, i64)>,
}

/// Sets what is given in one update, so that a factor is replaced and never missing; `conflict` when somebody else was
/// faster.
pub(crate) async fn set_credentials<C: ConnectionTrait>(
    db: &C,
    sign_in: &SignIn,
    new: NewCredentials,
    now: Instant,
) -> Result<()> {
    let mut model = row::ActiveModel { version: Set(sign_in.version + 1), ..Default::default() };
    if let Some(hash) = new.password_hash {
        model.password_hash = Set(Some(hash));
        model.password_set_at = Set(Some(us(now)));
    }
    if let Some((sealed, step)) = new.factor {
        model.totp_sealed = Set(Some(sealed));
        model.totp_enrolled_at = Set(Some(us(now)));
        model.totp_last_step = Set(Some(step));
    }
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(sign_in.id.uuid()))
        .filter(row::Column::Version.eq(sign_in.version))
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

/// Uses up the code of this step and all before it; false when it was used up already.
pub(crate) async fn use_step<C: ConnectionTrait>(db: &C, id: SignInId, step: i64) -> Result<bool> {
    let unused =
        Condition::any().add(row::Column::TotpLastStep.is_null()).add(row::Column::TotpLastStep.lt(step));
    let used = row::Entity::update_many()
        .col_expr(row::Column::TotpLastStep, Expr::value(step))
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(unused)
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Notes that recovery codes were made.
pub(crate) async fn codes_made<C: ConnectionTrait>(db: &C, id: SignInId, now: Instant) -> Result<()> {
    row::Entity::update_many()
        .col_expr(row::Column::CodesMadeAt, Expr::value(us(now)))
        .filter(row::Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Those of these people who have a second factor, in the same order.
pub(crate) async fn with_second_factor<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<Vec<PersonId>> {
    let mut enrolled = std::collections::HashSet::new();
    for chunk in people.chunks(500) {
        let found: Vec<Uuid> = row::Entity::find()
            .select_only()
            .column(row::Column::PersonId)
            .filter(row::Column::TotpEnrolledAt.is_not_null())
            .filter(row::Column::PersonId.is_in(chunk.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(db)
            .await?;
        enrolled.extend(found);
    }
    Ok(people.iter().copied().filter(|id| enrolled.contains(&id.uuid())).collect())
}

/// No code counts as used up in a step after this one: the clock was set back, and no code would work until it is there
/// again.
pub(crate) async fn no_step_after<C: ConnectionTrait>(db: &C, step: i64) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel { totp_last_step: Set(Some(step)), ..Default::default() })
        .filter(row::Column::TotpLastStep.gt(step))
        .exec(db)
        .await?;
    Ok(())
}

/// Every code of this step and before it counts as used up, and what lies between two steps of signing in or of a link no
/// longer fits.
pub(crate) async fn nothing_until<C: ConnectionTrait>(db: &C, step: i64) -> Result<()> {
    let unused =
        Condition::any().add(row::Column::TotpLastStep.is_null()).add(row::Column::TotpLastStep.lt(step));
    row::Entity::update_many()
        .set(row::ActiveModel { totp_last_step: Set(Some(step)), ..Default::default() })
        .filter(row::Column::TotpSealed.is_not_null())
        .filter(unused)
        .exec(db)
        .await?;
    row::Entity::update_many()
        .col_expr(row::Column::Version, Expr::col(row::Column::Version).add(1))
        .exec(db)
        .await?;
    Ok(())
}

/// Some sign-in with a factor: whether its secret opens shows whether the key is the right one.
pub(crate) async fn any_with_factor<C: ConnectionTrait>(db: &C) -> Result<Option<SignIn>> {
    let some = row::Entity::find().filter(row::Column::TotpSealed.is_not_null()).one(db).await?;
    some.map(SignIn::try_from).transpose()
}
