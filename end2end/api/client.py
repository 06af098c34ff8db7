"""A client of Keyroll's management API, version 1: a method for each operation.

    client = Client("https://id.example.org", tenant=…, realm=…, token=…)
    for identity in client.identities(filter='status eq "active"'):
        …

What is refused raises `ApiError`. `call` gives the bare answer, whatever it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self
from urllib.parse import quote

import httpx

Json = dict[str, Any]
Hook = Callable[[httpx.Response], None]

#: Stands for every identity of the realm where credentials or binding jobs are listed.
EVERY_IDENTITY = "-"


class ApiError(Exception):
    """The server said no."""

    def __init__(
        self, status: int, code: str, message: str, details: Sequence[Json], request_id: str, retry_after: int | None
    ) -> None:
        super().__init__(f"{status} {code}: {message} (request {request_id})")
        self.status = status
        self.code = code
        self.message = message
        self.details = list(details)
        self.request_id = request_id
        self.retry_after = retry_after

    @classmethod
    def of(cls, answer: httpx.Response) -> ApiError:
        """Reads a refusal, also one that a proxy on the way wrote."""
        try:
            body = answer.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            body = {}
        return cls(
            answer.status_code,
            # The token endpoint speaks as RFC 6749 wants it.
            str(body.get("code") or body.get("error") or "unknown"),
            str(body.get("message") or body.get("error_description") or answer.reason_phrase),
            body.get("details") or [],
            answer.headers.get("x-request-id", ""),
            seconds(answer.headers.get("retry-after")),
        )

    def violations(self) -> dict[str, str]:
        """What is wrong with which field."""
        return {
            violation["field"]: violation["description"]
            for detail in self.details
            if detail.get("type") == "FieldViolations"
            for violation in detail["field_violations"]
        }


@dataclass(frozen=True)
class Page:
    """A page of a list; `token` leads to the next, where there is one."""

    items: list[Json]
    total: int
    token: str | None


@dataclass(frozen=True)
class BindingJob:
    """A job that was just made, with the link that is shown this once."""

    job: Json
    link: str | None


@dataclass(frozen=True)
class AccessToken:
    token: str = field(repr=False)
    expires_in: int
    scopes: list[str]


def seconds(text: str | None) -> int | None:
    """A number of seconds in a header."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


class Client:
    """Speaks to one realm of one tenant; `at` gives the same client for another realm, `using` with another token."""

    def __init__(
        self,
        api: str,
        *,
        tenant: str,
        realm: str,
        token: str | None = None,
        patience: float = 0.0,
        on_answer: Hook | None = None,
    ) -> None:
        """`patience` is for how many seconds a request waits in all where the server says that there are too many."""
        hooks = {"response": [on_answer]} if on_answer else {}
        self._http = httpx.Client(base_url=api, timeout=30.0, follow_redirects=False, event_hooks=hooks)
        self.tenant = tenant
        self.realm = realm
        self.token = token
        self._patience = patience

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def at(self, realm: str) -> Client:
        return self._sibling(realm, self.token)

    def using(self, token: str | None) -> Client:
        return self._sibling(self.realm, token)

    def _sibling(self, realm: str, token: str | None) -> Client:
        sibling = Client.__new__(Client)
        sibling._http = self._http
        sibling._patience = self._patience
        sibling.tenant = self.tenant
        sibling.realm = realm
        sibling.token = token
        return sibling

    # --- requests

    @property
    def _tenant(self) -> str:
        return f"/v1/tenants/{segment(self.tenant)}"

    @property
    def _realm(self) -> str:
        return f"{self._tenant}/realms/{segment(self.realm)}"

    @property
    def base(self) -> httpx.URL:
        return self._http.base_url

    def path(self, *segments: str) -> str:
        """The path of something in this realm; a last segment may carry a `:verb`."""
        return "/".join([self._realm, *segments])

    def call(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **rest: Any) -> httpx.Response:
        """Sends a request and gives the answer, whatever its status. `rest` goes to httpx."""
        sent = {"accept": "application/json", **(headers or {})}
        if self.token is not None and not {"authorization"} & {name.lower() for name in sent}:
            sent["authorization"] = f"Bearer {self.token}"
        left = self._patience
        while True:
            answer = self._http.request(method, path, headers=sent, **rest)
            pause = max(seconds(answer.headers.get("retry-after")) or 1, 1)
            if answer.status_code != 429 or pause > left:
                return answer
            left -= pause
            time.sleep(pause)

    def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        answer = self.call(method, path, **rest)
        if not answer.is_success:
            refused(answer)
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Json:
        given = {"if-match": if_match, "idempotency-key": idempotency_key}
        headers = {name: value for name, value in given.items() if value is not None}
        answer = self._send(method, path, headers=headers, **({} if body is None else {"json": body}))
        result: Json = answer.json() if answer.content else {}
        return result

    def page(self, path: str, name: str, **params: str | int | None) -> Page:
        """One page of a list: `page_size`, `page_token`, `skip`, `filter`."""
        given = {key: value for key, value in params.items() if value is not None}
        body = self._send("GET", path, params=given).json()
        return Page(body[name], body["total_size"], body.get("next_page_token"))

    def _every(self, path: str, name: str, filter: str | None, page_size: int | None) -> Iterator[Json]:
        page = self.page(path, name, filter=filter, page_size=page_size)
        yield from page.items
        while page.token is not None:
            page = self.page(path, name, page_token=page.token)
            yield from page.items

    # --- tenant and realms

    def get_tenant(self) -> Json:
        return self._ask("GET", self._tenant)

    def update_tenant(self, tenant: Json, *, if_match: str | None = None) -> Json:
        return self._ask("PATCH", self._tenant, {"tenant": tenant}, if_match=if_match)

    def realms(self, *, page_size: int | None = None) -> Iterator[Json]:
        return self._every(f"{self._tenant}/realms", "realms", None, page_size)

    def create_realm(self, realm: Json, *, idempotency_key: str | None = None) -> Json:
        return self._ask("POST", f"{self._tenant}/realms", {"realm": realm}, idempotency_key=idempotency_key)

    def get_realm(self) -> Json:
        return self._ask("GET", self._realm)

    def update_realm(self, realm: Json, *, if_match: str | None = None) -> Json:
        return self._ask("PATCH", self._realm, {"realm": realm}, if_match=if_match)

    def delete_realm(self, *, if_match: str | None = None) -> None:
        self._ask("DELETE", self._realm, if_match=if_match)

    # --- identities

    def identities(self, *, filter: str | None = None, page_size: int | None = None) -> Iterator[Json]:
        return self._every(self.path("identities"), "identities", filter, page_size)

    def create_identity(self, identity: Json, *, idempotency_key: str | None = None) -> Json:
        return self._ask("POST", self.path("identities"), {"identity": identity}, idempotency_key=idempotency_key)

    def get_identity(self, id: str) -> Json:
        return self._ask("GET", self.path("identities", segment(id)))

    def update_identity(self, id: str, identity: Json, *, if_match: str | None = None) -> Json:
        return self._ask("PATCH", self.path("identities", segment(id)), {"identity": identity}, if_match=if_match)

    def delete_identity(self, id: str, *, if_match: str | None = None) -> None:
        self._ask("DELETE", self.path("identities", segment(id)), if_match=if_match)

    def delete_identities(self, ids: Sequence[str]) -> None:
        """All of them or none, at most 1000."""
        self._ask("POST", self.path("identities:batchDelete"), {"ids": list(ids)})

    def groups_of(self, id: str, *, page_size: int | None = None) -> Iterator[Json]:
        return self._every(self.path("identities", f"{segment(id)}:listGroups"), "groups", None, page_size)

    # --- groups

    def groups(self, *, filter: str | None = None, page_size: int | None = None) -> Iterator[Json]:
        return self._every(self.path("groups"), "groups", filter, page_size)

    def create_group(self, group: Json, *, idempotency_key: str | None = None) -> Json:
        return self._ask("POST", self.path("groups"), {"group": group}, idempotency_key=idempotency_key)

    def get_group(self, id: str) -> Json:
        return self._ask("GET", self.path("groups", segment(id)))

    def update_group(self, id: str, group: Json, *, if_match: str | None = None) -> Json:
        return self._ask("PATCH", self.path("groups", segment(id)), {"group": group}, if_match=if_match)

    def delete_group(self, id: str, *, if_match: str | None = None) -> None:
        self._ask("DELETE", self.path("groups", segment(id)), if_match=if_match)

    def add_members(self, id: str, identity_ids: Sequence[str]) -> None:
        self._ask("POST", self.path("groups", f"{segment(id)}:addMembers"), {"identity_ids": list(identity_ids)})

    def delete_members(self, id: str, identity_ids: Sequence[str]) -> None:
        self._ask("POST", self.path("groups", f"{segment(id)}:deleteMembers"), {"identity_ids": list(identity_ids)})

    def members(self, id: str, *, page_size: int | None = None) -> Iterator[Json]:
        return self._every(self.path("groups", f"{segment(id)}:listMembers"), "identities", None, page_size)

    # --- credentials

    def credentials(self, identity_id: str = EVERY_IDENTITY, *, page_size: int | None = None) -> Iterator[Json]:
        path = self.path("identities", segment(identity_id), "credentials")
        return self._every(path, "credentials", None, page_size)

    def get_credential(self, identity_id: str, id: str) -> Json:
        return self._ask("GET", self.path("identities", segment(identity_id), "credentials", segment(id)))

    def revoke_credential(self, identity_id: str, id: str) -> Json:
        return self._ask("POST", self.path("identities", segment(identity_id), "credentials", f"{segment(id)}:revoke"))

    # --- credential binding jobs

    def binding_jobs(
        self, identity_id: str = EVERY_IDENTITY, *, filter: str | None = None, page_size: int | None = None
    ) -> Iterator[Json]:
        return self._every(self.jobs_path(identity_id), "credential_binding_jobs", filter, page_size)

    def jobs_path(self, identity_id: str = EVERY_IDENTITY) -> str:
        return self.path("identities", segment(identity_id), "credential-binding-jobs")

    def create_binding_job(self, identity_id: str, job: Json, *, idempotency_key: str | None = None) -> BindingJob:
        body = self._ask("POST", self.jobs_path(identity_id), {"job": job}, idempotency_key=idempotency_key)
        return BindingJob(body["credential_binding_job"], body.get("credential_binding_link"))

    def get_binding_job(self, identity_id: str, id: str) -> Json:
        return self._ask("GET", f"{self.jobs_path(identity_id)}/{segment(id)}")

    def revoke_binding_job(self, identity_id: str, id: str) -> Json:
        return self._ask("POST", f"{self.jobs_path(identity_id)}/{segment(id)}:revoke")

    # --- batches of binding jobs

    def create_batch(self, identity_ids: Sequence[str], job_template: Json) -> Json:
        batch = {"identity_ids": list(identity_ids), "job_template": job_template}
        return self._ask("POST", self.path("batch-credential-binding-jobs"), {"batch_credential_binding_job": batch})

    def get_batch(self, id: str) -> Json:
        return self._ask("GET", self.path("batch-credential-binding-jobs", segment(id)))

    def batch_results(self, id: str) -> Json:
        """The results with their counts."""
        return self._ask("GET", self.path("batch-credential-binding-jobs", f"{segment(id)}:listResults"))

    # --- themes

    def create_theme(self, theme: Json, *, idempotency_key: str | None = None) -> Json:
        return self._ask("POST", self.path("themes"), {"theme": theme}, idempotency_key=idempotency_key)

    def active_theme(self) -> Json:
        return self._ask("GET", self.path("themes", "active"))

    def get_theme(self, id: str) -> Json:
        return self._ask("GET", self.path("themes", segment(id)))

    def update_theme(self, id: str, theme: Json, *, if_match: str | None = None) -> Json:
        return self._ask("PATCH", self.path("themes", segment(id)), {"theme": theme}, if_match=if_match)

    # --- tokens

    def access_token(
        self, application_id: str, client_id: str, client_secret: str, scopes: Sequence[str] | None = None
    ) -> AccessToken:
        """The client credentials grant; without `scopes`, all that the application has."""
        form = {"grant_type": "client_credentials"} | ({} if scopes is None else {"scope": " ".join(scopes)})
        basic = httpx.BasicAuth(client_id, client_secret)
        path = self.path("applications", segment(application_id), "token")
        body = self.using(None)._send("POST", path, data=form, auth=basic).json()
        return AccessToken(body["access_token"], body["expires_in"], body["scope"].split(" "))

    def tokens(self, application_id: str, *, page_size: int | None = None) -> Iterator[Json]:
        return self._every(self.path("applications", segment(application_id), "tokens"), "tokens", None, page_size)

    def delete_token(self, application_id: str, id: str) -> None:
        self._ask("DELETE", self.path("applications", segment(application_id), "tokens", segment(id)))


def refused(answer: httpx.Response) -> NoReturn:
    raise ApiError.of(answer)


def segment(text: str) -> str:
    """A part of a path, whatever is in it."""
    return quote(text, safe="-")
