"""Realms: a list, and GET, POST, PATCH, DELETE."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from checks import NO_HEX_ID, assert_empty, assert_not_found, assert_refused, assert_resource, violations
from client import Client
from making import add_group, add_identity, fresh


def create(client: Client, body: object) -> httpx.Response:
    return client.call("POST", f"/v1/tenants/{client.tenant}/realms", json=body)


def change(realm: Client, body: object) -> httpx.Response:
    return realm.call("PATCH", realm.path(), json=body)


def test_it_is_made_read_changed_and_deleted(client: Client) -> None:
    name = fresh("Realm")
    made = client.create_realm({"display_name": name, "classification": "CUSTOMER"})
    assert_resource(made, display_name=name, classification="CUSTOMER", tenant_id=client.tenant)
    realm = client.at(made["id"])
    assert realm.get_realm() == made

    changed = realm.update_realm({"display_name": f"{name} 2"})
    assert changed == realm.get_realm()
    assert changed["display_name"] == f"{name} 2"
    assert changed["classification"] == "CUSTOMER"

    assert_empty(realm.call("DELETE", realm.path()))
    assert_not_found(realm.call("GET", realm.path()), "Realm", made["id"])


def test_the_list_holds_them(client: Client, empty_realm: Client) -> None:
    answer = client.call("GET", f"/v1/tenants/{client.tenant}/realms", params={"page_size": 200})
    assert answer.json().keys() <= {"realms", "total_size", "next_page_token"}
    listed = {realm["id"]: realm for realm in client.realms()}
    assert {client.realm, empty_realm.realm} <= listed.keys()
    assert listed[empty_realm.realm] == empty_realm.get_realm()
    assert answer.json()["total_size"] == len(listed)


def test_the_list_is_paged(client: Client, make_realm: Callable[[], Client]) -> None:
    make_realm()
    ids = [realm["id"] for realm in client.realms(page_size=1)]
    assert len(ids) == len(set(ids)) >= 2


@pytest.mark.parametrize("fill", [add_identity, add_group])
def test_one_with_content_is_not_deleted(empty_realm: Client, fill: Callable[[Client], object]) -> None:
    fill(empty_realm)
    assert_refused(empty_realm.call("DELETE", empty_realm.path()), 409)
    assert empty_realm.get_realm()["id"] == empty_realm.realm


def test_one_that_was_emptied_is_deleted(empty_realm: Client) -> None:
    empty_realm.delete_identity(add_identity(empty_realm)["id"])
    empty_realm.delete_realm()
    assert empty_realm.realm not in {realm["id"] for realm in empty_realm.realms()}


def test_the_realm_of_the_administrators_stays(client: Client) -> None:
    assert_refused(client.call("DELETE", client.path()), 409)


def test_nothing_is_below_one_that_does_not_exist(client: Client) -> None:
    for name in ("identities", "groups", "themes/active", "identities/-/credentials"):
        assert_not_found(client.at(NO_HEX_ID).call("GET", client.at(NO_HEX_ID).path(name)))


def test_a_name_has_to_be_there(client: Client, realm: Client) -> None:
    for missing in ({}, {"display_name": ""}, {"display_name": None}, {"display_name": ["Zoe"]}):
        assert "realm.display_name" in violations(create(client, {"realm": missing}))
    for wrong in ({"display_name": ""}, {"display_name": None}, {"display_name": 5}):
        assert "realm.display_name" in violations(change(realm, {"realm": wrong}))


def test_read_only_and_unknown_fields_are_ignored(realm: Client) -> None:
    before = realm.get_realm()
    changed = realm.update_realm({"id": NO_HEX_ID, "tenant_id": NO_HEX_ID, "create_time": "then", "colour": "red"})
    assert {**changed, "update_time": None} == {**before, "update_time": None}


def test_bodies_have_to_be_wrapped(client: Client, realm: Client) -> None:
    assert_refused(create(client, {"display_name": "Bare"}), 400)
    assert_refused(change(realm, {"display_name": "Bare"}), 400)
