"""The client credentials grant (RFC 6749, 4.4), and the tokens that it gave."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from checks import NO_HEX_ID, NO_UUID, TIME, UUID, assert_empty, assert_not_found
from client import Client
from making import delete, get, required

FORM = {"grant_type": "client_credentials"}
#: The most that a page of tokens holds.
MOST = 100


@pytest.fixture(scope="module")
def application() -> tuple[str, str, str]:
    """Its id, and its own name and secret."""
    return required("KEYROLL_APPLICATION"), required("KEYROLL_CLIENT_ID"), required("KEYROLL_CLIENT_SECRET")


def ask(client: Client, application: tuple[str, str, str], form: Any, **rest: Any) -> httpx.Response:
    id, name, secret = application
    return client.using(None).call(
        "POST",
        client.path("applications", id, "token"),
        **{"data": form, "auth": httpx.BasicAuth(name, secret), **rest},
    )


def assert_oauth_error(answer: httpx.Response, status: int, error: str) -> None:
    """RFC 6749, 5.2."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["error"] == error
    assert body.keys() <= {"error", "error_description", "error_uri"}
    # %x20-21 / %x23-5B / %x5D-7E
    description = body.get("error_description", "")
    assert all(" " <= letter <= "~" and letter not in '"\\' for letter in description)
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_without_a_scope_all_are_given(client: Client, application: tuple[str, str, str]) -> None:
    answer = ask(client, application, FORM)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] > 0
    assert "identities:read" in body["scope"].split(" ")
    assert get(client.using(body["access_token"]), "identities").status_code == 200


def test_only_what_is_asked_for_is_given(client: Client, application: tuple[str, str, str]) -> None:
    given = client.access_token(*application, scopes=["identities:read"])
    assert given.scopes == ["identities:read"]
    few = client.using(given.token)
    assert get(few, "identities").status_code == 200
    assert get(few, "groups").status_code == 403


def test_two_scopes(client: Client, application: tuple[str, str, str]) -> None:
    given = client.access_token(*application, scopes=["identities:read", "groups:read"])
    assert sorted(given.scopes) == ["groups:read", "identities:read"]
    for kind in ("identities", "groups"):
        assert get(client.using(given.token), kind).status_code == 200


def test_it_stays_in_its_realm(client: Client, application: tuple[str, str, str], empty_realm: Client) -> None:
    given = client.access_token(*application)
    assert get(empty_realm.using(given.token), "identities").status_code == 403


def test_another_realms_application_looks_as_one_that_does_not_exist(
    client: Client, empty_realm: Client, type_command: Callable[..., dict[str, str]]
) -> None:
    made = type_command("application", "secret", "--scopes", "identities:read", "--realm", empty_realm.realm)
    theirs = made["application_id"], made["client_id"], made["client_secret"]
    given = empty_realm.access_token(*theirs)
    (token,) = empty_realm.tokens(theirs[0])
    assert_not_found(get(client, "applications", theirs[0], "tokens"))
    assert_not_found(delete(client, "applications", theirs[0], "tokens", token["id"]))
    mine = required("KEYROLL_APPLICATION")
    assert_not_found(delete(client, "applications", mine, "tokens", token["id"]))
    # Right for there, and wrong here.
    assert_oauth_error(ask(client, theirs, FORM), 401, "invalid_client")
    assert_oauth_error(ask(client, (mine, *theirs[1:]), FORM), 401, "invalid_client")
    assert get(empty_realm.using(given.token), "identities").status_code == 200


@pytest.mark.parametrize("scope", ["nothing:read", "identities:read nothing:read", 'identities:read"', "é", "\\"])
def test_a_scope_that_there_is_not_is_refused(client: Client, application: tuple[str, str, str], scope: str) -> None:
    assert_oauth_error(ask(client, application, {**FORM, "scope": scope}), 400, "invalid_scope")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": ""},
        {"scope": "identities:read"},
        [("grant_type", "client_credentials"), ("grant_type", "client_credentials")],
        [("grant_type", "client_credentials"), ("scope", "identities:read"), ("scope", "groups:read")],
    ],
)
def test_a_form_that_is_none_is_refused(client: Client, application: tuple[str, str, str], form: Any) -> None:
    content = str(httpx.QueryParams(form)).encode()
    answer = ask(
        client, application, None, content=content, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert_oauth_error(answer, 400, "invalid_request")


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS"])
def test_another_grant_is_refused(client: Client, application: tuple[str, str, str], grant: str) -> None:
    assert_oauth_error(ask(client, application, {"grant_type": grant}), 400, "unsupported_grant_type")


def test_a_body_of_another_kind_is_refused(client: Client, application: tuple[str, str, str]) -> None:
    assert_oauth_error(ask(client, application, None, json=FORM), 400, "invalid_request")


def test_unknown_parameters_are_ignored(client: Client, application: tuple[str, str, str]) -> None:
    assert ask(client, application, {**FORM, "colour": "red"}).status_code == 200


@pytest.mark.parametrize("wrong", ["secret", "name", "both", "nothing"])
def test_a_stranger_is_refused(client: Client, application: tuple[str, str, str], wrong: str) -> None:
    id, name, secret = application
    name = "wrong" if wrong in {"name", "both"} else name
    secret = {"secret": f"{secret}x", "both": "wrong", "nothing": ""}.get(wrong, secret)
    assert_oauth_error(ask(client, (id, name, secret), FORM), 401, "invalid_client")


@pytest.mark.parametrize("header", [None, "Basic", "Basic ?", "Basic em9l", "Bearer {token}", "Basic {latin}"])
def test_without_basic_authentication_it_is_refused(
    client: Client, application: tuple[str, str, str], header: str | None
) -> None:
    values = {"token": client.token, "latin": base64.b64encode(b"\xff:\xff").decode()}
    headers = {} if header is None else {"authorization": header.format(**values)}
    assert_oauth_error(ask(client, application, FORM, headers=headers, auth=None), 401, "invalid_client")


def test_another_application_is_refused(client: Client, application: tuple[str, str, str]) -> None:
    _, name, secret = application
    assert ask(client, (NO_UUID, name, secret), FORM).status_code in {401, 404}
    assert ask(client.at(NO_HEX_ID), application, FORM).status_code in {401, 404}


def test_it_is_asked_for_with_post_only(client: Client, application: tuple[str, str, str]) -> None:
    assert client.call("GET", client.path("applications", application[0], "token")).status_code == 405


# --- the tokens that were given


def test_they_are_listed_without_what_is_secret(client: Client, application: tuple[str, str, str]) -> None:
    id, _, secret = application
    given = client.access_token(*application)
    answer = get(client, "applications", id, "tokens")
    assert answer.status_code == 200
    assert answer.json().keys() <= {"tokens", "total_size", "next_page_token"}
    for token in answer.json()["tokens"]:
        assert UUID.fullmatch(token["id"])
        assert TIME.fullmatch(token["create_time"])
    assert given.token not in answer.text
    assert secret not in answer.text


def test_one_that_is_deleted_works_no_more(client: Client, application: tuple[str, str, str]) -> None:
    id = application[0]
    before = {token["id"] for token in client.tokens(id)}
    given = client.access_token(*application, scopes=["identities:read"])
    other = client.access_token(*application, scopes=["identities:read"])
    mine, *_ = (token["id"] for token in client.tokens(id) if token["id"] not in before)
    assert len({token["id"] for token in client.tokens(id)} - before) == 2
    assert_empty(delete(client, "applications", id, "tokens", mine))
    answers = [get(client.using(token), "identities").status_code for token in (given.token, other.token)]
    assert sorted(answers) == [200, 401]
    assert mine not in {token["id"] for token in client.tokens(id)}
    assert_not_found(delete(client, "applications", id, "tokens", mine))


def test_a_page_of_them_holds_100_at_most(client: Client, application: tuple[str, str, str]) -> None:
    id = application[0]
    for _ in range(MOST + 5 - len(list(client.tokens(id)))):
        client.access_token(*application, scopes=["identities:read"])
    total = len({token["id"] for token in client.tokens(id)})
    first = get(client, "applications", id, "tokens", page_size=500).json()
    assert first["total_size"] == total >= MOST + 5
    assert len(first["tokens"]) == MOST
    assert len({token["id"] for token in client.tokens(id, page_size=7)}) == total


def test_those_that_do_not_exist(client: Client, application: tuple[str, str, str]) -> None:
    assert_not_found(get(client, "applications", NO_UUID, "tokens"))
    assert_not_found(delete(client, "applications", NO_UUID, "tokens", NO_UUID))
    assert_not_found(delete(client, "applications", application[0], "tokens", NO_UUID))
