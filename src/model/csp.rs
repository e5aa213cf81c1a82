//! Whom the page may talk to, as a Content-Security-Policy says it.
//!
//! The policy in `scripts/hosting/csp.txt` cannot know what `config.json` names. So the page adds one
//! more when it has read that file: both have to allow a request.

/// The policy for a page that asks these addresses, such as `https://clouddeploy.googleapis.com`, and
/// what lies beside it.
pub fn connecting<'a>(bases: impl IntoIterator<Item = &'a str>) -> String {
    let mut csp = "connect-src 'self'".to_owned();
    for origin in bases.into_iter().filter_map(origin) {
        if !csp.split(' ').any(|known| known == origin) {
            csp.push(' ');
            csp.push_str(origin);
        }
    }
    csp
}

/// The scheme, host and port of an address; nothing for one that is relative, which is the page's own,
/// or that would be no single word of a policy.
fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let is_known =
        ["http", "https"].contains(&scheme) && !host.is_empty() && host.chars().all(is_plain);
    is_known.then(|| &url[..scheme.len() + 3 + host.len()])
}
