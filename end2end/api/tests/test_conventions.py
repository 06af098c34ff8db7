"""What holds for every resource alike: ids, times, answers, refusals."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from checks import (
    HEX_ID,
    NO_HEX_ID,
    NO_UUID,
    TIME,
    UUID,
    assert_empty,
    assert_not_found,
    assert_refused,
    assert_resource,
)
from client import Client
from making import add_group, add_identity, delete, get, identity_of, post


def test_the_tenant_id_begins_with_0001(client: Client) -> None:
    assert re.fullmatch(r"0001[0-9a-f]{12}", client.get_tenant()["id"])


def test_ids_have_the_form_of_their_kind(realm: Client) -> None:
    zoe = add_identity(realm)
    job = realm.create_binding_job(zoe["id"], {"delivery_method": "RETURN"}).job
    for resource in (zoe, add_group(realm), job, realm.get_realm()):
        assert HEX_ID.fullmatch(resource["id"]), resource
    batch = realm.create_batch([add_identity(realm)["id"]], {"delivery_method": "EMAIL"})
    for resource in (realm.create_theme({}), batch):
        assert UUID.fullmatch(resource["id"]), resource


def test_what_belongs_to_a_realm_names_it_and_its_tenant(realm: Client) -> None:
    zoe = add_identity(realm)
    job = realm.create_binding_job(zoe["id"], {"delivery_method": "RETURN"}).job
    for resource in (zoe, add_group(realm), job):
        assert_resource(resource, tenant_id=realm.tenant, realm_id=realm.realm)
    assert_resource(realm.get_realm(), tenant_id=realm.tenant)


def test_times_are_now_in_utc(realm: Client) -> None:
    before = datetime.now(UTC)
    zoe = add_identity(realm)
    after = datetime.now(UTC)
    created = datetime.fromisoformat(zoe["create_time"])
    # The server's clock is this machine's.
    assert before - timedelta(milliseconds=1) <= created <= after
    assert zoe["update_time"] == zoe["create_time"]


def test_a_change_moves_only_the_update_time(realm: Client) -> None:
    zoe = add_identity(realm)
    changed = realm.update_identity(zoe["id"], {"display_name": "Zoë"})
    assert TIME.fullmatch(changed["update_time"])
    assert changed["update_time"] > zoe["update_time"]
    assert changed["create_time"] == zoe["create_time"]


def test_creating_answers_200_with_the_bare_resource(realm: Client) -> None:
    answer = post(realm, "groups", json={"group": {"display_name": "Bare", "description": ""}})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == get(realm, "groups", answer.json()["id"]).json()


def test_deleting_answers_200_and_nothing(realm: Client) -> None:
    zoe = add_identity(realm)
    assert_empty(delete(realm, "identities", zoe["id"]))
    assert_not_found(get(realm, "identities", zoe["id"]), "Identity", zoe["id"])
    assert_not_found(delete(realm, "identities", zoe["id"]), "Identity", zoe["id"])


def test_each_answer_has_a_request_id_of_its_own(realm: Client, nobody: Client) -> None:
    answers = [
        get(realm, "identities"),
        get(realm, "identities"),
        get(realm, "identities", NO_HEX_ID),
        get(nobody, "identities"),
        realm.call("GET", "/v1/nothing-is-here"),
    ]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == len(ids)


def test_an_unknown_path_is_refused_in_the_same_shape(client: Client) -> None:
    for path in ("/v1/nothing-is-here", client.path("nothing"), client.path("identities", NO_HEX_ID, "nothing")):
        assert_refused(client.call("GET", path), 404)


def test_an_unknown_verb_is_refused_in_the_same_shape(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    for name in ("identities:explode", f"identities/{zoe}:explode"):
        answer = realm.call("POST", realm.path(name), json={})
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_a_list_does_not_have_is_405_and_names_those_it_has(client: Client, method: str) -> None:
    answer = client.call(method, client.path("identities"), json={})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= {name.strip() for name in answer.headers["allow"].split(",")}


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(("verb", "takes"), [("addMembers", {"POST"}), ("listMembers", {"GET", "HEAD"})])
def test_a_verb_belongs_to_the_address(realm: Client, verb: str, takes: set[str], method: str) -> None:
    group = add_group(realm)
    answer = realm.call(method, realm.path("groups", f"{group['id']}:{verb}"), json={"group": {"display_name": "Other"}})
    assert_refused(answer, 405)
    assert {name.strip() for name in answer.headers["allow"].split(",")} == takes
    assert realm.get_group(group["id"]) == group


def test_an_escaped_colon_begins_no_verb(realm: Client) -> None:
    group = add_group(realm)["id"]
    for method in ("GET", "PATCH", "DELETE"):
        assert_refused(realm.call(method, realm.path("groups", f"{group}%3AlistMembers"), json={"group": {}}), 404)


ELSEWHERE: list[tuple[str, str]] = [
    ("GET", "identities/{identity}"),
    ("PATCH", "identities/{identity}"),
    ("DELETE", "identities/{identity}"),
    ("GET", "identities/{identity}:listGroups"),
    ("GET", "identities/{identity}/credentials"),
    ("GET", "identities/{identity}/credential-binding-jobs"),
    ("POST", "identities/{identity}/credential-binding-jobs"),
    ("GET", "identities/{identity}/credential-binding-jobs/{job}"),
    ("POST", "identities/{identity}/credential-binding-jobs/{job}:revoke"),
    ("GET", "groups/{group}"),
    ("PATCH", "groups/{group}"),
    ("DELETE", "groups/{group}"),
    ("GET", "groups/{group}:listMembers"),
    ("POST", "groups/{group}:addMembers"),
    ("POST", "groups/{group}:deleteMembers"),
    ("GET", "themes/{theme}"),
    ("PATCH", "themes/{theme}"),
    ("GET", "batch-credential-binding-jobs/{batch}"),
    ("GET", "batch-credential-binding-jobs/{batch}:listResults"),
]
NOWHERE = {"identity": NO_HEX_ID, "job": NO_HEX_ID, "group": NO_HEX_ID}
NOWHERE |= {"theme": NO_UUID, "batch": NO_UUID}


@pytest.fixture(scope="module")
def foreign(make_realm: Any) -> dict[str, str]:
    """Ids of things in a realm that is not the one asked."""
    other = make_realm()
    zoe = add_identity(other)["id"]
    return {
        "identity": zoe,
        "job": other.create_binding_job(zoe, {"delivery_method": "RETURN"}).job["id"],
        "group": add_group(other)["id"],
        "theme": other.create_theme({})["id"],
        "batch": other.create_batch([add_identity(other)["id"]], {"delivery_method": "EMAIL"})["id"],
    }


@pytest.mark.parametrize(("method", "path"), ELSEWHERE)
def test_an_id_of_another_realm_looks_as_one_that_does_not_exist(
    realm: Client, foreign: dict[str, str], method: str, path: str
) -> None:
    theirs = ask(realm, method, path.format_map(foreign))
    nobodys = ask(realm, method, path.format_map(NOWHERE))
    assert_not_found(theirs)
    assert_not_found(nobodys)
    assert without_ids(theirs, foreign) == without_ids(nobodys, NOWHERE)


def ask(realm: Client, method: str, path: str) -> httpx.Response:
    """The request with a body that would do, so that nothing but the id is wrong."""
    mine = add_identity(realm)["id"]
    bodies: dict[str, Any] = {
        ":addMembers": {"identity_ids": [mine]},
        ":deleteMembers": {"identity_ids": [mine]},
        "/credential-binding-jobs": {"job": {"delivery_method": "RETURN"}},
    }
    if method == "PATCH":
        body: Any = {kind: {} for kind in ("identity", "group", "theme")}
    else:
        body = next((body for end, body in bodies.items() if path.endswith(end)), None)
    return realm.call(method, realm.path(path), **({} if body is None or method == "GET" else {"json": body}))


def without_ids(answer: httpx.Response, ids: dict[str, str]) -> str:
    text = answer.text
    for id in ids.values():
        text = text.replace(id, "…")
    return text.replace(answer.headers["x-request-id"], "…")


@pytest.mark.parametrize(
    "id", ["zoe", "0FEDCBA987654321", "0123", "f" * 17, "-1", "ffffffffffffffff", "%00", "..%2f.."]
)
@pytest.mark.parametrize("kind", ["identities", "groups"])
def test_what_is_no_id_is_refused(realm: Client, kind: str, id: str) -> None:
    answer = realm.call("GET", f"{realm.path(kind)}/{id}")
    assert answer.status_code in {400, 404}


def test_every_violation_is_in_one_answer(realm: Client) -> None:
    wrong = identity_of("no/slashes", display_name="", status="dead")
    body = assert_refused(post(realm, "identities", json={"identity": wrong}), 400)
    (detail,) = body["details"]
    assert detail["type"] == "FieldViolations"
    fields = {violation["field"] for violation in detail["field_violations"]}
    assert fields == {"identity.display_name", "identity.traits.username", "identity.status"}
