//! The arrows between the rooms of `src`: the picture in `src/README.md` has every one that is allowed.
//!
//! Every path in `src` is read (`use` trees, paths in code, `crate::` in macros), and resolved to the file that
//! it leads to. An import without an arrow in the picture fails, and so does a circle of files. What is under
//! `#[cfg(test)]` may import anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, Meta, UseTree};

/// An import that is let through although it has no arrow or closes a circle.
struct Exception {
    from: &'static str,
    to: &'static str,
}

/// The imports that are still to be removed. The list only shrinks: an exception that is no longer needed fails
/// the test.
const EXCEPTIONS: &[Exception] = &[];

#[test]
fn every_import_has_an_arrow_in_the_picture() {
    let sources = sources();
    let picture = Picture::read(&fs::read_to_string("src/README.md").unwrap());
    let complaints = check(&imports(&sources), &picture, EXCEPTIONS);
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_folder_of_src_is_a_room_of_the_picture() {
    let picture = Picture::read(&fs::read_to_string("src/README.md").unwrap());
    for file in sources().keys().filter(|file| **file != "src/lib.rs") {
        assert!(
            picture.room(file).is_some(),
            "the picture in src/README.md has no room for {file}"
        );
    }
}

/// Reads the files of `src`, by their paths.
fn sources() -> Sources {
    fn read(folder: &Path, sources: &mut Sources) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                sources.insert(path.to_str().unwrap().replace('\\', "/"), text);
            }
        }
    }
    let mut sources = Sources::new();
    read(Path::new("src"), &mut sources);
    assert!(
        sources.len() > 100,
        "only {} files were found in src",
        sources.len()
    );
    sources
}

type Sources = BTreeMap<String, String>;
/// Which files a file imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

// ----------------------------------------------------------------------------------------------
// The picture

/// The rooms, and which of them each may import.
struct Picture {
    may_import: BTreeMap<String, BTreeSet<String>>,
}

impl Picture {
    /// Reads the first mermaid flowchart of a Markdown text.
    fn read(markdown: &str) -> Self {
        let (_, rest) = markdown
            .split_once("```mermaid\n")
            .expect("there is a picture");
        let (chart, _) = rest.split_once("```").expect("the picture has an end");
        let mut labels = BTreeMap::new();
        let (mut solid, mut dotted) = (Vec::new(), Vec::new());
        for line in chart.lines().map(str::trim) {
            if line.is_empty() || line.starts_with("%%") || line.starts_with("flowchart") {
                continue;
            }
            if let Some((id, label)) = line.split_once("[\"") {
                // A label may go on after the folder.
                labels.insert(id, label.split([' ', '"']).next().unwrap());
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            assert!(
                words.len() > 2 && words.len() % 2 == 1,
                "this is no chain of arrows: {line}"
            );
            for arrow in words.windows(3).step_by(2) {
                match arrow[1] {
                    "-->" => solid.push((arrow[0], arrow[2])),
                    "-.->" => dotted.push((arrow[0], arrow[2])),
                    other => panic!("this is no arrow: {other}"),
                }
            }
        }
        let name = |id: &str| labels.get(id).copied().unwrap_or(id).to_owned();
        let mut may_import: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (tail, head) in solid.iter().chain(&dotted) {
            may_import.entry(name(tail)).or_default();
            let allowed = may_import.entry(name(head)).or_default();
            allowed.insert(name(tail));
        }
        // Whoever may import a room by a solid arrow may import what leads to it by solid arrows.
        for (_, head) in &solid {
            let mut seen = BTreeSet::new();
            let mut next = vec![*head];
            while let Some(at) = next.pop() {
                let below = solid
                    .iter()
                    .filter(|(_, to)| *to == at)
                    .map(|(from, _)| *from);
                next.extend(below.filter(|room| seen.insert(*room)));
            }
            may_import
                .get_mut(&name(head))
                .unwrap()
                .extend(seen.into_iter().map(name));
        }
        Self { may_import }
    }

    /// The room that a file of `src` is in: the deepest of the picture. What starts the programs is a room.
    fn room(&self, file: &str) -> Option<&str> {
        let inside = match file.strip_prefix("src/")? {
            "main.rs" => "bin/main.rs",
            inside => inside,
        };
        let is_in = |room: &str| {
            inside
                .strip_prefix(room)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.may_import
            .keys()
            .filter(|room| is_in(room))
            .max_by_key(|room| room.len())
            .map(String::as_str)
    }

    /// Whether a file may import another.
    fn allows(&self, from: &str, to: &str) -> bool {
        match (self.room(from), self.room(to)) {
            (Some(from), Some(to)) => from == to || self.may_import[from].contains(to),
            // The root only declares.
            _ => false,
        }
    }
}

// ----------------------------------------------------------------------------------------------
// What is wrong

/// Lists the imports that are wrong and the exceptions that are not needed.
fn check(imports: &Imports, picture: &Picture, exceptions: &[Exception]) -> Vec<String> {
    let mut complaints = Vec::new();
    let is_excepted = |from: &str, to: &str| {
        exceptions
            .iter()
            .any(|exception| (exception.from, exception.to) == (from, to))
    };
    let mut left: Imports = imports.clone();
    left.iter_mut()
        .for_each(|(from, targets)| targets.retain(|to| !is_excepted(from, to)));
    for (from, targets) in &left {
        for to in targets.iter().filter(|to| !picture.allows(from, to)) {
            let [room, other] = [from, to].map(|file| picture.room(file).unwrap_or("the root"));
            complaints.push(format!(
                "{from} imports {to}: the picture has no arrow from {other} to {room}"
            ));
        }
    }
    for circle in circles(&left) {
        complaints.push(format!(
            "these files import each other in a circle: {}",
            circle.join(", ")
        ));
    }
    for Exception { from, to } in exceptions {
        let exists = imports
            .get(*from)
            .is_some_and(|targets| targets.contains(*to));
        // The import closes a circle when what it leads to leads back.
        if !exists || picture.allows(from, to) && !reachable(&left, to).contains(from) {
            complaints.push(format!(
                "the exception {from} -> {to} is not needed any more: take it out"
            ));
        }
    }
    complaints
}

/// The files that a file leads to, over any number of imports.
fn reachable<'a>(imports: &'a Imports, from: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        let targets = imports.get(file).into_iter().flatten().map(String::as_str);
        next.extend(targets.filter(|target| seen.insert(*target)));
    }
    seen
}

/// The groups of files that lead to each other.
fn circles(imports: &Imports) -> BTreeSet<Vec<&str>> {
    let all: BTreeMap<&str, BTreeSet<&str>> = imports
        .keys()
        .map(|file| (file.as_str(), reachable(imports, file)))
        .collect();
    let circle = |file: &&str| {
        let of_file: Vec<&str> = all[file]
            .iter()
            .filter(|other| all.get(*other).is_some_and(|of| of.contains(file)))
            .copied()
            .collect();
        (!of_file.is_empty()).then_some(of_file)
    };
    all.keys().filter_map(circle).collect()
}

// ----------------------------------------------------------------------------------------------
// The reader

/// Finds the files that each file imports.
fn imports(sources: &Sources) -> Imports {
    let modules: BTreeMap<Vec<String>, String> = sources
        .keys()
        .map(|file| (module(file), file.clone()))
        .collect();
    let read = |(file, text): (&String, &String)| {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut reader = Reader {
            modules: &modules,
            module: module(file),
            names: vec![],
            paths: vec![],
        };
        reader.names.push(reader.names_of(&parsed.items));
        reader.visit_file(&parsed);
        let found = reader
            .paths
            .iter()
            .map(|path| reader.file(path))
            .filter(|found| found != file);
        (file.clone(), found.collect())
    };
    sources.iter().map(read).collect()
}

/// Returns the module that a file holds.
fn module(file: &str) -> Vec<String> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    match parts.last().map(String::as_str) {
        Some("mod") => drop(parts.pop()),
        Some("lib") if parts.len() == 1 => parts.clear(),
        _ => {}
    }
    parts
}

/// What a `use` brings into scope: a name, and the path that it stands for.
type Names = BTreeMap<String, Vec<String>>;

struct Reader<'a> {
    modules: &'a BTreeMap<Vec<String>, String>,
    /// The module that is being read.
    module: Vec<String>,
    /// The names in scope, the innermost last.
    names: Vec<Names>,
    /// The paths that were found, from the crate's root.
    paths: Vec<Vec<String>>,
}

impl Reader<'_> {
    /// The file of the deepest module that a path leads through.
    fn file(&self, path: &[String]) -> String {
        let deepest = (0..=path.len())
            .rev()
            .find_map(|length| self.modules.get(&path[..length]));
        deepest.cloned().unwrap_or_else(|| "src/lib.rs".to_owned())
    }

    /// A path from the crate's root; `None` for one that leads to another crate or to something local.
    fn resolve(&self, path: &[String]) -> Option<Vec<String>> {
        let first = path.first()?.as_str();
        match first {
            // What starts the programs is a crate of its own.
            "crate" | "jobrun_viewer" => Some(path[1..].to_vec()),
            "self" => Some([&self.module, &path[1..]].concat()),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let kept = self.module.len().checked_sub(ups)?;
                Some([&self.module[..kept], &path[ups..]].concat())
            }
            _ => {
                if let Some(known) = self.names.iter().rev().find_map(|names| names.get(first)) {
                    return Some([known, &path[1..]].concat());
                }
                // A module that is declared here.
                let child = [&self.module[..], &path[..1]].concat();
                self.modules
                    .contains_key(&child)
                    .then(|| [&self.module[..], path].concat())
            }
        }
    }

    fn note(&mut self, path: &[String]) {
        if let Some(found) = self.resolve(path) {
            self.paths.push(found);
        }
    }

    /// The names that the `use` items among these bring.
    fn names_of<'i>(&self, items: impl IntoIterator<Item = &'i Item>) -> Names {
        let mut names = Names::new();
        for item in items {
            if let Item::Use(item) = item
                && !is_for_tests(&item.attrs)
            {
                for (path, name) in leaves(&item.tree) {
                    if let Some(found) = self.resolve(&path) {
                        names.insert(name, found);
                    }
                }
            }
        }
        names
    }

    /// Reads the paths in tokens that no parser understands: those that begin with `crate`.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is_colon =
            |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Ident(ident) if ident == "crate" => {
                    let mut path = vec!["crate".to_owned()];
                    while is_colon(at + 1)
                        && is_colon(at + 2)
                        && let Some(TokenTree::Ident(part)) = tokens.get(at + 3)
                    {
                        path.push(part.to_string());
                        at += 3;
                    }
                    // Braces after the path: every branch of the tree is a path.
                    match tokens.get(at + 3) {
                        Some(TokenTree::Group(group)) if is_colon(at + 1) && is_colon(at + 2) => {
                            let tree: Result<UseTree, _> = syn::parse2(
                                std::iter::once(TokenTree::Group(group.clone()))
                                    .collect::<TokenStream>(),
                            );
                            for (rest, _) in tree.iter().flat_map(leaves) {
                                self.note(&[&path[..], &rest].concat());
                            }
                        }
                        // `pub(crate)` is no path.
                        _ if path.len() == 1 => {}
                        _ => self.note(&path),
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).is_some_and(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => return visit::visit_impl_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else {
            return;
        };
        self.module.push(item.ident.to_string());
        // A module sees nothing of what is in scope around it.
        let around = std::mem::take(&mut self.names);
        self.names.push(self.names_of(items));
        visit::visit_item_mod(self, item);
        self.names = around;
        self.module.pop();
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let items = block.stmts.iter().filter_map(|statement| match statement {
            syn::Stmt::Item(item) => Some(item),
            _ => None,
        });
        self.names.push(self.names_of(items));
        visit::visit_block(self, block);
        self.names.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for (path, _) in leaves(&item.tree) {
            self.note(&path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let parts: Vec<String> = path
                .segments
                .iter()
                .map(|part| part.ident.to_string())
                .collect();
            // One name alone is something local or was imported, where it was noted.
            if parts.len() > 1 {
                self.note(&parts);
            }
        }
        visit::visit_path(self, path);
    }

    /// `pub(super)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_macro(&mut self, found: &'ast syn::Macro) {
        self.read_tokens(found.tokens.clone());
        visit::visit_macro(self, found);
    }
}

/// The branches of a `use` tree: each with the name that it brings.
fn leaves(tree: &UseTree) -> Vec<(Vec<String>, String)> {
    fn read(tree: &UseTree, before: &[String], found: &mut Vec<(Vec<String>, String)>) {
        let with = |part: &syn::Ident| [before, &[part.to_string()]].concat();
        match tree {
            UseTree::Path(tree) => read(&tree.tree, &with(&tree.ident), found),
            UseTree::Group(tree) => tree.items.iter().for_each(|tree| read(tree, before, found)),
            // The module before the braces.
            UseTree::Name(tree) if tree.ident == "self" && !before.is_empty() => {
                found.push((before.to_vec(), before[before.len() - 1].clone()));
            }
            UseTree::Name(tree) => found.push((with(&tree.ident), tree.ident.to_string())),
            UseTree::Rename(tree) if tree.ident == "self" => {
                found.push((before.to_vec(), tree.rename.to_string()));
            }
            UseTree::Rename(tree) => found.push((with(&tree.ident), tree.rename.to_string())),
            // Which names it brings is not known here.
            UseTree::Glob(_) => found.push((before.to_vec(), "*".to_owned())),
        }
    }
    let mut found = Vec::new();
    read(tree, &[], &mut found);
    found
}

/// Whether something is compiled for tests only.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

fn attributes(item: &Item) -> Option<&[Attribute]> {
    Some(match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return None,
    })
}

// ----------------------------------------------------------------------------------------------
// Tests of the reader

const CHART: &str = "```mermaid\nflowchart LR\n    deep[\"model/deep\"]\n    bin[\"bin and main.rs\"]\n    \
                     core --> api --> model\n    side -.-> deep\n    model -.-> bin\n```\n";

/// Returns what `src/model/a.rs` imports when this is its text, beside some other files.
fn imported(text: &str) -> Vec<String> {
    let mut sources = tree(&[]);
    sources.insert("src/model/a.rs".to_owned(), text.to_owned());
    imports(&sources)["src/model/a.rs"]
        .iter()
        .cloned()
        .collect()
}

/// Some files, with these texts in place of nothing.
fn tree(texts: &[(&str, &str)]) -> Sources {
    let files = [
        "src/lib.rs",
        "src/main.rs",
        "src/core/mod.rs",
        "src/core/name.rs",
        "src/core/time.rs",
        "src/api/mod.rs",
        "src/api/http.rs",
        "src/model/mod.rs",
        "src/model/b.rs",
        "src/model/deep/mod.rs",
        "src/model/deep/c.rs",
        "src/side/mod.rs",
    ];
    let mut sources: Sources = files.map(|file| (file.to_owned(), String::new())).into();
    sources.extend(
        texts
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned())),
    );
    sources
}

#[test]
fn the_reader_sees_paths_in_every_form() {
    let both = ["src/core/name.rs", "src/core/time.rs"];
    for (text, expected) in [
        ("use crate::core::name::Name;", &["src/core/name.rs"][..]),
        (
            "use crate::core::{name::{self, Name}, time::parse as read};",
            &both,
        ),
        ("pub use crate::{core::name, core::time::*};", &both),
        ("use super::b::{self};", &["src/model/b.rs"]),
        ("use super::super::api::http;", &["src/api/http.rs"]),
        ("use super::Root;", &["src/model/mod.rs"]),
        (
            "fn f() { crate::core::time::parse(); }",
            &["src/core/time.rs"],
        ),
        (
            "fn f() { use crate::core::time; time::parse(); }",
            &["src/core/time.rs"],
        ),
        (
            "struct S { name: Vec<crate::core::name::Name> }",
            &["src/core/name.rs"],
        ),
        (
            "impl crate::api::http::Transport for S {}",
            &["src/api/http.rs"],
        ),
        (
            "fn f() -> Box<dyn super::deep::c::T> { todo!() }",
            &["src/model/deep/c.rs"],
        ),
        // Through the name of a module that was imported.
        (
            "use crate::core; fn f() { core::name::read(); }",
            &["src/core/mod.rs", "src/core/name.rs"],
        ),
        // In a module of the file, `super` is the file.
        (
            "mod inner { use super::f; use super::super::b; }",
            &["src/model/b.rs"],
        ),
        (
            "fn f() { format!(\"{}\", crate::core::name::read()); }",
            &["src/core/name.rs"],
        ),
        (
            "macro_rules! m { () => { $crate::core::time::parse() }; }",
            &["src/core/time.rs"],
        ),
        ("m! { use crate::core::{name::Name, time}; }", &both),
        ("m! { pub(crate) fn f() {} }", &[]),
        // None of these is an import of ours.
        ("use std::fmt; fn f() { fmt::write(); }", &[]),
        ("pub(super) struct S; pub(in crate::model) fn f() {}", &[]),
        (
            "// crate::core::name\n/// [`crate::core::time`]\nfn f() { \"crate::core\"; }",
            &[],
        ),
        ("#[cfg(test)] mod tests { use crate::core::name; }", &[]),
        ("#[cfg(test)] use crate::core::name;", &[]),
        (
            "struct S; impl S { #[cfg(test)] fn f() { crate::core::name::read(); } }",
            &[],
        ),
    ] {
        assert_eq!(imported(text), expected, "{text}");
    }
}

#[test]
fn a_wrong_arrow_is_caught() {
    let picture = Picture::read(CHART);
    let complaints = |texts: &[(&str, &str)]| check(&imports(&tree(texts)), &picture, &[]);
    // Along the arrows, and over two of them.
    assert_eq!(
        complaints(&[(
            "src/model/b.rs",
            "use crate::core::name; use crate::api::http;"
        )]),
        [""; 0]
    );
    assert_eq!(
        complaints(&[("src/model/deep/c.rs", "use crate::side::f;")]),
        [""; 0]
    );
    assert_eq!(
        complaints(&[(
            "src/main.rs",
            "fn main() { jobrun_viewer::model::b::run(); }"
        )]),
        [""; 0]
    );
    for (file, text, expected) in [
        (
            "src/core/name.rs",
            "use crate::api::http;",
            "the picture has no arrow from api to core",
        ),
        (
            "src/api/http.rs",
            "fn f() { crate::model::b::g(); }",
            "the picture has no arrow from model to api",
        ),
        (
            "src/model/b.rs",
            "use crate::side::f;",
            "the picture has no arrow from side to model",
        ),
        // A dotted arrow leads to one room and not to what is behind it.
        (
            "src/main.rs",
            "use jobrun_viewer::api::http;",
            "the picture has no arrow from api to bin",
        ),
        // A room within a room has only its own arrows.
        (
            "src/model/deep/c.rs",
            "use crate::model::b;",
            "the picture has no arrow from model to model/deep",
        ),
    ] {
        let found = complaints(&[(file, text)]);
        assert!(
            matches!(&found[..], [one] if one.ends_with(expected)),
            "{file}: {found:?}"
        );
    }
}

#[test]
fn a_circle_of_files_is_caught() {
    let texts = [
        ("src/core/name.rs", "use super::time::T;"),
        ("src/core/time.rs", "use super::Root;"),
        (
            "src/core/mod.rs",
            "pub mod name; pub mod time; fn f() { name::g(); }",
        ),
        ("src/api/http.rs", "use crate::core::name;"),
    ];
    let found = check(&imports(&tree(&texts)), &Picture::read(CHART), &[]);
    let circle = "these files import each other in a circle: src/core/mod.rs, src/core/name.rs, src/core/time.rs";
    assert_eq!(found, [circle]);
    // To declare a module is not to import it.
    let declares = [
        ("src/core/mod.rs", "pub mod name;"),
        ("src/core/name.rs", "use super::Root;"),
    ];
    assert_eq!(
        check(&imports(&tree(&declares)), &Picture::read(CHART), &[]),
        [""; 0]
    );
}

#[test]
fn an_exception_holds_while_it_is_needed_and_no_longer() {
    let picture = Picture::read(CHART);
    let upward = || Exception {
        from: "src/core/name.rs",
        to: "src/api/http.rs",
    };
    let back = || Exception {
        from: "src/core/name.rs",
        to: "src/core/time.rs",
    };
    let wrong = ("src/core/name.rs", "use crate::api::http; use super::time;");
    let closing = ("src/core/time.rs", "use super::name;");
    let complaints =
        |texts: &[_], exceptions: &[Exception]| check(&imports(&tree(texts)), &picture, exceptions);
    assert_eq!(complaints(&[wrong, closing], &[]).len(), 2);
    assert_eq!(complaints(&[wrong, closing], &[upward(), back()]), [""; 0]);
    // Without the other half of the circle, and without the import.
    assert_eq!(
        complaints(&[wrong], &[upward(), back()]),
        ["the exception src/core/name.rs -> src/core/time.rs is not needed any more: take it out"]
    );
    assert_eq!(complaints(&[], &[upward(), back()]).len(), 2);
}

#[test]
fn the_picture_says_what_each_room_may_import() {
    let picture = Picture::read(CHART);
    let rooms = |of: &str| {
        picture.may_import[of]
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
    };
    assert_eq!(rooms("core"), [""; 0]);
    assert_eq!(rooms("api"), ["core"]);
    assert_eq!(rooms("model"), ["api", "core"]);
    assert_eq!(rooms("model/deep"), ["side"]);
    assert_eq!(rooms("bin"), ["model"]);
    assert_eq!(picture.room("src/main.rs"), Some("bin"));
    assert_eq!(picture.room("src/model/deep/c.rs"), Some("model/deep"));
    assert_eq!(picture.room("src/lib.rs"), None);
}
