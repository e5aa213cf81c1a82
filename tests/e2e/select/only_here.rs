//! Checks that no other file of the end-to-end tests holds a selector.

use std::path::Path;
use std::sync::LazyLock;
use std::{env, fs};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use regex::Regex;

/// Methods of the browser whose first argument is a selector.
const METHODS: &[&str] = &[
    "wait_for",
    "wait_gone",
    "click",
    "click_text",
    "text",
    "texts",
    "count",
    "links",
    "hover",
    "focus",
    "type_into",
    "wait_for_text",
    "watch",
];

/// Objects that have such methods.
const BROWSERS: &[&str] = &["viewer", "browser"];

/// Macros that format a literal.
const FORMATTERS: &[&str] = &["format", "formatcp", "concatcp"];

/// JavaScript that hands a literal to the DOM.
static DOM_CALL: LazyLock<Regex> = LazyLock::new(|| {
    let call = r#"\b(querySelector|querySelectorAll|closest|matches|getElementById|getElementsBy\w+)\(\s*['"`]"#;
    Regex::new(call).expect("the pattern is valid")
});

/// A class or an id at the start of a literal, Rust's or JavaScript's, or after a combinator. A property follows
/// an expression, and a method precedes its arguments.
static CLASS_OR_ID: LazyLock<Regex> = LazyLock::new(|| {
    let start = r#"(^|[\s'"`(,>+~])[.#]"#;
    Regex::new(&format!("{start}(?<name>[a-z][A-Za-z0-9_-]*)(?<after>.?)"))
        .expect("the pattern is valid")
});

/// Attributes and states that the tests select by.
static ATTRIBUTE_OR_STATE: LazyLock<Regex> = LazyLock::new(|| {
    let attribute = r"\[(aria-|data-|role\b|open\]|name=|type=|href|src\b|label=|tabindex|id\])";
    let state = r":(focus|disabled|checked|empty|not\(|has\(|is\(|nth-|first-|last-)";
    Regex::new(&format!("{attribute}|{state}")).expect("the pattern is valid")
});

/// Extensions of file names, which look like classes.
const EXTENSIONS: &[&str] = &[
    "json",
    "csv",
    "txt",
    "svg",
    "png",
    "wasm",
    "js",
    "css",
    "html",
    "gz",
    "br",
    "yaml",
    "crdownload",
    "rs",
];

/// Returns why a text is a selector or holds one.
fn selects(text: &str) -> Option<&'static str> {
    let names_element = |found: regex::Captures| {
        let is_method = &found["after"] == "(";
        !is_method && !EXTENSIONS.contains(&&found["name"])
    };
    if DOM_CALL.is_match(text) {
        Some("a script hands a literal to the DOM")
    } else if CLASS_OR_ID.captures_iter(text).any(names_element) {
        Some("it names a class or an id")
    } else if ATTRIBUTE_OR_STATE.is_match(text) {
        Some("it names an attribute or a state")
    } else {
        None
    }
}

/// Returns the selectors in a file's tokens: line, reason, text.
fn selectors(tokens: TokenStream) -> Vec<(usize, &'static str, String)> {
    let mut found = Vec::new();
    collect(tokens, false, &mut found);
    found
}

/// Collects them. `is_argument` is true for the arguments of a method that takes a selector first.
fn collect(tokens: TokenStream, is_argument: bool, found: &mut Vec<(usize, &'static str, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let before = &tokens[..at];
        match token {
            TokenTree::Group(group) => {
                let is_first = before.len() >= 2 && is_start(&before[..at - 2]);
                let is_argument = group.delimiter() == Delimiter::Parenthesis
                    && takes_selector(before)
                    || is_argument && is_first && is_formatter(before);
                // `#[doc = "…"]` is what a comment becomes.
                if !is_doc(group.stream()) {
                    collect(group.stream(), is_argument, found);
                }
            }
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else {
                    continue;
                };
                let why = if is_argument && is_start(before) {
                    Some("a method takes it as a selector")
                } else {
                    selects(&text.value())
                };
                if let Some(why) = why {
                    found.push((literal.span().start().line, why, text.value()));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// Whether an argument begins after these tokens: with a reference or without one.
fn is_start(before: &[TokenTree]) -> bool {
    before
        .iter()
        .all(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '&'))
}

/// Whether a call of a method that takes a selector ends with these tokens.
fn takes_selector(before: &[TokenTree]) -> bool {
    let [
        ..,
        TokenTree::Ident(object),
        TokenTree::Punct(dot),
        TokenTree::Ident(method),
    ] = before
    else {
        return false;
    };
    // A run has a method `text` too.
    let is_browser =
        BROWSERS.iter().any(|name| object == name) || object == "self" && method != "text";
    dot.as_char() == '.' && is_browser && METHODS.iter().any(|name| method == name)
}

/// Whether the name of a macro that formats ends with these tokens.
fn is_formatter(before: &[TokenTree]) -> bool {
    let [.., TokenTree::Ident(name), TokenTree::Punct(mark)] = before else {
        return false;
    };
    mark.as_char() == '!' && FORMATTERS.iter().any(|formatter| name == formatter)
}

fn is_doc(tokens: TokenStream) -> bool {
    tokens
        .into_iter()
        .next()
        .is_some_and(|first| matches!(first, TokenTree::Ident(name) if name == "doc"))
}

#[test]
fn no_other_file_holds_a_selector() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of the tests") {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = || fs::read_to_string(&path).expect("a text");
        if name.ends_with(".js") {
            let script = text();
            let lines = script
                .lines()
                .enumerate()
                .filter(|(_, line)| selects(line).is_some());
            found.extend(lines.map(|(at, line)| format!("{name}:{}: {line}", at + 1)));
        } else if name.ends_with(".rs") {
            let tokens = text()
                .parse()
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let of_file = selectors(tokens).into_iter();
            found.extend(of_file.map(|(line, why, text)| format!("{name}:{line}: {why}: {text}")));
        }
    }
    assert!(
        found.is_empty(),
        "selectors belong in tests/e2e/select:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_selector_is_found_wherever_it_stands() {
    let held = |source: &str| !selectors(source.parse().expect("Rust")).is_empty();
    for source in [
        r#"viewer.wait_for("main").await"#,
        r#"viewer.wait_for(&"main".to_owned()).await"#,
        r#"viewer.click_text("button", "Open").await"#,
        r#"viewer.wait_for(&format!("{row} b")).await"#,
        r##"viewer.js("document.querySelector('main').click()").await"##,
        r##"viewer.wait_until_js("[...document.querySelectorAll(\"b\")].length > 2")"##,
        r#"const BOX: &str = ".open-box";"#,
        r##"let run = "#run-17";"##,
        r#"for css in [".steps", "p"] {}"#,
        r#"format!("{css}:focus")"#,
        r#"let field = "input[name=token]";"#,
    ] {
        assert!(held(source), "{source}");
    }
    for source in [
        "viewer.wait_for(select::page::MAIN).await",
        r#"viewer.click_text(select::page::BUTTON, "Open").await"#,
        r#"run.text("name")"#,
        r#"viewer.wait_for(if worker == "worker" { STEPS } else { ERROR })"#,
        r##"formatcp!("document.querySelector({main:?}).click()", main = select::page::MAIN)"##,
        r#"viewer.js("rows.filter(row => row.hidden)\n  .map(row => row.innerText)")"#,
        r#"name.ends_with(".json")"#,
        r#"/// The box `.open-box`."#,
    ] {
        assert!(!held(source), "{source}");
    }
}
