"""Who shares with whom: nobody, unless the configuration says so (R11)."""

from __future__ import annotations

import itertools

import pytest

from proxy.core.reasons import BypassReason
from proxy.core.route import Tenancy, TenancyKind
from proxy.core.tenant import Caller, caller_digest, credential_digest, tenant_of, user_of

SECRET = b"s" * 32
AUTH = (b"Authorization", b"Bearer sk-a")


def tenant(
    *headers: tuple[bytes, bytes],
    query: str = "",
    user: str | None = None,
    trusted: bool = False,
    tenancy: Tenancy | None = None,
    secret: bytes = SECRET,
    upstream: str = "openai",
) -> bytes | BypassReason:
    return tenant_of(Caller(headers, query, user, trusted), tenancy or Tenancy(), secret, upstream)


DISTINCT = [
    (),
    (AUTH,),
    ((b"Authorization", b"Bearer sk-b"),),
    ((b"Authorization", b"bearer sk-a"),),
    ((b"api-key", b"Bearer sk-a"),),
    ((b"x-api-key", b"Bearer sk-a"),),
    ((b"x-goog-api-key", b"Bearer sk-a"),),
    ((b"X-Auth-Token", b"Bearer sk-a"),),
    ((b"x-portkey-virtual-key", b"Bearer sk-a"),),
    ((b"cf-access-client-secret", b"Bearer sk-a"),),
    ((b"Ocp-Apim-Subscription-Key", b"Bearer sk-a"),),
    ((b"Proxy-Authorization", b"Bearer sk-a"),),
    ((b"x-goog-access-key", b"Bearer sk-a"),),
    ((b"apikey", b"Bearer sk-a"),),
    ((b"X-ApiKey", b"Bearer sk-a"),),
    ((b"X-Auth-Key", b"Bearer sk-a"),),
    ((b"Helicone-Auth", b"Bearer sk-a"),),
    ((b"X-Goog-IAP-JWT-Assertion", b"Bearer sk-a"),),
    ((b"Cf-Access-Jwt-Assertion", b"Bearer sk-a"),),
    ((b"x-amzn-oidc-accesstoken", b"Bearer sk-a"),),
    ((b"x-amzn-oidc-data", b"Bearer sk-a"),),
    ((b"x-functions-key", b"Bearer sk-a"),),
    ((b"X-Key", b"Bearer sk-a"),),
    ((b"x-bf-vk", b"Bearer sk-a"),),
    ((b"X-Litellm-Key", b"Bearer sk-a"),),
    ((b"Modal-Key", b"Bearer sk-a"),),
    ((b"X-AuthToken", b"Bearer sk-a"),),
    ((b"Token", b"Bearer sk-a"),),
    ((b"api_key", b"Bearer sk-a"),),
    ((b"X-JWT", b"Bearer sk-a"),),
    ((b"X-Gateway-Password", b"Bearer sk-a"),),
    ((b"Authentication", b"Bearer sk-a"),),
    *(((name, b"Bearer sk-a"),) for name in (b"Auth", b"Key", b"JWT", b"Secret", b"Password", b"X-Client-Credential")),
    (AUTH, (b"X-Litellm-Key", b"Bearer sk-a")),
    (AUTH, (b"X-Litellm-Key", b"Bearer sk-b")),
    (AUTH, (b"OpenAI-Organization", b"org-1")),
    (AUTH, (b"OpenAI-Organization", b"org-2")),
    (AUTH, (b"OpenAI-Project", b"org-1")),
    (AUTH, (b"OpenAI-Organization", b"org-1"), (b"OpenAI-Project", b"p")),
    (AUTH, (b"Authorization", b"Bearer sk-b")),
    (AUTH, (b"api-key", b"k")),
    ((b"Sec-WebSocket-Protocol", b"realtime, openai-insecure-api-key.sk-a"),),
    ((b"Sec-WebSocket-Protocol", b"realtime, openai-insecure-api-key.sk-b"),),
    ((b"Sec-WebSocket-Protocol", b"realtime, openai-insecure-api-key.sk-a, openai-organization.o"),),
    ((b"Sec-WebSocket-Protocol", b"realtime, openai-insecure-api-key.sk-a, openai-project.o"),),
]


def test_every_difference_in_a_credential_makes_another_tenant() -> None:
    tenants = [tenant(*headers) for headers in DISTINCT]
    tenants += [tenant(query=f"{name}=a") for name in ("key", "api-key", "api_key", "access_token", "subscription-key")]

    assert len(set(tenants)) == len(tenants)
    assert all(isinstance(each, bytes) and len(each) == 32 for each in tenants)


@pytest.mark.parametrize(
    "header",
    [
        (b"User-Agent", b"x"),
        (b"X-Request-Id", b"1"),
        (b"Idempotency-Key", b"1"),
        (b"X-Idempotency-Key", b"1"),
        (b"Sec-WebSocket-Key", b"1"),
        (b"X-SMG-Routing-Key", b"1"),
        (b"cf-aig-cache-key", b"1"),
        (b"Monkey", b"1"),
        (b"Sec-WebSocket-Protocol", b"realtime"),
    ],
)
def test_other_headers_are_no_credential(header: tuple[bytes, bytes]) -> None:
    assert tenant(AUTH, header) == tenant(AUTH)


def test_order_and_case_of_header_names_do_not_matter() -> None:
    one = tenant(AUTH, (b"OpenAI-Project", b"p"))
    two = tenant((b"openai-project", b"p"), (b"AUTHORIZATION", b"Bearer sk-a"))

    assert one == two


def test_values_cannot_be_shifted_between_headers() -> None:
    one = tenant((b"openai-organization", b"a"), (b"openai-project", b"b"))
    two = tenant((b"openai-organization", b"aopenai-projectb"))

    assert one != two


def test_the_query_of_a_request_is_decoded_before_it_is_compared() -> None:
    assert tenant(query="key=%61&v=1") == tenant(query="v=2&key=a")
    assert tenant(query="key=a") != tenant(query="key=b")
    assert tenant(query="key=%ff") != tenant(query="key=%fe")


def test_the_case_of_a_query_s_names_does_not_matter_and_that_of_its_values_does() -> None:
    assert tenant(query="KEY=a") == tenant(query="key=a") != tenant(query="key=A")


def test_whoever_has_no_credential_is_anybody_of_one_upstream() -> None:
    assert caller_digest([], "", SECRET, "one") != caller_digest([], "", SECRET, "two")
    assert caller_digest([AUTH], "", SECRET, "one") == caller_digest([AUTH], "", SECRET, "two")


def test_without_a_credential_the_tenant_is_anonymous_per_upstream() -> None:
    assert tenant(upstream="one") != tenant(upstream="two")
    assert tenant() == tenant((b"Accept", b"*/*"))


def test_an_empty_credential_is_none() -> None:
    assert credential_digest([(b"Accept", b"*/*")], "", SECRET) is None
    assert credential_digest([(b"Authorization", b" "), (b"api-key", b"")], "key=", SECRET) is None


def test_another_secret_makes_other_tenants() -> None:
    assert tenant(AUTH) != tenant(AUTH, secret=b"t" * 32)


def test_the_user_is_added_to_the_credential() -> None:
    tenancy = Tenancy(TenancyKind.USER)
    made = {
        tenant(AUTH, user="u1", tenancy=tenancy),
        tenant(AUTH, user="u2", tenancy=tenancy),
        tenant((b"Authorization", b"Bearer sk-b"), user="u1", tenancy=tenancy),
        tenant(AUTH),
    }

    assert len(made) == 4


def test_a_header_is_added_to_the_credential() -> None:
    tenancy = Tenancy(TenancyKind.HEADER, "X-User")
    made = {
        tenant(AUTH, (b"x-user", b"u1"), tenancy=tenancy),
        tenant(AUTH, (b"x-user", b"u2"), tenancy=tenancy),
        tenant((b"x-user", b"u1"), tenancy=tenancy),
    }

    assert len(made) == 3


def test_a_header_that_reads_like_a_credential_adds_none() -> None:
    tenancy = Tenancy(TenancyKind.HEADER, "X-User")
    has_key = tenant(AUTH, (b"x-api-key", b"k"), (b"X-User", b"u"), tenancy=tenancy)
    says_key = tenant(AUTH, (b"X-User", b"x-api-key"), (b"X-User", b"k"), (b"X-User", b"u"), tenancy=tenancy)

    assert has_key != says_key


def test_header_only_replaces_a_rotating_credential_behind_a_trusted_proxy() -> None:
    tenancy = Tenancy(TenancyKind.HEADER_ONLY, "X-User")
    rotated = (b"Authorization", b"Bearer other")

    one = tenant(AUTH, (b"X-User", b"u1"), trusted=True, tenancy=tenancy)

    assert one == tenant(rotated, (b"X-User", b"u1"), trusted=True, tenancy=tenancy)
    assert one != tenant(AUTH, (b"X-User", b"u2"), trusted=True, tenancy=tenancy)
    assert one != tenant(AUTH, (b"X-User", b"u1"), trusted=True, tenancy=tenancy, upstream="azure")


@pytest.mark.parametrize("kind", [TenancyKind.HEADER, TenancyKind.HEADER_ONLY])
def test_equal_values_of_two_headers_are_two_tenants(kind: TenancyKind) -> None:
    users, organizations = (
        tenant(AUTH, (name, b"7"), trusted=True, tenancy=Tenancy(kind, name.decode()))
        for name in (b"x-user", b"x-organization")
    )

    assert users != organizations
    assert users == tenant(AUTH, (b"x-user", b"7"), trusted=True, tenancy=Tenancy(kind, "X-User"))


@pytest.mark.parametrize(
    ("tenancy", "headers"),
    [
        (Tenancy(TenancyKind.USER), ()),
        (Tenancy(TenancyKind.HEADER, "x-user"), ()),
        (Tenancy(TenancyKind.HEADER, "x-user"), ((b"x-user", b" "),)),
        (Tenancy(TenancyKind.HEADER_ONLY, "x-user"), ((b"x-user", b"u1"),)),
    ],
)
def test_without_the_named_field_nothing_is_remembered(
    tenancy: Tenancy, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    assert tenant(AUTH, *headers, tenancy=tenancy) is BypassReason.TENANT_FIELD_ABSENT


def test_shared_tenancy_shares_between_credentials_of_one_upstream() -> None:
    shared = Tenancy(TenancyKind.SHARED)

    assert tenant(AUTH, tenancy=shared) == tenant((b"api-key", b"k"), tenancy=shared)
    assert tenant(AUTH, tenancy=shared) != tenant(AUTH, tenancy=shared, upstream="azure")


def test_kinds_of_tenancy_never_meet() -> None:
    header = (b"x-user", b"u")
    made = [tenant(AUTH, header, user="u", trusted=True, tenancy=Tenancy(kind, "x-user")) for kind in TenancyKind]

    assert all(one != two for one, two in itertools.combinations(made, 2))


def test_user_and_safety_identifier_both_name_the_user_but_never_the_same_one() -> None:
    assert user_of({"user": "u"}) == "user:u"
    assert user_of({"safety_identifier": "u"}) == "safety_identifier:u"
    assert [user_of(fields) for fields in ({}, {"user": ""}, {"user": 7}, {"user": None})] == [None] * 4


def test_a_constant_user_beside_a_safety_identifier_makes_no_one_tenant_of_all_its_persons() -> None:
    said = [("app", "ann"), ("app", "bob"), ("ann", "app"), ("app", None), (None, "app")]
    users = [user_of({"user": user, "safety_identifier": person}) for user, person in said]

    assert len(said) == len(set(users))
    assert users[0] == user_of({"safety_identifier": "ann", "user": "app"})


def test_the_credential_itself_is_not_in_the_digest() -> None:
    digest = credential_digest([AUTH], "", SECRET)

    assert digest is not None
    assert b"sk-a" not in digest
    assert digest != tenant(AUTH)
