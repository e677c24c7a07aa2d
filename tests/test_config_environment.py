"""What the environment says holds, and a variable that says nothing is named: as a mistake, or by `equicache check`."""

from __future__ import annotations

import pytest

from proxy.cli.doctor import variables
from proxy.cli.finding import Level
from proxy.config.load import loads
from proxy.config.schema import ConfigKeys
from proxy.config.source import ONE_WORD, SECTIONS
from proxy.core.reasons import CacheMode
from proxy.core.route import TenancyKind
from proxy.errors import ConfigError


@pytest.mark.parametrize("text", ["", "server: {port: 9000}\n", "server:\n  tenant_secret:\n"])
def test_the_tenant_secret_of_the_environment_holds_without_a_line_for_it(text: str) -> None:
    assert loads(text, "a.yaml", {"EQUICACHE_TENANT_SECRET": "sesame"}).server.tenant_secret == "sesame"
    assert loads(text, "a.yaml", {}).server.tenant_secret is None


def test_the_tenant_secret_of_the_file_holds_before_that_of_the_environment() -> None:
    environ = {"EQUICACHE_TENANT_SECRET": "sesame"}

    assert loads("server: {tenant_secret: mine}\n", "a.yaml", environ).server.tenant_secret == "mine"


@pytest.mark.parametrize(
    ("variable", "path"),
    [
        ("REDIS_URL", "store"),
        ("EQUICACHE_ADMIN_TOKEN", "server.admin.token"),
        ("EQUICACHE_TENANT_SECRET", "server.tenant_secret"),
    ],
)
@pytest.mark.parametrize("text", ["", "server:\n  port: 9000\n  admin: {port: 9001}\nstore:\n"])
def test_a_fault_in_what_the_environment_says_is_placed_at_its_variable(variable: str, path: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loads(text, "a.yaml", {variable: "*", "EQUICACHE_SERVER__ADMIN__PORT": "9002"})

    assert str(caught.value).startswith(f"{variable}: $.{path}: found ")


def test_an_empty_variable_leaves_what_the_file_says() -> None:
    """`TENANCY: ${TENANCY:-}` in a compose file, and nothing set: what keeps users apart must not go."""
    text = "server: {workers: 2}\ndomains: {default: {tenancy: user}}\n"
    environ = {"EQUICACHE_DOMAINS__DEFAULT__TENANCY": "", "EQUICACHE_SERVER__WORKERS": "", "EQUICACHE_STORE": ""}
    config = loads(text, "a.yaml", environ)

    assert config == loads(text, "a.yaml", {})
    assert config.domains["default"].tenancy.kind is TenancyKind.USER
    assert loads("", "a.yaml", environ).server.workers == 1


def test_a_whole_section_comes_from_the_environment() -> None:
    text = "server: {port: 9000}\nroutes:\n- name: chat\n- name: rest\n  cache: off\n"
    environ = {"EQUICACHE_ROUTES": "[{name: all, cache: exact}]", "EQUICACHE_ROUTES__0__MAX_TEMPERATURE": "0"}
    loaded = loads(text, "a.yaml", environ | {"EQUICACHE_SERVER": "http://127.0.0.1:8080"})

    assert [(route.name, route.cache, route.max_temperature) for route in loaded.routes] == [
        ("all", CacheMode.EXACT, 0.0)
    ]
    assert loaded.server.port == 9000  # what a client of ours may be told by
    assert {name.upper() for name in ConfigKeys.model_fields} == {*ONE_WORD, *SECTIONS}
    with pytest.raises(ConfigError, match=r"^EQUICACHE_ROUTE: \$: unknown key; expected EQUICACHE_ROUTES$"):
        loads(text, "a.yaml", {"EQUICACHE_ROUTE": "[{name: all}]"})
    with pytest.raises(ConfigError, match=r"^EQUICACHE_ROUTES: \$\.routes\[0\]\.nmae: unknown key"):
        loads(text, "a.yaml", {"EQUICACHE_ROUTES": "[{name: all, nmae: x}]"})
    with pytest.raises(ConfigError, match=r"^EQUICACHE_ROUTES: \$\.routes\[0\]\.cache: found 'x'"):
        loads(text, "a.yaml", {"EQUICACHE_ROUTES": "[{name: all, cache: x}]"})


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("EQUICACHE_SERVRE__PORT", 'EQUICACHE_SERVRE__PORT: $.servre: unknown key "servre"; expected one of '),
        ("EQUICACHE_SERVER__ADMN__PORT", 'EQUICACHE_SERVER__ADMN__PORT: $.server.admn: unknown key "admn"; expected '),
    ],
)
def test_a_misspelled_section_is_named_by_its_variable_and_not_by_the_file(variable: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loads("server: {port: 9000}\n", "a.yaml", {variable: "9"})

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("EQUICACHE_SERVER_HOST", "EQUICACHE_SERVER__HOST"),
        ("EQUICACHE_SERVER_ADMIN_PORT", "EQUICACHE_SERVER__ADMIN__PORT"),
        ("EQUICACHE_SERVER_ACCESS_KEYS", "EQUICACHE_SERVER__ACCESS_KEYS"),
        ("EQUICACHE_SERVER__ADMIN_PORT", ""),  # refused: a key that the section does not have
        ("EQUICACHE_DOMAINS_DEFAULT_TENANCY", "EQUICACHE_DOMAINS__DEFAULT__TENANCY"),
        ("EQUICACHE_ROUTES_0_CACHE", "EQUICACHE_ROUTES__0__CACHE"),
        ("EQUICACHE_SERVER__HOST", ""),
        ("EQUICACHE_ADMIN_TOKEN", ""),
        ("EQUICACHE_CONFIG", ""),
        ("EQUICACHE_SERVICE_HOST", ""),
        ("EQUICACHE_SERVER_SERVICE_HOST", ""),  # Kubernetes, of a service with the name equicache-server
        ("EQUICACHE_SERVER_PORT_8080_TCP_PROTO", ""),
    ],
)
def test_a_key_with_one_underscore_between_its_parts_is_told_how_it_is_written(variable: str, meant: str) -> None:
    found = list(variables({variable: "5", "PATH": "/bin"}))

    assert [(each.level, each.about) for each in found] == ([(Level.NOTE, variable)] if meant else [])
    assert all(meant in each.text for each in found)


def test_what_kubernetes_says_of_a_service_s_port_is_no_key() -> None:
    assert not list(variables({"EQUICACHE_SERVER_PORT": "tcp://10.0.0.1:8080"}))
    assert list(variables({"EQUICACHE_UPSTREAMS_OPENAI_BASE_URL": "https://api.example.com/v1"}))


def test_a_number_of_an_item_is_written_in_digits() -> None:
    with pytest.raises(ConfigError, match=r"^EQUICACHE_ROUTES__²__NAME: .* expected the number of an item"):
        loads("", "a.yaml", {"EQUICACHE_ROUTES__²__NAME": "chat"})
