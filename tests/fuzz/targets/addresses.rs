//! The page's own address, the settings in it, and the addresses that a browser's storage remembers.

use jobrun_viewer::model::address::Address;
use jobrun_viewer::model::address::recent;
use jobrun_viewer::model::history::view::{HistoryView, Settings};

use super::input::text;

/// Reads what follows the `#`.
pub fn target(data: &[u8]) {
    let text = &*text(data);
    let address = Address::from_hash(text);
    let hash = address.to_hash();
    assert!(hash.starts_with("#/"), "{hash}");
    assert_eq!(Address::from_hash(&hash), address, "{hash}");
    // A history's settings stay as they came, which is how the browser had them.
    if !matches!(address, Address::History { .. }) {
        assert!(hash.bytes().all(|byte| byte.is_ascii_graphic()), "{hash}");
    }
    let page = address.page();
    assert_eq!(page.page(), page);
    assert_eq!(page.source(), address.source());
    assert_eq!(page.is_demo(), address.is_demo());
    assert!(address.title().ends_with("Job Run Viewer"));
    if let Address::Rollout { .. } = address {
        let selected = address.select(Some("r"));
        assert_eq!(selected.view().job_run.as_deref(), Some("r"));
        assert_eq!(Address::from_hash(&selected.to_hash()), selected);
    }
    if let Some(window) = address.view().window {
        assert!(window.from < window.to);
    }
    if let Some(opened) = Address::from_search(text) {
        assert!(opened.is_file());
    }

    let view = HistoryView::from_query(text);
    assert!(view.window.is_none_or(|(from, to)| from < to));
    let settings = Settings(text.to_owned()).with("q=a%20b&sort=");
    assert_eq!(
        (settings.get("q"), settings.get("sort")),
        ("a b".to_owned(), String::new())
    );
    assert_eq!(settings.with("q=a%20b&sort="), settings);

    let recents = recent::read(text);
    assert!(recents.len() <= text.lines().count());
    assert_eq!(recent::read(&recent::write(&recents)), recents);
    for recent in &recents {
        assert!(!recent.told().0.is_empty());
    }
}
