//! Ways through a long list, all in its address: `search`, and in `at` the cursors of all parts so far, so that there
//! is a way back too.

use domain::page::{ListQuery, PAGE_SIZE};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};
use serde::{Deserialize, Serialize};

use crate::ui::Pager;

/// Where in a list one is, and what is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    search: String,
    cursors: Vec<String>,
}

/// The place that the address of this page names.
pub fn use_place() -> Memo<Place> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| Place::of(query.get_str("search"), query.get_str("at"))))
}

impl Place {
    fn of(search: Option<&str>, at: Option<&str>) -> Self {
        let cursors = at.unwrap_or_default().split('.').filter(|cursor| !cursor.is_empty());
        Self {
            search: search.unwrap_or_default().trim().to_owned(),
            cursors: cursors.map(str::to_owned).collect(),
        }
    }

    /// What is searched for; empty for nothing.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// What to ask for.
    pub fn query(&self) -> ListQuery {
        ListQuery {
            cursor: self.cursors.last().cloned(),
            search: Some(self.search.clone()).filter(|search| !search.is_empty()),
        }
    }

    fn address(&self, path: &str, cursors: &[String]) -> String {
        let search = (!self.search.is_empty()).then(|| format!("search={}", Url::escape(&self.search)));
        let at = (!cursors.is_empty()).then(|| format!("at={}", cursors.join(".")));
        let query: Vec<_> = search.into_iter().chain(at).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    fn previous(&self, path: &str) -> Option<String> {
        let (_, before) = self.cursors.split_last()?;
        Some(self.address(path, before))
    }

    fn next(&self, path: &str, cursor: &str) -> String {
        self.address(path, &[self.cursors.as_slice(), &[cursor.to_owned()]].concat())
    }

    /// "51 to 100"
    fn shown(&self, count: usize) -> String {
        let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
        let before = self.cursors.len().saturating_mul(size);
        format!("{} to {}", before.saturating_add(1), before.saturating_add(count))
    }
}

/// The ways to the parts before and after, where there are any.
#[component]
pub fn Parts(
    /// The address of the list, without what is searched for.
    path: &'static str,
    /// Where one is.
    place: Place,
    /// How many lines are shown.
    count: usize,
    /// The cursor of the next part.
    next: Option<String>,
) -> impl IntoView {
    let (previous, next) = (place.previous(path), next.map(|cursor| place.next(path, &cursor)));
    (previous.is_some() || next.is_some()).then(|| {
        let shown = if count == 0 { String::new() } else { place.shown(count) };
        match (previous, next) {
            (Some(previous), Some(next)) => view! { <Pager shown previous next /> }.into_any(),
            (Some(previous), None) => view! { <Pager shown previous /> }.into_any(),
            (None, Some(next)) => view! { <Pager shown next /> }.into_any(),
            (None, None) => ().into_any(),
        }
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_way_forth_and_back() {
        let first = Place::of(Some(" ada "), None);
        assert_eq!(first.query().search.as_deref(), Some("ada"));
        assert_eq!((first.previous("/people"), first.shown(50)), (None, "1 to 50".to_owned()));
        assert_eq!(first.next("/people", "b"), "/people?search=ada&at=b");

        let third = Place::of(Some("ada"), Some("b.c"));
        assert_eq!(third.query().cursor.as_deref(), Some("c"));
        assert_eq!(third.previous("/people").as_deref(), Some("/people?search=ada&at=b"));
        assert_eq!(
            (third.next("/people", "d"), third.shown(7)),
            ("/people?search=ada&at=b.c.d".to_owned(), "101 to 107".to_owned())
        );

        assert_eq!(Place::of(None, Some("b")).previous("/people").as_deref(), Some("/people"));
    }

    #[test]
    fn what_is_searched_for_stays_one_word_of_the_address() {
        assert_eq!(Place::of(Some("a&b"), None).next("/people", "c"), "/people?search=a%26b&at=c");
    }
}
