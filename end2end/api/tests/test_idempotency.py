"""Idempotency-Key on POST: asked twice, done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from checks import assert_refused
from client import Client
from making import SCOPES, MakeToken, add_identity, fresh, identity_of, post


def key() -> str:
    return str(uuid4())


def create(realm: Client, key: str, name: str) -> httpx.Response:
    return post(realm, "groups", json={"group": {"display_name": name}}, idempotency_key=key)


def how_many(realm: Client, name: str) -> int:
    return sum(group["display_name"] == name for group in realm.groups(page_size=200))


def test_the_same_again_is_answered_and_not_done(realm: Client) -> None:
    again, name = key(), fresh("Group")
    first = create(realm, again, name)
    assert first.status_code == 200
    for _ in range(2):
        second = create(realm, again, name)
        assert second.status_code == 200
        assert second.json() == first.json()
        assert second.headers["x-request-id"] != first.headers["x-request-id"]
    assert how_many(realm, name) == 1


def test_the_answer_is_the_same_to_its_headers(realm: Client) -> None:
    again = key()
    first, second = (create(realm, again, "Geology") for _ in range(2))
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["content-type"] == first.headers["content-type"]
    group, members = first.json()["id"], {"identity_ids": [add_identity(realm)["id"]]}
    empty = [post(realm, "groups", f"{group}:addMembers", json=members, idempotency_key=again + "x") for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in empty] == [(200, b"")] * 2
    assert [answer.headers.get("content-type") for answer in empty] == [None] * 2


def test_an_answer_is_kept_though_the_resource_changed(realm: Client) -> None:
    again, name = key(), fresh("Group")
    first = create(realm, again, name).json()
    realm.update_group(first["id"], {"description": "later"})
    assert create(realm, again, name).json() == first
    realm.delete_group(first["id"])
    assert create(realm, again, name).json() == first
    assert how_many(realm, name) == 0


def test_where_a_second_would_be_a_conflict(realm: Client) -> None:
    again, body = key(), {"identity": identity_of(fresh())}
    first = post(realm, "identities", json=body, idempotency_key=again)
    second = post(realm, "identities", json=body, idempotency_key=again)
    assert (second.status_code, second.json()) == (200, first.json())
    assert_refused(post(realm, "identities", json=body), 409, "username already exists")


def test_another_body_is_refused(realm: Client) -> None:
    again, name, other = key(), fresh("Group"), fresh("Group")
    assert create(realm, again, name).status_code == 200
    assert_refused(create(realm, again, other), 422)
    assert how_many(realm, other) == 0


def test_another_path_is_refused(realm: Client) -> None:
    again = key()
    zoe = add_identity(realm)["id"]
    body: dict[str, Any] = {"identity_ids": [zoe]}
    groups = [realm.create_group({"display_name": fresh("Group")})["id"] for _ in range(2)]
    assert post(realm, "groups", f"{groups[0]}:addMembers", json=body, idempotency_key=again).status_code == 200
    assert_refused(post(realm, "groups", f"{groups[1]}:addMembers", json=body, idempotency_key=again), 422)
    assert list(realm.members(groups[1])) == []


def test_without_a_key_it_is_done_again(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    first = realm.create_binding_job(zoe, {"delivery_method": "RETURN"}).job["id"]
    second = realm.create_binding_job(zoe, {"delivery_method": "RETURN"}).job["id"]
    assert first != second


@pytest.mark.parametrize("_round", range(5))
def test_two_at_once_do_it_once(realm: Client, _round: int) -> None:
    again, name = key(), fresh("Group")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: create(realm, again, name), range(8)))
    # Whoever comes while the first is at it may be told to come again.
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
    assert how_many(realm, name) == 1
    assert create(realm, again, name).status_code == 200


def test_keys_of_other_tokens_are_others(realm: Client, make_token: MakeToken) -> None:
    again, name, other = key(), fresh("Group"), fresh("Group")
    mine = create(realm, again, name)
    theirs = create(realm.using(make_token(SCOPES)), again, other)
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert mine.json()["id"] != theirs.json()["id"]
    assert how_many(realm, other) == 1


def test_what_was_refused_for_its_body_can_be_put_right(realm: Client) -> None:
    again = key()
    assert_refused(create(realm, again, ""), 400)
    answer = create(realm, again, fresh("Group"))
    # Either the refusal was kept with its body, or nothing was.
    assert answer.status_code in {200, 422}


@pytest.mark.parametrize("wrong", ["", "x" * 5000])
def test_what_is_no_key_is_refused(realm: Client, wrong: str) -> None:
    name = fresh("Group")
    assert create(realm, wrong, name).status_code in {400, 431}
    assert how_many(realm, name) == 0
