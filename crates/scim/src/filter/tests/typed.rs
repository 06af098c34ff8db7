//! Filters on the resources of the management API.

use domain::filter::{Condition, GroupAttribute, IdentityAttribute, JobAttribute, Operator as Comparing};

use crate::filter::parse_condition;

type OnIdentity = Condition<IdentityAttribute>;

fn compared(attribute: IdentityAttribute, operator: Comparing, text: &str) -> OnIdentity {
    Condition::compare(attribute, operator, text).expect("it can be compared")
}

#[test]
fn a_filter_becomes_a_condition_on_the_attributes_that_it_names() {
    use IdentityAttribute::{DisplayName, Email, Enrollment, ExternalId, Status, Username};
    for (text, condition) in [
        (r#"traits.username eq "Zoe""#, compared(Username, Comparing::Equal, "zoe")),
        (r#"Traits.UserName EQ "zoe""#, compared(Username, Comparing::Equal, "zoe")),
        (r#"traits.primary_email_address ew "@example.org""#, compared(Email, Comparing::EndsWith, "@example.org")),
        (r#"traits.external_id sw "A""#, compared(ExternalId, Comparing::StartsWith, "A")),
        (r#"display_name co "ström""#, compared(DisplayName, Comparing::Contains, "ström")),
        (r#"status ne "ACTIVE""#, compared(Status, Comparing::Equal, "active").negated()),
        ("enrollment_status pr", Condition::present(Enrollment)),
        ("traits.external_id eq null", Condition::present(ExternalId).negated()),
        ("traits.external_id ne null", Condition::present(ExternalId)),
        ("status pr or not (display_name pr)", Condition::present(Status).or(Condition::present(DisplayName).negated())),
        ("traits[username pr and external_id pr]", Condition::present(Username).and(Condition::present(ExternalId))),
    ] {
        assert_eq!(parse_condition(text), Ok(condition), "{text}");
    }
    assert_eq!(parse_condition("display_name pr"), Ok(Condition::present(GroupAttribute::DisplayName)));
    let job = parse_condition::<JobAttribute>(r#"state eq "link_sent" and delivery_method eq "Email""#);
    assert!(matches!(job, Ok(Condition::And(..))), "{job:?}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_place() {
    for (text, position, named) in [
        (r#"username eq "zoe""#, 1, "no attribute “username”"),
        ("status pr and traits.title pr", 15, "no attribute “traits.title”"),
        ("traits pr", 1, "no attribute “traits”"),
        ("urn:x:status pr", 1, "no attribute “urn:x:status”"),
        ("status[username pr]", 8, "no attribute “status.username”"),
        ("status pr or traits[nick_name pr]", 21, "no attribute “traits.nick_name”"),
        (r#"traits.username gt "a""#, 1, "gt cannot compare"),
        (r#"(status le "active")"#, 2, "le cannot compare"),
        (r#"not (status eq "gone")"#, 16, "they are active, suspended."),
        (r#"enrollment_status sw "X""#, 22, "they are ENROLLED, PENDING"),
        ("display_name eq 1", 17, "a text in double quotation marks"),
        ("display_name eq true", 17, "a text in double quotation marks"),
        ("display_name co null", 17, "a text in double quotation marks"),
        (r#"display_name eq "é" and status ne 5"#, 35, "a text in double quotation marks"),
        ("display_name", 13, "one of eq"),
    ] {
        let refused = parse_condition::<IdentityAttribute>(text).expect_err(text);
        assert_eq!(refused.position, position, "{text}: {refused}");
        assert!(refused.to_string().contains(named), "{text}: {refused}");
    }
    assert!(parse_condition::<GroupAttribute>("status pr").is_err());
    assert!(parse_condition::<JobAttribute>("display_name pr").is_err());
}
