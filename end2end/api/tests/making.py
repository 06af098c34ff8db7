"""Short ways to what the tests are about."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

import httpx

from client import Client

#: What a token that is narrowed to a realm can have.
REALM_SCOPES = [f"{kind}:{act}" for kind in ("groups", "identities") for act in ("create", "read", "update", "delete")]
REALM_SCOPES += [f"credential-binding-jobs:{act}" for act in ("create", "read", "revoke")]
REALM_SCOPES += [f"themes:{act}" for act in ("create", "read", "update")]
REALM_SCOPES += ["credentials:read", "credentials:revoke", "tokens:read", "tokens:delete"]
SCOPES = [*REALM_SCOPES, *(f"realms:{act}" for act in ("create", "read", "update", "delete"))]
SCOPES += ["tenants:read", "tenants:update"]

NUMBERS = itertools.count(1)

MakeToken = Callable[..., str]


def required(name: str) -> str:
    """What the environment has to say."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: run these tests with scripts/api-test")
    return value


def fresh(word: str = "zoe") -> str:
    """A name that no other test has."""
    return f"{word}-{next(NUMBERS)}"


def identity_of(username: str, **more: Any) -> dict[str, Any]:
    """What creating an identity takes; what is neither its name nor its status is a trait."""
    own: dict[str, Any] = {name: more.pop(name) for name in ("display_name", "status") if name in more}
    return {"display_name": "Zoe", **own, "traits": {"type": "traits_v0", "username": username, **more}}


def add_identity(client: Client, username: str | None = None, **more: Any) -> dict[str, Any]:
    return client.create_identity(identity_of(username or fresh(), **more))


def add_group(client: Client, name: str | None = None, **more: Any) -> dict[str, Any]:
    return client.create_group({"display_name": name or fresh("Group"), **more})


def post(client: Client, *path: str, json: Any, **headers: str) -> httpx.Response:
    """A bare POST below the realm; headers as `if_match=…`."""
    return client.call("POST", client.path(*path), json=json, headers=dashed(headers))


def patch(client: Client, *path: str, json: Any, **headers: str) -> httpx.Response:
    return client.call("PATCH", client.path(*path), json=json, headers=dashed(headers))


def get(client: Client, *path: str, **params: Any) -> httpx.Response:
    return client.call("GET", client.path(*path), params=params)


def delete(client: Client, *path: str, **headers: str) -> httpx.Response:
    return client.call("DELETE", client.path(*path), headers=dashed(headers))


def dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
