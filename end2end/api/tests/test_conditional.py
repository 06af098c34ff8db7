"""ETag and If-Match: nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from checks import assert_empty, assert_error_shape
from client import Client
from making import add_group, add_identity

#: RFC 9110, 8.8.3; If-Match compares strongly, a weak one would never match.
STRONG = re.compile(r'"[\x21\x23-\x7e]*"')


@dataclass(frozen=True)
class Kind:
    name: str
    make: Callable[[Client], str]
    field: str = "display_name"
    deletable: bool = True

    def __str__(self) -> str:
        return self.name

    def body(self, value: str) -> dict[str, dict[str, str]]:
        return {self.name: {self.field: value}}


KINDS = [
    Kind("tenant", lambda realm: f"/v1/tenants/{realm.tenant}", deletable=False),
    Kind("realm", lambda realm: realm.path()),
    Kind("identity", lambda realm: realm.path("identities", add_identity(realm)["id"])),
    Kind("group", lambda realm: realm.path("groups", add_group(realm)["id"])),
    Kind(
        "theme",
        lambda realm: realm.path("themes", realm.create_theme({})["id"]),
        field="email_realm_name",
        deletable=False,
    ),
]


def etag(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert STRONG.fullmatch(answer.headers["etag"]), answer.headers["etag"]
    return answer.headers["etag"]


def assert_stale(answer: httpx.Response) -> None:
    assert answer.status_code == 412, answer.text
    assert_error_shape(answer)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_tag_changes_with_the_resource(empty_realm: Client, kind: Kind) -> None:
    path = kind.make(empty_realm)
    first = etag(empty_realm.call("GET", path))
    assert etag(empty_realm.call("GET", path)) == first
    etag(empty_realm.call("PATCH", path, json=kind.body("Changed")))
    assert etag(empty_realm.call("GET", path)) != first


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_known_is_not_sent_again(realm: Client, method: str) -> None:
    path = realm.path("groups", add_group(realm)["id"])
    seen = etag(realm.call("GET", path))
    for known in (seen, f'"other", W/{seen}', "*"):
        answer = realm.call(method, path, headers={"if-none-match": known})
        assert (answer.status_code, answer.headers["etag"], answer.content) == (304, seen, b""), known
    assert realm.call(method, path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_change_of_what_was_seen_is_made(empty_realm: Client, kind: Kind) -> None:
    path = kind.make(empty_realm)
    for value in ("Once", "Twice"):
        seen = etag(empty_realm.call("GET", path))
        answer = empty_realm.call("PATCH", path, json=kind.body(value), headers={"if-match": seen})
        assert answer.status_code == 200, answer.text
        assert answer.json()[kind.field] == value


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_change_of_what_was_not_seen_is_refused(empty_realm: Client, kind: Kind) -> None:
    path = kind.make(empty_realm)
    stale = etag(empty_realm.call("GET", path))
    current = empty_realm.call("PATCH", path, json=kind.body("Somebody else's")).json()
    for tag in (stale, '"nonsense"', f"W/{stale}", f'{stale}, "nonsense"'):
        assert_stale(empty_realm.call("PATCH", path, json=kind.body("Mine"), headers={"if-match": tag}))
    assert empty_realm.call("GET", path).json() == current


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_one_of_several_tags_is_enough(empty_realm: Client, kind: Kind) -> None:
    path = kind.make(empty_realm)
    seen = etag(empty_realm.call("GET", path))
    for tags in (f'"nonsense", {seen}', "*"):
        answer = empty_realm.call("PATCH", path, json=kind.body("Mine"), headers={"if-match": tags})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.deletable], ids=str)
def test_what_was_not_seen_is_not_deleted(empty_realm: Client, kind: Kind) -> None:
    path = kind.make(empty_realm)
    stale = etag(empty_realm.call("GET", path))
    empty_realm.call("PATCH", path, json=kind.body("Somebody else's"))
    assert_stale(empty_realm.call("DELETE", path, headers={"if-match": stale}))
    seen = etag(empty_realm.call("GET", path))
    assert_empty(empty_realm.call("DELETE", path, headers={"if-match": seen}))


def test_what_does_not_exist_is_not_found_whatever_was_seen(realm: Client) -> None:
    path = realm.path("identities", "0fedcba987654321")
    answer = realm.call("PATCH", path, json={"identity": {}}, headers={"if-match": '"x"'})
    assert answer.status_code in {404, 412}


def test_of_many_at_once_one_wins(realm: Client) -> None:
    group = add_group(realm)["id"]
    path = realm.path("groups", group)
    seen = etag(realm.call("GET", path))

    def change(number: int) -> int:
        body = {"group": {"description": f"by {number}"}}
        return realm.call("PATCH", path, json=body, headers={"if-match": seen}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(change, range(8)))
    assert statuses == [200, *[412] * 7]
