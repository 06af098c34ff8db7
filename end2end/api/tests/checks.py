"""What every answer has to look like, whichever resource it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "unprocessable_entity",
    429: "too_many_requests",
}
ALL_CODES = {*CODES.values(), "internal"}

HEX_ID = re.compile(r"[0-9a-f]{16}")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
URL_SAFE = re.compile(r"[A-Za-z0-9._~-]+")
# Words that only the inside knows: SQL, its errors, files, the language.
INSIDE = re.compile(
    r"\b(sqlx?|sqlite\w*|postgres\w*|select \S+ from|insert into|panick\w*|unwrap|src/|\.rs\b|stack backtrace)", re.I
)

#: Ids that have the right form and belong to nothing.
NO_HEX_ID = "0fedcba987654321"
NO_UUID = "01234567-89ab-7def-8123-456789abcdef"


def every_answer(answer: httpx.Response) -> None:
    """Holds for each answer of the whole run: the client calls it."""
    answer.read()
    where = f"{answer.request.method} {answer.request.url}"
    assert answer.headers.get("x-request-id"), f"{where}: no x-request-id"
    assert answer.status_code < 500, f"{where}: {answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400 and not answer.request.url.path.endswith("/token"):
        assert_error_shape(answer)


def assert_error_shape(answer: httpx.Response) -> None:
    where = f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:300]!r}"
    assert answer.headers.get("content-type", "").startswith("application/json"), where
    if answer.request.method == "HEAD":
        return
    body = answer.json()
    assert isinstance(body, dict) and body.keys() == {"code", "message", "details"}, where
    assert body["code"] == CODES.get(answer.status_code, body["code"]) and body["code"] in ALL_CODES, where
    assert isinstance(body["message"], str) and body["message"].strip(), where
    assert isinstance(body["details"], list), where
    for detail in body["details"]:
        assert_detail(detail, where)
    assert not INSIDE.search(body["message"]), where


def assert_detail(detail: Any, where: str) -> None:
    assert isinstance(detail, dict), where
    match detail.get("type"):
        case "FieldViolations":
            assert detail["field_violations"], where
            for violation in detail["field_violations"]:
                assert violation.keys() == {"field", "description"}, where
                assert isinstance(violation["field"], str), where
                assert isinstance(violation["description"], str) and violation["description"], where
        case "ResourceInfo":
            assert detail.keys() == {"type", "resource_type", "id", "description"}, where
            assert re.fullmatch(r"[A-Z][A-Za-z]+", detail["resource_type"]), where
        case other:
            raise AssertionError(f"a detail of the unknown type {other!r}: {where}")


def assert_refused(answer: httpx.Response, status: int, message: str | None = None) -> dict[str, Any]:
    """A refusal with this status, and with exactly this message where one is given."""
    assert answer.status_code == status, answer.text
    assert_error_shape(answer)
    body: dict[str, Any] = answer.json()
    if message is not None:
        assert body["message"] == message
    return body


def violations(answer: httpx.Response) -> dict[str, str]:
    """What a 400 says about each field."""
    body = assert_refused(answer, 400)
    return {
        violation["field"]: violation["description"]
        for detail in body["details"]
        if detail["type"] == "FieldViolations"
        for violation in detail["field_violations"]
    }


def assert_not_found(answer: httpx.Response, kind: str | None = None, id: str | None = None) -> None:
    """A 404 that says what was not found."""
    body = assert_refused(answer, 404)
    infos = [detail for detail in body["details"] if detail["type"] == "ResourceInfo"]
    assert len(infos) == 1, body
    assert infos[0]["description"].endswith(" not found"), body
    if kind is not None:
        assert infos[0]["resource_type"] == kind
        assert infos[0]["description"] == f"{kind.lower()} not found"
    if id is not None:
        assert infos[0]["id"] == id


def assert_resource(resource: Mapping[str, Any], *, id: re.Pattern[str] = HEX_ID, **expected: Any) -> None:
    """What every resource has, with the given values among its own."""
    assert id.fullmatch(resource["id"]), resource
    assert TIME.fullmatch(resource["create_time"]), resource
    assert TIME.fullmatch(resource["update_time"]), resource
    assert resource["create_time"] <= resource["update_time"]
    assert {name: resource.get(name) for name in expected} == expected


def assert_empty(answer: httpx.Response) -> None:
    """What a deletion answers."""
    assert answer.status_code == 200, answer.text
    assert answer.content == b""


def assert_list(answer: httpx.Response, name: str) -> list[dict[str, Any]]:
    """A list of one page: its members and nothing besides."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    body = answer.json()
    assert body.keys() == {name, "total_size"}, body
    assert body["total_size"] == len(body[name])
    rows: list[dict[str, Any]] = body[name]
    return rows
