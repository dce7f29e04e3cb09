//! Bars on a hairline and meters, as SVG geometry. Each chart has a spoken summary and a table behind it.

use leptos::prelude::*;

/// One bar: a plain part and a marked part below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for: "Mon 23 Nov, 10:00".
    pub label: String,
    /// All of it.
    pub value: u32,
    /// The part that is marked, at the foot.
    pub marked: u32,
    /// The part that failed, on top of the marked one.
    pub failed: u32,
    /// The bar of the present.
    pub now: bool,
    /// Unusual: amber.
    pub unusual: bool,
}

/// Where a bar stands: its share of the width, in percent with three digits.
fn share(part: usize, all: usize) -> String {
    let thousandths = part.saturating_mul(100_000) / all.max(1);
    format!("{}.{:03}%", thousandths / 1000, thousandths % 1000)
}

/// Height as a share of the highest bar.
fn height(value: u32, most: u32, full: u32) -> u32 {
    u32::try_from(u64::from(value) * u64::from(full) / u64::from(most.max(1))).unwrap_or(full)
}

/// A bar chart.
#[component]
pub fn Bars(
    /// The bars, from the left.
    bars: Vec<Bar>,
    /// The summary for assistive technology, also the caption of the table.
    #[prop(into)]
    summary: String,
    /// Words under the axis: index of the bar and text.
    #[prop(optional)]
    labels: Vec<(usize, String)>,
    /// Height of the drawing in pixels.
    #[prop(default = 64)]
    tall: u32,
    /// What the values count, as the head of the table.
    #[prop(default = "Count".into(), into)]
    unit: String,
    /// What the marked part is, as the head of the table; no column if empty.
    #[prop(optional, into)]
    marked: String,
) -> impl IntoView {
    let (count, most) = (bars.len(), bars.iter().map(|bar| bar.value).max().unwrap_or(0));
    let drawn = bars.iter().enumerate().map(|(n, bar)| column(n, count, bar, most, tall)).collect_view();
    let labels = labels
        .into_iter()
        .map(|(n, text)| {
            let class = (n + 1 >= count).then_some("end");
            let x = if n + 1 >= count { "100%".to_owned() } else { share(n, count) };
            view! { <text class=class x=x y="12">{text}</text> }
        })
        .collect_view();
    let has_marked = !marked.is_empty();
    let rows = bars
        .into_iter()
        .map(|bar| view! { <tr><th scope="row">{bar.label}</th><td class="num">{bar.value}</td>{has_marked.then(|| view! { <td class="num">{bar.marked}</td> })}</tr> })
        .collect_view();
    view! {
        <div class="chart">
            <svg height=tall role="img" aria-label=summary.clone()>
                {drawn}
                <line class="chart-base" x1="0" x2="100%" y1=tall y2=tall></line>
            </svg>
            <svg class="chart-labels" aria-hidden="true">{labels}</svg>
            <details>
                <summary>"Show as table"</summary>
                <table class="table is-matrix">
                    <caption class="visually-hidden">{summary}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"When"</th>
                            <th scope="col">{unit}</th>
                            {has_marked.then(|| view! { <th scope="col">{marked}</th> })}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </div>
    }
    .into_any()
}

/// The rectangles of one bar.
fn column(n: usize, count: usize, bar: &Bar, most: u32, tall: u32) -> impl IntoView + use<> {
    let (x, width) = (share(n * 10 + 1, count * 10), share(8, count * 10));
    let all = if bar.value == 0 { 2 } else { height(bar.value, most, tall).max(3) };
    let (marked, failed) = (height(bar.marked, most, tall), height(bar.failed, most, tall));
    let class = match (bar.now, bar.unusual) {
        (true, _) => "bar bar-live",
        (_, true) => "bar bar-warn",
        _ => "bar",
    };
    view! {
        <rect class=class x=x.clone() y=tall.saturating_sub(all) width=width.clone() height=all></rect>
        {(marked > 0).then(|| view! { <rect class="bar bar-power" x=x.clone() y=tall.saturating_sub(marked) width=width.clone() height=marked></rect> })}
        {(failed > 0).then(|| view! { <rect class="bar bar-danger" x=x y=tall.saturating_sub(marked + failed) width=width height=failed></rect> })}
    }
    .into_any()
}

/// A share of a whole, as a thin bar. The numbers stand beside it.
#[component]
pub fn Meter(
    /// The part.
    value: u32,
    /// The whole.
    most: u32,
    /// What it shows, for assistive technology.
    #[prop(into)]
    label: String,
    /// "", "live" or "power".
    #[prop(optional)]
    tone: &'static str,
) -> impl IntoView {
    let width = share(value.min(most) as usize, most as usize);
    let class = match tone {
        "live" => "meter meter-live",
        "power" => "meter meter-power",
        _ => "meter",
    };
    view! {
        <svg class=class role="img" aria-label=label>
            <rect width="100%" height="6" rx="3"></rect>
            <rect class="meter-on" width=width height="6" rx="3"></rect>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_the_width_and_the_height() {
        assert_eq!(share(1, 3), "33.333%");
        assert_eq!(height(15, 30, 64), 32);
    }
}
