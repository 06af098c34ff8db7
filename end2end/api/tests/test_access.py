"""Who may: tokens, their scopes, realms and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from checks import NO_HEX_ID, NO_UUID, assert_refused
from client import Client
from making import SCOPES, MakeToken, add_group, add_identity, get


def assert_unauthorized(answer: Any) -> None:
    assert_refused(answer, 401)
    assert answer.headers["www-authenticate"].split(",")[0].split(" ")[0] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "Bearer é",
        "Bearer " + "x" * 5000,
        "Basic em9lOnpvZQ==",
        "Token {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer {short}",
        "Bearer {swapped}",
    ],
)
def test_without_a_valid_token_nothing_is_answered(client: Client, nobody: Client, header: str | None) -> None:
    token = client.token or ""
    values = {"token": token, "short": token[:-1], "swapped": token.swapcase()}
    headers: Any = {} if header is None else {"authorization": header.format(**values).encode()}
    for path in (
        client.path("identities"),
        f"/v1/tenants/{client.tenant}",
        client.path("identities", "-", "credentials"),
    ):
        answer = nobody.call("GET", path, headers=headers)
        assert_unauthorized(answer)


def test_a_token_counts_only_in_its_header(client: Client, nobody: Client) -> None:
    for name in ("access_token", "token"):
        assert_unauthorized(get(nobody, "identities", **{name: client.token}))
    answer = nobody.call("GET", nobody.path("identities"), headers={"cookie": f"token={client.token}"})
    assert_unauthorized(answer)


def test_the_scheme_is_read_whatever_its_case(client: Client) -> None:
    answer = client.call("GET", client.path("identities"), headers={"authorization": f"bearer {client.token}"})
    assert answer.status_code == 200


def test_whoever_may_not_in_is_not_told_what_exists(realm: Client, nobody: Client) -> None:
    zoe = add_identity(realm)["id"]
    there = get(nobody.at(realm.realm), "identities", zoe)
    nowhere = get(nobody.at(realm.realm), "identities", NO_HEX_ID)
    assert_unauthorized(there)
    assert there.json() == nowhere.json() or zoe not in there.text


# --- scopes


@dataclass(frozen=True)
class Operation:
    scope: str
    method: str
    path: str
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


RETURN = {"delivery_method": "RETURN"}
OPERATIONS = [
    Operation("tenants:read", "GET", "{tenant}"),
    Operation("tenants:update", "PATCH", "{tenant}", {"tenant": {}}),
    Operation("realms:read", "GET", "{tenant}/realms"),
    Operation("realms:create", "POST", "{tenant}/realms", {"realm": {"display_name": "Scoped"}}),
    Operation("realms:read", "GET", "{realm}"),
    Operation("realms:update", "PATCH", "{realm}", {"realm": {}}),
    Operation("realms:delete", "DELETE", "{realm}"),
    Operation("identities:read", "GET", "{realm}/identities"),
    Operation("identities:create", "POST", "{realm}/identities", {"identity": {}}),
    Operation("identities:read", "GET", "{realm}/identities/{identity}"),
    Operation("identities:update", "PATCH", "{realm}/identities/{identity}", {"identity": {}}),
    Operation("identities:delete", "DELETE", "{realm}/identities/{nobody}"),
    Operation("identities:delete", "POST", "{realm}/identities:batchDelete", {"ids": [NO_HEX_ID]}),
    Operation("groups:read", "GET", "{realm}/groups"),
    Operation("groups:create", "POST", "{realm}/groups", {"group": {}}),
    Operation("groups:read", "GET", "{realm}/groups/{group}"),
    Operation("groups:update", "PATCH", "{realm}/groups/{group}", {"group": {}}),
    Operation("groups:delete", "DELETE", "{realm}/groups/{nobody}"),
    Operation("groups:update", "POST", "{realm}/groups/{group}:addMembers", {"identity_ids": [NO_HEX_ID]}),
    Operation("groups:update", "POST", "{realm}/groups/{group}:deleteMembers", {"identity_ids": [NO_HEX_ID]}),
    Operation("credentials:read", "GET", "{realm}/identities/{identity}/credentials"),
    Operation("credentials:read", "GET", "{realm}/identities/-/credentials"),
    Operation("credentials:read", "GET", "{realm}/identities/{identity}/credentials/{nobody}"),
    Operation("credentials:revoke", "POST", "{realm}/identities/{identity}/credentials/{nobody}:revoke"),
    Operation("credential-binding-jobs:read", "GET", "{realm}/identities/{identity}/credential-binding-jobs"),
    Operation("credential-binding-jobs:read", "GET", "{realm}/identities/-/credential-binding-jobs"),
    Operation("credential-binding-jobs:read", "GET", "{realm}/identities/{identity}/credential-binding-jobs/{nobody}"),
    Operation(
        "credential-binding-jobs:create", "POST", "{realm}/identities/{nobody}/credential-binding-jobs", {"job": RETURN}
    ),
    Operation(
        "credential-binding-jobs:revoke",
        "POST",
        "{realm}/identities/{identity}/credential-binding-jobs/{nobody}:revoke",
    ),
    Operation(
        "credential-binding-jobs:create",
        "POST",
        "{realm}/batch-credential-binding-jobs",
        {"batch_credential_binding_job": {"identity_ids": [], "job_template": RETURN}},
    ),
    Operation("credential-binding-jobs:read", "GET", "{realm}/batch-credential-binding-jobs/{uuid}"),
    Operation("credential-binding-jobs:read", "GET", "{realm}/batch-credential-binding-jobs/{uuid}:listResults"),
    Operation("themes:read", "GET", "{realm}/themes/active"),
    Operation("themes:read", "GET", "{realm}/themes/{uuid}"),
    Operation("themes:create", "POST", "{realm}/themes", {"theme": {}}),
    Operation("themes:update", "PATCH", "{realm}/themes/{uuid}", {"theme": {}}),
    Operation("tokens:read", "GET", "{realm}/applications/{uuid}/tokens"),
    Operation("tokens:delete", "DELETE", "{realm}/applications/{uuid}/tokens/{uuid}"),
]


@pytest.fixture(scope="module")
def names(realm: Client) -> dict[str, str]:
    return {
        "tenant": f"/v1/tenants/{realm.tenant}",
        "realm": realm.path(),
        "identity": add_identity(realm)["id"],
        "group": add_group(realm)["id"],
        "nobody": NO_HEX_ID,
        "uuid": NO_UUID,
    }


@pytest.fixture(scope="module")
def tokens(make_token: MakeToken) -> dict[tuple[str, bool], str]:
    """Of each scope a token that has it alone, and one that has all the others."""
    used = sorted({operation.scope for operation in OPERATIONS})
    alone = {(scope, True): make_token([scope]) for scope in used}
    return alone | {(scope, False): make_token([other for other in SCOPES if other != scope]) for scope in used}


def ask(client: Client, operation: Operation, names: dict[str, str]) -> Any:
    path = operation.path.format_map(names)
    return client.call(operation.method, path, **({} if operation.body is None else {"json": operation.body}))


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation_needs_its_scope(
    realm: Client, names: dict[str, str], tokens: dict[tuple[str, bool], str], operation: Operation
) -> None:
    assert_refused(ask(realm.using(tokens[operation.scope, False]), operation, names), 403)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation_needs_no_other_scope(
    realm: Client, names: dict[str, str], tokens: dict[tuple[str, bool], str], operation: Operation
) -> None:
    answer = ask(realm.using(tokens[operation.scope, True]), operation, names)
    assert answer.status_code not in {401, 403}, answer.text


def test_the_groups_of_somebody_are_read_by_whoever_reads_both(
    realm: Client, names: dict[str, str], make_token: MakeToken
) -> None:
    both = realm.using(make_token(["identities:read", "groups:read"]))
    neither = realm.using(make_token([scope for scope in SCOPES if scope not in {"identities:read", "groups:read"}]))
    for path in (("identities", f"{names['identity']}:listGroups"), ("groups", f"{names['group']}:listMembers")):
        assert get(both, *path).status_code == 200
        assert_refused(get(neither, *path), 403)


def test_a_refusal_comes_before_a_look(realm: Client, make_token: MakeToken) -> None:
    few = realm.using(make_token(["groups:read"]))
    zoe = add_identity(realm)["id"]
    there = assert_refused(get(few, "identities", zoe), 403)
    nowhere = assert_refused(get(few, "identities", NO_HEX_ID), 403)
    assert there["code"] == nowhere["code"]
    assert there["message"] == nowhere["message"]


# --- realms and addresses


def test_a_token_of_one_realm_stays_there(realm: Client, empty_realm: Client, make_token: MakeToken) -> None:
    narrowed = realm.using(make_token(SCOPES, realm=realm.realm))
    assert get(narrowed, "identities").status_code == 200
    assert add_identity(narrowed)["realm_id"] == realm.realm
    zoe = add_identity(empty_realm)["id"]
    for path in (("identities",), ("identities", zoe), ("groups",), ("themes", "active")):
        assert_refused(get(narrowed.at(empty_realm.realm), *path), 403)
    # What does not exist looks as what is out of reach.
    assert_refused(get(narrowed.at(NO_HEX_ID), "identities"), 403)


def test_a_token_of_one_realm_makes_no_others(realm: Client, make_token: MakeToken) -> None:
    narrowed = realm.using(make_token(SCOPES, realm=realm.realm))
    body = {"realm": {"display_name": "Outside"}}
    assert_refused(narrowed.call("POST", f"/v1/tenants/{realm.tenant}/realms", json=body), 403)


def test_a_token_of_other_addresses_does_not_work_here(realm: Client, make_token: MakeToken) -> None:
    here = make_token(["identities:read"], address="127.0.0.0/8")
    elsewhere = make_token(["identities:read"], address="192.0.2.0/24")
    assert get(realm.using(here), "identities").status_code == 200
    answer = get(realm.using(elsewhere), "identities")
    assert answer.status_code in {401, 403}
