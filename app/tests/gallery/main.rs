//! Every component, rendered to a string: facts about accessibility are asserted, and the pages are written under the target
//! directory, to look at in a browser. All names and numbers are invented.

mod scenes;

use std::{fs, path::Path};

use app::ui::{FieldIds, TextArea, provide_now, provide_toasts};
use leptos::prelude::*;

/// 24 November 2026, 14:18 in Oslo.
const NOW: i64 = 1_795_526_280;

/// Renders as the server would, at a fixed instant.
fn render(scene: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_now(|| NOW);
        provide_toasts();
        scene().to_html()
    });
    owner.unset_with_forced_cleanup();
    html
}

fn all() -> Vec<(&'static str, String)> {
    scenes::ALL.iter().map(|(name, scene)| (*name, render(scene))).collect()
}

/// The values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let key = format!(" {attribute}=\"");
    html.match_indices(&key)
        .filter_map(|(at, _)| html[at + key.len()..].split_once('"').map(|(value, _)| value))
        .collect()
}

#[test]
fn pages_are_written_to_look_at() {
    let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let mut files: Vec<_> = fs::read_dir(style)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "css") && !path.ends_with("all.css"))
        .collect();
    files.sort_by_key(|path| (!path.ends_with("main.css"), path.clone()));
    let css: String = files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(!css.contains("@import") && !css.contains("url("), "no external resource");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("style.css"), css).unwrap();
    for (name, html) in all() {
        for theme in ["light", "dark"] {
            let page = format!(
                "<!DOCTYPE html><html lang=\"en-GB\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self' file:\">\
                 <meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title>\
                 <link rel=\"stylesheet\" href=\"style.css\"><body>{html}</body></html>"
            );
            fs::write(out.join(format!("{name}-{theme}.html")), page).unwrap();
        }
    }
}

#[test]
fn no_style_attribute_and_no_inline_handler_anywhere() {
    for (name, html) in all() {
        assert!(!html.contains("style="), "{name}");
        assert!(!html.contains("<style"), "{name}");
        for handler in [" onclick=", " oninput=", " onchange=", " onsubmit="] {
            assert!(!html.contains(handler), "{name}: {handler}");
        }
    }
}

#[test]
fn every_reference_by_id_leads_somewhere() {
    for (name, html) in all() {
        let ids = values(&html, "id");
        for attribute in ["aria-labelledby", "aria-describedby", "for", "popovertarget"] {
            for id in values(&html, attribute).iter().flat_map(|list| list.split(' ')) {
                assert!(ids.contains(&id), "{name}: {attribute} names {id}, which is not there");
            }
        }
    }
}

#[test]
fn no_id_is_given_twice() {
    for (name, html) in all() {
        let mut ids = values(&html, "id");
        ids.retain(|id| *id != "lane-hatch");
        ids.sort_unstable();
        let before = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), before, "{name}");
    }
}

#[test]
fn every_input_has_a_label() {
    for (name, html) in all() {
        let labelled = values(&html, "for");
        for tag in html.split("<input").skip(1).map(|rest| rest.split_once('>').unwrap().0) {
            let tag = format!("{tag} ");
            let has_id = values(&tag, "id").iter().any(|id| labelled.contains(id));
            let wrapped = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
            assert!(
                has_id || wrapped || tag.contains("aria-label=") || tag.contains("type=\"hidden\""),
                "{name}: <input{tag}"
            );
        }
    }
}

#[test]
fn every_svg_is_named_or_hidden() {
    for (name, html) in all() {
        for tag in html.split("<svg").skip(1).map(|rest| rest.split_once('>').unwrap().0) {
            let inner = tag.contains("overflow=\"visible\"");
            let silent = tag.contains("class=\"skeleton-");
            assert!(
                inner || silent || tag.contains("aria-hidden=\"true\"") || tag.contains("aria-label="),
                "{name}: <svg{tag}"
            );
        }
    }
}

#[test]
fn whole_pages_have_one_heading_and_their_landmarks() {
    for (name, html) in all().into_iter().filter(|(_, html)| html.contains("class=\"frame")) {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert!(html.contains("href=\"#main\""), "{name}");
        assert!(html.contains("aria-label=\"Main\""), "{name}");
        assert!(html.contains("<aside aria-label=\"On duty\""), "{name}");
    }
}

#[test]
fn tables_have_bodies() {
    for (name, html) in all() {
        assert_eq!(html.matches("<table").count(), html.matches("<tbody").count(), "{name}");
    }
}

#[test]
fn errors_are_described_and_marked() {
    let html = render(|| {
        view! { <TextArea name="reason" label="Reason" error="Say what you are going to do." /> }.into_any()
    });
    let ids = FieldIds::of("reason");
    assert!(html.contains(&format!("aria-describedby=\"{}\"", ids.error)));
    assert!(html.contains("aria-invalid=\"true\""));
    assert!(html.contains("Say what you are going to do."));
}

#[test]
fn what_was_typed_cannot_leave_a_textarea() {
    let html = render(|| {
        view! { <TextArea name="reason" label="Reason" value="</textarea><script>alert(1)</script>" /> }
            .into_any()
    });
    assert!(!html.contains("<script"));
    assert_eq!(html.matches("</textarea>").count(), 1);
    assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>"));
}

#[test]
fn a_switch_always_sends_exactly_one_value() {
    for on in [true, false] {
        let html =
            render(move || view! { <app::ui::Switch name="mfa" label="Ask every time" on /> }.into_any());
        assert_eq!(html.matches(" checked").count(), 1);
        assert_eq!(values(&html, "value"), ["false", "true"]);
        assert!(values(&html, "name").iter().all(|name| *name == "mfa"));
    }
}

#[test]
fn the_ring_speaks_its_time() {
    let html = render(|| view! { <app::ui::Ring total=7200 left=494 /> }.into_any());
    assert!(html.contains("role=\"img\" aria-label=\"8 minutes left\""));
    assert!(html.contains("ring is-warn"));
}

#[test]
fn the_ruler_is_a_native_range_in_seconds() {
    let html = render(|| {
        let value = RwSignal::new(5400);
        view! { <app::ui::Ruler name="seconds" label="For how long" value most=14_400 /> }.into_any()
    });
    for part in
        ["type=\"range\"", "name=\"seconds\"", "min=\"300\"", "max=\"14400\"", "value=\"5400\"", "4 h max"]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(html.contains("aria-valuetext=\"1 hour 30 minutes\""));
}
