//! The filters as they stand in the address, so that what one sees can be kept, sent and gone back to.

use leptos_router::params::ParamsMap;

use crate::api::audit::Asked;

/// Reads the filters.
pub fn asked(query: &ParamsMap) -> Asked {
    let get = |name| query.get_str(name).map(str::to_owned).unwrap_or_default();
    Asked {
        text: get("text"),
        from: get("from"),
        until: get("until"),
        person: get("person"),
        who: get("who"),
        role: get("role"),
        kind: get("kind"),
        outcome: get("outcome"),
        before: get("before"),
    }
}

/// The filters by the names that they have in the address and in forms.
pub fn pairs(asked: &Asked) -> [(&'static str, &String); 9] {
    [
        ("text", &asked.text),
        ("from", &asked.from),
        ("until", &asked.until),
        ("person", &asked.person),
        ("who", &asked.who),
        ("role", &asked.role),
        ("kind", &asked.kind),
        ("outcome", &asked.outcome),
        ("before", &asked.before),
    ]
}

/// The address of what is asked for.
pub fn href(asked: &Asked) -> String {
    format!("/audit{}", query(asked, None))
}

/// The same with one record open, so that browsers go to it.
pub fn opened(asked: &Asked, record: i64) -> String {
    format!("/audit{}#{}", query(asked, Some(record)), anchor(record))
}

/// The id of a record's row.
pub fn anchor(record: i64) -> String {
    format!("record-{record}")
}

fn query(asked: &Asked, open: Option<i64>) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in pairs(asked).into_iter().filter(|(_, value)| !value.is_empty()) {
        map.insert(name, value.clone());
    }
    if let Some(record) = open {
        map.insert("open", record.to_string());
    }
    let query = map.to_query_string();
    if query == "?" { String::new() } else { query }
}

/// Whether anything is left out.
pub fn is_filtered(asked: &Asked) -> bool {
    pairs(asked).iter().any(|(name, value)| *name != "before" && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_stands_in_the_address_and_is_read_back() {
        let wanted = Asked { text: "R-20931 & co".into(), kind: "role.created".into(), ..Asked::default() };
        let address = href(&wanted);
        assert!(
            address.starts_with("/audit?") && !address.contains("until") && !address.contains("& co"),
            "{address}"
        );
        let mut map = ParamsMap::new();
        map.insert("text", "R-20931 & co".to_owned());
        map.insert("kind", "role.created".to_owned());
        map.insert("open", "7".to_owned());
        assert_eq!(asked(&map), wanted);
        assert_eq!(href(&Asked::default()), "/audit");
        assert_eq!(opened(&Asked::default(), 7), "/audit?open=7#record-7");
    }

    #[test]
    fn paging_is_no_filter() {
        assert!(!is_filtered(&Asked { before: "7".into(), ..Asked::default() }));
        assert!(is_filtered(&Asked { who: "Kenji".into(), ..Asked::default() }));
    }
}
