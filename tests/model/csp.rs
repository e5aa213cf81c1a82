use jobrun_viewer::model::csp::connecting;
use proptest::prelude::*;

#[test]
fn only_what_is_configured_may_be_asked() {
    let bases = [
        "https://clouddeploy.googleapis.com",
        "https://proxy.internal:8443/gcp/?x",
        "http://[::1]:9",
    ];
    assert_eq!(
        connecting(bases),
        "connect-src 'self' https://clouddeploy.googleapis.com https://proxy.internal:8443 http://[::1]:9"
    );
    assert_eq!(
        connecting(["https://a", "https://a/b", "https://ab"]),
        "connect-src 'self' https://a https://ab"
    );
}

#[test]
fn what_is_no_address_of_a_host_allows_nothing() {
    for odd in [
        "",
        "/api",
        "api",
        "//host",
        "javascript://x",
        "https://",
        "https:// *",
        "https://a;script-src *",
        "https://*",
    ] {
        assert_eq!(connecting([odd]), "connect-src 'self'", "{odd}");
    }
}

proptest! {
    #[test]
    fn no_configuration_adds_a_directive_or_a_wildcard(base in ".{0,40}") {
        let with_scheme = format!("https://{base}");
        let policy = connecting([&*base, &*with_scheme]);
        prop_assert!(!policy.contains([';', ',', '*', '\n']), "{}", policy);
        prop_assert!(policy.starts_with("connect-src 'self'"));
    }
}
