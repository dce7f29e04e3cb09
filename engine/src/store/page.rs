//! Pages of lists that are ordered by name: where the next part begins, and what is searched for. A part begins after
//! the last name of the part before, so that what is added or removed meanwhile neither repeats nor skips a line.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Code, Page, Problem,
    page::{ListQuery, PAGE_SIZE},
    text,
};
use sea_orm::{ColumnTrait, Condition, prelude::Uuid, sea_query::LikeExpr};
use serde::{Deserialize, Serialize};

/// The longest cursor that is read; those that we make are shorter.
const LONGEST_CURSOR: usize = 2_000;

/// The last line of the part before: its folded name and id.
#[derive(Debug, Serialize, Deserialize)]
struct Place(String, Uuid);

/// Which part of a list is wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    after: Option<Place>,
    search: Option<String>,
}

impl Wanted {
    /// Reads what was asked for.
    ///
    /// # Errors
    /// `malformed` for a cursor that is none of ours or a text with control characters, `too_long`.
    pub(crate) fn of(query: &ListQuery) -> Result<Self, Problem> {
        let after = query.cursor.as_deref().filter(|cursor| !cursor.is_empty()).map(read).transpose()?;
        let search = text::optional("search", query.search.as_deref().unwrap_or_default(), text::SEARCH)?;
        Ok(Self { after, search: Some(search).filter(|search| !search.is_empty()) })
    }

    /// What is searched for, if anything.
    pub(crate) fn search(&self) -> Option<LikeExpr> {
        self.search.as_deref().map(contains)
    }

    /// The condition of lines behind the cursor, for a list ordered by these two columns.
    pub(crate) fn behind(&self, name: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
        match &self.after {
            None => Condition::all(),
            Some(Place(last, last_id)) => Condition::any()
                .add(name.gt(last.as_str()))
                .add(Condition::all().add(name.eq(last.as_str())).add(id.gt(*last_id))),
        }
    }

    /// How many rows to read: one more than a page holds, which says whether there is a next one.
    pub(crate) const fn limit() -> u64 {
        PAGE_SIZE + 1
    }
}

/// Matches text that contains this, without regard to case; the column holds folded text.
pub(crate) fn contains(search: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for character in search.to_lowercase().chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}

/// Makes a page of the rows that were read with [`Wanted::limit`]; `place` gives the folded name and the id of a row.
pub(crate) fn cut<R>(mut rows: Vec<R>, place: impl Fn(&R) -> (String, Uuid)) -> Page<R> {
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|last| {
        let (name, id) = place(last);
        write(&Place(name, id))
    });
    Page { items: rows, next }
}

fn write(place: &Place) -> String {
    let plain = serde_json::to_vec(place).expect("invariant: a name and an id are plain data");
    URL_SAFE_NO_PAD.encode(plain)
}

fn read(cursor: &str) -> Result<Place, Problem> {
    let malformed = || Problem::new(Code::Malformed).field("cursor").limit("the `next` of the page before");
    let short_enough = Some(cursor).filter(|cursor| cursor.len() <= LONGEST_CURSOR).ok_or_else(malformed)?;
    let plain = URL_SAFE_NO_PAD.decode(short_enough).map_err(|_| malformed())?;
    let place: Place = serde_json::from_slice(&plain).map_err(|_| malformed())?;
    // PostgreSQL refuses this character in text.
    if place.0.contains('\0') { Err(malformed()) } else { Ok(place) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(cursor: &str, search: &str) -> ListQuery {
        ListQuery { cursor: Some(cursor.to_owned()), search: Some(search.to_owned()) }
    }

    #[test]
    fn a_cursor_is_read_back_and_a_made_up_one_is_refused() {
        let cursor = write(&Place("ada".to_owned(), Uuid::from_u128(7)));
        let wanted = Wanted::of(&query(&cursor, "")).unwrap();
        assert!(matches!(wanted.after, Some(Place(name, id)) if name == "ada" && id == Uuid::from_u128(7)));
        let nul = write(&Place("a\0".to_owned(), Uuid::nil()));
        for bad in ["x", "e30", "%%%", &nul, &"A".repeat(3_000)] {
            let problem = Wanted::of(&query(bad, "")).unwrap_err();
            assert_eq!((problem.code, problem.field.as_deref()), (Code::Malformed, Some("cursor")), "{bad}");
        }
    }

    #[test]
    fn what_is_searched_for_is_bounded_and_never_a_pattern() {
        assert_eq!(
            format!("{:?}", contains("50%_A!")),
            format!("{:?}", LikeExpr::new("%50!%!_a!!%").escape('!'))
        );
        assert_eq!(Wanted::of(&query("", &"x".repeat(101))).unwrap_err().code, Code::TooLong);
        assert!(Wanted::of(&query("", "  ")).unwrap().search().is_none());
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let place = |number: &u128| (number.to_string(), Uuid::from_u128(*number));
        assert!(cut((0..50).collect(), place).next.is_none());
        let page = cut((0..51).collect(), place);
        assert_eq!(page.items.len(), 50);
        let after = read(&page.next.unwrap()).unwrap();
        assert_eq!((after.0.as_str(), after.1), ("49", Uuid::from_u128(49)));
    }
}
