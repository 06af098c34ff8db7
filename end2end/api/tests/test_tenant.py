"""Tenant: GET and PATCH."""

from __future__ import annotations

from checks import assert_refused, assert_resource, violations
from client import Client


def path(client: Client) -> str:
    return f"/v1/tenants/{client.tenant}"


def test_it_is_read(client: Client) -> None:
    tenant = client.get_tenant()
    assert_resource(tenant)
    assert tenant["id"] == client.tenant
    assert isinstance(tenant["display_name"], str)


def test_its_name_changes(client: Client) -> None:
    before = client.get_tenant()
    changed = client.update_tenant({"display_name": "例え GmbH"})
    assert changed == client.get_tenant()
    assert changed["display_name"] == "例え GmbH"
    assert changed["update_time"] > before["update_time"]
    client.update_tenant({"display_name": before["display_name"]})


def test_read_only_and_unknown_fields_are_ignored(client: Client) -> None:
    before = client.get_tenant()
    changed = client.update_tenant(
        {"id": "0001000000000000", "create_time": "1970-01-01T00:00:00.000000Z", "colour": "red"}
    )
    assert {**changed, "update_time": None} == {**before, "update_time": None}


def test_a_name_has_to_be_there(client: Client) -> None:
    for wrong in ("", " ", 5, None):
        answer = client.call("PATCH", path(client), json={"tenant": {"display_name": wrong}})
        assert "tenant.display_name" in violations(answer)


def test_the_body_has_to_be_wrapped(client: Client) -> None:
    assert_refused(client.call("PATCH", path(client), json={"display_name": "Bare"}), 400)


def test_another_tenant_is_out_of_reach(client: Client) -> None:
    other = "0001fedcba987654" if client.tenant != "0001fedcba987654" else "0001fedcba987655"
    for below in ("", "/realms", f"/realms/{client.realm}", f"/realms/{client.realm}/identities"):
        assert_refused(client.call("GET", f"/v1/tenants/{other}{below}"), 403)


def test_it_is_not_deleted(client: Client) -> None:
    assert_refused(client.call("DELETE", path(client)), 405)
