//! The page of a run that looks like one.

use super::*;
use crate::report::testing::{realistic, run};

#[test]
fn a_page_has_every_figure_and_loads_nothing() {
    let page = page(&realistic());
    for id in ["percentiles", "waits", "throughput", "stalls", "queue"] {
        assert!(page.contains(&format!("<figure id=\"{id}\">")), "{id}");
        assert!(page.contains(&format!("aria-labelledby=\"{id}-title\"")), "{id}");
    }
    assert_eq!(page.matches("<figure").count(), page.matches("<details>").count());
    for forbidden in ["<script", "http://", "https://", "url(", "<img", "<link"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for figure in ["Verified:", "Example processor", "p99.99", "1.00%"] {
        assert!(page.contains(figure), "{figure}");
    }
}

#[test]
fn text_of_others_is_only_text() {
    let mut run = realistic();
    let hostile = "</pre><script>alert('x')</script><b \"'>&";
    run.target = hostile.to_owned();
    run.profile = hostile.to_owned();
    run.machine.model = hostile.to_owned();
    run.started = hostile.to_owned();
    run.problems = vec![hostile.to_owned()];
    run.ended_early = Some(hostile.to_owned());
    let latency = run.latency_us["pack"].clone();
    run.latency_us.insert(hostile.to_owned(), latency);
    let page = page(&run);
    assert!(!page.contains("<script") && !page.contains("<b "));
    assert!(page.contains("&lt;script&gt;alert"));
}

#[test]
fn a_run_without_figures_has_a_page() {
    let mut run = run();
    run.timeline.clear();
    run.operations = 0;
    assert!(!page(&run).contains("<figure"));
    run.timeline = vec![crate::report::testing::second(1.0, 0)];
    let page = page(&run);
    assert!(page.contains("<figure id=\"waits\">") && !page.contains("NaN") && !page.contains("inf"));
}
