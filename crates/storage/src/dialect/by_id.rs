//! A search's matches in the order of their ids, a page at a time.
//!
//! SQLite's index answers that way by itself. PostgreSQL's answers all matches at once and in no order, so it is asked
//! for one span of time after another, each longer than the one before, until the page is full: every identity is
//! indexed under the spans that it was made in. What is frequent fills the page from the rows right at the page's
//! start, which are read without the index; what is rare has few matches in the long spans.

use domain::IdentityId;

/// The bits of an id below each span: four seconds, a minute, eighteen minutes, five hours, three days. A longer one
/// would save less than it costs to read.
const SPANS: [u32; 5] = [33, 37, 41, 45, 49];
/// Rows read without the index.
const UNINDEXED: u32 = 64;

/// The terms of the spans that the id lies in. They begin with a hyphen, which no term of a text does.
pub(super) fn spans(id: IdentityId) -> impl Iterator<Item = String> {
    SPANS.into_iter().map(move |bits| format!("-{bits}:{}", id.get() >> bits))
}

/// The ids of PostgreSQL's matches as a table expression, in their order, together with identities that do not match:
/// the search has to be verified. `terms` and `from` are placeholders, `from` for the id that lies before the first.
///
/// The branches are read one after the other and no further than needed, as PostgreSQL does with UNION ALL.
pub(crate) fn matches_by_id(terms: &str, from: &str, descending: bool) -> String {
    let (direction, beyond, last, from_bound, steps) =
        if descending { ("DESC", "<", "min", "<", -1) } else { ("ASC", ">", "max", ">=", 1) };
    let edge = "(SELECT id FROM edge)";
    let mut bound = format!("{beyond} {edge}");
    let mut branches = vec!["(SELECT identity_id FROM unindexed)".to_owned()];
    // Adding zero keeps the planner from reading all rows beyond the bound instead of the index.
    let branch = |spans: &str, bound: &str| {
        format!(
            "(SELECT identity_id FROM identity_search WHERE terms @> (SELECT terms FROM typed){spans} AND identity_id + 0 {bound} ORDER BY identity_id {direction})"
        )
    };
    for bits in SPANS {
        let (here, next) = (format!("({edge} >> {bits})"), format!("(({edge} >> {bits}) + {steps})"));
        branches.push(branch(&format!(" AND terms && ARRAY['-{bits}:' || {here}, '-{bits}:' || {next}]"), &bound));
        // Where the next span ends, in the direction of reading.
        let end = if descending { next } else { format!("({next} + 1)") };
        bound = format!("{from_bound} ({end} << {bits})");
    }
    branches.push(branch("", &bound));
    let branches = branches.join(" UNION ALL ");
    format!(
        "(WITH typed AS MATERIALIZED (SELECT {terms}::text[] AS terms), unindexed AS MATERIALIZED (SELECT identity_id FROM identity_search \
         WHERE identity_id {beyond} {from} ORDER BY identity_id {direction} LIMIT {UNINDEXED}), \
         edge AS MATERIALIZED (SELECT {last}(identity_id) AS id FROM unindexed) {branches})"
    )
}
