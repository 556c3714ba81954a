//! `chancery outline`: the outline of a document, to be edited and saved beside it.

use std::sync::Arc;

use chancery::{Corpus, Project, ingest};
use clap::Args;

use super::{Outcome, print};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A path, a unique ending of one, or an id
    document: String,
}

pub(super) fn run(project: Arc<Project>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let corpus = Corpus::open(project)?;
    let shown = corpus.show(&arguments.document)?;
    print(ingest::sidecar::print(&shown.document).as_bytes())
}
