"""Bodies that are none: refused in the shape of all refusals, whatever the operation, and nothing changes."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from checks import HEX_ID, NO_HEX_ID, assert_error_shape, violations
from client import Client
from making import add_group, add_identity, fresh

#: Every operation that takes a body: its method, its path, the wrapper of what it takes, a value that has to be text.
TAKERS = [
    ("PATCH", "{tenant}", "tenant", "display_name"),
    ("POST", "{tenant}/realms", "realm", "display_name"),
    ("PATCH", "{realm}", "realm", "display_name"),
    ("POST", "{realm}/identities", "identity", "display_name"),
    ("PATCH", "{realm}/identities/{identity}", "identity", "display_name"),
    ("POST", "{realm}/identities:batchDelete", None, "ids"),
    ("POST", "{realm}/groups", "group", "display_name"),
    ("PATCH", "{realm}/groups/{group}", "group", "display_name"),
    ("POST", "{realm}/groups/{group}:addMembers", None, "identity_ids"),
    ("POST", "{realm}/groups/{group}:deleteMembers", None, "identity_ids"),
    ("POST", "{realm}/identities/{identity}/credential-binding-jobs", "job", "delivery_method"),
    ("POST", "{realm}/batch-credential-binding-jobs", "batch_credential_binding_job", "identity_ids"),
    ("POST", "{realm}/themes", "theme", "email_realm_name"),
]
Taker = tuple[str, str, str | None, str]

#: What is JSON or nearly so, and no body of any operation.
NONE: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \n",
    "half": b'{"identity": {"display_name"',
    "words": b"identity=zoe",
    "comma": b'{"identity": {},}',
    "quotes": b"{'identity': {}}",
    "null": b"null",
    "number": b"5",
    "text": b'"identity"',
    "list": b"[]",
    "list of one": b'[{"identity": {}}]',
    "not a number": b"NaN",
    "two": b"{}{}",
    "broken UTF-8": b'{"identity": {"display_name": "\xff\xfe"}}',
    "half a surrogate": b'{"identity": {"display_name": "\\ud800"}, "group": {"display_name": "\\ud800"}}',
    "UTF-16": '{"identity": {}}'.encode("utf-16"),
    "NUL": b"\x00",
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "deep and closed": b"[" * 20_000 + b"]" * 20_000,
    "a file": b"\x89PNG\r\n\x1a\n",
}


@pytest.fixture(scope="module")
def names(realm: Client) -> dict[str, str]:
    return {
        "tenant": f"/v1/tenants/{realm.tenant}",
        "realm": realm.path(),
        "identity": add_identity(realm)["id"],
        "group": add_group(realm)["id"],
    }


def send(
    realm: Client, names: dict[str, str], taker: Taker, content: bytes, kind: str | None = "application/json"
) -> httpx.Response:
    method, path, *_ = taker
    headers = {} if kind is None else {"content-type": kind}
    return realm.call(method, path.format_map(names), content=content, headers=headers)


def wrapped(taker: Taker, value: Any) -> bytes:
    _, _, wrapper, field = taker
    inner = {field: value}
    return json.dumps(inner if wrapper is None else {wrapper: inner}).encode()


def assert_refused_body(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in {400, *statuses}, answer.text
    assert_error_shape(answer)


def id_of(taker: Any) -> str:
    return f"{taker[0]} {taker[1]}"


@pytest.mark.parametrize("body", NONE.keys())
@pytest.mark.parametrize("taker", TAKERS, ids=id_of)
def test_what_is_no_body_is_refused(realm: Client, names: dict[str, str], taker: Taker, body: str) -> None:
    before = contents(realm)
    assert_refused_body(send(realm, names, taker, NONE[body]), 422)
    assert contents(realm) == before


@pytest.mark.parametrize("wrong", [5, True, {"a": 1}, 1.5], ids=str)
@pytest.mark.parametrize("taker", TAKERS, ids=id_of)
def test_a_value_of_another_type_is_refused_and_named(
    realm: Client, names: dict[str, str], taker: Taker, wrong: Any
) -> None:
    before = contents(realm)
    answer = send(realm, names, taker, wrapped(taker, wrong))
    assert_refused_body(answer)
    assert taker[3] in answer.text
    assert contents(realm) == before


@pytest.mark.parametrize("wrong", [5, None, "x", [], [{}]], ids=str)
@pytest.mark.parametrize("taker", [taker for taker in TAKERS if taker[2]], ids=id_of)
def test_a_wrapper_around_nothing_is_refused(realm: Client, names: dict[str, str], taker: Taker, wrong: Any) -> None:
    before = contents(realm)
    assert_refused_body(send(realm, names, taker, json.dumps({taker[2]: wrong}).encode()))
    assert contents(realm) == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "nonsense"]
)
@pytest.mark.parametrize("taker", TAKERS, ids=id_of)
def test_another_content_type_is_refused(realm: Client, names: dict[str, str], taker: Taker, kind: str) -> None:
    before = contents(realm)
    assert_refused_body(send(realm, names, taker, good(taker), kind), 415)
    assert contents(realm) == before


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_taken_however_it_is_called(realm: Client, names: dict[str, str], kind: str) -> None:
    body = json.dumps({"group": {"display_name": fresh("Group")}}).encode()
    answer = send(realm, names, ("POST", "{realm}/groups", "group", "display_name"), body, kind)
    assert answer.status_code == 200, answer.text


def good(taker: Taker) -> bytes:
    """A body that would do something."""
    return wrapped(taker, [NO_HEX_ID] if taker[3].endswith("ids") else "RETURN")


def contents(realm: Client) -> tuple[list[Any], list[Any], list[Any]]:
    return list(realm.identities(page_size=200)), list(realm.groups(page_size=200)), list(realm.binding_jobs())


@pytest.mark.parametrize("size", [1_000_000, 10_000_000])
def test_a_body_that_is_far_too_large_is_refused(realm: Client, names: dict[str, str], size: int) -> None:
    body = json.dumps({"group": {"display_name": "x" * size}}).encode()
    try:
        answer = send(realm, names, TAKERS[6], body)
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        # The server may hang up on whoever goes on talking.
        pass
    else:
        assert_refused_body(answer, 413)
    assert realm.get_group(names["group"])["id"] == names["group"]


@pytest.mark.parametrize(
    ("body", "twice"),
    [
        (b'{"group": {"display_name": "First", "display_name": "Second"}}', "group.display_name"),
        (b'{"group": {"display_name": "First"}, "group": {"display_name": "Second"}}', "group"),
    ],
)
def test_a_key_given_twice_is_refused_and_named(realm: Client, names: dict[str, str], body: bytes, twice: str) -> None:
    before = contents(realm)
    assert violations(send(realm, names, TAKERS[6], body)).keys() == {twice}
    assert contents(realm) == before


@pytest.mark.parametrize("text", ["\u0000", "a\u0000b", "\u0000" * 64])
@pytest.mark.parametrize("trait", ["external_id", "title", "primary_email_address", "formatted_address"])
def test_nul_in_a_trait_is_refused(realm: Client, trait: str, text: str) -> None:
    body = {"identity": {"display_name": "Zoe", "traits": {"type": "traits_v0", "username": fresh(), trait: text}}}
    answer = realm.call("POST", realm.path("identities"), json=body)
    assert_refused_body(answer)
    assert f"identity.traits.{trait}" in answer.text


def test_unknown_fields_beside_the_known_are_ignored(realm: Client) -> None:
    body = {"group": {"display_name": fresh("Group"), "colour": [1, {"deep": None}]}, "more": {"of": "it"}}
    answer = realm.call("POST", realm.path("groups"), json=body)
    assert answer.status_code == 200, answer.text
    assert HEX_ID.fullmatch(answer.json()["id"])
    assert "colour" not in answer.text
