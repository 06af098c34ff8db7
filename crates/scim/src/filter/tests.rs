//! What is read as what, what is refused where, and that nothing which is sent breaks anything.

mod typed;

use proptest::prelude::*;

use super::*;

fn written(text: &str) -> String {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
}

fn refused_at(text: &str) -> usize {
    parse(text).map_or_else(|error| error.position, |filter| panic!("{text:?} is taken as {filter:?}"))
}

/// The filter as if nobody had seen where its parts stood.
fn unplaced(filter: Filter) -> Filter {
    let path = |path: AttributePath| AttributePath { position: 0, ..path };
    let boxed = |filter: Box<Filter>| Box::new(unplaced(*filter));
    match filter {
        Filter::And(left, right) => Filter::And(boxed(left), boxed(right)),
        Filter::Or(left, right) => Filter::Or(boxed(left), boxed(right)),
        Filter::Not(filter) => Filter::Not(boxed(filter)),
        Filter::Present(of) => Filter::Present(path(of)),
        Filter::Compare(of, operator, value) => Filter::Compare(path(of), operator, Value { position: 0, ..value }),
        Filter::Value(of, filter) => Filter::Value(path(of), boxed(filter)),
    }
}

#[test]
fn the_examples_of_the_standard_are_read() {
    for text in [
        r#"userName eq "bjensen""#,
        r#"name.familyName co "O'Malley""#,
        r#"userName sw "J""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
        "title pr",
        r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified le "2011-05-13T04:42:34Z""#,
        r#"title pr and userType eq "Employee""#,
        r#"title pr or userType eq "Intern""#,
        r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
        r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
        "members.$ref pr",
        "active eq true",
        "count gt -1.5e+10 or count eq 0",
        "manager eq null",
    ] {
        assert_eq!(written(text), text);
    }
    assert_eq!(written(r#"userType eq "Employee" and (emails.type eq "work")"#), r#"userType eq "Employee" and emails.type eq "work""#);
}

#[test]
fn a_path_has_its_schema_its_name_and_its_sub_attribute() {
    let Ok(Filter::Present(path)) = parse(" urn:ietf:params:scim:schemas:core:2.0:User:name.familyName pr") else { panic!("it is taken") };
    let uri = Some("urn:ietf:params:scim:schemas:core:2.0:User".to_owned());
    assert_eq!(path, AttributePath { uri, name: "name".into(), sub: Some("familyName".into()), position: 2 });
}

#[test]
fn not_binds_before_and_before_or() {
    for (text, same) in [
        ("a pr or b pr and c pr", "a pr or (b pr and c pr)"),
        ("a pr and b pr or c pr and d pr", "(a pr and b pr) or (c pr and d pr)"),
        ("not (a pr) and b pr", "(not (a pr)) and b pr"),
        ("not (a pr) or b pr", "(not (a pr)) or b pr"),
        ("a pr or b pr or c pr", "(a pr or b pr) or c pr"),
        ("e[a pr or b pr and c pr]", "e[a pr or (b pr and c pr)]"),
    ] {
        assert_eq!(parse(text).map(unplaced), parse(same).map(unplaced), "{text}");
    }
    for (text, other) in [
        ("(a pr or b pr) and c pr", "a pr or b pr and c pr"),
        ("not (a pr and b pr)", "not (a pr) and b pr"),
        ("a pr or (b pr or c pr)", "a pr or b pr or c pr"),
    ] {
        assert_ne!(parse(text).map(unplaced), parse(other).map(unplaced), "{text}");
    }
}

#[test]
fn keywords_are_known_in_any_case_and_names_may_be_keywords() {
    assert_eq!(written("A PR AND NOT(b Eq TRUE)Or c NE nUlL"), "A pr and not (b eq true) or c ne null");
    assert_eq!(written("not pr and and pr or or pr"), "not pr and and pr or or pr");
    assert_eq!(written("eq eq \"eq\" and pr pr"), "eq eq \"eq\" and pr pr");
    assert_eq!(written("not[a pr]"), "not[a pr]");
}

#[test]
fn texts_are_those_of_json() {
    let text = |text: &str| match parse(&format!("a eq {text}")) {
        Ok(Filter::Compare(_, _, Value { literal: Literal::Text(text), .. })) => text,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(text(r#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00 é😀""#), "\"\\/\u{8}\u{c}\n\r\té😀 é😀");
    assert_eq!(text("\"\""), "");
    assert_eq!(text(r#""a and (b or ]\u0000""#), "a and (b or ]\0");
    for wrong in
        [r#""\x""#, r#""\u12""#, r#""\uD83D""#, r#""\uD83Dx""#, r#""\uDE00""#, r#""\uD83D\u0041""#, r#""\u+123""#, "\"\n\"", r#""\"#]
    {
        assert_eq!(refused_at(&format!("a eq {wrong}")), 7, "{wrong}");
    }
    assert_eq!(refused_at(r#"a eq "open"#), 6);
}

#[test]
fn numbers_are_those_of_json() {
    for number in ["0", "-0", "10", "1.5", "-0.25e-3", "1E9", "123456789012345678901234567890"] {
        assert_eq!(written(&format!("a eq {number}")), format!("a eq {number}"));
    }
    for wrong in ["01", "+1", ".5", "1.", "1e", "1e+", "--1", "0x1", "1_0", "NaN", "-", "1.5.2", "٣"] {
        assert_eq!(refused_at(&format!("a eq {wrong}")), 6, "{wrong}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, position) in [
        ("", 1),
        ("  ", 3),
        ("a", 2),
        ("a ", 3),
        ("a xx \"b\"", 3),
        ("a eq", 5),
        ("a eq b", 6),
        ("a eq 'b'", 6),
        ("a eq\"b\"", 5),
        ("a eq \"b\"and c pr", 9),
        ("a pr b pr", 6),
        ("a pr and", 9),
        ("a pr and or b pr", 13),
        ("and", 4),
        ("(a pr", 6),
        ("a pr)", 5),
        ("()", 2),
        ("not a pr", 5),
        ("e[a pr", 7),
        ("e[a pr)", 7),
        ("e [a pr]", 3),
        ("e[f[a pr]]", 4),
        ("e[not (f[a pr])]", 9),
        ("e[]", 3),
        ("1a pr", 1),
        ("ä pr", 1),
        ("é eq 1 and x", 1),
        ("a eq \"éé\" and 1b pr", 15),
        ("a..b pr", 1),
        ("a.b.c pr", 1),
        (".a pr", 1),
        (":a pr", 1),
        ("urn:x: pr", 1),
        ("a\u{a0}pr", 1),
        ("a pr\u{0}", 3),
    ] {
        assert_eq!(refused_at(text), position, "{text:?}");
    }
}

#[test]
fn a_filter_that_is_too_much_is_refused_and_the_most_is_taken() {
    let nested = |depth: usize| format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(DEEPEST)).is_ok());
    assert_eq!(refused_at(&nested(DEEPEST + 1)), DEEPEST + 1);
    let negated = |depth: usize| format!("{}a pr{}", "not(".repeat(depth), ")".repeat(depth));
    assert!(parse(&negated(DEEPEST)).is_ok());
    assert!(parse(&negated(DEEPEST + 1)).is_err());
    assert!(parse(&format!("e[{}]", nested(DEEPEST - 1))).is_ok());
    assert!(parse(&format!("e[{}]", nested(DEEPEST))).is_err());
    // Parentheses that are closed again count no more.
    assert!(parse(&[nested(DEEPEST), nested(DEEPEST)].join(" or ")).is_ok());

    let chain = |count: usize| vec!["a pr"; count].join(" and ");
    assert!(parse(&chain(MOST_COMPARISONS)).is_ok());
    assert_eq!(refused_at(&chain(MOST_COMPARISONS + 1)), MOST_COMPARISONS * 9 + 1);

    let long = |length: usize| format!("a eq \"{}\"", "é".repeat(length - 7));
    assert!(parse(&long(MOST_CHARACTERS)).is_ok());
    assert_eq!(refused_at(&long(MOST_CHARACTERS + 1)), MOST_CHARACTERS + 1);
    for hostile in ["(", "not(", "a[", "[", "\"", "a pr or ", "\\u"] {
        assert!(parse(&hostile.repeat(100_000)).is_err());
    }
}

fn paths() -> impl Strategy<Value = AttributePath> {
    let uri = prop::option::of("urn:[a-z0-9.:%-]{0,12}[a-z0-9]");
    let name = prop_oneof!["[A-Za-z][A-Za-z0-9_-]{0,6}", Just("$ref".to_owned()), Just("not".to_owned()), Just("or".to_owned())];
    let sub = prop::option::of("[A-Za-z][A-Za-z0-9_-]{0,4}");
    (uri, name, sub).prop_map(|(uri, name, sub)| AttributePath { uri, name, sub, position: 0 })
}

fn values() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?";
    let literal = prop_oneof![
        prop::collection::vec(any::<char>(), 0..12).prop_map(|text| Literal::Text(text.into_iter().collect())),
        number.prop_map(|number| Literal::Number(Number::parse(&number).expect("it is a number"))),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Null),
    ];
    literal.prop_map(|literal| Value { literal, position: 0 })
}

/// Filters of any shape, with brackets where they may stand.
fn filters(brackets: bool) -> BoxedStrategy<Filter> {
    let comparison = (paths(), prop::sample::select(Operator::ALL), values());
    let leaf = prop_oneof![paths().prop_map(Filter::Present), comparison.prop_map(|(of, by, with)| Filter::Compare(of, by, with))];
    let leaf = if brackets {
        let bracketed = (paths(), filters(false)).prop_map(|(of, filter)| Filter::Value(of, Box::new(filter)));
        prop_oneof![3 => leaf, 1 => bracketed].boxed()
    } else {
        leaf.boxed()
    };
    let composed = |inner: BoxedStrategy<Filter>| {
        let pair = || (inner.clone(), inner.clone()).prop_map(|(left, right)| (Box::new(left), Box::new(right)));
        prop_oneof![
            pair().prop_map(|(left, right)| Filter::And(left, right)),
            pair().prop_map(|(left, right)| Filter::Or(left, right)),
            inner.clone().prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    };
    leaf.prop_recursive(3, 8, 2, composed).boxed()
}

proptest! {
    #[test]
    fn what_is_written_reads_back(filter in filters(true)) {
        let text = filter.to_string();
        prop_assume!(text.chars().count() <= MOST_CHARACTERS);
        let read = parse(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(unplaced(read), filter, "{}", text);
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused_with_its_place(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn so_is_what_looks_like_a_filter(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check(&pieces.concat())?;
    }
}

const PIECES: &[&str] = &[
    "a", "urn:b:c", ".", ":", "$ref", " ", "  ", " eq ", " pr", " and ", " or ", "not ", "(", ")", "[", "]", "\"", "\"x\"", "\\", "\\u00",
    "1", "-", "true", "é", "\0", "\n",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(filter) => prop_assert_eq!(parse(&filter.to_string()).map(unplaced), Ok(unplaced(filter))),
        Err(error) => {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.position), "{:?}", error);
            prop_assert!(error.message.ends_with('.') && error.message.len() > 10, "{:?}", error);
        }
    }
    Ok(())
}
