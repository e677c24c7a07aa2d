"""The verbs that start something: real processes, real sockets, a real redis-server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from proxy.app import build_app
from proxy.config.load import loads
from tests.facts.waiting import ATTEMPTS, PAUSE_S
from tests.redis_server import RedisServer
from tests.upstream import Upstream
from tests.upstream.openai import ok

ASK_TWICE = """
import os, json, urllib.request as u
assert os.environ["OPENAI_API_BASE"] == os.environ["OPENAI_BASE_URL"]
for _ in range(2):
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "What is a mutex?"}]}).encode()
    request = u.Request(os.environ["OPENAI_BASE_URL"] + "/chat/completions", body,
                        {"Authorization": "Bearer sk-test", "Content-Type": "application/json"})
    print(u.urlopen(request).headers["cache-status"])
"""


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("EQUICACHE_", "OPENAI_", "REDIS_"))
    }
    return {**kept, "EQUICACHE_STORE": f"sqlite:///{tmp_path}/cache.db", **more}


@asynccontextmanager
async def started(
    *arguments: str, env: Mapping[str, str], cwd: Path, before: Callable[[], object] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process with a group of its own; `before`: called in it before it is the proxy."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "proxy", *arguments, env=dict(env), cwd=cwd, start_new_session=True, preexec_fn=before,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(*arguments: str, env: Mapping[str, str], cwd: Path) -> tuple[int, str, str]:
    async with started(*arguments, env=env, cwd=cwd) as process:
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def address_in(process: asyncio.subprocess.Process, pattern: str) -> str:
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode():
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError("the banner never came")


async def test_serve_says_where_it_is_answers_and_ends_cleanly(upstream: Upstream, tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url, EQUICACHE_SERVER__ADMIN__PORT="0")
    async with started("serve", "--port", "0", env={**env, "EQUICACHE_SERVER_PORT": "9000"}, cwd=tmp_path) as process:
        base = await address_in(process, r"equicache on (\S+)")
        admin = await address_in(process, r"statistics (\S+)")
        assert "EQUICACHE_SERVER__PORT" in await address_in(process, r"note +EQUICACHE_SERVER_PORT: (.*)")
        async with aiohttp.ClientSession() as session, session.get(admin) as statistics:
            assert statistics.status == 200
        async with aiohttp.ClientSession() as session, session.get(f"{base}/models") as models:
            assert models.status == 200
        process.send_signal(signal.SIGTERM)

        assert await process.wait() == 0


async def test_serve_with_two_workers_answers_and_ends_cleanly(upstream: Upstream, tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url, EQUICACHE_SERVER__ADMIN__PORT="0")
    async with started("serve", "--port", "0", "--workers", "2", env=env, cwd=tmp_path) as process:
        base = await address_in(process, r"equicache on (\S+)")
        admin = await address_in(process, r"statistics (\S+)")
        said = await address_in(process, r"  note +domain default: (.*)")
        async with aiohttp.ClientSession() as session, session.get(f"{base}/models") as models:
            assert models.status == 200
        async with aiohttp.ClientSession() as session, session.get(admin) as statistics:
            notes = (await statistics.json())["notes"]
        process.send_signal(signal.SIGTERM)

        assert await process.wait() == 0
    assert notes == {"default": said}
    assert said.startswith("uncalibrated for this domain")


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_terminal_that_closes_lets_requests_under_way_end(
    upstream: Upstream, tmp_path: Path, workers: int
) -> None:
    """The kernel tells the whole group, and many a shell tells it once more."""

    def listening() -> None:
        signal.signal(
            signal.SIGHUP, signal.SIG_DFL
        )  # whoever runs these tests may have been told to outlive a terminal

    upstream.latency_s = 2.0
    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url, EQUICACHE_SERVER__ADMIN__PORT="0")
    serve = ("serve", "--port", "0", "--workers", str(workers))
    async with started(*serve, env=env, cwd=tmp_path, before=listening) as process:
        base = await address_in(process, r"equicache on (\S+)")
        async with aiohttp.ClientSession() as session:
            under_way = asyncio.create_task(session.get(f"{base}/models"))
            await upstream.wait_for(1)
            for _ in range(2):
                os.killpg(process.pid, signal.SIGHUP)
                await asyncio.sleep(0.2)

            async with await under_way as response:
                assert 200 == response.status
        assert 0 == await process.wait()


async def test_who_was_told_to_outlive_the_terminal_does(upstream: Upstream, tmp_path: Path) -> None:
    def nohup() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url, EQUICACHE_SERVER__ADMIN__PORT="0")
    async with started("serve", "--port", "0", env=env, cwd=tmp_path, before=nohup) as process:
        base = await address_in(process, r"equicache on (\S+)")
        os.killpg(process.pid, signal.SIGHUP)
        await asyncio.sleep(0.5)
        async with aiohttp.ClientSession() as session, session.get(f"{base}/models") as models:
            assert 200 == models.status


async def refused(port: int) -> None:
    """Returns once nobody takes connections there, not even the kernel for later."""
    with contextlib.suppress(OSError):
        while True:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await asyncio.sleep(0.025)


@pytest.mark.parametrize("workers", [1, 2])
async def test_nobody_is_let_in_while_the_last_requests_end(upstream: Upstream, tmp_path: Path, workers: int) -> None:
    upstream.may_answer.clear()
    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url, EQUICACHE_SERVER__ADMIN__PORT="0")
    async with started("serve", "--port", "0", "--workers", str(workers), env=env, cwd=tmp_path) as process:
        base = await address_in(process, r"equicache on (\S+)")
        async with aiohttp.ClientSession() as session:
            under_way = asyncio.create_task(session.get(f"{base}/models"))
            await upstream.wait_for(1)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):  # of the thirty seconds for which requests are waited for
                await refused(int(base.rpartition(":")[2].partition("/")[0]))
            upstream.may_answer.set()

            async with await under_way as response:
                assert 200 == response.status
        assert 0 == await process.wait()


async def test_workers_end_with_a_supervisor_that_is_killed_before_they_are_up(
    upstream: Upstream, tmp_path: Path
) -> None:
    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url, EQUICACHE_SERVER__ADMIN__PORT="0")
    async with started("serve", "--port", "0", "--workers", "2", env=env, cwd=tmp_path) as process:
        base = await address_in(process, r"equicache on (\S+)")
        process.kill()
        assert process.stdout is not None
        async with asyncio.timeout(60):
            await process.stdout.read()  # ends when the last of them has closed it

    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{base}/models")


async def test_a_taken_port_is_one_line_with_the_fix(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = environment(tmp_path, EQUICACHE_SERVER__ADMIN__PORT=str(port + 1), EQUICACHE_SERVER__LOG="json")
        code, out, err = await ended("serve", "--port", str(port), env=env, cwd=tmp_path)

    assert code == 3
    assert out == ""
    told = f"equicache: port {port} on 127.0.0.1 is taken; use another one: --port {port + 2}"  # + 1 is admin's
    assert told in err.splitlines()
    assert "Traceback" not in err


async def test_a_taken_port_of_the_admin_listener_is_told_from_any_port_of_the_proxy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = environment(tmp_path, EQUICACHE_SERVER__ADMIN__PORT=str(port), EQUICACHE_SERVER__LOG="json")
        code, _, err = await ended("serve", "--port", "0", env=env, cwd=tmp_path)  # its digit is in every address

    told = f"equicache: port {port} on 127.0.0.1 is taken; use another one: EQUICACHE_SERVER__ADMIN__PORT={port + 1}"
    assert (code, told in err.splitlines()) == (3, True), err


@pytest.mark.parametrize("workers", [1, 2])
async def test_what_no_process_could_start_with_is_one_line(workers: int, tmp_path: Path) -> None:
    proxies = dict.fromkeys(("NO_PROXY", "no_proxy"), "") | dict.fromkeys(
        ("HTTPS_PROXY", "https_proxy"), "socks5://a:1080"
    )
    env = environment(tmp_path, **proxies, EQUICACHE_SERVER__ADMIN__PORT="0")
    async with asyncio.timeout(60):
        code, out, err = await ended("serve", "--port", "0", "--workers", str(workers), env=env, cwd=tmp_path)

    assert (2, "") == (code, out)
    assert err.startswith("equicache: HTTPS_PROXY or HTTP_PROXY in the environment: ")
    assert "Traceback" not in err


async def test_run_puts_the_proxy_around_a_command_and_says_what_it_saved(upstream: Upstream, tmp_path: Path) -> None:
    env = environment(tmp_path, OPENAI_BASE_URL=upstream.url)
    code, out, err = await ended("run", "--", sys.executable, "-c", ASK_TWICE, env=env, cwd=tmp_path)

    assert code == 0, err
    # Asked again before the first answer is in the store, the second call shares it instead: `collapsed`.
    first, second = out.splitlines()
    assert "fwd=miss; detail" in first
    assert "; hit;" in second or second.endswith("collapsed")
    assert upstream.calls == 1
    assert re.fullmatch(
        r"equicache: 2 calls, [01] from memory \([01] exact, 0 by meaning\), \d+\.\d s saved, 0 reported",
        err.splitlines()[-1],
    )


ASK_AND_REPORT = """
import os, json, time, urllib.request as u
def ask(text, **more):
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode()
    headers = {"Authorization": "Bearer sk-test", "Content-Type": "application/json"} | more
    return u.urlopen(u.Request(os.environ["OPENAI_BASE_URL"] + "/chat/completions", body, headers)).headers
while "; hit;" not in ask("How do I reset my password?")["cache-status"]:
    time.sleep(0.05)
for text in ("How can I reset my password?", "Tell me how to reset my password.", "How would I reset my password?"):
    found = ask(text)["cache-status"].rpartition("=")[2]
    if found == "semantic":
        break
print(found, ask(text, **{"equicache-report": "bad-hit"})["equicache-report"])
"""


async def test_run_compares_by_meaning_from_the_first_call_on_and_counts_reports(
    upstream: Upstream, tmp_path: Path
) -> None:
    env = environment(tmp_path, OPENAI_BASE_URL=upstream.url)
    code, out, err = await ended("run", "--", sys.executable, "-c", ASK_AND_REPORT, env=env, cwd=tmp_path)

    assert code == 0, err
    assert out == "semantic recorded\n"
    assert err.splitlines()[-1].endswith(" saved, 1 reported")


async def test_run_names_the_variable_that_holds_a_broken_base_url(tmp_path: Path) -> None:
    code, _, err = await ended("run", "--", "true", env=environment(tmp_path, OPENAI_BASE_URL="foo"), cwd=tmp_path)

    assert code == 2
    assert err.startswith("equicache: OPENAI_BASE_URL: $.upstreams.openai.base_url: found 'foo'; expected http")


async def test_run_gives_its_command_the_address_that_is_bound(tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_SERVER__HOST="127.0.0.2")
    show = "import os; print(os.environ['OPENAI_BASE_URL'])"
    code, out, err = await ended("run", "--", sys.executable, "-c", show, env=env, cwd=tmp_path)

    assert code == 0, err
    assert re.fullmatch(r"http://127\.0\.0\.2:\d+/v1\n", out)


async def test_run_is_found_by_a_command_that_goes_out_through_a_proxy(upstream: Upstream, tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")
    provider = upstream.url.replace("127.0.0.1", "localhost")
    env = environment(tmp_path, OPENAI_BASE_URL=provider, NO_PROXY="localhost", **nowhere)
    env.pop("no_proxy", None)
    code, out, err = await ended("run", "--", sys.executable, "-c", ASK_TWICE, env=env, cwd=tmp_path)

    assert code == 0, err
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize(("command", "code"), [(["-c", "raise SystemExit(7)"], 7), (["-c", "pass"], 0)])
async def test_run_ends_as_its_command_ends(command: list[str], code: int, tmp_path: Path) -> None:
    found = await ended("run", "--", sys.executable, *command, env=environment(tmp_path), cwd=tmp_path)

    assert found[0] == code


async def test_options_of_the_command_are_its_own_also_without_dashes_before_it(tmp_path: Path) -> None:
    """`-c` is --config's short form, and python's."""
    found = await ended("run", sys.executable, "-c", "raise SystemExit(7)", env=environment(tmp_path), cwd=tmp_path)

    assert found[0] == 7


async def test_run_names_a_command_that_is_not_there(tmp_path: Path) -> None:
    code, _, err = await ended("run", "--", "no-such-command", env=environment(tmp_path), cwd=tmp_path)

    assert code == 127
    assert "cannot run no-such-command: No such file or directory" in err


async def test_check_says_what_it_looked_at(tmp_path: Path) -> None:
    code, out, _ = await ended("check", "--json", env=environment(tmp_path), cwd=tmp_path)

    found = {(row["level"], row["about"]) for row in json.loads(out)}
    assert code == 0
    assert {("ok", "configuration"), ("ok", "models"), ("ok", "store"), ("note", "domain default")} <= found


async def test_check_asks_the_upstream_only_when_told_to(upstream: Upstream, tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url)
    await ended("check", env=env, cwd=tmp_path)
    assert upstream.calls == 0

    code, out, _ = await ended("check", "--live", env=env, cwd=tmp_path)
    assert code == 0
    assert upstream.calls == 1
    assert "answers (200 to GET /models)" in out


async def test_check_notes_a_folder_that_serve_will_make(tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_STORE=f"sqlite:///{tmp_path}/not/yet/cache.db")
    code, out, _ = await ended("check", env=env, cwd=tmp_path)

    assert code == 0
    assert f"note  store: the folder {tmp_path}/not/yet is not there; the proxy makes it at its start" in out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("folder.db", None),
        ("text.db", b"hello world, this is text\n" * 100),
        ("cut.db", b"SQLite format 3\0" + bytes(10)),
        ("[red]text[fd00::5].db", b"hello world, this is text\n" * 100),
    ],
)
async def test_check_and_the_banner_name_a_store_that_cannot_work_and_leave_nothing_behind(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.mkdir() if content is None else file.write_bytes(content)
    env = environment(tmp_path, EQUICACHE_STORE=f"sqlite:///{file}", EQUICACHE_SERVER__ADMIN__PORT="0")
    code, out, _ = await ended("check", env=env, cwd=tmp_path)

    assert code == 3
    (told,) = (line.partition("store: ")[2] for line in out.splitlines() if line.startswith("unreachable"))
    assert str(file) in told
    assert [name] == os.listdir(tmp_path)
    async with started("serve", "--port", "0", env=env, cwd=tmp_path) as process:
        assert told == await address_in(process, r"  note +nothing is remembered: (.*)")


async def test_check_says_what_cannot_be_reached(tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_STORE="redis://127.0.0.1:1/0")
    code, out, _ = await ended("check", env=env, cwd=tmp_path)

    assert code == 3
    assert "unreachable  store: Redis does not answer" in out


async def test_check_refuses_a_redis_that_throws_labels_away_and_notes_one_that_forgets(tmp_path: Path) -> None:
    async with RedisServer(tmp_path, options=("--maxmemory-policy", "allkeys-lru")) as server:
        code, out, _ = await ended("check", env=environment(tmp_path, EQUICACHE_STORE=server.url), cwd=tmp_path)

    assert code == 1
    assert "fault  store: maxmemory-policy allkeys-lru throws reports of bad hits away" in out
    assert "note  store: append-only file is off" in out


@pytest.mark.parametrize(
    ("said", "code", "line"),
    [
        (("CONFIG", "SET", "maxmemory", "1"), 3, "unreachable  store: Redis answers, but refuses to run a script"),
        (("ACL", "SETUSER", "default", "-evalsha", "-eval"), 3, "unreachable  store: Redis answers, but refuses"),
        (("ACL", "SETUSER", "default", "-config", "-info"), 0, "note  store: Redis does not tell its settings"),
    ],
)
async def test_check_tells_a_redis_that_refuses_from_one_that_is_silent(
    tmp_path: Path, said: tuple[str, ...], code: int, line: str
) -> None:
    async with RedisServer(tmp_path, appends=True) as server:
        await server.say(*said)
        found, out, _ = await ended("check", env=environment(tmp_path, EQUICACHE_STORE=server.url), cwd=tmp_path)

    assert (code, True) == (found, line in out)
    assert "does not answer" not in out


async def test_check_is_content_with_a_durable_redis(tmp_path: Path) -> None:
    async with RedisServer(tmp_path, appends=True) as server:
        code, out, _ = await ended("check", env=environment(tmp_path, EQUICACHE_STORE=server.url), cwd=tmp_path)

    assert code == 0
    assert "ok  store: Redis answers" in out
    assert "append-only file is off" not in out


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
async def test_check_says_that_answering_by_meaning_is_switched_off(kind: str, tmp_path: Path) -> None:
    async with RedisServer(tmp_path, appends=True) as server:
        env = environment(tmp_path, **({"EQUICACHE_STORE": server.url} if kind == "redis" else {}))
        await ended("off", env=env, cwd=tmp_path)
        _, switched_off, _ = await ended("check", env=env, cwd=tmp_path)
        await ended("off", "--undo", env=env, cwd=tmp_path)
        _, switched_on, _ = await ended("check", env=env, cwd=tmp_path)

    assert "note  store: answering by meaning is switched off on this store; `equicache off --undo`" in switched_off
    assert "switched off" not in switched_on


@pytest.mark.parametrize("workers", [1, 2])
async def test_the_banner_says_that_answering_by_meaning_is_switched_off(workers: int, tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_SERVER__ADMIN__PORT="0")
    await ended("off", env=env, cwd=tmp_path)

    async with started("serve", "--port", "0", "--workers", str(workers), env=env, cwd=tmp_path) as process:
        said = await address_in(process, r"  note +(answering by meaning.*)")
        process.send_signal(signal.SIGTERM)
        await process.wait()
    assert said == "answering by meaning is switched off on this store; `equicache off --undo` turns it on again"


async def test_off_reaches_a_running_proxy_and_the_next_one(upstream: Upstream, tmp_path: Path) -> None:
    settings = loads(
        f"server: {{port: 0, admin: {{port: 0}}}}\nstore: sqlite:///{tmp_path}/cache.db\n"
        f"upstreams: {{one: {{base_url: '{upstream.url}'}}}}\n",
        environ={},
    )
    app = await build_app(settings)
    await app.start()
    try:
        await app.loaded()
        assert app.semantic_off() is None

        code, out, err = await ended("off", env=environment(tmp_path), cwd=tmp_path)
        assert (code, err) == (0, "")
        assert f"is off for every proxy on {tmp_path}/cache.db\n" in out
        await app.replica.catch_up()
        assert app.semantic_off() == "semantic_off"

        await ended("off", "--undo", env=environment(tmp_path), cwd=tmp_path)
        await app.replica.catch_up()
        assert app.semantic_off() is None
    finally:
        await app.stop()


async def test_off_says_that_no_proxy_is_where_it_was_said(tmp_path: Path) -> None:
    env = environment(tmp_path, EQUICACHE_STORE="sqlite:///equicache.db")

    first = await ended("off", env=env, cwd=tmp_path)
    async with started("serve", "--port", "0", env={**env, "EQUICACHE_SERVER__ADMIN__PORT": "0"}, cwd=tmp_path) as one:
        await address_in(one, r"equicache on (\S+)")
        second = await ended("off", env=env, cwd=tmp_path)

    assert first[:2] == second[:2] == (0, f"answering by meaning is off for every proxy on {tmp_path}/equicache.db\n")
    assert first[2].startswith("equicache: no proxy has used this store yet; for one that runs elsewhere run it in the")
    assert second[2] == ""


async def test_off_on_a_store_that_takes_nothing_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "folder.db.ledger").mkdir()
    env = environment(tmp_path, EQUICACHE_STORE=f"sqlite:///{tmp_path}/folder.db")
    code, out, err = await ended("off", env=env, cwd=tmp_path)

    assert (code, out) == (3, "")
    assert err.startswith(f"equicache: {tmp_path}/folder.db: SQLite: ")
    assert 1 == len(err.splitlines())


async def counted(requests: int, stats: str, session: aiohttp.ClientSession) -> None:
    """Waits until the statistics have heard of so many requests: of a miss when its answer is stored, or is not."""
    for _ in range(ATTEMPTS):
        reply = await session.get(stats, headers={"Authorization": "Bearer sesame"})
        if requests == (await reply.json())["requests"]:
            return
        await asyncio.sleep(PAUSE_S)
    raise AssertionError(f"the statistics never heard of {requests} requests")


async def test_why_asks_the_running_proxy(upstream: Upstream, tmp_path: Path) -> None:
    env = environment(
        tmp_path,
        EQUICACHE_UPSTREAMS__OPENAI__BASE_URL=upstream.url,
        EQUICACHE_ADMIN_TOKEN="sesame",
        EQUICACHE_SERVER__ADMIN__PORT="0",
    )
    async with started("serve", "--port", "0", env=env, cwd=tmp_path) as process:
        base = await address_in(process, r"equicache on (\S+)")
        admin = await address_in(process, r"statistics http://127.0.0.1:(\d+)")
        question = {"model": "m", "temperature": 2, "messages": [{"role": "user", "content": "What is a mutex?"}]}
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer k"}) as session:
            await session.post(f"{base}/chat/completions", json=question)
            upstream.say(ok({"error": {"message": "overloaded"}}))
            await session.post(f"{base}/chat/completions", json=question | {"temperature": 0, "seed": 1})
            await counted(2, f"http://127.0.0.1:{admin}/api/stats", session)

        code, out, err = await ended("why", "--json", env={**env, "EQUICACHE_SERVER__ADMIN__PORT": admin}, cwd=tmp_path)

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "requests": 2,
        "hits": 0,
        "shadow_hits": 0,
        "lost": [
            {"cause": "temperature", "detail": "", "requests": 1},
            {"cause": "field", "detail": "", "requests": 1},
        ],
        "not_stored": [{"reason": "error_body", "answers": 1}],
    }


async def test_the_demo_gives_no_wrong_answer_where_a_cosine_cache_does(tmp_path: Path) -> None:
    env = environment(tmp_path, HTTP_PROXY="http://127.0.0.1:1", ALL_PROXY="http://127.0.0.1:1")  # needs no network
    code, out, err = await ended("demo", "--json", env=env, cwd=tmp_path)

    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert len(rows) == 30
    assert [row["prompt"] for row in rows if "WRONG" in row["equicache"]] == []
    assert [row["prompt"] for row in rows if "WRONG" in row["cosine"]] != []
    assert [row["prompt"] for row in rows if row["equicache"] == "served, right"] != []
