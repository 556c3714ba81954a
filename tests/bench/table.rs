//! Figures side by side.

/// Rows of a name, our figure, the yardstick's and their ratio.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    /// A figure that the yardstick has too.
    pub(crate) fn beside(&mut self, name: &str, unit: &str, ours: f64, bare: f64) {
        self.rows.push([
            name.to_owned(),
            format!("{ours:.2} {unit}"),
            format!("{bare:.2} {unit}"),
            format!("{:.2}", ours / bare),
        ]);
    }

    /// A figure of ours alone.
    pub(crate) fn alone(&mut self, name: &str, unit: &str, ours: f64) {
        self.rows.push([
            name.to_owned(),
            format!("{ours:.2} {unit}"),
            String::new(),
            String::new(),
        ]);
    }

    /// The rows as a table in Markdown.
    pub(crate) fn text(&self) -> String {
        let mut out = "| | chancery | tantivy alone | ratio |\n|---|---|---|---|\n".to_owned();
        for row in &self.rows {
            out.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        out
    }
}

/// The values at these shares (0.5 is the median) of a list of times.
pub(crate) fn quantiles(mut times: Vec<f64>, shares: &[f64]) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1) as f64;
    let at = |share: f64| times.get((last * share).round() as usize).copied();
    shares.iter().map(|share| at(*share).unwrap_or(f64::NAN)).collect()
}
