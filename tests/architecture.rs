//! The structure is that of docs/architecture.md: what each module may use, no cycles, SQL in one place,
//! short files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The longest file, in lines.
const LONGEST: usize = 400;

/// Each module by its path below `src`, such as `workflow::token::end`, with its code: no comments, no
/// tests.
struct Sources(BTreeMap<String, String>);

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

impl Sources {
    fn read() -> Self {
        let (root, mut found) = (project().join("src"), Vec::new());
        files(&root, &mut found);
        let modules = found.iter().filter_map(|path| {
            let relative = path.strip_prefix(&root).unwrap().with_extension("");
            let mut name: Vec<&str> = relative.iter().map(|part| part.to_str().unwrap()).collect();
            name.pop_if(|last| *last == "mod");
            let is_test = name.iter().any(|part| ["tests", "testing", "diagram"].contains(part));
            (!is_test).then(|| (name.join("::"), code(path)))
        });
        Self(modules.collect())
    }

    /// The module of a path: its longest prefix that is a module.
    fn module<'a>(&self, path: &'a str) -> Option<&'a str> {
        let ends = path.rmatch_indices("::").map(|(at, _)| at);
        let mut beginnings = std::iter::once(path.len()).chain(ends).map(|end| &path[..end]);
        beginnings.find(|beginning| self.0.contains_key(*beginning))
    }

    /// The modules that a module names.
    fn named_in(&self, module: &str) -> BTreeSet<String> {
        let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        let paths = paths(&self.0[module]).into_iter().map(|path| {
            let path = path.replace("crate::", "");
            path.strip_prefix("super::").map_or(path.clone(), |rest| format!("{parent}::{rest}"))
        });
        let modules = paths.filter_map(|path| Some(self.module(&path)?.to_owned()));
        modules.filter(|named| named != module).collect()
    }
}

/// A file without its comments and its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let live = text.split("#[cfg(test)]").next().unwrap();
    let lines = live.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path that begins with `crate::` or `super::`; groups of `use` are expanded.
fn paths(code: &str) -> Vec<String> {
    let starts = ["crate::", "super::"].into_iter().flat_map(|start| code.match_indices(start));
    let mut all = Vec::new();
    for (at, _) in starts {
        let rest = &code[at..];
        let end = rest.find(|sign: char| !(sign.is_alphanumeric() || "_:".contains(sign)));
        let path = rest[..end.unwrap_or(rest.len())].trim_end_matches(':').to_owned();
        match rest[path.len()..].strip_prefix("::{") {
            Some(group) => all.extend(written_out(&path, group)),
            None => all.push(path),
        }
    }
    all
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`; `group` begins after the first brace.
fn written_out(path: &str, group: &str) -> Vec<String> {
    let (mut prefixes, mut word, mut all) = (vec![path.to_owned()], String::new(), Vec::new());
    for sign in group.chars() {
        match sign {
            '{' => {
                let prefix =
                    format!("{}::{}", prefixes.last().unwrap(), word.trim_end_matches(':'));
                prefixes.push(prefix);
                word.clear();
            }
            ',' | '}' => {
                if !word.is_empty() {
                    all.push(format!("{}::{word}", prefixes.last().unwrap()));
                    word.clear();
                }
                if sign == '}' {
                    prefixes.pop();
                    if prefixes.is_empty() {
                        break;
                    }
                }
            }
            sign if sign.is_whitespace() => {}
            sign => word.push(sign),
        }
    }
    all
}

/// The table in docs/architecture.md: each module, and the modules that it may know.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let document = std::fs::read_to_string(project().join("docs/architecture.md")).unwrap();
    let (_, table) = document.split_once("| module | may know |\n|---|---|\n").unwrap();
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let rows = table.lines().take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<&str> = line.split('|').collect();
        let module: Vec<String> = names(cells[1]);
        (module[0].clone(), BTreeSet::from_iter::<Vec<String>>(names(cells[2])))
    });
    rows.collect()
}

#[test]
fn each_module_knows_what_it_may_know() {
    let (sources, allowed) = (Sources::read(), allowed());
    let top = |module: &str| module.split("::").next().unwrap().to_owned();
    let mut wrong = Vec::new();
    for module in sources.0.keys().filter(|module| !["lib", "main"].contains(&module.as_str())) {
        let may_know = allowed.get(&top(module));
        for named in sources.named_in(module).iter().filter(|named| top(named) != top(module)) {
            if !may_know.is_some_and(|all| all.contains(&top(named))) {
                wrong.push(format!("{module} names {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Modules that lead back to themselves through others. A folder's own file is left out, since it only
/// lists the folder's content.
#[test]
fn the_rules_and_the_workflows_have_no_circles() {
    let sources = Sources::read();
    let mut left: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in sources.0.keys() {
        let room = module.split("::").next().unwrap();
        if ["domain", "workflow"].contains(&room) && module.contains("::") {
            let named = sources.named_in(module).into_iter();
            let beside = named.filter(|named| {
                named.starts_with(&format!("{room}::"))
                    && !module.starts_with(&format!("{named}::"))
            });
            left.insert(module.clone(), beside.collect());
        }
    }
    // A module that names no module that is left can't be part of a circle.
    while let Some(module) = left
        .iter()
        .find(|(_, named)| !named.iter().any(|named| left.contains_key(named)))
        .map(|(module, _)| module.clone())
    {
        left.remove(&module);
    }
    assert!(left.is_empty(), "{:#?}", left.keys());
}

#[test]
fn queries_and_jobs_are_the_stores() {
    for (module, code) in Sources::read().0 {
        let store = module.starts_with("store");
        let asks = ["sqlx::query", "sqlx::raw_sql", "query!(", "query_as!(", "query_scalar!("];
        assert!(store || !asks.iter().any(|ask| code.contains(ask)), "{module} holds SQL");
        // Workflows request jobs by a transition.
        let enqueues = code.contains("jobs::enqueue(");
        assert!(store || module.starts_with("queue") || !enqueues, "{module} enqueues a job");
    }
}

/// `Workflow` only holds what workflows need. Each workflow is a function of its own module, so that calls
/// show which module they go to, and the test of the circles sees them.
#[test]
fn workflows_are_functions() {
    let sources = Sources::read().0.into_iter();
    let with_methods = sources.filter(|(_, code)| code.contains("impl Workflow {"));
    assert_eq!(with_methods.map(|(module, _)| module).collect::<Vec<_>>(), ["workflow"]);
}

#[test]
fn no_file_is_too_long() {
    let mut all = Vec::new();
    for folder in ["src", "tests", "benches", "crates"] {
        files(&project().join(folder), &mut all);
    }
    let long = all.iter().filter_map(|path| {
        let lines = std::fs::read_to_string(path).unwrap().lines().count();
        (lines > LONGEST).then(|| format!("{}: {lines}", path.display()))
    });
    assert_eq!(long.collect::<Vec<_>>(), [] as [String; 0]);
}

/// docs/security.md names a test for each promise: `front approvals::an_edit_voids…`. Each part of such a
/// name must be a file, a folder or a function.
#[test]
fn promises_name_tests_that_are_there() {
    let document = std::fs::read_to_string(project().join("docs/security.md")).unwrap();
    let mut all = Vec::new();
    for folder in ["src", "tests", "crates"] {
        files(&project().join(folder), &mut all);
    }
    let mut known = BTreeSet::from(["make", "test", "*"].map(str::to_owned));
    for path in &all {
        known.extend(path.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()));
        let text = std::fs::read_to_string(path).unwrap();
        let functions = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
        known.extend(functions.map(str::to_owned));
    }
    let rows = document.lines().filter(|line| line.matches(" | ").count() == 2);
    let cells = rows.filter_map(|line| line.rsplit(" | ").next());
    let mut missing = BTreeSet::new();
    for name in cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)) {
        for part in name.split([' ', '/']).flat_map(|word| word.split("::")) {
            let is_there = match part.strip_suffix('…') {
                Some(beginning) => known.iter().any(|name| name.starts_with(beginning)),
                None => known.contains(part),
            };
            if !is_there {
                missing.insert(format!("{part} of {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn groups_are_written_out() {
    let code = "use crate::a::{self, b, c::{d, e as f}};\nlet x = super::g::h();";
    let found = paths(code);
    let expected =
        ["crate::a::self", "crate::a::b", "crate::a::c::d", "crate::a::c::easf", "super::g::h"];
    assert_eq!(found, expected);
}
