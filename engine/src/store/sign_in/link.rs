//! One-time links. Kept after their use; the token itself is not, only its hash.

use domain::{
    Id, Instant,
    person::PersonId,
    sign_in::{LinkId, LinkPurpose, SignInId},
};
use sea_orm::{Condition, QuerySelect, Set, entity::prelude::*};

use crate::{
    error::{Error, Result},
    store::{at, us, word},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "one_time_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub purpose: String,
        pub person_id: Option<Uuid>,
        pub sign_in_id: Option<Uuid>,
        pub token_hash: String,
        pub made_at: i64,
        pub made_by: Option<Uuid>,
        pub expires_at: i64,
        pub used_at: Option<i64>,
        pub voided_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A one-time link as stored.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub id: LinkId,
    pub purpose: LinkPurpose,
    /// Whose, and which sign-in it is for; nobody's when the first person is set up.
    pub owner: Option<(PersonId, SignInId)>,
    pub made_at: Instant,
    pub made_by: Option<PersonId>,
    pub expires_at: Instant,
}

impl TryFrom<row::Model> for Link {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            purpose: word(&row.purpose)?,
            owner: row
                .person_id
                .zip(row.sign_in_id)
                .map(|(person, sign_in)| (Id::new(person), Id::new(sign_in))),
            made_at: at(row.made_at)?,
            made_by: row.made_by.map(Id::new),
            expires_at: at(row.expires_at)?,
        })
    }
}

pub(crate) async fn insert<C: ConnectionTrait>(db: &C, link: &Link, token_hash: &str) -> Result<()> {
    let model = row::ActiveModel {
        id: Set(link.id.uuid()),
        purpose: Set(link.purpose.as_str().to_owned()),
        person_id: Set(link.owner.map(|(person, _)| person.uuid())),
        sign_in_id: Set(link.owner.map(|(_, sign_in)| sign_in.uuid())),
        token_hash: Set(token_hash.to_owned()),
        made_at: Set(us(link.made_at)),
        made_by: Set(link.made_by.map(|id| id.uuid())),
        expires_at: Set(us(link.expires_at)),
        used_at: Set(None),
        voided_at: Set(None),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

/// Neither used nor void nor too old.
fn open(now: Instant) -> Condition {
    Condition::all()
        .add(row::Column::UsedAt.is_null())
        .add(row::Column::VoidedAt.is_null())
        .add(row::Column::ExpiresAt.gt(us(now)))
}

/// The open link with this token.
pub(crate) async fn find_open<C: ConnectionTrait>(
    db: &C,
    token_hash: &str,
    now: Instant,
) -> Result<Option<Link>> {
    row::Entity::find()
        .filter(row::Column::TokenHash.eq(token_hash))
        .filter(open(now))
        .one(db)
        .await?
        .map(Link::try_from)
        .transpose()
}

/// Links that were made after `since` are void from `now` on: the clock was wrong, and they would be good for longer than
/// they were to be.
pub(crate) async fn none_after<C: ConnectionTrait>(db: &C, since: Instant, now: Instant) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel { voided_at: Set(Some(us(now))), ..Default::default() })
        .filter(row::Column::MadeAt.gt(us(since)))
        .filter(open(now))
        .exec(db)
        .await?;
    Ok(())
}

/// Uses a link; false when it is not open any more.
pub(crate) async fn use_up<C: ConnectionTrait>(db: &C, id: LinkId, now: Instant) -> Result<bool> {
    let used = row::Entity::update_many()
        .set(row::ActiveModel { used_at: Set(Some(us(now))), ..Default::default() })
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(open(now))
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Makes the open links of these people void. Gives those of them who had one.
pub(crate) async fn void_of<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
    now: Instant,
) -> Result<Vec<PersonId>> {
    let theirs =
        Condition::all().add(row::Column::PersonId.is_in(people.iter().map(|id| id.uuid()))).add(open(now));
    let mut had: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::PersonId)
        .filter(theirs.clone())
        .into_tuple()
        .all(db)
        .await?;
    had.sort_unstable();
    had.dedup();
    if !had.is_empty() {
        void(db, theirs, now).await?;
    }
    Ok(had.into_iter().map(Id::new).collect())
}

/// Makes open links for the first person void. Gives how many there were.
pub(crate) async fn void_set_up<C: ConnectionTrait>(db: &C, now: Instant) -> Result<u64> {
    void(db, open(now).add(row::Column::Purpose.eq(LinkPurpose::SetUp.as_str())), now).await
}

/// Makes every open link void. Gives how many there were.
pub(crate) async fn void_every<C: ConnectionTrait>(db: &C, now: Instant) -> Result<u64> {
    void(db, open(now), now).await
}

async fn void<C: ConnectionTrait>(db: &C, which: Condition, now: Instant) -> Result<u64> {
    let voided = row::Entity::update_many()
        .set(row::ActiveModel { voided_at: Set(Some(us(now))), ..Default::default() })
        .filter(which)
        .exec(db)
        .await?;
    Ok(voided.rows_affected)
}
