"""What `equicache check` sees in a configuration that is valid and does not do what it seems to say."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from proxy.cli.doctor import file_fault, findings, listeners, models, routing, sharing, store
from proxy.cli.finding import Finding, Level
from proxy.cli.upstream_looks import addresses, asked, key_for
from proxy.config.load import loads
from proxy.parts import SQLITE_SCHEMAS

NAMES = ["cache.db", "cache.db.ledger"]
UPSTREAM = "upstreams: {openai: {base_url: https://api.example.com/v1}}\n"


def found(text: str) -> list[Finding]:
    return list(routing(loads(UPSTREAM + text, environ={})))


def routes(*matches: str) -> str:
    lines = (
        f"  - {{name: r{n}, match: {match}, upstream: openai, cache: semantic}}\n" for n, match in enumerate(matches)
    )
    return "routes:\n" + "".join(lines) + "  - {name: rest, match: {path: '*'}, upstream: openai, cache: off}\n"


@pytest.mark.parametrize(
    ("first", "second", "is_hidden"),
    [
        ('{path: "/v1/*"}', "{path: /v1/chat/completions}", True),
        ('{path: "/v1/*"}', '{path: "/v1/c*", model: "gpt-*"}', True),
        ("{path: /v1/chat/completions}", '{path: "/v1/*"}', False),
        ('{path: "/v1/*", model: "gpt-*"}', "{path: /v1/chat/completions}", False),
        ('{path: "/v1/*", model: "gpt-*"}', "{path: /v1/chat/completions, model: gpt-4o}", True),
        ('{path: "/v1/*", headers: {x-team: a}}', "{path: /v1/chat/completions}", False),
        ('{path: "/v1/*", headers: {x-team: a}}', "{path: /v1/embeddings, headers: {x-team: a, x-b: c}}", True),
    ],
)
def test_a_route_that_an_earlier_one_takes_everything_from_is_a_fault(first: str, second: str, is_hidden: bool) -> None:
    faults = [each for each in found(routes(first, second)) if each.level is Level.FAULT]

    assert [each.about for each in faults] == (["route r1"] if is_hidden else [])


@pytest.mark.parametrize(
    ("path", "is_remembered"),
    [
        *((path, True) for path in ("*", "/*", "/v1/*", "/v1/chat/*", "*/completions", "/openai/v1/responses")),
        *((path, True) for path in ("/openai/*", "/openai/deployments/*", "/openai/deployments/gpt-*/embeddings")),
        *((path, True) for path in ("/openai/deployments/gpt-4o/chat/completions", "/openai/*/chat/completions")),
        *((path, True) for path in ("*/gpt-4o/chat/completions", "*/deployments/gpt-4o/*")),
        *(
            (path, False)
            for path in ("/chat/completions", "/v1/chat/completion", "/v1/chat/completions/", "/v1/messages")
        ),
        *((path, False) for path in ("/v1/Chat/Completions", "/v1/audio/*", "/openai/deployments/gpt-4o/responses")),
    ],
)
def test_a_route_that_takes_nothing_which_is_ever_remembered_is_noted(path: str, is_remembered: bool) -> None:
    text = f"routes: [{{name: a, match: {{path: '{path}'}}}}]\n"
    noted = [each for each in found(text) if "nothing that is ever remembered" in each.text]

    assert [(each.level, each.about) for each in noted] == ([] if is_remembered else [(Level.NOTE, "route a")])
    assert not [each for each in found(text.replace("}}]", "}, cache: off}]")) if "remembered" in each.text]


def test_shadow_and_unmeasured_languages_are_named() -> None:
    text = "domains: {default: {languages: [en, de]}}\n" + routes("{path: /v1/chat/completions}").replace(
        "cache: semantic", "cache: shadow"
    )
    notes = {each.about: each.text for each in found(text)}

    assert "serves nothing" in notes["route r0"]
    assert notes["domain default"].startswith("languages de: no false-accept rate was measured")


@pytest.mark.parametrize("name", NAMES)
def test_a_sqlite_file_that_was_cut_is_found_and_a_whole_one_is_not(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    with sqlite3.connect(file) as connection:
        for statement in dict(zip(NAMES, SQLITE_SCHEMAS, strict=True))[name].statements:
            connection.execute(statement)
        connection.execute("PRAGMA user_version=1")
    connection.close()
    assert "" == file_fault(tmp_path / "cache.db")
    os.truncate(file, file.stat().st_size // 2)

    assert file_fault(tmp_path / "cache.db").startswith(f"{file} is damaged or no database (database disk image")


@pytest.mark.parametrize("name", NAMES)
def test_a_sqlite_file_of_another_release_is_told_with_what_to_do(name: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / name) as connection:
        connection.execute("CREATE TABLE entries (novel)")
        connection.execute("PRAGMA user_version=7")
    connection.close()

    what = f"{tmp_path / name} was written by another release (schema 7, here 1)"
    assert f"{what}; run that one, or name another file in store" == file_fault(tmp_path / "cache.db")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("table", ["users", "entries"])
def test_a_database_of_another_program_is_told(name: str, version: int, table: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / name) as connection:
        connection.execute(f"CREATE TABLE {table} (name)")
        connection.execute(f"PRAGMA user_version={version}")
    connection.close()

    what = f"{tmp_path / name} is another program's database; name another file in store"
    assert what == file_fault(tmp_path / "cache.db")


def test_a_full_disk_is_no_place_that_can_be_written(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # files may be made, and nothing written into them
    try:
        fault = file_fault(tmp_path / "cache.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert fault.startswith(f"{tmp_path / 'cache.db'} cannot be written (")


@pytest.mark.parametrize(
    ("base_url", "level"),
    [
        ("https://api.example.com/v1", None),
        ("https://api.example.com/v1beta/openai/", None),
        ("https://api.example.com", Level.NOTE),
        ("https://api.example.com/", Level.NOTE),
        ("https://api.example.com/v1/chat/completions", Level.FAULT),
    ],
)
def test_a_base_url_that_leads_nowhere_is_named(base_url: str, level: Level | None) -> None:
    found = list(addresses(loads(f"upstreams: {{openai: {{base_url: {base_url}}}}}", environ={})))

    assert [(each.about, each.level) for each in found] == ([("upstream openai", level)] if level else [])


AZURE = "https://contoso.openai.azure.com"
DEPLOYMENTS = 'routes: [{name: d, match: {path: "/openai/deployments/*/chat/completions"}, cache: %s}]\n'


@pytest.mark.parametrize(
    ("base_url", "routes", "said"),
    [
        (AZURE, "", [(Level.NOTE, "/openai/deployments/*/chat/completions")]),
        (AZURE, DEPLOYMENTS % "off", [(Level.NOTE, "/openai/deployments/*/chat/completions")]),
        (AZURE, DEPLOYMENTS % "semantic", []),
        (f"{AZURE}/openai", DEPLOYMENTS % "semantic", [(Level.FAULT, "/openai/v1")]),
        (f"{AZURE}/openai/v1", "", []),
    ],
)
def test_azures_addresses_are_told_by_what_its_sdks_add(
    base_url: str, routes: str, said: list[tuple[Level, str]]
) -> None:
    found = list(addresses(loads(f"upstreams: {{azure: {{base_url: {base_url}}}}}\n{routes}", environ={})))

    assert [each.level for each in found] == [level for level, _ in said]
    assert all(part in each.text for each, (_, part) in zip(found, said, strict=True))


def test_no_routes_are_noted() -> None:
    (note,) = found("routes: []\n")

    assert (note.level, note.about) == (Level.NOTE, "routes")


@pytest.mark.parametrize(
    ("loose", "is_fault"),
    [("max_false_hit_rate: 0.2", True), ("tenancy: shared", True), ("max_false_hit_rate: 0.02", False)],
)
def test_a_domain_that_a_request_can_never_choose_is_a_fault(loose: str, is_fault: bool) -> None:
    text = f"domains: {{strict: {{}}, other: {{{loose}}}}}\nroutes: [{{name: r, domain: strict, domains: [other]}}]\n"
    faults = [each for each in sharing(loads(UPSTREAM + text, environ={})) if each.level is Level.FAULT]

    assert [each.about for each in faults] == (["route r"] if is_fault else [])


def test_a_remedy_and_what_it_means_are_two_clauses_of_one_sentence() -> None:
    (fault,) = models(loads("models: {scorer: /nope}", environ={}))

    assert "folder; only identical requests" in fault.text


def test_a_key_with_a_line_break_in_the_environment_is_not_sent_nor_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary\n")
    closed = loads("upstreams: {openai: {base_url: http://127.0.0.1:1/v1}}\n", environ={}).default_upstream

    finding = asked(closed)

    assert finding.level is Level.UNREACHABLE
    assert "canary" not in finding.text
    assert finding.text.startswith("http://127.0.0.1:1/v1 does not answer ([Errno ")
    assert "Connect call failed" in finding.text


@pytest.mark.parametrize("live", [False, True])
def test_a_ca_file_that_holds_no_certificate_is_one_finding_whether_upstreams_are_asked_or_not(
    tmp_path: Path, live: bool
) -> None:
    (tmp_path / "ca.pem").write_text("none\n")
    upstream = f"{{base_url: 'https://127.0.0.1:1/v1', ca_file: '{tmp_path}/ca.pem'}}"
    config = loads(f"store: 'memory://'\nmodels: {{scorer: /nope}}\nupstreams: {{openai: {upstream}}}\n", environ={})

    [finding] = [each for each in findings(config, live=live) if each.about == "upstream openai"]

    assert finding.level is Level.FAULT
    assert f"ca_file {tmp_path}/ca.pem cannot be read" in finding.text


@pytest.mark.parametrize(
    ("base_url", "is_sent"),
    [
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("http://api.openai.com/v1", False),
        ("https://api.groq.com/openai/v1", False),
        ("https://api.openai.com.example/v1", False),
        ("https://contoso.openai.azure.com", False),
        ("http://127.0.0.1:8000/v1", False),
    ],
)
def test_the_key_of_openai_in_the_environment_is_sent_to_openai_alone(
    base_url: str, is_sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    text = f"server: {{access_keys: [team]}}\nupstreams: {{only: {{base_url: '{base_url}', api_key: sk-own}}}}\n"

    assert key_for(loads(text, environ={}).default_upstream) == "sk-own"
    assert key_for(loads(text.replace(", api_key: sk-own", ""), environ={}).default_upstream) == (
        "sk-canary" if is_sent else ""
    )


@asynccontextmanager
async def saying(status: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """The port of one that answers every head with this status, and the heads that it heard."""
    heard: list[bytes] = []

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % status)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answered, "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1], heard


async def asked_at(base_url: str) -> Finding:
    config = loads(f"upstreams: {{groq: {{base_url: '{base_url}'}}}}\n", environ={})
    return await asyncio.to_thread(asked, config.default_upstream)


@pytest.fixture
def _no_way_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.usefixtures("_no_way_around")
async def test_an_upstream_that_is_asked_with_no_key_of_its_own_hears_none_of_openai(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")

    async with saying(b"401 Unauthorized") as (port, heard):
        finding = await asked_at(f"http://127.0.0.1:{port}/openai/v1")

    assert finding.level is Level.OK
    assert "401 to GET /models" in finding.text
    assert [head.startswith(b"GET /openai/v1/models HTTP/1.1") and b"canary" not in head for head in heard] == [True]


@pytest.mark.usefixtures("_no_way_around")
async def test_an_upstream_that_has_no_models_there_is_noted_as_perhaps_another_path() -> None:
    async with saying(b"404 Not Found") as (port, _):
        finding = await asked_at(f"http://127.0.0.1:{port}/v1")

    assert finding.level is Level.NOTE
    assert finding.text.endswith("answers 404 to GET /models; is the path of base_url right?")


@pytest.mark.usefixtures("_no_way_around")
@pytest.mark.parametrize(
    ("base_url", "line"),
    [
        ("http://provider.invalid/v1", b"GET http://provider.invalid/v1/models HTTP/1.1"),
        ("https://provider.invalid/v1", b"CONNECT provider.invalid:443 HTTP/1.1"),
    ],
)
async def test_an_upstream_is_asked_by_the_way_that_requests_take(
    base_url: str, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with saying(b"403 Forbidden") as (port, heard):
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        finding = await asked_at(base_url)

    assert [head.partition(b"\r\n")[0] for head in heard] == [line]
    assert "403" in finding.text


@pytest.mark.usefixtures("_no_way_around")
def test_a_proxy_that_is_no_address_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:word@127.0.0.1:99999")

    [finding] = addresses(loads(UPSTREAM, environ={}))
    assert (Level.FAULT, "upstream openai") == (finding.level, finding.about)
    assert finding.text.startswith("HTTPS_PROXY or HTTP_PROXY in the environment: found no address")


@pytest.mark.usefixtures("_no_way_around")
async def test_a_key_is_not_carried_on_to_where_an_upstream_points() -> None:
    async with saying(b"200 OK") as (elsewhere, heard):
        moved = b"307 Temporary Redirect\r\nLocation: http://127.0.0.1:%d/v1/models" % elsewhere
        async with saying(moved) as (port, _):
            finding = await asked_at(f"http://127.0.0.1:{port}/v1")

    assert "307 to GET /models" in finding.text
    assert heard == []


@pytest.mark.parametrize("option", ["socket_timeout=soon", "sesame=open"])
def test_an_option_of_redis_that_its_client_does_not_know_is_a_finding(option: str) -> None:
    [finding] = store(loads(f"store: 'redis://127.0.0.1:1/0?{option}'\n", environ={}))

    assert finding.level is Level.FAULT
    assert option.partition("=")[0] in finding.text


def test_an_upstream_that_would_get_the_access_keys_is_named() -> None:
    text = """
server: {access_keys: [team]}
upstreams: {a: {base_url: https://a.example/v1, api_key: sk-a}, b: {base_url: https://b.example/v1}}
routes:
  - {name: chat, match: {path: /v1/chat/completions}, upstream: a}
  - {name: rest, match: {path: "*"}, upstream: b, cache: off}
"""
    [finding] = listeners(loads(text, environ={}))

    assert (finding.level, finding.about) == (Level.NOTE, "upstream b")
    assert "access keys" in finding.text
    assert not list(
        listeners(loads(text.replace("server: {access_keys: [team]}", "").replace(", api_key: sk-a", ""), environ={}))
    )


@pytest.mark.parametrize(
    ("own", "asked", "key"),
    [
        ("max_false_hit_rate: 0.01", "max_false_hit_rate: 0.03", "max_false_hit_rate"),
        ("tenancy: user", "tenancy: shared", "tenancy"),
        ("tenancy: shared", "tenancy: user, threshold: 0.95", "threshold"),
        ("threshold: 0.9", "threshold: 0.8", "threshold"),
        ("tenancy: shared", "tenancy: user, max_false_hit_rate: 0.01", ""),
    ],
)
def test_a_domain_that_no_request_may_ask_for_is_a_fault_that_names_the_key(own: str, asked: str, key: str) -> None:
    text = f"""
domains: {{own: {{{own}}}, other: {{{asked}}}}}
routes:
  - {{name: chat, match: {{path: /v1/chat/completions}}, domain: own, domains: [other]}}
"""
    faults = [each.text for each in sharing(loads(UPSTREAM + text, environ={})) if each.level is Level.FAULT]

    assert len(faults) == bool(key)
    assert all(key in fault and fault.startswith("a request that asks for domain other is refused") for fault in faults)


def test_a_field_that_is_never_ignored_is_a_fault() -> None:
    text = "domains: {default: {scope: {ignore: [metadata, model, messages]}}}\n"

    [fault] = found(text)

    assert (fault.level, fault.about) == (Level.FAULT, "domain default")
    assert fault.text.startswith("scope.ignore: model, messages counts all the same")


@pytest.mark.parametrize(
    ("text", "level", "about", "named"),
    [
        ("domains: {d: {tenancy: 'header:Cookie'}}", Level.FAULT, "domain d", "tenancy names the header Cookie"),
        ("domains: {d: {scope: {ignore: [novel]}}}", Level.NOTE, "domain d", "scope.ignore: novel: a request with"),
        ("routes: [{name: r, scope: {headers: [Cookie]}}]", Level.NOTE, "route r", "scope.headers names Cookie"),
        ("routes: [{name: r, stateless_fields: [store, novel]}]", Level.NOTE, "route r", "stateless_fields: store is"),
    ],
)
def test_what_is_listed_where_it_changes_nothing_is_told(text: str, level: Level, about: str, named: str) -> None:
    [finding] = found(text)

    assert (level, about) == (finding.level, finding.about)
    assert finding.text.startswith(named)


@pytest.mark.parametrize(
    "text",
    [
        "domains: {d: {tenancy: 'header:X-Customer', scope: {ignore: [metadata, user]}}}",
        "domains: {d: {scope: {ignore: [novel]}}}\nroutes: [{name: r, stateless_fields: [novel]}]",
        "routes: [{name: r, match: {path: '/v1/*'}, stateless_fields: [dimensions]}]",  # of embeddings alone
    ],
)
def test_what_is_listed_where_it_counts_is_not_told(text: str) -> None:
    assert [] == found(text)


def test_domains_and_upstreams_that_no_route_names_are_noted() -> None:
    """With the built-in route every name but one is a mistake; with two of them somebody's setting holds nowhere."""
    text = "domains: {default: {}, defualt: {ttl_s: 60}, strict: {}, spare: {}}\n"
    text += "routes: [{name: chat, domain: default, domains: [strict]}, "
    text += "{name: rest, match: {path: '*'}, cache: off, domain: spare}]\n"
    config = loads(UPSTREAM + text, environ={})

    assert [(one.level, one.about) for one in routing(config)] == [
        (Level.NOTE, "domain defualt"),
        (Level.NOTE, "domain spare"),
    ]

    text = "upstreams: {a: {base_url: http://a/v1}, b: {base_url: http://b/v1}, c: {base_url: http://c/v1}}\n"
    text += "routes: [{name: chat, upstream: b}, {name: rest, match: {path: '*'}, upstream: c, cache: off}]\n"
    [finding] = routing(loads(text, environ={}))

    assert (finding.level, finding.about) == (Level.NOTE, "upstream a")
    assert list(routing(loads(UPSTREAM, environ={}))) == []
