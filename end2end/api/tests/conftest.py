"""The server under test, and what the tests need of it.

The environment names it: KEYROLL_API, KEYROLL_TENANT, KEYROLL_REALM, KEYROLL_TOKEN (every scope, every realm),
KEYROLL_APPLICATION, KEYROLL_CLIENT_ID and KEYROLL_CLIENT_SECRET; KEYROLL_BIN with KEYROLL_ARGS makes more tokens;
KEYROLL_ENROLL is a program that makes a passkey with the link in KEYROLL_LINK. scripts/api-test sets them all.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator

import pytest

from checks import every_answer
from client import Client
from making import MakeToken, fresh, required

#: How long a request waits, in all, where the tests have been asking too much.
PATIENCE = 120.0


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """All scopes, in the realm that was there first."""
    with Client(
        required("KEYROLL_API"),
        tenant=required("KEYROLL_TENANT"),
        realm=required("KEYROLL_REALM"),
        token=required("KEYROLL_TOKEN"),
        patience=PATIENCE,
        on_answer=every_answer,
    ) as client:
        yield client


@pytest.fixture(scope="session")
def make_realm(client: Client) -> Callable[[], Client]:
    """Empty realms, each with a client of its own."""
    return lambda: client.at(client.create_realm({"display_name": fresh("Realm")})["id"])


@pytest.fixture(scope="module")
def realm(make_realm: Callable[[], Client]) -> Client:
    """A realm for the tests of one file."""
    return make_realm()


@pytest.fixture
def empty_realm(make_realm: Callable[[], Client]) -> Client:
    """A realm for one test."""
    return make_realm()


@pytest.fixture(scope="session")
def nobody(client: Client) -> Client:
    """Without any token."""
    return client.using(None)


@pytest.fixture(scope="session")
def type_command() -> Callable[..., dict[str, str]]:
    """What somebody types on the machine itself, and what it prints."""
    settings = shlex.split(os.environ.get("KEYROLL_ARGS", ""))
    # Nobody's settings but those on the command line.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KEYROLL_")}

    def run(*args: str) -> dict[str, str]:
        command = [required("KEYROLL_BIN"), *args, *settings]
        ended = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, f"{ended.stderr}\n{shlex.join(command)}"
        printed: dict[str, str] = json.loads(ended.stdout)
        return printed

    return run


@pytest.fixture(scope="session")
def make_token(type_command: Callable[..., dict[str, str]]) -> MakeToken:
    """Tokens of other kinds."""

    def make(scopes: list[str], *, realm: str | None = None, address: str | None = None) -> str:
        args = [] if realm is None else ["--realm", realm]
        args += [] if address is None else ["--address", address]
        return type_command("token", "create", fresh("test"), "--scopes", " ".join(scopes), *args)["token"]

    return make


@pytest.fixture(scope="session")
def enroll() -> Callable[[str], None]:
    """A person who opens a link in a browser and makes a passkey."""
    program = shlex.split(os.environ.get("KEYROLL_ENROLL", ""))
    if not program:
        pytest.skip("KEYROLL_ENROLL is not set: no browser to make a passkey with")

    def run(link: str) -> None:
        environment = {**os.environ, "KEYROLL_LINK": link}
        ended = subprocess.run(program, check=False, env=environment, capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"

    return run
