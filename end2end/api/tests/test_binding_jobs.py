"""Credential binding jobs: made, read, listed, revoked, and their links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from checks import (
    NO_HEX_ID,
    NO_UUID,
    TIME,
    assert_list,
    assert_not_found,
    assert_refused,
    assert_resource,
    violations,
)
from client import Client
from making import add_identity, get, post

RETURN = {"delivery_method": "RETURN"}
EMAIL = {"delivery_method": "EMAIL"}


def create(realm: Client, identity: str, job: Any) -> httpx.Response:
    return post(realm, "identities", identity, "credential-binding-jobs", json={"job": job})


def state(realm: Client, job: dict[str, Any]) -> str:
    return str(realm.get_binding_job(job["identity_id"], job["id"])["state"])


def test_a_returned_link(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    answer = create(realm, zoe, RETURN)
    assert answer.status_code == 200
    assert answer.json().keys() == {"credential_binding_job", "credential_binding_link"}
    job = answer.json()["credential_binding_job"]
    assert_resource(
        job, identity_id=zoe, realm_id=realm.realm, tenant_id=realm.tenant, delivery_method="RETURN", state="LINK_SENT"
    )
    assert "credential_id" not in job
    assert "batch_id" not in job
    link = urlsplit(answer.json()["credential_binding_link"])
    assert link.path == realm.path("identities", zoe, "credential-binding-jobs", f"{job['id']}:invokeAuthenticator")
    assert parse_qs(link.query)["token"][0]


def test_it_expires_after_7_days(realm: Client) -> None:
    job = realm.create_binding_job(add_identity(realm)["id"], RETURN).job
    assert TIME.fullmatch(job["expire_time"])
    lives = datetime.fromisoformat(job["expire_time"]) - datetime.fromisoformat(job["create_time"])
    assert abs(lives - timedelta(days=7)) < timedelta(minutes=1)


def test_the_link_is_never_shown_again(realm: Client) -> None:
    made = realm.create_binding_job(add_identity(realm)["id"], RETURN)
    secret = parse_qs(urlsplit(made.link or "").query)["token"][0]
    for path in (
        realm.path("identities", made.job["identity_id"], "credential-binding-jobs", made.job["id"]),
        realm.jobs_path(made.job["identity_id"]),
        realm.jobs_path(),
    ):
        answer = realm.call("GET", path)
        assert answer.status_code == 200
        assert secret not in answer.text
        assert "credential_binding_link" not in answer.text


def test_by_mail_the_link_is_not_returned(realm: Client) -> None:
    zoe = add_identity(realm, primary_email_address="zoe@example.org")["id"]
    answer = create(realm, zoe, EMAIL)
    assert answer.status_code == 200
    assert answer.json().keys() == {"credential_binding_job"}
    assert_resource(answer.json()["credential_binding_job"], delivery_method="EMAIL", state="LINK_SENT")
    assert "token=" not in answer.text


def test_no_mail_without_an_address(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    assert_refused(create(realm, zoe, EMAIL), 422, "Identity missing email address")
    assert list(realm.binding_jobs(zoe)) == []


def test_none_for_a_suspended_identity(realm: Client) -> None:
    zoe = add_identity(realm, primary_email_address="zoe@example.org")["id"]
    realm.update_identity(zoe, {"status": "suspended"})
    for job in (RETURN, EMAIL):
        assert_refused(create(realm, zoe, job), 409)
    assert list(realm.binding_jobs(zoe)) == []


def test_where_to_go_afterwards_is_kept(realm: Client) -> None:
    uri = "https://example.org/after?a=1&b=%20#top"
    job = realm.create_binding_job(add_identity(realm)["id"], {**RETURN, "post_binding_redirect_uri": uri}).job
    assert job["post_binding_redirect_uri"] == uri
    assert realm.get_binding_job(job["identity_id"], job["id"]) == job


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "no uri", "//example.org", 5, "https://"])
def test_where_nobody_should_go_is_refused(realm: Client, uri: Any) -> None:
    answer = create(realm, add_identity(realm)["id"], {**RETURN, "post_binding_redirect_uri": uri})
    assert violations(answer).keys() == {"job.post_binding_redirect_uri"}


@pytest.mark.parametrize("method", ["", "return", "PIGEON", None, 5, ["EMAIL"]])
def test_there_are_two_ways_of_delivery(realm: Client, method: Any) -> None:
    zoe = add_identity(realm)["id"]
    assert violations(create(realm, zoe, {"delivery_method": method})).keys() == {"job.delivery_method"}
    assert violations(create(realm, zoe, {})) == {"job.delivery_method": "missing"}
    assert list(realm.binding_jobs(zoe)) == []


def test_the_body_has_to_be_wrapped(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    assert_refused(post(realm, "identities", zoe, "credential-binding-jobs", json=RETURN), 400)


def test_none_for_nobody(realm: Client) -> None:
    assert_not_found(create(realm, NO_HEX_ID, RETURN), "Identity", NO_HEX_ID)
    assert create(realm, "-", RETURN).status_code in {400, 404}
    assert_not_found(get(realm, "identities", NO_HEX_ID, "credential-binding-jobs"), "Identity", NO_HEX_ID)


def test_a_job_is_below_its_identity_only(realm: Client) -> None:
    job = realm.create_binding_job(add_identity(realm)["id"], RETURN).job
    other = add_identity(realm)["id"]
    assert_not_found(get(realm, "identities", other, "credential-binding-jobs", job["id"]))
    assert_not_found(post(realm, "identities", other, "credential-binding-jobs", f"{job['id']}:revoke", json={}))
    assert state(realm, job) == "LINK_SENT"


def test_they_are_listed_for_one_and_for_all(empty_realm: Client) -> None:
    realm = empty_realm
    jobs = [realm.create_binding_job(add_identity(realm)["id"], RETURN).job for _ in range(3)]
    for job in jobs:
        path = ("identities", job["identity_id"], "credential-binding-jobs")
        assert assert_list(get(realm, *path), "credential_binding_jobs") == [job]
    listed = assert_list(get(realm, "identities", "-", "credential-binding-jobs"), "credential_binding_jobs")
    assert sorted(job["id"] for job in listed) == sorted(job["id"] for job in jobs)
    assert len({job["id"] for job in realm.binding_jobs(page_size=1)}) == 3


def test_revoking_ends_it_once(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    job = realm.create_binding_job(zoe, RETURN).job
    revoke = ("identities", zoe, "credential-binding-jobs", f"{job['id']}:revoke")
    assert realm.call("POST", realm.path(*revoke)).status_code == 200
    assert state(realm, job) == "REVOKED"
    assert_refused(realm.call("POST", realm.path(*revoke)), 409)
    assert state(realm, job) == "REVOKED"


def test_the_identity_waits_while_a_job_is_open(realm: Client) -> None:
    zoe = add_identity(realm)
    assert zoe["enrollment_status"] == "UNENROLLED"
    job = realm.create_binding_job(zoe["id"], RETURN).job
    assert realm.get_identity(zoe["id"])["enrollment_status"] == "PENDING"
    realm.revoke_binding_job(zoe["id"], job["id"])
    assert realm.get_identity(zoe["id"])["enrollment_status"] == "UNENROLLED"


# --- links


def test_a_link_leads_to_the_enrollment_page(realm: Client, nobody: Client) -> None:
    made = realm.create_binding_job(add_identity(realm)["id"], RETURN)
    assert made.link is not None
    # Again and again: neither a mail scanner nor a preview uses it up.
    for _ in range(3):
        answer = nobody.call("GET", made.link)
        assert answer.status_code == 302
        page = urljoin(made.link, answer.headers["location"])
        assert urlsplit(page).netloc == urlsplit(made.link).netloc
        assert "no-store" in answer.headers.get("cache-control", "")
        shown = nobody.call("GET", page, headers={"accept": "text/html"})
        assert shown.status_code == 200
        assert shown.headers["content-type"].startswith("text/html")
        assert state(realm, made.job) == "LINK_SENT"


def test_a_look_without_opening_changes_nothing(realm: Client, nobody: Client) -> None:
    made = realm.create_binding_job(add_identity(realm)["id"], RETURN)
    before = realm.get_binding_job(made.job["identity_id"], made.job["id"])
    for method in ("HEAD", "GET"):
        assert nobody.call(method, made.link or "").status_code == 302
    assert realm.get_binding_job(made.job["identity_id"], made.job["id"]) == before


@pytest.mark.parametrize("damage", ["", "?token=", "?token=wrong", "?token=%00", f"?token={'x' * 3000}"])
def test_a_damaged_link_changes_nothing(realm: Client, nobody: Client, damage: str) -> None:
    made = realm.create_binding_job(add_identity(realm)["id"], RETURN)
    link, _, query = (made.link or "").partition("?")
    answer = nobody.call("GET", link + damage)
    # Either the page says that the link is none, or the answer itself.
    assert answer.status_code in {302, 400, 404, 410}
    assert parse_qs(query)["token"][0] not in str(answer.headers) + answer.text
    assert state(realm, made.job) == "LINK_SENT"


def test_a_link_makes_a_passkey_once(realm: Client, enroll: Callable[[str], None]) -> None:
    zoe = add_identity(realm)["id"]
    made = realm.create_binding_job(zoe, RETURN)
    enroll(made.link or "")
    job = realm.get_binding_job(zoe, made.job["id"])
    assert job["state"] == "COMPLETE"
    assert realm.get_credential(zoe, job["credential_id"])["state"] == "ACTIVE"
    assert realm.get_identity(zoe)["enrollment_status"] == "ENROLLED"
    revoke = ("identities", zoe, "credential-binding-jobs", f"{job['id']}:revoke")
    assert_refused(realm.call("POST", realm.path(*revoke)), 409)


def test_the_page_is_the_one_way_to_a_passkey(realm: Client) -> None:
    jobs = ("identities", add_identity(realm)["id"], "credential-binding-jobs")
    terms = {"delivery_method": "RETURN", "authenticator_config": {"config": {"type": "hosted_web"}}}
    assert post(realm, *jobs, json={"job": terms}).status_code == 200
    for other, field in [
        ({"authenticator_config": {"config": {"type": "embedded"}}}, "job.authenticator_config.config.type"),
        ({"authenticator_config": {"config": {}}}, "job.authenticator_config.config.type"),
        ({"authenticator_config": "hosted_web"}, "job.authenticator_config"),
        ({"authenticator_config_id": NO_UUID}, "job.authenticator_config_id"),
    ]:
        assert field in violations(post(realm, *jobs, json={"job": {"delivery_method": "RETURN", **other}}))
