"""Identities: GET, POST, PATCH, DELETE, :batchDelete and :listGroups. Lists and filters have files of their own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from checks import (
    NO_HEX_ID,
    assert_list,
    assert_not_found,
    assert_refused,
    assert_resource,
    violations,
)
from client import ApiError, Client
from making import add_group, add_identity, fresh, get, identity_of, patch, post

TEXTS = """secondary_email_address external_id family_name given_name formatted_name middle_name honorific_prefix
honorific_suffix nick_name title primary_phone secondary_phone formatted_address street_address locality region
postal_code country user_type employee_number cost_center organization division department manager_id
manager_name""".split()
TRAITS = {name: f"a {name.replace('_', ' ')}" for name in TEXTS}
TRAITS |= {
    "primary_email_address": "zoe@example.org",
    "secondary_email_address": "zoe.2@example.org",
    "primary_phone": "+41 44 668 18 00",
    "secondary_phone": "+41 44 668 18 01",
    "profile_url": "https://example.org/zoe",
    "photo": "https://example.org/zoe.png",
    "preferred_language": "de-CH",
    "locale": "de-CH",
    "timezone": "Europe/Zurich",
    "country": "CH",
}


def create(realm: Client, identity: Any) -> httpx.Response:
    return post(realm, "identities", json={"identity": identity})


def change(realm: Client, id: str, identity: Any) -> httpx.Response:
    return patch(realm, "identities", id, json={"identity": identity})


def test_it_is_made_with_every_trait_and_read_back(realm: Client) -> None:
    name = fresh()
    made = realm.create_identity(identity_of(name, **TRAITS))
    assert_resource(made, display_name="Zoe", status="active", enrollment_status="UNENROLLED")
    assert made["traits"] == {"type": "traits_v0", "username": name, **TRAITS}
    assert realm.get_identity(made["id"]) == made


def test_traits_without_a_value_are_left_out(realm: Client) -> None:
    name = fresh()
    made = add_identity(realm, name, title=None, locality="")
    assert made["traits"] == {"type": "traits_v0", "username": name}


def test_a_change_merges(realm: Client) -> None:
    made = realm.create_identity(identity_of(fresh(), **TRAITS))
    changed = realm.update_identity(made["id"], {"traits": {"type": "traits_v0", "title": "Dr"}})
    assert changed["traits"] == {**made["traits"], "title": "Dr"}
    assert changed["display_name"] == made["display_name"]
    changed = realm.update_identity(made["id"], {"display_name": "Zoë"})
    assert changed["traits"] == {**made["traits"], "title": "Dr"}
    assert changed["display_name"] == "Zoë"
    assert realm.get_identity(made["id"]) == changed


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_optional_trait_is_cleared(realm: Client, nothing: str | None) -> None:
    made = realm.create_identity(identity_of(fresh(), **TRAITS))
    cleared = realm.update_identity(made["id"], {"traits": {"type": "traits_v0", **dict.fromkeys(TRAITS, nothing)}})
    assert cleared["traits"] == {"type": "traits_v0", "username": made["traits"]["username"]}
    assert realm.get_identity(made["id"]) == cleared


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_is_required_is_not_cleared(realm: Client, nothing: str | None) -> None:
    made = add_identity(realm)
    wrong = {"display_name": nothing, "traits": {"type": "traits_v0", "username": nothing}}
    found = violations(change(realm, made["id"], wrong))
    assert found.keys() == {"identity.display_name", "identity.traits.username"}
    assert realm.get_identity(made["id"]) == made


def test_nothing_to_change_changes_nothing(realm: Client) -> None:
    made = add_identity(realm)
    changed = realm.update_identity(made["id"], {})
    assert {**changed, "update_time": None} == {**made, "update_time": None}


def test_read_only_and_unknown_fields_are_ignored(realm: Client) -> None:
    made = add_identity(realm)
    sent = {
        "id": NO_HEX_ID,
        "tenant_id": NO_HEX_ID,
        "realm_id": NO_HEX_ID,
        "enrollment_status": "ENROLLED",
        "create_time": "1970-01-01T00:00:00.000000Z",
        "update_time": 5,
        "colour": {"deep": ["red"]},
        "traits": {"type": "traits_v0", "shoe_size": 43},
    }
    changed = realm.update_identity(made["id"], sent)
    assert {**changed, "update_time": None} == {**made, "update_time": None}


def test_what_was_read_can_be_sent_back(realm: Client) -> None:
    made = realm.create_identity(identity_of(fresh(), **TRAITS))
    changed = realm.update_identity(made["id"], made)
    assert {**changed, "update_time": None} == {**made, "update_time": None}


def test_suspending_and_back(realm: Client) -> None:
    made = add_identity(realm)
    for status in ("suspended", "active"):
        assert realm.update_identity(made["id"], {"status": status})["status"] == status
        assert realm.get_identity(made["id"])["status"] == status
    for wrong in ("Active", "dead", "", 1):
        assert "identity.status" in violations(change(realm, made["id"], {"status": wrong}))


def test_what_is_missing_is_named(realm: Client) -> None:
    found = violations(create(realm, {"traits": {"type": "traits_v0"}}))
    assert found == {"identity.display_name": "missing", "identity.traits.username": "missing"}
    assert "identity.traits" in " ".join(violations(create(realm, {"display_name": "Zoe"})))


@pytest.mark.parametrize("type", [None, "", "traits_v1", 0])
def test_the_type_of_traits_is_required_on_writes(realm: Client, type: Any) -> None:
    wrong = identity_of(fresh())
    wrong["traits"]["type"] = type
    assert violations(create(realm, wrong)).keys() == {"identity.traits.type"}
    made = add_identity(realm)
    assert "identity.traits.type" in violations(change(realm, made["id"], {"traits": {"title": "Dr"}}))
    assert realm.get_identity(made["id"]) == made


# --- names

GOOD_NAMES = [
    "a",
    "x" * 64,
    "é" * 64,
    "😀" * 64,
    'Zoë O\'Brien-"Quote", Jr. (née Łuk) & Söhne @ home + 1_2',
    "山田 太郎",
    "محمد علي",
    "עברית abc",
    "Ελένη Παπαδοπούλου",
    "नमस्ते",
    "👩‍👩‍👧‍👦 family",
    "null",
    "' OR 1-1 --",
    "-",
]


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_name_in_any_script_comes_back_as_it_was_sent(realm: Client, name: str) -> None:
    made = add_identity(realm, display_name=name, formatted_name=name)
    assert made["display_name"] == made["traits"]["formatted_name"] == name
    assert realm.get_identity(made["id"]) == made


BAD_NAMES = [
    "",
    " ",
    "x" * 65,
    "😀" * 65,
    "a\nb",
    "a\u0000b",
    "a\u001bb",
    *(f"a{c}b" for c in "{}[]<>;:?\\/|*^%$#=~!`"),
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_not_allowed_is_refused(realm: Client, name: str) -> None:
    wrong = identity_of(name, display_name=name)
    assert violations(create(realm, wrong)).keys() == {"identity.display_name", "identity.traits.username"}
    made = add_identity(realm)
    assert violations(change(realm, made["id"], wrong)).keys() == {"identity.display_name", "identity.traits.username"}
    assert realm.get_identity(made["id"]) == made


@pytest.mark.parametrize(
    ("taken", "same"),
    [
        ("Alice-1", "alice-1"),
        ("alice-2", "ALICE-2"),
        ("ａｌｉｃｅ-3", "alice-3"),
        ("straße", "STRASSE"),
        ("ﬁne", "fine"),
        ("Ångström", "a\u030angstro\u0308m"),
    ],
)
def test_a_username_is_unique_however_it_is_written(realm: Client, taken: str, same: str) -> None:
    add_identity(realm, taken)
    assert_refused(create(realm, identity_of(same)), 409, "username already exists")
    other = add_identity(realm)
    assert_refused(
        change(realm, other["id"], {"traits": {"type": "traits_v0", "username": same}}), 409, "username already exists"
    )
    assert realm.get_identity(other["id"]) == other


def test_a_username_may_be_written_differently_by_its_owner(realm: Client) -> None:
    made = add_identity(realm, "respell")
    changed = realm.update_identity(made["id"], {"traits": {"type": "traits_v0", "username": "ReSpell"}})
    assert changed["traits"]["username"] == "ReSpell"


def test_a_username_is_free_in_other_realms_and_after_its_end(realm: Client, empty_realm: Client) -> None:
    name = fresh()
    made = add_identity(realm, name)
    add_identity(empty_realm, name)
    realm.delete_identity(made["id"])
    assert add_identity(realm, name)["id"] != made["id"]


# --- deleting, one and many


def test_deleting_takes_memberships_and_open_jobs_along(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    group = add_group(realm)["id"]
    realm.add_members(group, [zoe])
    job = realm.create_binding_job(zoe, {"delivery_method": "RETURN"}).job["id"]
    realm.delete_identity(zoe)
    assert list(realm.members(group)) == []
    assert_not_found(get(realm, "identities", zoe, "credential-binding-jobs", job))
    assert job not in {job["id"] for job in realm.binding_jobs()}
    realm.delete_group(group)


def test_many_are_deleted_at_once(realm: Client) -> None:
    ids = [add_identity(realm)["id"] for _ in range(3)]
    stays = add_identity(realm)["id"]
    assert post(realm, "identities:batchDelete", json={"ids": ids}).status_code == 200
    for id in ids:
        assert_not_found(get(realm, "identities", id), "Identity", id)
    assert realm.get_identity(stays)["id"] == stays


def test_all_are_deleted_or_none(realm: Client, empty_realm: Client) -> None:
    mine = [add_identity(realm)["id"] for _ in range(2)]
    for stranger in (NO_HEX_ID, add_identity(empty_realm)["id"]):
        assert_not_found(post(realm, "identities:batchDelete", json={"ids": [*mine, stranger]}))
        assert [realm.get_identity(id)["id"] for id in mine] == mine


@pytest.mark.parametrize("wrong", [None, [], "all", {}, [5], ["zoe"], [None], [NO_HEX_ID] * 2, 1001])
def test_a_batch_has_1_to_1000_different_ids(realm: Client, wrong: Any) -> None:
    ids = [f"{number:016x}" for number in range(1, wrong + 1)] if isinstance(wrong, int) else wrong
    assert any(
        field.startswith("ids") for field in violations(post(realm, "identities:batchDelete", json={"ids": ids}))
    )


def test_1000_are_not_too_many(realm: Client) -> None:
    ids = [f"{number:016x}" for number in range(1, 1001)]
    assert_not_found(post(realm, "identities:batchDelete", json={"ids": ids}))


def test_a_duplicate_in_a_batch_deletes_nothing(realm: Client) -> None:
    zoe = add_identity(realm)
    assert_refused(post(realm, "identities:batchDelete", json={"ids": [zoe["id"], zoe["id"]]}), 400)
    assert realm.get_identity(zoe["id"]) == zoe


# --- groups of one


def test_its_groups_are_listed(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    assert assert_list(get(realm, "identities", f"{zoe}:listGroups"), "groups") == []
    groups = [add_group(realm) for _ in range(3)]
    for group in groups[:2]:
        realm.add_members(group["id"], [zoe])
    listed = assert_list(get(realm, "identities", f"{zoe}:listGroups"), "groups")
    assert sorted(group["id"] for group in listed) == sorted(group["id"] for group in groups[:2])
    assert sorted(group["id"] for group in realm.groups_of(zoe, page_size=1)) == sorted(
        group["id"] for group in groups[:2]
    )


# --- the client


def test_the_client_raises_what_the_server_says(realm: Client) -> None:
    with pytest.raises(ApiError) as missing:
        realm.get_identity(NO_HEX_ID)
    assert (missing.value.status, missing.value.code) == (404, "not_found")
    assert missing.value.request_id
    with pytest.raises(ApiError) as wrong:
        realm.create_identity({})
    assert wrong.value.violations().get("identity.display_name") == "missing"
