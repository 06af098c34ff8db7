"""Generated input: no answer is a server error, and every refusal has the shape of one.

The client asserts both of each answer (`checks.every_answer`). What is generated is the same in every run.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client import Client, segment
from making import add_group, add_identity, get

steady = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def place(make_realm: Any) -> Client:
    """A realm with a little in it."""
    realm: Client = make_realm()
    group = add_group(realm)["id"]
    for _ in range(6):
        realm.add_members(group, [add_identity(realm)["id"]])
    return realm


# --- filters

ATTRIBUTES = ["traits.username", "traits.primary_email_address", "traits.external_id", "display_name", "status"]
ATTRIBUTES += ["enrollment_status", "title", "traits", "traits.", ".", "id"]
OPERATORS = ["eq", "ne", "co", "sw", "ew", "pr", "gt", "EQ", "=", "like", ""]
text = st.text(st.characters(codec="utf-8"), max_size=20)
value = st.one_of(text.map(json.dumps), st.sampled_from(["5", "null", "true", '"', "'a'", '"\\u12"', '"\\ud800"', "*"]))
term = st.builds(lambda *parts: " ".join(parts), st.sampled_from(ATTRIBUTES), st.sampled_from(OPERATORS), value)
tree = st.recursive(
    term,
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or", "AND", "xor", ""]), inner),
        st.builds("{}({})".format, st.sampled_from(["not ", "not", "", " "]), inner),
        st.builds("{}[{}]".format, st.sampled_from(ATTRIBUTES), inner),
    ),
    max_leaves=12,
)


@st.composite
def almost_filters(draw: st.DrawFn) -> str:
    """A filter, perhaps with a piece of it cut out, doubled or put in."""
    filter = draw(tree)
    if draw(st.booleans()):
        return filter
    begin = draw(st.integers(0, len(filter)))
    end = draw(st.integers(begin, min(len(filter), begin + 5)))
    return filter[:begin] + draw(st.sampled_from(["", "(", ")", '"', "\\", "\u0000", " ", "é", filter])) + filter[end:]


@steady
@given(filter=st.one_of(almost_filters(), text))
def test_filters(place: Client, filter: str) -> None:
    for path in (("identities",), ("groups",), ("identities", "-", "credential-binding-jobs")):
        assert get(place, *path, filter=filter).status_code in {200, 400}


good_value = st.text(st.characters(codec="utf-8", exclude_characters="\u0000"), max_size=20).map(json.dumps)
TEXTS = ["traits.username", "traits.primary_email_address", "traits.external_id", "display_name"]
good_term = st.builds(
    "{} {} {}".format, st.sampled_from(TEXTS), st.sampled_from(["eq", "ne", "co", "sw", "ew"]), good_value
) | st.sampled_from([f"{attribute} pr" for attribute in TEXTS])
good_tree = st.recursive(
    good_term,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=6,
)


@steady
@given(filter=good_tree)
def test_a_filter_and_its_opposite_part_the_list(place: Client, filter: str) -> None:
    def ids(filter: str) -> set[str]:
        return {row["id"] for row in place.identities(filter=filter)}

    everybody = {row["id"] for row in place.identities()}
    found, others = ids(filter), ids(f"not ({filter})")
    assert found | others == everybody
    assert not found & others
    assert ids(f"({filter}) and ({filter})") == found
    assert ids(f"not (not ({filter}))") == found


# --- pages


@steady
@given(data=st.data())
def test_damaged_page_tokens(place: Client, data: st.DataObject) -> None:
    token = get(place, "identities", page_size=2).json()["next_page_token"]
    begin = data.draw(st.integers(0, len(token) - 1))
    end = data.draw(st.integers(begin, len(token)))
    damaged = token[:begin] + data.draw(st.one_of(text, st.just(token))) + token[end:]
    expected = 200 if damaged == token else 400
    assert get(place, "identities", page_token=damaged).status_code == expected


@steady
@given(
    params=st.dictionaries(
        st.sampled_from(["page_size", "page_token", "skip", "filter"]),
        st.one_of(text, st.integers().map(str), st.floats().map(str)),
    )
)
def test_parameters_of_lists(place: Client, params: dict[str, str]) -> None:
    for path in (("identities",), ("groups",), ("identities", "-", "credentials")):
        assert get(place, *path, **params).status_code in {200, 400}


# --- paths


@steady
@given(
    id=text.filter(lambda id: id not in {"", ".", "..", "-"}), kind=st.sampled_from(["identities", "groups", "themes"])
)
def test_ids(place: Client, kind: str, id: str) -> None:
    answer = place.call("GET", place.path(kind, segment(id)))
    assert answer.status_code in {400, 404, 405} or (kind, id) == ("themes", "active")


# --- bodies

NAMES = ["identity", "group", "job", "theme", "realm", "traits", "type", "username", "display_name", "description"]
NAMES += ["status", "ids", "identity_ids", "delivery_method", "post_binding_redirect_uri", "button_color", "id"]
VALUES = ["traits_v0", "active", "suspended", "RETURN", "EMAIL", "#1D4ED8", "", "zoe", "https://example.org"]
scalar = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    text,
    st.sampled_from(VALUES),
)
tangle = st.recursive(
    scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(NAMES), text), inner, max_size=5)
    ),
    max_leaves=20,
)
TRAITS = ["type", "username", "primary_email_address", "title", "external_id", "profile_url", "locale", "timezone"]
traits = st.dictionaries(st.sampled_from(TRAITS), tangle) | st.just({"type": "traits_v0", "username": "zoe"})
identity = st.fixed_dictionaries({}, optional={"display_name": tangle, "status": tangle, "traits": traits | tangle})
group = st.fixed_dictionaries({}, optional={"display_name": tangle, "description": tangle})
job = st.fixed_dictionaries(
    {}, optional={"delivery_method": tangle, "post_binding_redirect_uri": tangle, "authenticator_config": tangle}
)


def bodies(wrapper: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.fixed_dictionaries({wrapper: inner}), inner, tangle)


REFUSALS_AND_200 = {200, 400, 404, 409, 422}


def encoded(body: Any) -> dict[str, Any]:
    # Half a surrogate is written as an escape, as a careless client would.
    return {"content": json.dumps(body).encode(), "headers": {"content-type": "application/json"}}


@steady
@given(body=bodies("identity", identity))
def test_bodies_of_identities(place: Client, body: Any) -> None:
    answer = place.call("POST", place.path("identities"), **encoded(body))
    assert answer.status_code in REFUSALS_AND_200
    if answer.status_code == 200:
        assert place.call("PATCH", place.path("identities", answer.json()["id"]), **encoded(body)).status_code == 200


@steady
@given(body=bodies("group", group))
def test_bodies_of_groups(place: Client, body: Any) -> None:
    answer = place.call("POST", place.path("groups"), **encoded(body))
    assert answer.status_code in REFUSALS_AND_200
    if answer.status_code == 200:
        assert place.get_group(answer.json()["id"]) == answer.json()


@steady
@given(body=bodies("job", job))
def test_bodies_of_jobs(place: Client, body: Any) -> None:
    zoe = next(place.identities(page_size=1))["id"]
    path = place.path("identities", zoe, "credential-binding-jobs")
    assert place.call("POST", path, **encoded(body)).status_code in REFUSALS_AND_200


ids = st.fixed_dictionaries({}, optional={"identity_ids": tangle, "ids": tangle})
batch = st.fixed_dictionaries({}, optional={"identity_ids": tangle, "job_template": job | tangle})
COLORS = ["email_realm_name", "logo_url_light", "logo_url_dark", "support_url", "button_color", "button_text_color"]
theme = st.dictionaries(st.sampled_from(COLORS), tangle)
realm = st.fixed_dictionaries({}, optional={"display_name": tangle, "classification": tangle})
#: What else takes a body: how, where, and what might nearly do.
REST: list[tuple[str, str, st.SearchStrategy[Any]]] = [
    ("POST", "identities:batchDelete", ids | tangle),
    ("POST", "groups/{group}:addMembers", ids | tangle),
    ("POST", "groups/{group}:deleteMembers", ids | tangle),
    ("PATCH", "groups/{group}", bodies("group", group)),
    ("POST", "batch-credential-binding-jobs", bodies("batch_credential_binding_job", batch)),
    ("POST", "themes", bodies("theme", theme)),
    ("PATCH", "", bodies("realm", realm)),
]


@pytest.mark.parametrize(("method", "path", "body"), REST, ids=[f"{method} {path}" for method, path, _ in REST])
@steady
@given(data=st.data())
def test_bodies_of_the_rest(
    place: Client, method: str, path: str, body: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    segments = [path.format(group=next(place.groups(page_size=1))["id"])] if path else []
    answer = place.call(method, place.path(*segments), **encoded(data.draw(body)))
    assert answer.status_code in REFUSALS_AND_200, answer.text


@steady
@given(
    content=st.one_of(st.binary(max_size=200), text.map(str.encode), st.integers(1, 2000).map(lambda n: b'{"a":[' * n))
)
def test_bytes(place: Client, content: bytes) -> None:
    answer = place.call("POST", place.path("identities"), content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
