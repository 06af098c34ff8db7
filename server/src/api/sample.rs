//! An operation as it is typed in a shell.

use super::operations::{Operation, Takes};

/// A command of curl: `origin` is where Keyroll is; ids, the token and the application's secret come from the environment.
pub(super) fn sample(origin: &str, operation: &Operation) -> String {
    let mut lines = vec![format!("curl -sS -X {} \"{origin}{}\"", operation.method, variables(&operation.path()))];
    match &operation.takes {
        Takes::Form => {
            lines.push("-u \"$CLIENT_ID:$CLIENT_SECRET\"".to_owned());
            lines.push("-d grant_type=client_credentials".to_owned());
        }
        Takes::Body(_, example) => {
            lines.push(BEARER.to_owned());
            lines.push("-H 'Content-Type: application/json'".to_owned());
            // No example holds a single quote: within them all is text.
            lines.push(format!("-d '{}'", example.replace("IDENTITY", "'\"$IDENTITY_ID\"'")));
        }
        Takes::Nothing | Takes::Page(_) => lines.push(BEARER.to_owned()),
    }
    lines.join(" \\\n  ")
}

const BEARER: &str = "-H \"Authorization: Bearer $KEYROLL_TOKEN\"";

/// The path with variables in place of what is in braces. The braces stay: zsh reads a colon behind a bare name otherwise.
fn variables(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |before, part| {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        format!("{before}${{{}}}{rest}", name.to_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::super::operations::OPERATIONS;
    use super::*;

    #[test]
    fn a_sample_is_typed_as_it_stands() {
        let of = |id: &str| sample("https://id.example.com", OPERATIONS.iter().find(|operation| operation.id == id).unwrap());
        assert_eq!(
            of("addGroupMembers"),
            "curl -sS -X POST \"https://id.example.com/v1/tenants/${TENANT_ID}/realms/${REALM_ID}/groups/${GROUP_ID}:addMembers\" \\\n  \
             -H \"Authorization: Bearer $KEYROLL_TOKEN\" \\\n  -H 'Content-Type: application/json' \\\n  \
             -d '{\"identity_ids\": [\"'\"$IDENTITY_ID\"'\"]}'"
        );
        assert!(of("createToken").ends_with("-u \"$CLIENT_ID:$CLIENT_SECRET\" \\\n  -d grant_type=client_credentials"));
        for operation in OPERATIONS {
            if let Takes::Body(_, example) = &operation.takes {
                assert!(!example.contains('\''), "{}", operation.id);
            }
        }
    }
}
