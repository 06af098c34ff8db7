"""Too many requests: how many there may be, and when there may be more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from checks import assert_refused
from client import Client
from making import MakeToken

#: More than this no test sends: a server with a higher limit has to be given a lower one for it.
AT_MOST = 20_000
AT_ONCE = 16


def number(answer: httpx.Response, name: str) -> int:
    """A header that holds a number, alone or before its parameters."""
    value = answer.headers[name].split(",")[0].split(";")[0].strip()
    assert value.isdigit(), (name, answer.headers[name])
    return int(value)


@pytest.fixture
def impatient(client: Client, make_token: MakeToken) -> Iterator[Client]:
    """A client with a token of its own, that takes a refusal as it is."""
    with Client(
        str(client.base), tenant=client.tenant, realm=client.realm, token=make_token(["identities:read"])
    ) as impatient:
        yield impatient


def ask(client: Client) -> httpx.Response:
    return client.call("GET", client.path("identities"), params={"page_size": 1})


def test_each_answer_says_how_many_are_left(impatient: Client) -> None:
    first, second = ask(impatient), ask(impatient)
    for answer in (first, second):
        assert answer.status_code == 200
        assert 0 <= number(answer, "ratelimit-remaining") <= number(answer, "ratelimit-limit")
        assert number(answer, "ratelimit-reset") >= 0
    assert number(first, "ratelimit-limit") == number(second, "ratelimit-limit") > 0


def test_too_many_are_refused_until_it_is_time(client: Client, impatient: Client) -> None:
    refused = until_refused(impatient)
    assert_refused(refused, 429)
    pause = number(refused, "retry-after")
    assert pause >= 1
    assert number(refused, "ratelimit-remaining") == 0
    assert number(refused, "ratelimit-limit") > 0
    assert number(refused, "ratelimit-reset") >= 0
    # Others go on.
    assert ask(client).status_code == 200
    # Waiting is what was asked for; a second more for clocks that are read apart.
    assert pause <= 120, "the server wants more patience than a test has"
    time.sleep(pause + 1)
    assert ask(impatient).status_code == 200


def until_refused(client: Client) -> httpx.Response:
    sent = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while sent < AT_MOST:
            for answer in pool.map(lambda _: ask(client), range(AT_ONCE * 8)):
                if answer.status_code == 429:
                    return answer
                assert answer.status_code == 200, answer.text
            sent += AT_ONCE * 8
    raise AssertionError(f"{AT_MOST} requests in a row, and none was too many")
