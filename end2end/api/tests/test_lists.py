"""Lists: their shape, page_size, page_token and skip."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from checks import URL_SAFE, assert_list, assert_refused
from client import Client
from making import add_group, add_identity, fresh, get

#: More than the largest page holds.
MANY = 205


@pytest.fixture(scope="module")
def crowd(make_realm: Any) -> Client:
    """A realm with many identities, every fifth of them suspended."""
    realm: Client = make_realm()
    for number in range(MANY):
        identity = add_identity(realm, f"zoe-{number:03}")
        if number % 5 == 0:
            realm.update_identity(identity["id"], {"status": "suspended"})
    return realm


def ids(answer: httpx.Response, name: str = "identities") -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()[name]]


def test_an_empty_list(empty_realm: Client) -> None:
    assert assert_list(get(empty_realm, "identities"), "identities") == []
    assert assert_list(get(empty_realm, "groups"), "groups") == []
    assert assert_list(get(empty_realm, "identities", "-", "credentials"), "credentials") == []
    assert assert_list(get(empty_realm, "identities", "-", "credential-binding-jobs"), "credential_binding_jobs") == []


def test_rows_are_the_resources(empty_realm: Client) -> None:
    zoe = add_identity(empty_realm, primary_email_address="zoe@example.org")
    group = add_group(empty_realm)
    assert assert_list(get(empty_realm, "identities"), "identities") == [zoe]
    assert assert_list(get(empty_realm, "groups"), "groups") == [group]


def test_a_page_holds_20_by_default(crowd: Client) -> None:
    body = get(crowd, "identities").json()
    assert body.keys() == {"identities", "total_size", "next_page_token"}
    assert len(body["identities"]) == 20
    assert body["total_size"] == MANY


@pytest.mark.parametrize("size", [1, 20, 199, 200])
def test_a_page_holds_as_many_as_asked_for(crowd: Client, size: int) -> None:
    assert len(ids(get(crowd, "identities", page_size=size))) == size


@pytest.mark.parametrize("size", [201, 500, 2**31, 2**63])
def test_more_than_the_most_is_taken_as_the_most(crowd: Client, size: int) -> None:
    answer = get(crowd, "identities", page_size=size)
    assert len(ids(answer)) == 200
    rest = get(crowd, "identities", page_token=answer.json()["next_page_token"])
    assert len(ids(rest)) == MANY - 200


@pytest.mark.parametrize("size", ["0", "-1", "abc", "", "1.5", "1e1", "0x10", " 5", "٥", "-99999999999999999999"])
@pytest.mark.parametrize(
    "path", ["identities", "groups", "identities/-/credentials", "identities/-/credential-binding-jobs"]
)
def test_what_is_no_size_is_refused(crowd: Client, path: str, size: str) -> None:
    answer = crowd.call("GET", crowd.path(path), params={"page_size": size})
    assert "page_size" in str(assert_refused(answer, 400))


def test_pages_together_are_the_list(crowd: Client) -> None:
    seen: list[str] = []
    page = crowd.page(crowd.path("identities"), "identities", page_size=50)
    sizes = [len(page.items)]
    seen += [row["id"] for row in page.items]
    while page.token is not None:
        assert URL_SAFE.fullmatch(page.token), page.token
        page = crowd.page(crowd.path("identities"), "identities", page_token=page.token)
        sizes.append(len(page.items))
        seen += [row["id"] for row in page.items]
        assert page.total == MANY
    assert sizes == [50, 50, 50, 50, 5]
    assert len(set(seen)) == MANY


def test_the_last_page_has_no_token_also_when_it_is_full(empty_realm: Client) -> None:
    for _ in range(4):
        add_group(empty_realm)
    first = get(empty_realm, "groups", page_size=2).json()
    second = get(empty_realm, "groups", page_token=first["next_page_token"]).json()
    assert len(second["groups"]) == 2
    assert "next_page_token" not in second


def test_a_token_gives_the_same_page_again(crowd: Client) -> None:
    token = get(crowd, "identities", page_size=7).json()["next_page_token"]
    assert ids(get(crowd, "identities", page_token=token)) == ids(get(crowd, "identities", page_token=token))


def test_a_token_works_unescaped(crowd: Client) -> None:
    token = get(crowd, "identities", page_size=7).json()["next_page_token"]
    answer = crowd.call("GET", f"{crowd.path('identities')}?page_token={token}")
    assert len(ids(answer)) == 7


def test_a_token_carries_the_filter(crowd: Client) -> None:
    filter = 'status eq "suspended"'
    first = get(crowd, "identities", page_size=15, filter=filter).json()
    assert first["total_size"] == MANY // 5
    second = get(crowd, "identities", page_token=first["next_page_token"]).json()
    assert second["total_size"] == MANY // 5
    assert len(second["identities"]) == 15
    assert {row["status"] for row in second["identities"]} == {"suspended"}
    again = get(crowd, "identities", page_token=first["next_page_token"], filter=filter).json()
    assert again["identities"] == second["identities"]


def test_another_filter_beside_a_token_is_refused(crowd: Client) -> None:
    with_filter = get(crowd, "identities", page_size=5, filter='status eq "suspended"').json()["next_page_token"]
    without = get(crowd, "identities", page_size=5).json()["next_page_token"]
    for token in (with_filter, without):
        assert_refused(get(crowd, "identities", page_token=token, filter='status eq "active"'), 400)


def test_a_token_of_another_list_is_refused(crowd: Client) -> None:
    token = get(crowd, "identities", page_size=5).json()["next_page_token"]
    for path in (("groups",), ("identities", "-", "credential-binding-jobs")):
        assert_refused(get(crowd, *path, page_token=token), 400)


@pytest.mark.parametrize("damage", ["x", "AAAA", "null", "é", "' OR 1=1 --", "x" * 5000])
def test_what_is_no_token_is_refused(crowd: Client, damage: str) -> None:
    assert "page_token" in str(assert_refused(get(crowd, "identities", page_token=damage), 400))


def test_a_damaged_token_is_refused(crowd: Client) -> None:
    token = get(crowd, "identities", page_size=5, filter='status eq "active"').json()["next_page_token"]
    damaged = [token[:-1], token[1:], token + "A", token[: len(token) // 2], token.swapcase(), token * 2]
    for place in range(0, len(token), max(1, len(token) // 24)):
        damaged.append(token[:place] + ("B" if token[place] != "B" else "C") + token[place + 1 :])
    for wrong in damaged:
        assert_refused(get(crowd, "identities", page_token=wrong), 400)


def test_skip_counts_from_the_beginning(crowd: Client) -> None:
    whole = [row["id"] for row in crowd.identities(page_size=200)]
    assert ids(get(crowd, "identities", skip=0, page_size=10)) == whole[:10]
    assert ids(get(crowd, "identities", skip=7, page_size=10)) == whole[7:17]
    assert ids(get(crowd, "identities", skip=MANY - 1)) == whole[-1:]
    for beyond in (MANY, MANY + 1, 10**9):
        answer = get(crowd, "identities", skip=beyond).json()
        assert answer == {"identities": [], "total_size": MANY}


def test_a_token_does_not_carry_skip(crowd: Client) -> None:
    whole = [row["id"] for row in crowd.identities(page_size=200)]
    token = get(crowd, "identities", skip=7, page_size=10).json()["next_page_token"]
    # Were it carried, the second page would begin 7 later.
    assert ids(get(crowd, "identities", page_token=token)) == whole[17:27]


@pytest.mark.parametrize("skip", ["-1", "abc", "1.5", "", "-99999999999999999999"])
def test_what_is_nothing_to_skip_is_refused(crowd: Client, skip: str) -> None:
    assert "skip" in str(assert_refused(get(crowd, "identities", skip=skip), 400))


def test_pages_neither_repeat_nor_miss_while_others_write(empty_realm: Client) -> None:
    realm = empty_realm
    stays = {add_identity(realm)["id"] for _ in range(30)}
    goes = [add_identity(realm)["id"] for _ in range(15)]
    stays |= {add_identity(realm)["id"] for _ in range(15)}
    seen: list[str] = []
    page = realm.page(realm.path("identities"), "identities", page_size=7)
    while True:
        seen += [row["id"] for row in page.items]
        if page.token is None:
            break
        # Between any two pages some that were seen and some that were not are deleted, and others appear.
        for id in (goes.pop(), goes.pop(0)) if len(goes) > 1 else ():
            realm.delete_identity(id)
        add_identity(realm, fresh("a"))
        add_identity(realm, fresh("zz"))
        page = realm.page(realm.path("identities"), "identities", page_token=page.token)
        assert len(seen) < 300, "a list without end"
    assert len(seen) == len(set(seen))
    assert stays <= set(seen)


def test_pages_neither_repeat_nor_miss_when_the_row_between_them_goes(empty_realm: Client) -> None:
    realm = empty_realm
    for _ in range(6):
        add_identity(realm)
    whole = [row["id"] for row in realm.identities()]
    page = realm.page(realm.path("identities"), "identities", page_size=3)
    realm.delete_identity(whole[2])
    assert page.token is not None
    rest = realm.page(realm.path("identities"), "identities", page_token=page.token)
    assert [row["id"] for row in rest.items] == whole[3:]


def test_a_parameter_given_twice_is_no_server_error(crowd: Client) -> None:
    answer = crowd.call("GET", f"{crowd.path('identities')}?page_size=5&page_size=6")
    assert answer.status_code in {200, 400}


def test_unknown_parameters_are_ignored(crowd: Client) -> None:
    assert len(ids(get(crowd, "identities", colour="red"))) == 20
