"""Themes: one a realm."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from checks import NO_UUID, UUID, assert_not_found, assert_refused, assert_resource, violations
from client import Client
from making import get, patch, post

THEME = {
    "email_realm_name": "Example & Söhne",
    "logo_url_light": "https://example.org/light.png",
    "logo_url_dark": "https://example.org/dark.png",
    "support_url": "https://example.org/help",
    "button_color": "#1D4ED8",
    "button_text_color": "#FFFFFF",
}


def values(theme: dict[str, Any]) -> dict[str, str]:
    """The fields that are set, colors in one way of writing."""
    return {name: theme[name].upper() if "color" in name else theme[name] for name in THEME if name in theme}


def test_without_any_the_defaults_are_active(empty_realm: Client) -> None:
    active = empty_realm.active_theme()
    assert active["button_color"]
    assert active["button_text_color"]
    # Looking makes none.
    assert empty_realm.create_theme(THEME)["id"]


def test_it_is_made_read_and_active(empty_realm: Client) -> None:
    made = empty_realm.create_theme(THEME)
    assert_resource(made, id=UUID, realm_id=empty_realm.realm, tenant_id=empty_realm.tenant)
    assert values(made) == THEME
    assert empty_realm.get_theme(made["id"]) == made == empty_realm.active_theme()


# One red pixel (RFC 2397).
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)


def test_a_picture_that_comes_with_the_request_is_kept(empty_realm: Client) -> None:
    made = empty_realm.create_theme({**THEME, "logo_url_light": PICTURE})
    address = made["logo_url_light"]
    shown = empty_realm.call("GET", httpx.URL(address).path)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    changed = empty_realm.update_theme(made["id"], {"logo_url_dark": PICTURE})
    assert (changed["logo_url_light"], changed["logo_url_dark"]) == (address, address)
    # Its address, sent back as it was had, stays what it is.
    again = empty_realm.update_theme(made["id"], {"logo_url_light": address})
    assert again["logo_url_light"] == address


@pytest.mark.parametrize("picture", ["data:image/png;base64,AAAA", "data:text/html,x", "data:image/png;base64,", "data:"])
def test_what_is_no_picture_is_refused(empty_realm: Client, picture: str) -> None:
    refused = post(empty_realm, "themes", json={"theme": {**THEME, "logo_url_light": picture}})
    assert violations(refused).keys() == {"theme.logo_url_light"}


def test_it_was_created_once(empty_realm: Client) -> None:
    made = empty_realm.create_theme(THEME)
    changed = empty_realm.update_theme(made["id"], {"email_realm_name": "例え"})
    assert changed["create_time"] == made["create_time"]
    assert changed["update_time"] > made["update_time"]


def test_a_change_merges(empty_realm: Client) -> None:
    made = empty_realm.create_theme(THEME)
    changed = empty_realm.update_theme(made["id"], {"email_realm_name": "例え"})
    assert values(changed) == {**THEME, "email_realm_name": "例え"}
    assert empty_realm.get_theme(made["id"]) == changed == empty_realm.active_theme()


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_address_is_cleared(empty_realm: Client, nothing: str | None) -> None:
    made = empty_realm.create_theme(THEME)
    addresses = ("logo_url_light", "logo_url_dark", "support_url")
    changed = empty_realm.update_theme(made["id"], dict.fromkeys(addresses, nothing))
    assert not {name for name in addresses if changed.get(name)}
    assert changed["email_realm_name"] == THEME["email_realm_name"]


def test_read_only_and_unknown_fields_are_ignored(empty_realm: Client) -> None:
    made = empty_realm.create_theme(THEME)
    changed = empty_realm.update_theme(made["id"], {"id": NO_UUID, "create_time": 5, "shape": "round"})
    assert {**changed, "update_time": None} == {**made, "update_time": None}


def test_a_second_is_a_conflict(empty_realm: Client) -> None:
    made = empty_realm.create_theme(THEME)
    assert_refused(post(empty_realm, "themes", json={"theme": THEME}), 409)
    assert empty_realm.active_theme() == made


def test_each_realm_has_its_own(realm: Client, empty_realm: Client) -> None:
    mine = realm.create_theme(THEME)
    theirs = empty_realm.create_theme({**THEME, "email_realm_name": "Theirs"})
    assert mine["id"] != theirs["id"]
    assert realm.active_theme() == mine
    assert_not_found(get(empty_realm, "themes", mine["id"]))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("button_color", "red;} body {display: none"),
        ("button_text_color", 5),
        ("support_url", "javascript:alert(1)"),
        ("logo_url_light", "file:///etc/passwd"),
        ("logo_url_dark", ["https://example.org/dark.png"]),
        ("email_realm_name", {"en": "Example"}),
    ],
)
def test_what_is_wrong_is_named(empty_realm: Client, field: str, wrong: Any) -> None:
    assert violations(post(empty_realm, "themes", json={"theme": {**THEME, field: wrong}})).keys() == {f"theme.{field}"}
    made = empty_realm.create_theme(THEME)
    assert violations(patch(empty_realm, "themes", made["id"], json={"theme": {field: wrong}})).keys() == {
        f"theme.{field}"
    }
    assert empty_realm.get_theme(made["id"]) == made


def test_those_that_do_not_exist(realm: Client) -> None:
    assert_not_found(get(realm, "themes", NO_UUID))
    assert_not_found(patch(realm, "themes", NO_UUID, json={"theme": {}}))


def test_the_body_has_to_be_wrapped(empty_realm: Client) -> None:
    assert_refused(post(empty_realm, "themes", json=THEME), 400)
