"""Each mistake in a configuration is one line: `file:line: $.path: what was found; expected what`."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from proxy.config.load import load, loads, read, shown_without_secrets, validated
from proxy.config.settings import Config
from proxy.config.source import parse
from proxy.core.reasons import CacheMode
from proxy.core.route import Tenancy, TenancyKind
from proxy.errors import ConfigError


def fault(text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loads(text, "a.yaml", environ)
    return str(caught.value)


def config(text: str = "", **environ: str) -> Config:
    return loads(text, "a.yaml", environ)


def test_an_unknown_key_is_named_with_its_line_and_the_key_that_was_meant() -> None:
    message = fault("server:\n  host: 127.0.0.1\n  prot: 9000\n")

    assert message.startswith('a.yaml:3: $.server.prot: unknown key "prot"; expected one of host, port,')
    assert message.endswith('(did you mean "port"?)')


def test_a_wrong_type_says_what_was_found_and_what_was_expected() -> None:
    assert fault("routes:\n- name: a\n- name: b\n  max_temperature: hot\n") == (
        "a.yaml:4: $.routes[1].max_temperature: found 'hot'; expected a valid number"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("domains.default.threshold", "domains: {default: {threshold: false}}"),
        ("domains.default.max_entries", "domains: {default: {max_entries: true}}"),
        ("domains.default.ttl_s", "domains: {default: {ttl_s: true}}"),
        ("domains.default.quarantine_after", "domains: {default: {quarantine_after: true}}"),
        ("server.port", "server: {port: true}"),
        ("server.drain_delay_s", "server: {drain_delay_s: false}"),
        ("routes[0].max_temperature", "routes: [{name: a, max_temperature: false}]"),
        ("prices.gpt.input", "prices: {gpt: {input: false, output: 1}}"),
    ],
)
def test_true_and_false_are_no_numbers(path: str, text: str) -> None:
    value = "False" if "false" in text else "True"

    assert fault(text) == f"a.yaml:1: $.{path}: found {value}; expected a number"


def test_several_mistakes_are_several_lines() -> None:
    assert len(fault("server:\n  port: x\n  workers: 0\nlog: json\n").splitlines()) == 3


def test_a_missing_key_is_placed_at_its_section() -> None:
    assert fault("server:\n  port: 1\nroutes:\n- cache: off\n").startswith("a.yaml:4: $.routes[0].name: missing;")


def test_a_key_written_twice_is_refused() -> None:
    assert fault("server:\n  port: 1\n  port: 2\n").startswith("a.yaml:3: $.server.port: found this key a second time")


@pytest.mark.parametrize(
    "text",
    [
        *("server: [", "a: b: c", "- 1", "x", "\t", "server: !!python/name:os.system x", "? [a]\n: 1"),
        *(f"server: {{port: !!{tag} x}}" for tag in ("int", "float", "bool", "timestamp", "binary")),
        f"server: {{port: {'1' * 5000}}}",
        "store: \ue000zz\ue001",
    ],
)
def test_broken_yaml_is_one_line_too(text: str) -> None:
    message = fault(text)

    assert message.startswith("a.yaml:1: $")
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("text", ["server: &a\n  admin: *a\n", "routes: &a [*a]\n", "domains:" + " {a:" * 2000])
def test_what_stands_within_itself_or_too_deep_is_one_line_too(text: str) -> None:
    message = fault(text)

    assert message.startswith("a.yaml:1: $")
    assert len(message.splitlines()) == 1


def test_a_variable_is_no_name_of_a_key() -> None:
    assert fault("prices:\n  ${MODEL}: {input: 1, output: 2}\n", MODEL="m") == (
        "a.yaml:2: $.prices['${MODEL}']: found a variable in the name of a key; expected it in a value"
    )


def test_a_name_with_every_line_below_it_commented_out_holds_the_defaults() -> None:
    assert config("domains:\n  default:\n") == config()
    assert config("upstreams:\n  openai:\n") == config()
    assert fault("upstreams:\n  vllm:\n") == (
        "a.yaml:2: $.upstreams.vllm: found no base_url; expected its address; only openai's is known"
    )


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.yaml: cannot read it \(No such file or directory\)"):
        load(tmp_path / "missing.yaml", {})


def test_off_is_a_word_and_not_a_boolean() -> None:
    assert config("routes:\n- {name: a, cache: off}\n").routes[0].cache is CacheMode.OFF


def test_no_is_a_language_and_not_a_boolean() -> None:
    assert config("domains: {default: {languages: [en, no]}}").domains["default"].languages == ("en", "no")


def test_variables_are_put_in_and_keep_their_default() -> None:
    text = "server: {host: ${HOST:-0.0.0.0}, port: ${PORT}}\nstore: sqlite:///${DIR}/x.db\n"

    loaded = config(text, PORT="99", DIR="/data")

    assert (loaded.server.host, loaded.server.port, loaded.store) == ("0.0.0.0", 99, "sqlite:////data/x.db")


def test_a_variable_that_is_not_set_is_a_mistake() -> None:
    assert fault("server:\n  host: ${HOST}\n") == (
        "a.yaml:2: $.server.host: found ${HOST}, which is not set; expected HOST in the environment"
    )


@pytest.mark.parametrize("text", ["$TOKEN", "'${TOKEN'", "${TOKEN-}", "${TOKEN:?say it}", "'${ TOKEN }'", "${}"])
def test_a_variable_in_another_spelling_is_no_token_that_all_can_guess(text: str) -> None:
    assert fault(f"server:\n  admin:\n    token: {text}\n") == (
        "a.yaml:3: $.server.admin.token: found a variable in another spelling; expected ${NAME} or ${NAME:-default}"
    )


def test_a_token_that_looks_like_a_variable_comes_from_one() -> None:
    loaded = config(
        "server: {admin: {token: ${TOKEN}}}", TOKEN="$SECRET", EQUICACHE_SERVER__ACCESS_KEYS="[$ONE, '${TWO']"
    )

    assert (loaded.server.admin.token, loaded.server.access_keys) == ("$SECRET", ("$ONE", "${TWO"))


def test_a_list_s_item_without_a_value_is_called_nothing() -> None:
    assert fault("server: {access_keys: ['${KEY:-}']}") == (
        "a.yaml:1: $.server.access_keys[0]: found nothing; expected a valid string"
    )


def test_what_is_neither_true_nor_false_is_told_these_two() -> None:
    assert fault("semantic: maybe") == "a.yaml:1: $.semantic: found 'maybe'; expected true or false"


def test_a_variable_cannot_smuggle_yaml_in() -> None:
    loaded = config("server: {tenant_secret: ${SECRET}}", SECRET="a, port: 1}\nstore: memory://")

    assert loaded.server.tenant_secret == "a, port: 1}\nstore: memory://"
    assert loaded.server.port == 8080


def test_the_environment_overrides_a_key_and_is_named_when_it_is_wrong() -> None:
    loaded = config(
        "routes:\n- {name: a, cache: off}\n", EQUICACHE_SERVER__PORT="7", EQUICACHE_ROUTES__0__CACHE="exact"
    )

    assert loaded.server.port == 7
    assert loaded.routes[0].cache is CacheMode.EXACT
    assert fault("", EQUICACHE_SERVER__PORT="x").startswith("EQUICACHE_SERVER__PORT: $.server.port: found 'x'")
    assert 'unknown key "prot"' in fault("", EQUICACHE_SERVER__PROT="1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a, b", "expected ',' or ']', but got '<stream end>'"),
        ("{a: b, a: c}", "found this key a second time"),
        ("[!!python/name:os.system x]", "found the tag tag:yaml.org,2002:python/name:os.system"),
    ],
)
def test_a_list_or_section_in_a_variable_is_read_as_strictly_as_in_the_file(text: str, found: str) -> None:
    message = fault("", EQUICACHE_ROUTES__0__MATCH__HEADERS=text)

    assert message.startswith("EQUICACHE_ROUTES__0__MATCH__HEADERS:1: $.routes[0].match.headers")
    assert found in message
    assert len(message.splitlines()) == 1


def test_the_environment_overrides_the_route_that_holds_without_a_file() -> None:
    loaded = config("", EQUICACHE_ROUTES__0__CACHE="shadow")

    assert [(route.name, route.cache) for route in loaded.routes] == [("chat", CacheMode.SHADOW)]
    assert [route.name for route in config().routes] == ["chat"]
    assert fault("", EQUICACHE_ROUTES__CHAT__CACHE="shadow") == (
        "EQUICACHE_ROUTES__CHAT__CACHE: $.routes.CHAT: found none here; expected the number of an item, 0 for the first"
    )


def test_types_and_patterns_are_said_in_words_of_yaml() -> None:
    assert fault("server: 5\n") == "a.yaml:1: $.server: found 5; expected a section"
    assert fault("upstreams: {}\n") == "a.yaml:1: $.upstreams: found {}; expected at least one name with its keys"
    assert fault("routes: chat\n") == "a.yaml:1: $.routes: found 'chat'; expected a list"
    assert fault("routes:\n- {name: a, match: {path: v1}}\n").endswith(
        "found 'v1'; expected a path that begins with / or *"
    )
    assert fault("domains: {default: {languages: [English]}}").endswith(
        "found 'English'; expected a language as a code of two or three small letters: en"
    )
    name = "expected a name of at most 64 letters, digits, _ . or -, that begins with a letter or digit"
    assert fault("routes: [{name: my route}]").endswith(f"found 'my route'; {name}")
    assert fault("domains: {süd: {}}").endswith(f"found 'süd'; {name}")
    assert fault("routes: [{name: a, scope: {headers: ['X Team']}}]").endswith(
        "found 'X Team'; expected the name of a header, whole and without *"
    )


@pytest.mark.parametrize("text", ["scope: {headers: [x-tenant-*]}", "match: {headers: {x-tenant-*: a}}"])
def test_the_name_of_a_header_is_no_pattern(text: str) -> None:
    """Of `x-tenant-*` none was found, so answers were not kept apart by what the operator meant."""
    message = fault(f"routes: [{{name: a, {text}}}]")

    assert message.startswith("a.yaml:1: $.routes[0].")
    assert message.endswith("found 'x-tenant-*'; expected the name of a header, whole and without *")


def test_variables_of_ours_without_a_section_are_no_keys() -> None:
    assert config("", EQUICACHE_ADMIN_TOKEN="sesame").server.admin.token == "sesame"
    assert config("", EQUICACHE_STORE="memory://").store == "memory://"


def test_a_misspelled_variable_without_a_section_is_named_and_a_foreign_one_is_not() -> None:
    assert fault("", EQUICACHE_STOR="redis://x") == "EQUICACHE_STOR: $: unknown key; expected EQUICACHE_STORE"
    assert config("", EQUICACHE_PORT="tcp://10.0.0.1:8080", EQUICACHE_SERVICE_HOST="10.0.0.1") == config("")


def test_an_empty_section_holds_its_defaults() -> None:
    assert config("server:\n  admin:\nupstreams:\n  openai:\n    api_key: ${NOTHING:-}\n") == config()


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "http://0.0.0.0", "*", "0.0.0.0 ", "[::1]", "::1:8080x", "a/b"])
def test_what_is_listened_on_is_an_address_or_a_name_alone(host: str) -> None:
    for section in ("server", "server.admin"):
        where = "server: {admin: {host: %s}}" if section == "server.admin" else "server: {host: %s}"
        assert fault(where % repr(host)) == (
            f"a.yaml:1: $.{section}.host: found {host!r}; expected an address or a name without scheme, port and "
            "brackets: 0.0.0.0, ::1, localhost"
        )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "fe80::1%eth0", "proxy.example", "proxy_1", "localhost", ""])
def test_addresses_and_names_are_listened_on(host: str) -> None:
    assert config(f"server: {{host: {host!r}}}\n").server.host == host


@pytest.mark.parametrize(
    ("server", "can_both_listen"),
    [
        ("{port: 9000, admin: {port: 9000}}", False),
        ("{host: 0.0.0.0, port: 8081}", False),
        ("{host: localhost, port: 8081}", False),
        ("{host: 10.0.0.1, port: 8081}", True),
        ("{port: 0, admin: {port: 0}}", True),
    ],
)
def test_the_two_listeners_need_a_port_each(server: str, can_both_listen: bool) -> None:
    if can_both_listen:
        config(f"server: {server}\n")
    else:
        assert "$.server.admin.port: found" in fault(f"server: {server}\n")


def test_several_upstreams_need_a_last_route_for_the_rest() -> None:
    two = "upstreams: {openai: {}, b: {base_url: https://b.example/v1}}\nroutes:\n- {name: chat, upstream: openai}\n"

    assert fault(two).startswith("a.yaml:2: $.routes: found 2 upstreams and no last route for what no other takes")
    assert (
        config(two + '- {name: rest, match: {path: "*"}, upstream: b, cache: off}\n').default_upstream.name == "openai"
    )


def test_a_route_names_its_upstream_when_there_are_several() -> None:
    two = "upstreams: {openai: {}, b: {base_url: https://b.example/v1}}\n"

    assert "$.routes[0].upstream: missing; expected one of openai, b" in fault(
        two + 'routes:\n- {name: x, match: {path: "*"}}'
    )
    assert "expected one of openai, b" in fault(two + 'routes:\n- {name: x, match: {path: "*"}, upstream: c}')


def test_a_route_that_is_off_needs_no_domain() -> None:
    """So that the last route which the message about several upstreams proposes can be pasted as it stands."""
    two = "domains: {a: {}, b: {}}\nroutes:\n- {name: x, domain: b}\n"

    assert config(two + '- {name: rest, match: {path: "*"}, cache: off}\n').routes[1].cache is CacheMode.OFF
    assert "$.routes[1].domain: missing" in fault(two + '- {name: rest, match: {path: "*"}, cache: exact}\n')


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://localhost:8080", "http://127.0.0.1:8081/x"])
def test_an_upstream_that_is_the_proxy_itself_is_refused(url: str) -> None:
    assert "$.upstreams.a.base_url: found the proxy's own address" in fault(f"upstreams: {{a: {{base_url: '{url}'}}}}")


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://x/", "x", "https://", "https://a/?q=1", "https://user:pw@a/", "https://a:x/"),
        *(
            "https://a/v1 ",
            " https://a/v1",
            "https://a/v 1",
            "https://a b/v1",
            "https://a/v1${LINE}",
            "https://a/x/../v1",
        ),
        *(
            "https://api..example/v1",
            "https://.example/v1",
            f"https://{'a' * 64}.example/v1",
            "https://münchen.example",
        ),
    ],
)
def test_a_base_url_is_a_plain_http_address(url: str) -> None:
    message = fault(f"upstreams: {{a: {{base_url: '{url}'}}}}", LINE="\n")

    assert "$.upstreams.a.base_url: found" in message
    assert "pw" not in message


@pytest.mark.parametrize(
    "host", ["[::1]:8000", "[fe80::1%25eth0]", "127.0.0.1", "host_name", "a.example.", "xn--mnchen-3ya.de"]
)
def test_a_host_of_any_form_that_can_be_looked_up_is_a_base_url(host: str) -> None:
    upstreams = f"upstreams: {{a: {{base_url: 'http://{host}/v1'}}}}\n"
    assert f"http://{host}/v1" == config(upstreams).upstreams["a"].base_url


@pytest.mark.parametrize("keys", ["{timeout_s: 5}", "{base_url: ${VLLM_URL:-}}", "{base_url: }"])
def test_what_is_meant_for_another_than_openai_never_goes_there_for_want_of_an_address(keys: str) -> None:
    assert fault(f"upstreams:\n  vllm: {keys}\n") == (
        "a.yaml:2: $.upstreams.vllm: found no base_url; expected its address; only openai's is known"
    )
    assert config(f"upstreams:\n  openai: {keys}\n").default_upstream.base_url == "https://api.openai.com/v1"


def test_a_certificate_in_the_place_of_its_file_is_one_line() -> None:
    pem = "-----BEGIN CERTIFICATE-----\n" + "A" * 400
    assert fault("upstreams:\n  openai:\n    ca_file: ${PEM}\n", PEM=pem) == (
        f"a.yaml:3: $.upstreams.openai.ca_file: found no file {pem[:60]!r}; expected a PEM file"
    )


def test_a_key_of_the_provider_needs_access_keys() -> None:
    text = "upstreams: {openai: {api_key: ${KEY}}}\n"

    assert "expected server.access_keys" in fault(text, KEY="sk-canary-1")
    assert config(text + "server: {access_keys: [team]}\n", KEY="sk-canary-1").default_upstream.api_key == "sk-canary-1"


@pytest.mark.parametrize("value", ["canary\n", " canary", "canary b", "can\u00e4ry", "canary\r\nX: y", ""])
@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$.server.access_keys[0]", "server: {access_keys: [%s]}\n"),
        ("$.upstreams.openai.api_key", "upstreams: {openai: {api_key: %s}}\nserver: {access_keys: [team]}\n"),
        ("$.server.admin.token", "server: {admin: {token: %s}}\n"),
    ],
)
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(path: str, line: str, value: str) -> None:
    """`access_keys: [""]` let in who sent none, and a line break out of a file ended the upstream's header."""
    if value:
        message = fault(line % '"${KEY}"', KEY=value)
        assert message.startswith(f"a.yaml:1: {path}: found a value that is not shown; expected a key: visible ASCII")
        assert "can" not in message.partition("expected")[0]
    elif path == "$.server.admin.token":
        assert not config(line % "''").server.admin.token
    else:
        assert "expected a key" in fault(line % "''")


@pytest.mark.parametrize(
    "url",
    [
        "redis://:can/ary@host:6379/0",
        "redis://:can#ary@host:6379/0",
        "redis://:can?ary@host:6379/0",
        "redis://:12/canary@host:6379/0",
        "redis://:12?canary@host:6379/0",
        "rediss://:c@n/canary@host/0",
        "redis://host:tcp://10.0.0.1:6379/0",
        "redis://host:abc/0",
        "redis://host:0/0",
        "redis://[::1/0",
        "redis://host/cache",
        "redis://host/0#1",
    ],
)
def test_a_redis_address_that_a_password_cuts_is_one_line_and_shows_nothing_of_it(url: str) -> None:
    message = fault(f"store: '{url}'\n")

    assert message.startswith("a.yaml:1: $.store: found 're")
    assert "written %2F" in message
    assert len(message.splitlines()) == 1
    assert not [part for part in ("can", "c@n", "ary") if part in message]


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("redis://", "redis://"),
        ("redis://:6379", "redis://:6379"),
        ("redis://host:6379/3", "redis://host:6379/3"),
        ("redis://[::1]:6379/", "redis://[::1]:6379/"),
        ("redis://user:c@nary:x@host/0", "redis://user:***@host/0"),
        ("redis://canary@host/0", "redis://***@host/0"),
        ("rediss://:can%2Fary@host:6380/0?ssl_cert_reqs=none", "rediss://***@host:6380/0?***"),
        ("redis://host/0?password=canary", "redis://host/0?***"),
        ("sqlite:////srv/a@b.db", "sqlite:////srv/a@b.db"),
    ],
)
def test_an_address_of_the_store_is_shown_without_its_password(url: str, seen: str) -> None:
    text = f"store: '{url}'\n"

    assert config(text).store == url
    assert shown_without_secrets(validated(parse(text, "a.yaml", {})))["store"] == seen


def test_secrets_are_in_no_message_and_no_repr() -> None:
    text = (
        "server: {access_keys: [canary-a], tenant_secret: canary-b, admin: {token: canary-c}}\n"
        "upstreams: {openai: {api_key: canary-d}}\nstore: redis://user:canary-e@host/0\n"
    )
    keys = validated(parse(text, "a.yaml", {}))

    assert "canary" not in repr(config(text))
    assert "canary" not in repr(shown_without_secrets(keys)) + repr(keys.server)
    assert "canary" not in fault("server: {access_keys: canary, admin: {token: [canary]}}\nstore: canary\n")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("server.access_keys[0]", "server: {access_keys: ['%s']}"),
        ("server.tenant_secret", "server: {tenant_secret: '%s'}"),
        ("server.admin.token", "server: {admin: {token: '%s'}}"),
        ("upstreams.openai.api_key", "upstreams: {openai: {api_key: '%s'}}\nserver: {access_keys: [k]}"),
    ],
)
def test_the_stars_that_a_secret_is_shown_as_are_no_secret(path: str, line: str) -> None:
    keys = validated(parse(line % "canary", "a.yaml", {}))
    [stars] = set(re.findall(r"\*{2,}", str(shown_without_secrets(keys))))

    assert fault(line % stars) == (
        f"a.yaml:1: $.{path}: found a value that is not shown; expected the secret itself, not the stars that "
        "`equicache config show` hides it behind"
    )


@pytest.mark.parametrize("pattern", ["(a", r"(a)\\1", "(?=a)", "a*"])
def test_a_mask_is_an_re2_pattern_that_needs_some_text(pattern: str) -> None:
    message = fault(f'domains:\n  default:\n    scope:\n      mask: ["{pattern}"]\n')

    assert message.startswith("a.yaml:4: $.domains.default.scope.mask[0]: found")


def test_at_most_eight_patterns_and_extract_has_a_group() -> None:
    masks = ", ".join(f"a{number}" for number in range(8))

    assert "found 9 patterns" in fault(
        f"domains: {{default: {{scope: {{mask: [{masks}]}}, prompt: {{extract: (q)}}}}}}"
    )
    assert "without a group" in fault("domains: {default: {prompt: {extract: q}}}")


def test_masks_match_in_linear_time() -> None:
    domain = config("domains: {default: {scope: {mask: ['(a+)+$']}}}").domains["default"]

    assert domain.scope_mask[0].sub("", "a" * 50_000 + "b").endswith("b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("credential", Tenancy()),
        ("user", Tenancy(TenancyKind.USER)),
        ("shared", Tenancy(TenancyKind.SHARED)),
        ("header:X-Customer", Tenancy(TenancyKind.HEADER, "x-customer")),
    ],
)
def test_tenancy_is_one_word_or_a_header(text: str, expected: Tenancy) -> None:
    assert config(f"domains: {{default: {{tenancy: '{text}'}}}}").domains["default"].tenancy == expected


@pytest.mark.parametrize(
    "text", ["nobody", "header", "header:", "header:a b", "header:X-*", "user:x", "header_only:X-Token"]
)
def test_a_tenancy_that_means_nothing_is_refused(text: str) -> None:
    assert "$.domains.default.tenancy: found" in fault(f"domains: {{default: {{tenancy: '{text}'}}}}")


def test_workers_need_a_store_that_they_can_share() -> None:
    assert "$.server.workers: found 2 workers with store memory://" in fault("server: {workers: 2}\nstore: memory://")


@pytest.mark.parametrize(
    "url", ["sqlite://cache.db", "sqlite:///", "sqlite:////", "sqlite://host/cache.db", "sqlite:///~/a.db"]
)
def test_a_sqlite_store_names_a_file_behind_three_slashes(url: str) -> None:
    message = fault(f"server: {{port: 1}}\nstore: {url}\n")

    assert message.startswith(f"a.yaml:2: $.store: found '{url}'; expected three slashes and a file: sqlite:///")


@pytest.mark.parametrize(
    "path",
    [":memory:", "a.db?mode=ro", "a.db?cache=shared&x=1", "${HOME}/a.db", "/srv/$HOME/a.db", "a.db\n", "a\x01.db"],
)
def test_what_others_read_into_a_sqlite_store_is_no_part_of_a_files_name(path: str) -> None:
    """SQLite itself takes `:memory:` for a database of each connection's own: what was stored was gone again."""
    message = fault("", EQUICACHE_STORE=f"sqlite:///{path}")

    assert message.startswith("EQUICACHE_STORE: $.store: found 'sqlite:///")
    assert message.endswith("memory:// for no file")


def test_the_first_route_that_matches_wins() -> None:
    loaded = config(
        "routes:\n"
        "- {name: team, match: {path: /v1/chat/completions, headers: {X-Team: 'a*'}}}\n"
        "- {name: minis, match: {path: '/v1/*', model: gpt-*-mini}}\n"
        "- {name: chat, match: {path: /v1/chat/completions}}\n"
    )

    def name(path: str, model: str | None = "gpt-4o", **headers: str) -> str | None:
        route = loaded.route_for(path, model, headers)
        return route and route.name

    assert name("/v1/chat/completions", **{"x-team": "abc"}) == "team"
    assert name("/v1/chat/completions", **{"x-team": "b"}) == "chat"
    assert name("/v1/responses", "gpt-4.1-mini") == "minis"
    assert name("/v1/chat/completions", "gpt-4.1-mini-x") == "chat"
    assert name("/v1/responses") is None
    assert name("/v1/models", None) is None


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*", "", True),
        ("a*", "a", True),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*b*", "abc", True),
        ("a*b*c", "a-b-c", True),
        ("a*b*b", "ab", False),
        ("a.c", "abc", False),
        ("[a]", "a", False),
    ],
)
def test_a_star_is_any_run_of_characters_and_nothing_else_is_special(pattern: str, text: str, fits: bool) -> None:
    loaded = config(f"routes: [{{name: r, match: {{model: '{pattern}', path: '*'}}}}]")

    assert (loaded.route_for("/", text, {}) is not None) is fits


def test_two_routes_cannot_share_a_name() -> None:
    assert fault("routes: [{name: a}, {name: a}]").startswith("a.yaml:1: $.routes[1].name: found 'a' a second time")


def test_a_route_may_offer_further_domains() -> None:
    loaded = config("domains: {a: {}, b: {ttl_s: 5}}\nroutes: [{name: r, domain: a, domains: [b]}]")

    assert loaded.routes[0].domains["b"].ttl_s == 5
    assert "did you mean" in fault("domains: {alpha: {}, b: {}}\nroutes: [{name: r, domain: alpa}]")


def test_the_default_file_and_the_reader_agree_without_a_file() -> None:
    assert validated(read(None, {})).server.port == 8080


def test_money_is_counted_by_the_first_price_that_fits() -> None:
    loaded = config("prices: {gpt-4o-mini*: {input: 0.5, output: 2}, 'gpt-4o*': {input: 5, output: 20}}")

    assert loaded.cost_usd("gpt-4o-mini-2024", 1_000_000, 500_000) == pytest.approx(1.5)
    assert loaded.cost_usd("gpt-4o", 0, 100_000) == pytest.approx(2.0)
    assert loaded.cost_usd("other", 10, 10) == 0


def test_a_configuration_travels_to_worker_processes() -> None:
    there = pickle.loads(pickle.dumps(config("domains: {default: {scope: {mask: ['a+']}}}")))

    assert there.domains["default"].scope_mask[0].sub("", "xaay") == "xy"


def test_a_price_has_an_end() -> None:
    """An infinite one made `saved_usd` null in the statistics."""
    assert fault("prices: {gpt: {input: 1e999, output: 1}}") == (
        "a.yaml:1: $.prices.gpt.input: found 1e999; expected a finite number"
    )


@pytest.mark.parametrize("text", ["\ue00061\ue001", "\ue000ff\ue001", "\ue000247b317d\ue001"])
def test_private_characters_of_a_file_stay_as_they_are(text: str) -> None:
    """Between two of them `${NAME}` stands as hex while the YAML is read."""
    assert config(f"prices: {{gpt: {{input: 1, output: 1}}}}\nmodels: {{scorer: '{text}'}}").models.scorer == text
    assert f'unknown key "{text}"' in fault(f"server: {{{text}: 1}}")


@pytest.mark.parametrize("text", ["0071", "1.10", "2024_01", "12e5", "1e999", "+5", "3141592653589793.2384626", "12."])
def test_a_text_that_reads_like_a_number_is_what_was_written(text: str) -> None:
    """A key 0071 became "71.0", which let nobody in, and a version 1.10 became 1.1, which no request says."""
    loaded = config(
        f"server: {{access_keys: [{text}], tenant_secret: {text}, admin: {{token: {text}}}}}\n"
        f"routes: [{{name: chat, match: {{model: {text}, headers: {{x-version: {text}}}}}}}]\n"
    )
    server, match = loaded.server, loaded.routes[0].match

    assert server.access_keys == (text,) == config(EQUICACHE_SERVER__ACCESS_KEYS=f"[{text}]").server.access_keys
    assert (server.tenant_secret, server.admin.token, match.model, match.headers["x-version"]) == (text,) * 4
    assert type(config("server: {port: 8081, admin: {port: 0}}").server.port) is int
    assert type(config("domains: {default: {ttl_s: 60}}").domains["default"].ttl_s) is float
