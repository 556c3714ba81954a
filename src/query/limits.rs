//! How much a query may hold. Each bound keeps the reading and the search of any text short; each
//! has its own message in [`super::ErrorKind`].

/// Characters of the typed text.
pub const MAX_CHARS: usize = 4_096;
/// Groups within groups, and pairs of `NEAR` and its like within pairs.
pub const MAX_DEPTH: usize = 50;
/// Words, patterns, field values and places of phrases, all counted together.
pub const MAX_CLAUSES: usize = 1_000;
/// Words with `*` or `?`, regular expressions and fuzzy words: each is held against the whole dictionary.
pub const MAX_PATTERNS: usize = 50;
/// The `n` of `NEAR/n`, `BEFORE/n` and `"…"~n`.
pub const MAX_DISTANCE: u32 = 1_000;
/// The `n` of `NEAR` and `BEFORE` without one.
pub const DEFAULT_DISTANCE: u32 = 10;
/// The `n` of `word~n`.
pub const MAX_EDITS: u8 = 2;
/// Smallest factor behind `^`.
pub const MIN_BOOST: f32 = 0.001;
/// Greatest factor behind `^`.
pub const MAX_BOOST: f32 = 1_000.0;
