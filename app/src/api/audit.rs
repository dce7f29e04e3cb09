//! The record: reading it, one's own part of it, and whether its chain holds. Exporting is a route of the server, which
//! streams.

use domain::{
    Page,
    audit::{RecordRow, Verification},
    person::PersonRef,
    role::RoleRef,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::server::{context, told},
    chrono::{NaiveDate, TimeDelta, TimeZone, Utc},
    chrono_tz::Tz,
    domain::{Code, Instant, Problem, audit::RecordFilter, event::EventKind, page::ListQuery},
    engine::{Ctx, Engine},
};

/// Which records are asked for, as it stands in the address. All that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// In the words of the record, or a number such as R-20931.
    pub text: String,
    /// From this day on, as in "2026-11-18".
    pub from: String,
    /// Until the end of this day.
    pub until: String,
    /// Done by this person, or about them: an id.
    pub person: String,
    /// The same by name, as somebody typed it.
    pub who: String,
    /// About this role: an id.
    pub role: String,
    /// Of this kind.
    pub kind: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Only records before this number, for paging.
    pub before: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The records, newest first.
    pub page: Page<RecordRow>,
    /// The person that was asked for; of one's own records oneself.
    pub person: Option<PersonRef>,
    /// People who could be meant by the name that was typed; nothing is found until one of them is chosen.
    pub meant: Option<Vec<PersonRef>>,
}

/// Records that fit.
#[server(prefix = "/fn", endpoint = "audit/list", protocol = JsonCall)]
pub async fn audit_list(asked: Asked) -> AppResult<Found> {
    let (engine, ctx) = context()?;
    let person = match asked.whose(&engine, &ctx).await.map_err(told)? {
        Whose::Anybody => None,
        Whose::One(person) => Some(person),
        Whose::Unclear(people) => {
            return Ok(Found {
                page: Page { items: Vec::new(), next: None },
                person: None,
                meant: Some(people),
            });
        }
    };
    let zone = zone(&engine, &ctx).await.map_err(told)?;
    let page =
        engine::audit::list(&engine, &ctx, asked.filter(&zone, person.as_ref())?).await.map_err(told)?;
    let person = person.map(|asked| named(&page, &asked).unwrap_or(asked));
    Ok(Found { page, person, meant: None })
}

/// The person with the name that the records know.
#[cfg(feature = "ssr")]
fn named(page: &Page<RecordRow>, asked: &PersonRef) -> Option<PersonRef> {
    let mut people = page.items.iter().flat_map(|row| [&row.actor, &row.person]).flatten();
    people.find(|person| person.id == asked.id).cloned()
}

/// What one did and what was done to one.
#[server(prefix = "/fn", endpoint = "audit/own", protocol = JsonCall)]
pub async fn audit_own(before: String) -> AppResult<Found> {
    let (engine, ctx) = context()?;
    let filter = Asked { before, ..Asked::default() }.filter("UTC", None)?;
    let page = engine::audit::own(&engine, &ctx, filter).await.map_err(told)?;
    let id = ctx.signed().map_err(told)?.person;
    Ok(Found { page, person: Some(PersonRef { id, name: String::new() }), meant: None })
}

/// The roles to choose from, by name.
#[server(prefix = "/fn", endpoint = "audit/roles", protocol = JsonCall)]
pub async fn audit_roles() -> AppResult<Vec<RoleRef>> {
    let (engine, ctx) = context()?;
    let mut roles = Vec::new();
    let mut query = ListQuery::default();
    loop {
        let page = engine::role::list(&engine, &ctx, query).await.map_err(told)?;
        roles.extend(page.items.into_iter().map(|row| row.role));
        match page.next {
            Some(next) => query = ListQuery { cursor: Some(next), search: None },
            None => return Ok(roles),
        }
    }
}

/// The last verification since the process started.
#[server(prefix = "/fn", endpoint = "audit/last_verification", protocol = JsonCall)]
pub async fn audit_last_verification() -> AppResult<Option<Verification>> {
    let (engine, ctx) = context()?;
    engine::audit::last_verification(&engine, &ctx).await.map_err(told)
}

/// Verifies the whole chain.
#[server(prefix = "/fn", endpoint = "audit/verify")]
pub async fn audit_verify() -> AppResult<()> {
    let (engine, ctx) = context()?;
    engine::audit::verify(&engine, &ctx).await.map_err(told).map(drop)
}

/// How many people are offered for a name.
#[cfg(feature = "ssr")]
const MEANT: usize = 10;

/// Whose records are asked for.
#[cfg(feature = "ssr")]
enum Whose {
    Anybody,
    One(PersonRef),
    Unclear(Vec<PersonRef>),
}

#[cfg(feature = "ssr")]
impl Asked {
    /// The filter that this stands for.
    ///
    /// # Errors
    /// `malformed` with the field; `not_found` for ids that are none; `signed_out`, `forbidden`; also when the name that
    /// was typed is not one person's.
    pub async fn understood(&self, engine: &Engine, ctx: &Ctx) -> engine::Result<RecordFilter> {
        let person = match self.whose(engine, ctx).await? {
            Whose::Anybody => None,
            Whose::One(person) => Some(person),
            Whose::Unclear(_) => return Err(malformed("who", "the name of one person").into()),
        };
        Ok(self.filter(&zone(engine, ctx).await?, person.as_ref())?)
    }

    async fn whose(&self, engine: &Engine, ctx: &Ctx) -> engine::Result<Whose> {
        if !self.person.is_empty() {
            let id = self.person.parse()?;
            return Ok(Whose::One(PersonRef { id, name: "one person".to_owned() }));
        }
        let name = self.who.trim();
        if name.is_empty() {
            return Ok(Whose::Anybody);
        }
        let query = ListQuery { search: Some(name.to_owned()), cursor: None };
        let found = engine::person::list(engine, ctx, query).await?;
        let people = found.items.into_iter().map(|row| PersonRef { id: row.id, name: row.name });
        let people: Vec<_> = people.take(MEANT).collect();
        let mut exact = people.iter().filter(|person| person.name.to_lowercase() == name.to_lowercase());
        match (exact.next(), exact.next(), people.as_slice()) {
            (Some(one), None, _) | (None, _, [one]) => Ok(Whose::One(one.clone())),
            _ => Ok(Whose::Unclear(people)),
        }
    }

    /// Text as it stands in the address becomes a filter. What is not understood is refused rather than left out.
    fn filter(&self, zone: &str, person: Option<&PersonRef>) -> Result<RecordFilter, Problem> {
        let zone: Tz = zone.parse().unwrap_or_default();
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let kind =
            |text: String| EventKind::parse(&text).ok_or_else(|| malformed("kind", "a kind of record"));
        let refused = |text: String| match text.as_str() {
            "refused" => Ok(true),
            "done" => Ok(false),
            _ => Err(malformed("outcome", "done or refused")),
        };
        let number = |text: String| text.parse().map_err(|_| malformed("before", "the number of a record"));
        Ok(RecordFilter {
            from: given(&self.from).map(|text| midnight("from", &text, 0, zone)).transpose()?,
            until: given(&self.until).map(|text| midnight("until", &text, 1, zone)).transpose()?,
            person: person.map(|person| person.id),
            role: given(&self.role).map(|text| text.parse()).transpose()?,
            kind: given(&self.kind).map(kind).transpose()?,
            refused: given(&self.outcome).map(refused).transpose()?,
            text: given(&self.text),
            before: given(&self.before).map(number).transpose()?,
        })
    }
}

#[cfg(feature = "ssr")]
fn malformed(field: &str, right: &str) -> Problem {
    Problem::new(Code::Malformed).field(field).limit(right)
}

/// The zone of whoever asks.
#[cfg(feature = "ssr")]
async fn zone(engine: &Engine, ctx: &Ctx) -> engine::Result<String> {
    Ok(engine::person::me(engine, ctx).await?.zone)
}

/// When the day begins there, `later` days after it. Where clocks skip midnight it begins with what comes after.
#[cfg(feature = "ssr")]
fn midnight(field: &str, day: &str, later: i64, zone: Tz) -> Result<Instant, Problem> {
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok();
    let day = day.and_then(|day| day.checked_add_signed(TimeDelta::days(later)));
    let start = day
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .ok_or_else(|| malformed(field, "a day such as 2026-11-24"))?;
    let first = (0..24)
        .find_map(|quarter| zone.from_local_datetime(&(start + TimeDelta::minutes(15 * quarter))).earliest());
    Ok(first.map_or_else(|| start.and_utc(), |at| at.with_timezone(&Utc)))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn filter(asked: &Asked) -> Result<RecordFilter, Problem> {
        asked.filter("Europe/Oslo", None)
    }

    #[test]
    fn days_are_those_of_the_person_who_asks() {
        let asked = Asked { from: "2026-11-18".into(), until: "2026-11-24".into(), ..Asked::default() };
        let filter = filter(&asked).unwrap();
        assert_eq!(filter.from, Some("2026-11-17T23:00:00Z".parse().unwrap()));
        assert_eq!(filter.until, Some("2026-11-24T23:00:00Z".parse().unwrap()), "the last day counts whole");
    }

    #[test]
    fn a_day_that_begins_late_begins_late() {
        let zone = "America/Santiago".parse().unwrap();
        assert_eq!(
            midnight("from", "2026-09-06", 0, zone).unwrap(),
            "2026-09-06T04:00:00Z".parse::<Instant>().unwrap()
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_and_not_left_out() {
        let empty = filter(&Asked::default()).unwrap();
        assert_eq!(empty, RecordFilter::default());
        for (asked, field) in [
            (Asked { from: "soon".into(), ..Asked::default() }, Some("from")),
            (Asked { until: "+262142-12-31".into(), ..Asked::default() }, Some("until")),
            (Asked { kind: "role.eaten".into(), ..Asked::default() }, Some("kind")),
            (Asked { outcome: "maybe".into(), ..Asked::default() }, Some("outcome")),
            (Asked { before: "x".into(), ..Asked::default() }, Some("before")),
            (Asked { role: "x".into(), ..Asked::default() }, None),
        ] {
            assert_eq!(filter(&asked).unwrap_err().field.as_deref(), field, "{asked:?}");
        }
    }
}
