//! Which files a run speaks of: its roots, or parts of them, and what lies there.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::sidecars::{self, Root};
use super::super::{Error, Project};
use super::Request;
use crate::index::Manifest;
use crate::ingest::walk::{Found, walk};

/// Which paths a run speaks of.
pub(super) struct Scope {
    /// Prefixes of document paths with the folder to walk.
    parts: Vec<(String, PathBuf)>,
    /// Whether it speaks of all roots.
    pub(super) all: bool,
}

impl Scope {
    /// Whether a document path is one of those that the run brings in line.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.all
            || self.parts.iter().any(|(prefix, _)| {
                let prefix = prefix.trim_end_matches('/');
                path == prefix || path.strip_prefix(prefix).is_some_and(|r| r.starts_with('/'))
            })
    }
}

/// The roots after this run, and what it speaks of.
pub(super) fn plan_roots(
    project: &Project,
    request: &Request,
    old: &Manifest,
) -> Result<(Vec<String>, Scope), Error> {
    let mut roots = old.roots.clone();
    for path in &request.forget {
        let name = project.relative(path);
        let before = roots.len();
        roots.retain(|root| *root != name);
        if roots.len() == before {
            return Err(Error::NoSuchRoot(name));
        }
    }
    let mut parts = Vec::new();
    // What an interrupted run left undone may lie anywhere.
    let mut all = roots.is_empty() || !request.forget.is_empty() || old.unfinished;
    for path in &request.paths {
        let path = &sidecars::meant(path);
        let absolute =
            fs::canonicalize(path).map_err(|source| Error::Root { path: path.clone(), source })?;
        let inside = roots.iter().find_map(|root| {
            let root_path = fs::canonicalize(project.resolve(root)).ok()?;
            let rest = absolute.strip_prefix(&root_path).ok()?.to_owned();
            Some((root.clone(), rest))
        });
        match inside {
            Some((root, rest)) if !rest.as_os_str().is_empty() => {
                let rest: Vec<String> =
                    rest.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                let prefix = format!("{}{}", prefix_of(&roots, &root), rest.join("/"));
                parts.push((prefix, absolute));
            }
            Some(_) => all = true,
            None => {
                roots.push(project.relative(path));
                all = true;
            }
        }
    }
    if roots.is_empty() && request.forget.is_empty() {
        roots.push("documents".to_owned());
    }
    let all = all || parts.is_empty();
    Ok((roots, Scope { parts, all }))
}

/// The roots with their folders and what stands before the paths of their documents.
pub(in super::super) fn placed(project: &Project, roots: &[String]) -> Vec<Root> {
    roots.iter().map(|root| (prefix_of(roots, root), project.resolve(root))).collect()
}

/// What stands before the paths of a root's documents: nothing for a single root, else its name.
fn prefix_of(roots: &[String], root: &str) -> String {
    if roots.len() < 2 {
        return String::new();
    }
    let name = |root: &str| {
        let last = root.trim_end_matches('/').rsplit('/').next().unwrap_or(root);
        if last.is_empty() || last == "." { "root".to_owned() } else { last.to_owned() }
    };
    let own = name(root);
    let twins: Vec<&String> = roots.iter().filter(|other| name(other) == own).collect();
    match twins.iter().position(|other| *other == root) {
        Some(place) if place > 0 => format!("{own}-{}/", place + 1),
        _ => format!("{own}/"),
    }
}

/// What lies in the roots.
#[derive(Default)]
pub(super) struct FoundFiles {
    pub(super) files: Vec<Found>,
    /// Left out, with the reason.
    pub(super) skipped: Vec<(String, String)>,
    /// Junk by rule.
    pub(super) ignored: Vec<String>,
}

impl FoundFiles {
    /// Walks a folder; returns how many files it holds.
    fn take(&mut self, prefix: &str, folder: &Path, exclude: &[PathBuf]) -> usize {
        let found = walk(folder, exclude);
        let join = |path: &str| format!("{prefix}{path}");
        let count = found.files.len();
        self.files.extend(found.files.into_iter().map(|f| Found { path: join(&f.path), ..f }));
        self.ignored.extend(found.ignored.iter().map(|path| join(path)));
        self.skipped.extend(found.skipped.iter().map(|(path, why)| (join(path), why.clone())));
        count
    }
}

/// Lists what lies in the scope. A root that has vanished, is suddenly empty or cannot be read is an
/// error, unless that is meant.
pub(super) fn walk_roots(
    project: &Project,
    request: &Request,
    old: &Manifest,
    roots: &[String],
    scope: &Scope,
) -> Result<FoundFiles, Error> {
    let exclude: Vec<PathBuf> = fs::canonicalize(project.index()).into_iter().collect();
    let mut found = FoundFiles::default();
    if scope.all {
        for root in roots {
            let folder = project.resolve(root);
            let prefix = prefix_of(roots, root);
            // Paths may have stood under another prefix while there were fewer or more roots.
            let before = prefix_of(&old.roots, root);
            let had =
                old.roots.contains(root) && old.files.keys().any(|path| path.starts_with(&before));
            if !folder.exists() && !request.allow_empty {
                return Err(Error::RootGone(root.clone()));
            }
            if !request.allow_empty && folder.is_dir() {
                fs::read_dir(&folder)
                    .map_err(|source| Error::Root { path: folder.clone(), source })?;
            }
            let count = if folder.exists() { found.take(&prefix, &folder, &exclude) } else { 0 };
            if count == 0 && had && !request.allow_empty {
                return Err(Error::RootEmpty(root.clone()));
            }
        }
    } else {
        for (prefix, folder) in &scope.parts {
            let prefix = if folder.is_dir() {
                format!("{prefix}/")
            } else {
                prefix.rsplit_once('/').map_or(String::new(), |(head, _)| format!("{head}/"))
            };
            found.take(&prefix, folder, &exclude);
        }
        let outside = |path: &String| !scope.holds(path);
        found.skipped.extend(old.skipped.iter().filter(|(path, _)| outside(path)).cloned());
        found.ignored.extend(old.ignored.iter().filter(|path| outside(path)).cloned());
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.files.dedup_by(|a, b| a.path == b.path);
    found.skipped.sort();
    found.skipped.dedup();
    found.ignored.sort();
    found.ignored.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_root_has_no_prefix_and_twins_are_numbered() {
        let roots = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(prefix_of(&roots(&["a/docs"]), "a/docs"), "");
        let three = roots(&["a/docs", "b/docs", "."]);
        assert_eq!(prefix_of(&three, "a/docs"), "docs/");
        assert_eq!(prefix_of(&three, "b/docs"), "docs-2/");
        assert_eq!(prefix_of(&three, "."), "root/");
    }
}
