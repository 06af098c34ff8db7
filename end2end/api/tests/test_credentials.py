"""Credentials, which are passkeys: listed, read, revoked."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from checks import NO_HEX_ID, assert_list, assert_not_found, assert_resource
from client import Client
from making import add_identity, get

#: Which members of a key its thumbprint is made of (RFC 7638, 3.2, and RFC 8037, 2).
OF_THUMBPRINT = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}


@pytest.fixture(scope="module")
def passkey(make_realm: Any, enroll: Callable[[str], None]) -> tuple[Client, dict[str, Any]]:
    """A realm with one person who has a passkey."""
    realm: Client = make_realm()
    zoe = add_identity(realm)["id"]
    enroll(realm.create_binding_job(zoe, {"delivery_method": "RETURN"}).link or "")
    (credential,) = realm.credentials(zoe)
    return realm, credential


def test_without_any(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    for id in (zoe, "-"):
        assert assert_list(get(realm, "identities", id, "credentials"), "credentials") == []


def test_those_that_do_not_exist(realm: Client) -> None:
    zoe = add_identity(realm)["id"]
    assert_not_found(get(realm, "identities", NO_HEX_ID, "credentials"), "Identity", NO_HEX_ID)
    assert_not_found(get(realm, "identities", zoe, "credentials", NO_HEX_ID), "Credential", NO_HEX_ID)
    revoke = realm.path("identities", zoe, "credentials", f"{NO_HEX_ID}:revoke")
    assert_not_found(realm.call("POST", revoke), "Credential", NO_HEX_ID)


def test_it_is_read(passkey: tuple[Client, dict[str, Any]]) -> None:
    realm, credential = passkey
    assert_resource(credential, realm_id=realm.realm, tenant_id=realm.tenant, csr_type="WEBAUTHN")
    assert realm.get_identity(credential["identity_id"])["enrollment_status"] == "ENROLLED"
    assert realm.get_credential(credential["identity_id"], credential["id"])["id"] == credential["id"]
    listed = assert_list(get(realm, "identities", "-", "credentials"), "credentials")
    assert [row["id"] for row in listed] == [credential["id"]]


def test_its_key_and_thumbprint_fit(passkey: tuple[Client, dict[str, Any]]) -> None:
    _, credential = passkey
    assert isinstance(credential["jwk_json"], str)
    key = json.loads(credential["jwk_json"])
    assert "d" not in key
    members = {name: key[name] for name in OF_THUMBPRINT[key["kty"]]}
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
    assert credential["jwk_thumbprint"] == digest


def test_it_belongs_to_one_identity_in_one_realm(passkey: tuple[Client, dict[str, Any]], empty_realm: Client) -> None:
    realm, credential = passkey
    other = add_identity(realm)["id"]
    assert_not_found(get(realm, "identities", other, "credentials", credential["id"]))
    stranger = add_identity(empty_realm)["id"]
    for id in (stranger, credential["identity_id"]):
        assert_not_found(get(empty_realm, "identities", id, "credentials", credential["id"]))


def test_revoking_cannot_be_undone(make_realm: Any, enroll: Callable[[str], None]) -> None:
    realm: Client = make_realm()
    zoe = add_identity(realm)["id"]
    enroll(realm.create_binding_job(zoe, {"delivery_method": "RETURN"}).link or "")
    (credential,) = realm.credentials(zoe)
    assert credential["state"] == "ACTIVE"
    assert realm.get_identity(zoe)["enrollment_status"] == "ENROLLED"

    assert realm.revoke_credential(zoe, credential["id"])["state"] == "REVOKED"
    kept = realm.get_credential(zoe, credential["id"])
    assert kept["state"] == "REVOKED"
    assert kept["jwk_json"] == credential["jwk_json"]
    assert realm.get_identity(zoe)["enrollment_status"] == "UNENROLLED"

    realm.call("POST", realm.path("identities", zoe, "credentials", f"{credential['id']}:revoke"))
    assert realm.get_credential(zoe, credential["id"]) == kept
    assert [row["state"] for row in realm.credentials()] == ["REVOKED"]
