"""The filter language: each attribute, each operator, how they combine, and what is refused where."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from checks import assert_refused
from client import Client
from making import add_group, add_identity, get


@pytest.fixture(scope="module")
def people(make_realm: Any) -> Client:
    """Six people who differ in everything that can be filtered by."""
    realm: Client = make_realm()
    ids = {
        name: add_identity(realm, name, **more)["id"]
        for name, more in {
            "alice": {"display_name": "Alice Ackermann", "primary_email_address": "alice@example.org"},
            "alina": {"display_name": "Alina Ünal", "primary_email_address": "alina@example.com", "external_id": "E-1"},
            "bob_1": {"display_name": "Bob (the builder)", "external_id": "E-2"},
            "bobx1": {"display_name": "Bob, Jr.", "external_id": "F-2"},
            "山田": {"display_name": "山田 太郎", "primary_email_address": "yamada@example.org"},
            "q\"uo'te": {"display_name": 'Zoe "Q" & and not or'},
        }.items()
    }
    realm.update_identity(ids["bobx1"], {"status": "suspended"})
    realm.create_binding_job(ids["alice"], {"delivery_method": "RETURN"})
    return realm


ALL = {"alice", "alina", "bob_1", "bobx1", "山田", "q\"uo'te"}


def found(realm: Client, filter: str) -> set[str]:
    answer = get(realm, "identities", filter=filter)
    assert answer.status_code == 200, answer.text
    names = [row["traits"]["username"] for row in answer.json()["identities"]]
    assert len(names) == answer.json()["total_size"] == len(set(names))
    return set(names)


FILTERS: list[tuple[str, set[str]]] = [
    # each operator
    ('traits.username eq "alice"', {"alice"}),
    ('traits.username eq "ali"', set()),
    ('traits.username ne "alice"', ALL - {"alice"}),
    ('traits.username co "li"', {"alice", "alina"}),
    ('traits.username co "o"', {"bob_1", "bobx1", "q\"uo'te"}),
    ('traits.username sw "ali"', {"alice", "alina"}),
    ('traits.username sw "lice"', set()),
    ('traits.username ew "1"', {"bob_1", "bobx1"}),
    ('traits.username ew "bob"', set()),
    ("traits.username pr", ALL),
    ("traits.external_id pr", {"alina", "bob_1", "bobx1"}),
    ("not (traits.external_id pr)", {"alice", "山田", "q\"uo'te"}),
    # each attribute
    ('traits.primary_email_address eq "alina@example.com"', {"alina"}),
    ('traits.primary_email_address ew "@example.org"', {"alice", "山田"}),
    ("traits.primary_email_address pr", {"alice", "alina", "山田"}),
    ('traits.external_id eq "E-2"', {"bob_1"}),
    ('traits.external_id sw "E-"', {"alina", "bob_1"}),
    ('display_name eq "Alice Ackermann"', {"alice"}),
    ('display_name sw "Bob"', {"bob_1", "bobx1"}),
    ('display_name co "太"', {"山田"}),
    ('display_name co "Ünal"', {"alina"}),
    ("display_name pr", ALL),
    ('status eq "suspended"', {"bobx1"}),
    ('status ne "suspended"', ALL - {"bobx1"}),
    ('enrollment_status eq "PENDING"', {"alice"}),
    ('enrollment_status eq "UNENROLLED"', ALL - {"alice"}),
    ('enrollment_status ne "PENDING"', ALL - {"alice"}),
    ('enrollment_status eq "ENROLLED"', set()),
    # how they combine: `and` binds more tightly than `or`
    ('traits.username sw "a" and traits.external_id pr', {"alina"}),
    ('traits.username eq "alice" or traits.username eq "alina"', {"alice", "alina"}),
    (
        'traits.username eq "alice" or traits.username eq "bob_1" and status eq "suspended"',
        {"alice"},
    ),
    (
        '(traits.username eq "alice" or traits.username eq "bobx1") and status eq "suspended"',
        {"bobx1"},
    ),
    ('not (traits.username eq "alice")', ALL - {"alice"}),
    ('not (traits.username eq "alice" or status eq "suspended")', ALL - {"alice", "bobx1"}),
    ('not (traits.username eq "alice") and traits.username sw "ali"', {"alina"}),
    ('((traits.username eq "alice"))', {"alice"}),
    # attribute names and operators are read whatever their case, as RFC 7644, 3.4.2.2, says
    ('Traits.UserName EQ "alice"', {"alice"}),
    ('traits.username SW "ali" AND NOT (traits.external_id PR)', {"alice"}),
    # usernames are the same however they are written
    ('traits.username eq "ALICE"', {"alice"}),
    ('traits.username eq "ａｌｉｃｅ"', {"alice"}),
    # values are JSON strings, and nothing in them is special
    ('traits.username eq "q\\"uo\'te"', {"q\"uo'te"}),
    ('traits.username eq "\\u5c71\\u7530"', {"山田"}),
    ('traits.username sw "bob_"', {"bob_1"}),
    ('traits.username co "%"', set()),
    ('traits.username eq "*"', set()),
    ('display_name ew "and not or"', {"q\"uo'te"}),
    ('display_name co "(the"', {"bob_1"}),
    ('display_name co "\\\\"', set()),
    ("traits.username eq \"' OR '1' eq '1\"", set()),
    ('traits.username eq "' + "x" * 300 + '"', set()),
]


@pytest.mark.parametrize(("filter", "expected"), FILTERS)
def test_a_filter_finds_exactly(people: Client, filter: str, expected: set[str]) -> None:
    assert found(people, filter) == expected


def test_a_filter_that_is_not_there_filters_nothing(people: Client) -> None:
    assert len(get(people, "identities").json()["identities"]) == len(ALL)


# What is wrong, and where: the place of its first character, counted from 0.
BAD: list[tuple[str, int]] = [
    ('bogus eq "x"', 0),
    ('traits.username eq "a" and bogus eq "b"', 27),
    ('traits.bogus eq "x"', 0),
    ('title eq "x"', 0),
    ('traits.username is "x"', 16),
    ("traits.username eq x", 19),
    ('traits.username eq "a" xor status eq "active"', 23),
    ('traits.username eq "a" traits.username eq "b"', 23),
    ('traits.username eq "a")', 22),
    ("and", 3),
]


@pytest.mark.parametrize(("filter", "place"), BAD)
def test_a_refusal_names_the_position(people: Client, filter: str, place: int) -> None:
    answer = get(people, "identities", filter=filter)
    assert_refused(answer, 400)
    # Programs count from 0, people from 1.
    assert {place, place + 1} & {int(number) for number in numbers(answer)}, answer.text


UNFINISHED = [
    "traits.username",
    "traits.username eq",
    'traits.username eq "a',
    'traits.username eq "a" and',
    '(traits.username eq "a"',
    "not",
    'traits.username eq "\\u12"',
]


@pytest.mark.parametrize("filter", UNFINISHED)
def test_an_unfinished_filter_is_refused_with_a_position(people: Client, filter: str) -> None:
    answer = get(people, "identities", filter=filter)
    assert_refused(answer, 400)
    assert any(int(number) <= len(filter) + 1 for number in numbers(answer)), answer.text


MORE_BAD = [
    "status eq 5",
    "traits.username eq 'a'",
    'not traits.username eq "a"',
    "()",
    '"a" eq traits.username',
    "traits[username eq 'a']",
    "traits.username pr pr",
]


@pytest.mark.parametrize("filter", MORE_BAD)
def test_what_is_no_filter_is_refused(people: Client, filter: str) -> None:
    assert_refused(get(people, "identities", filter=filter), 400)


HUGE = {
    "deep": "(" * 5000 + "traits.username pr" + ")" * 5000,
    "long": " or ".join(['traits.username eq "a"'] * 800),
    "negated": "not (" * 2000 + "traits.username pr" + ")" * 2000,
    "wide": f'traits.username eq "{"x" * 20_000}"',
}


@pytest.mark.parametrize("filter", HUGE.values(), ids=HUGE.keys())
def test_a_huge_filter_is_answered_or_refused(people: Client, filter: str) -> None:
    answer = get(people, "identities", filter=filter)
    assert answer.status_code in {200, 400, 414, 431}
    # Whatever came of it, the next one is answered.
    assert found(people, 'traits.username eq "alice"') == {"alice"}


def numbers(answer: httpx.Response) -> list[str]:
    """The numbers in what is said, without those of the request."""
    body = answer.json()
    said = [body["message"], *(v["description"] for d in body["details"] for v in d.get("field_violations", []))]
    return re.findall(r"\d+", " ".join(said))


def test_groups_are_filtered_by_name(empty_realm: Client) -> None:
    for name in ("Builders", "Buyers", "Zoë & Co"):
        add_group(empty_realm, name)

    def names(filter: str) -> set[str]:
        return {group["display_name"] for group in empty_realm.groups(filter=filter)}

    assert names('display_name eq "Buyers"') == {"Buyers"}
    assert names('display_name sw "Bu" and not (display_name co "y")') == {"Builders"}
    assert names('display_name ew "& Co"') == {"Zoë & Co"}
    for attribute in ("traits.username", "status", "description"):
        assert_refused(get(empty_realm, "groups", filter=f'{attribute} eq "x"'), 400)


def test_jobs_are_filtered_by_state_and_delivery(empty_realm: Client) -> None:
    realm = empty_realm
    zoe = add_identity(realm)["id"]
    mailed = add_identity(realm, primary_email_address="zoe@example.org")["id"]
    returned = realm.create_binding_job(zoe, {"delivery_method": "RETURN"}).job["id"]
    by_mail = realm.create_binding_job(mailed, {"delivery_method": "EMAIL"}).job["id"]
    ended = realm.create_binding_job(add_identity(realm)["id"], {"delivery_method": "RETURN"}).job
    realm.revoke_binding_job(ended["identity_id"], ended["id"])

    def ids(filter: str) -> set[str]:
        return {job["id"] for job in realm.binding_jobs(filter=filter)}

    assert ids('delivery_method eq "EMAIL"') == {by_mail}
    assert ids('delivery_method ne "EMAIL"') == {returned, ended["id"]}
    assert ids('state eq "REVOKED"') == {ended["id"]}
    assert ids('state eq "LINK_SENT" and delivery_method eq "RETURN"') == {returned}
    assert ids('state eq "COMPLETE"') == set()
    assert {job["id"] for job in realm.binding_jobs(zoe, filter='state eq "LINK_SENT"')} == {returned}
    assert_refused(get(realm, "identities", "-", "credential-binding-jobs", filter='identity_id eq "x"'), 400)
