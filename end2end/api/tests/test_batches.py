"""Batches of credential binding jobs."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from checks import NO_HEX_ID, NO_UUID, UUID, assert_not_found, assert_refused, assert_resource, violations
from client import Client
from making import add_identity, post

#: For how long a batch of a few may run.
PATIENCE = 60.0
EMAIL = {"delivery_method": "EMAIL"}


def create(realm: Client, batch: Any) -> httpx.Response:
    return post(realm, "batch-credential-binding-jobs", json={"batch_credential_binding_job": batch})


def ended(realm: Client, id: str) -> dict[str, Any]:
    """The batch, once it has ended."""
    end = time.monotonic() + PATIENCE
    while (batch := realm.get_batch(id))["state"] == "RUNNING":
        assert time.monotonic() < end, batch
        time.sleep(0.05)
    return batch


def people(realm: Client, *, with_address: int = 0, without: int = 0) -> list[str]:
    addressed = [add_identity(realm, primary_email_address="zoe@example.org") for _ in range(with_address)]
    return [identity["id"] for identity in (*addressed, *(add_identity(realm) for _ in range(without)))]


@pytest.mark.parametrize(
    ("with_address", "without", "state"), [(3, 0, "SUCCESS"), (2, 1, "PARTIAL_SUCCESS"), (0, 2, "FAILED")]
)
def test_its_state_says_how_it_ended(realm: Client, with_address: int, without: int, state: str) -> None:
    ids = people(realm, with_address=with_address, without=without)
    made = realm.create_batch(ids, EMAIL)
    assert_resource(made, id=UUID, realm_id=realm.realm, tenant_id=realm.tenant)
    assert made["state"] in {"RUNNING", state}
    assert ended(realm, made["id"])["state"] == state

    results = realm.batch_results(made["id"])
    assert results["total_success_count"] == with_address
    assert results["total_failure_count"] == without
    assert results["total_pending_count"] == 0
    assert results["total_size"] == len(results["job_results"]) == len(ids)


def test_each_gets_a_job_that_names_the_batch(realm: Client) -> None:
    ids = people(realm, with_address=3)
    batch = realm.create_batch(ids, EMAIL)["id"]
    ended(realm, batch)
    for id in ids:
        (job,) = realm.binding_jobs(id)
        assert (job["batch_id"], job["identity_id"], job["delivery_method"]) == (batch, id, "EMAIL")


def test_counts_add_up_while_it_runs(realm: Client) -> None:
    ids = people(realm, with_address=20)
    batch = realm.create_batch(ids, EMAIL)["id"]
    while True:
        running = realm.get_batch(batch)["state"] == "RUNNING"
        results = realm.batch_results(batch)
        counts = [results[f"total_{kind}_count"] for kind in ("success", "failure", "pending")]
        assert sum(counts) == results["total_size"] == len(ids)
        if not running:
            break
    assert counts == [20, 0, 0]


@pytest.mark.parametrize("wrong", [None, [], "all", {}, [5], ["zoe"], 1001])
def test_1_to_1000_identities(realm: Client, wrong: Any) -> None:
    ids = [f"{number:016x}" for number in range(1, wrong + 1)] if isinstance(wrong, int) else wrong
    found = violations(create(realm, {"identity_ids": ids, "job_template": EMAIL}))
    assert all(field.startswith("batch_credential_binding_job.identity_ids") for field in found)
    assert found


def test_what_is_wrong_is_named_all_at_once(realm: Client) -> None:
    found = violations(create(realm, {"identity_ids": [], "job_template": {"delivery_method": "PIGEON"}}))
    assert "batch_credential_binding_job.identity_ids" in found
    assert "batch_credential_binding_job.job_template.delivery_method" in found


def test_the_template_has_to_be_there(realm: Client) -> None:
    zoe = people(realm, with_address=1)
    found = violations(create(realm, {"identity_ids": zoe}))
    assert any(field.startswith("batch_credential_binding_job.job_template") for field in found)
    assert list(realm.binding_jobs(zoe[0])) == []


def test_somebody_who_does_not_exist_makes_no_success(realm: Client) -> None:
    zoe = people(realm, with_address=1)[0]
    found = violations(create(realm, {"identity_ids": [zoe, NO_HEX_ID], "job_template": EMAIL}))
    assert all(field.startswith("batch_credential_binding_job.identity_ids") for field in found) and found
    assert list(realm.binding_jobs(zoe)) == []


def test_a_link_that_nobody_would_get_is_refused(realm: Client) -> None:
    zoe = people(realm, with_address=1)
    found = violations(create(realm, {"identity_ids": zoe, "job_template": {"delivery_method": "RETURN"}}))
    assert found.keys() == {"batch_credential_binding_job.job_template.delivery_method"}


def test_the_body_has_to_be_wrapped(realm: Client) -> None:
    body = {"identity_ids": people(realm, with_address=1), "job_template": EMAIL}
    assert_refused(post(realm, "batch-credential-binding-jobs", json=body), 400)


def test_those_that_do_not_exist(realm: Client) -> None:
    for id in (NO_UUID, f"{NO_UUID}:listResults"):
        assert_not_found(realm.call("GET", realm.path("batch-credential-binding-jobs", id)))
