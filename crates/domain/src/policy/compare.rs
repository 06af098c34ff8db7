//! What is different between two policies, rule by rule.

use super::Rule;

/// A rule of either policy. Rules that both have in the same order are kept; one that was moved leaves its old place
/// and enters its new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    Kept(&'a Rule),
    Left(&'a Rule),
    Entered(&'a Rule),
}

/// The rules of both, in an order that reads from top to bottom: as few as possible leave and enter.
#[must_use]
pub fn compare<'a>(before: &'a [Rule], after: &'a [Rule]) -> Vec<Line<'a>> {
    let common = common(before, after);
    let mut lines = Vec::with_capacity(before.len().max(after.len()));
    let (mut old, mut new) = (0, 0);
    while old < before.len() || new < after.len() {
        if old < before.len() && new < after.len() && before[old] == after[new] {
            lines.push(Line::Kept(&after[new]));
            (old, new) = (old + 1, new + 1);
        } else if new >= after.len() || (old < before.len() && common[old + 1][new] >= common[old][new + 1]) {
            lines.push(Line::Left(&before[old]));
            old += 1;
        } else {
            lines.push(Line::Entered(&after[new]));
            new += 1;
        }
    }
    lines
}

/// The length of the longest common subsequence of what is behind each pair of positions.
fn common(before: &[Rule], after: &[Rule]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; after.len() + 1]; before.len() + 1];
    for old in (0..before.len()).rev() {
        for new in (0..after.len()).rev() {
            table[old][new] =
                if before[old] == after[new] { table[old + 1][new + 1] + 1 } else { table[old + 1][new].max(table[old][new + 1]) };
        }
    }
    table
}
