"""Groups and their members."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from checks import (
    NO_HEX_ID,
    assert_empty,
    assert_list,
    assert_not_found,
    assert_refused,
    assert_resource,
    violations,
)
from client import Client
from making import add_group, add_identity, delete, fresh, get, patch, post


def create(realm: Client, group: Any) -> httpx.Response:
    return post(realm, "groups", json={"group": group})


def change(realm: Client, id: str, group: Any) -> httpx.Response:
    return patch(realm, "groups", id, json={"group": group})


def test_it_is_made_read_changed_and_deleted(realm: Client) -> None:
    name = fresh("Group")
    made = realm.create_group({"display_name": name, "description": "Who builds"})
    assert_resource(made, display_name=name, description="Who builds", realm_id=realm.realm)
    assert realm.get_group(made["id"]) == made
    changed = realm.update_group(made["id"], {"description": "Who built"})
    assert (changed["display_name"], changed["description"]) == (name, "Who built")
    assert realm.get_group(made["id"]) == changed
    assert_empty(delete(realm, "groups", made["id"]))
    assert_not_found(get(realm, "groups", made["id"]), "Group", made["id"])


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_description_is_always_there(realm: Client, nothing: str | None) -> None:
    assert add_group(realm)["description"] == ""
    made = add_group(realm, description="Who builds")
    assert realm.update_group(made["id"], {"description": nothing})["description"] == ""
    assert realm.get_group(made["id"])["description"] == ""


def test_read_only_and_unknown_fields_are_ignored(realm: Client) -> None:
    made = add_group(realm)
    changed = realm.update_group(
        made["id"], {"id": NO_HEX_ID, "realm_id": NO_HEX_ID, "create_time": 5, "colour": "red"}
    )
    assert {**changed, "update_time": None} == {**made, "update_time": None}


def test_what_is_wrong_is_named_all_at_once(realm: Client) -> None:
    made = add_group(realm)
    for wrong in ({"display_name": "", "description": "x" * 301}, {"display_name": "a<b", "description": 5}):
        assert violations(create(realm, wrong)).keys() == {"group.display_name", "group.description"}
        assert violations(change(realm, made["id"], wrong)).keys() == {"group.display_name", "group.description"}
    assert realm.get_group(made["id"]) == made
    assert violations(create(realm, {})) == {"group.display_name": "missing"}


def test_as_long_as_may_be(realm: Client) -> None:
    made = realm.create_group({"display_name": "字" * 64, "description": "😀" * 300})
    assert (made["display_name"], made["description"]) == ("字" * 64, "😀" * 300)
    assert "group.display_name" in violations(create(realm, {"display_name": "字" * 65}))
    assert "group.description" in violations(create(realm, {"display_name": "x", "description": "😀" * 301}))


@pytest.mark.parametrize("name", ['Zoë\'s "team"', "محمد", "👩‍👩‍👧‍👦", "O'Brien & Söhne"])
def test_a_name_in_any_script_comes_back_as_it_was_sent(realm: Client, name: str) -> None:
    made = add_group(realm, name, description=name)
    assert realm.get_group(made["id"]) == made
    assert (made["display_name"], made["description"]) == (name, name)


def test_bodies_have_to_be_wrapped(realm: Client) -> None:
    assert_refused(post(realm, "groups", json={"display_name": "Bare"}), 400)
    assert_refused(patch(realm, "groups", add_group(realm)["id"], json={"display_name": "Bare"}), 400)


# --- members


def test_members_come_and_go(realm: Client) -> None:
    group = add_group(realm)["id"]
    ids = [add_identity(realm)["id"] for _ in range(3)]
    assert assert_list(get(realm, "groups", f"{group}:listMembers"), "identities") == []
    assert post(realm, "groups", f"{group}:addMembers", json={"identity_ids": ids}).status_code == 200
    listed = assert_list(get(realm, "groups", f"{group}:listMembers"), "identities")
    assert sorted(member["id"] for member in listed) == sorted(ids)
    assert all(member["display_name"] == "Zoe" for member in listed)
    assert post(realm, "groups", f"{group}:deleteMembers", json={"identity_ids": ids[:2]}).status_code == 200
    assert [member["id"] for member in realm.members(group)] == ids[2:]


def test_the_members_are_paged(realm: Client) -> None:
    group = add_group(realm)["id"]
    ids = [add_identity(realm)["id"] for _ in range(5)]
    realm.add_members(group, ids)
    listed = [member["id"] for member in realm.members(group, page_size=2)]
    assert len(listed) == 5
    assert set(listed) == set(ids)
    assert get(realm, "groups", f"{group}:listMembers", page_size=0).status_code == 400


def test_all_become_members_or_none(realm: Client, empty_realm: Client) -> None:
    group = add_group(realm)["id"]
    mine = add_identity(realm)["id"]
    for stranger in (NO_HEX_ID, add_identity(empty_realm)["id"]):
        assert_not_found(post(realm, "groups", f"{group}:addMembers", json={"identity_ids": [mine, stranger]}))
    assert list(realm.members(group)) == []


def test_all_stop_being_members_or_none(realm: Client) -> None:
    group = add_group(realm)["id"]
    mine = add_identity(realm)["id"]
    realm.add_members(group, [mine])
    answer = post(realm, "groups", f"{group}:deleteMembers", json={"identity_ids": [mine, NO_HEX_ID]})
    assert_not_found(answer)
    assert [member["id"] for member in realm.members(group)] == [mine]


@pytest.mark.parametrize("verb", ["addMembers", "deleteMembers"])
@pytest.mark.parametrize("wrong", [None, [], "all", {}, [5], ["zoe"], 1001])
def test_1_to_1000_at_once(realm: Client, verb: str, wrong: Any) -> None:
    ids = [f"{number:016x}" for number in range(1, wrong + 1)] if isinstance(wrong, int) else wrong
    group = add_group(realm)["id"]
    answer = post(realm, "groups", f"{group}:{verb}", json={"identity_ids": ids})
    assert any(field.startswith("identity_ids") for field in violations(answer))


def test_one_with_members_is_not_deleted(realm: Client) -> None:
    group = add_group(realm)["id"]
    zoe = add_identity(realm)["id"]
    realm.add_members(group, [zoe])
    assert_refused(delete(realm, "groups", group), 409, "group has children")
    realm.delete_members(group, [zoe])
    assert_empty(delete(realm, "groups", group))
    assert realm.get_identity(zoe)["id"] == zoe


def test_a_member_that_is_deleted_is_one_no_more(realm: Client) -> None:
    group = add_group(realm)["id"]
    zoe = add_identity(realm)["id"]
    realm.add_members(group, [zoe])
    realm.delete_identity(zoe)
    assert list(realm.members(group)) == []
    assert_empty(delete(realm, "groups", group))
