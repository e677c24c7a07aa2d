"""The verbs as scripts see them: exit codes, one line per error, and the files they write."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from subprocess import PIPE
from threading import Thread
from types import SimpleNamespace
from typing import cast
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import typer

from proxy import __version__
from proxy.app import App
from proxy.cli.demo import Question, Row, Show, is_right, questions, table
from proxy.cli.explain import in_words
from proxy.cli.main import main
from proxy.cli.proxy_process import reachable, supervised
from proxy.cli.run import child_environment, summary
from proxy.cli.serve import banner
from proxy.cli.terminal import out
from proxy.cli.verbs import app
from proxy.cli.why import advice
from proxy.config.load import load, loads
from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import BypassReason, ExactOnlyReason, HitKind, MissReason
from proxy.observe.stats import StatsObserver
from proxy.workers import Supervisor, bound_socket

Captured = pytest.CaptureFixture[str]
REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "dumb")


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_help_lists_the_verbs_that_are_built(capsys: Captured) -> None:
    assert code_of("--help") == 0

    shown = capsys.readouterr().out
    assert all(verb in shown for verb in ("serve", "run", "check", "config", "demo", "score", "explain", "why", "off"))
    assert not any(f" {verb} " in shown for verb in ("entries", "retrain", "reembed", "import"))


def test_operations_lists_every_verb_with_its_options() -> None:
    page = (REPOSITORY / "docs" / "operations.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([a-z]+(?: (?:init|show|schema))?)[^|]*\|[^|]*\|([^|]*)\|$", page, re.MULTILINE))
    root = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    verbs = {**root, **{f"config {name}": one for name, one in root["config"].commands.items()}}
    del verbs["config"]
    options = {
        verb: {param.opts[0] for param in one.params if param.opts[0].startswith("--")} - {"--config", "--help"}
        for verb, one in verbs.items()
    }

    assert {verb: set(re.findall(r"`(--[a-z-]+)", told.get(verb, ""))) for verb in verbs} == options


def test_version(capsys: Captured) -> None:
    assert code_of("--version") == 0

    assert capsys.readouterr().out == f"equicache {__version__}\n"


INTERRUPTED = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class CtrlC(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "proxy.cli.verbs":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, CtrlC())
from proxy.cli.main import main
main(["--version"])
"""


def test_ctrl_c_while_modules_are_imported_ends_the_process_without_a_word() -> None:
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, cwd=REPOSITORY, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, b"", b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("serve", "--prot", "1"),
        ("serve", "--port", "many"),
        ("serve", "--port", "70000"),
        ("serve", "--config", "missing.yaml"),
        ("why", "-", "--since", "tomorrow"),
        ("why", "-", "--since", "999999999999d"),
        ("why",),
        ("explain", "only one"),
        ("run",),
    ],
)
def test_a_usage_error_is_one_line_and_exit_2(arguments: tuple[str, ...], capsys: Captured) -> None:
    assert code_of(*arguments) == 2

    said = capsys.readouterr()
    assert said.err.startswith("equicache: ")
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


def test_a_wrong_flag_is_called_by_its_name(capsys: Captured) -> None:
    assert code_of("serve", "--port", "70000") == 2

    assert capsys.readouterr().err.startswith("equicache: --port: $.server.port: found '70000'; expected less than")


def test_several_faults_are_a_line_each_and_all_alike(capsys: Captured) -> None:
    Path("a.yaml").write_text("server:\n  workers: none\n  prot: 1\n")

    assert code_of("check", "--config", "a.yaml") == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" $")[0] for line in lines] == ["equicache: a.yaml:2:", "equicache: a.yaml:3:"]


def test_a_broken_configuration_is_one_line_and_exit_2(capsys: Captured) -> None:
    Path("a.yaml").write_text("server:\n  workers: none\n")

    assert code_of("serve", "--config", "a.yaml") == 2
    assert capsys.readouterr().err == (
        "equicache: a.yaml:2: $.server.workers: found 'none'; expected a valid integer\n"
    )


def test_a_file_that_cannot_be_read_is_exit_3(capsys: Captured) -> None:
    assert code_of("demo", "--once", "--prompts", "missing.jsonl") == 3

    assert capsys.readouterr().err == "equicache: missing.jsonl: No such file or directory\n"


def test_config_init_writes_a_file_that_loads_and_keeps_one_that_is_there(capsys: Captured) -> None:
    assert code_of("config", "init") == 0
    assert load(Path("equicache.yaml"), {}).routes[0].name == "chat"
    assert code_of("config", "init") == 1
    assert code_of("config", "init", "--force") == 0

    assert "is there already" in capsys.readouterr().err


def test_a_file_called_equicache_yaml_is_used_without_an_option(capsys: Captured) -> None:
    Path("equicache.yaml").write_text("server: {port: 4242}\n")

    assert code_of("config", "show") == 0
    assert "port: 4242" in capsys.readouterr().out


def test_a_file_called_equicache_yml_is_not_passed_over(capsys: Captured) -> None:
    Path("equicache.yml").write_text("server: {port: 4242}\n")

    assert code_of("check") == 2
    assert "equicache.yml: is not read by itself; expected equicache.yaml, or --config" in capsys.readouterr().err
    assert code_of("config", "show", "--config", "equicache.yml") == 0
    assert "port: 4242" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_an_equicache_yaml_that_cannot_be_read_is_no_reason_for_the_defaults(kind: str, capsys: Captured) -> None:
    if kind == "folder":  # as a container engine makes of a mounted file that is not there
        Path("equicache.yaml").mkdir()
    else:
        Path("equicache.yaml").symlink_to("nowhere.yaml")

    assert code_of("config", "show") == 2
    assert capsys.readouterr().err.startswith("equicache: equicache.yaml: cannot read it (")


def test_config_show_says_what_holds_of_a_file_that_can_be_read_once(capsys: Captured) -> None:
    os.mkfifo("once.yaml")  # as `--config <(…)` and /dev/stdin
    with subprocess.Popen(["sh", "-c", "echo 'domains: {default: {ttl_s: 77}}' > once.yaml"]):
        assert code_of("config", "show", "--config", "once.yaml") == 0

    assert "ttl_s: 77" in capsys.readouterr().out


def test_config_show_hides_secrets(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "canary")
    Path("a.yaml").write_text(
        "server: {access_keys: [${CANARY}], tenant_secret: ${CANARY}}\n"
        "upstreams: {openai: {api_key: ${CANARY}}}\n"
        "store: redis://me:${CANARY}@host/0\n"
    )

    assert code_of("config", "show", "--config", "a.yaml") == 0
    shown = capsys.readouterr().out
    assert "canary" not in shown
    assert "redis://me:***@host/0" in shown


def test_config_schema_refuses_unknown_keys(capsys: Captured) -> None:
    assert code_of("config", "schema") == 0

    schema = json.loads(capsys.readouterr().out)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["semantic"]["description"]


def test_why_counts_lost_hits_by_cause(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    events = [
        {"outcome": "miss", "reason": "scope_differs", "scope_field": "messages"},
        {"outcome": "miss", "reason": "scope_differs", "scope_field": "messages"},
        {"outcome": "miss", "reason": "guard", "guard": "numbers"},
        {"outcome": "miss", "reason": "below_threshold", "guard": "numbers", "drop": "model_differs"},
        {"outcome": "hit", "reason": None, "guard": "numbers"},
        {"outcome": "miss", "shadow": True, "drop": "model_differs"},
        {"outcome": "miss", "reason": "stale", "timestamp": (now - timedelta(days=3)).isoformat()},
    ]
    lines = [json.dumps({"event": "request.answered", "timestamp": now.isoformat(), **event}) for event in events]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(["not json", '{"event": "index.loaded"}', *lines])))

    assert code_of("why", "-", "--since", "1d", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "requests": 6,
        "hits": 1,
        "shadow_hits": 1,
        "lost": [
            {"cause": "scope_differs", "detail": "messages", "requests": 2},
            {"cause": "guard", "detail": "numbers", "requests": 1},
            {"cause": "below_threshold", "detail": "", "requests": 1},
        ],
        "not_stored": [{"reason": "model_differs", "answers": 2}],
    }


def test_why_takes_a_time_without_a_zone_for_utc(capsys: Captured) -> None:
    """What collects logs may write their times anew."""
    now = datetime.now(UTC).replace(tzinfo=None)
    events = [{"timestamp": f"{now - timedelta(hours=hours)}", "reason": "guard"} for hours in (0, 3)]
    Path("proxy.log").write_text("".join(json.dumps({"event": "request.answered", **one}) + "\n" for one in events))

    assert code_of("why", "proxy.log", "--since", "2h", "--json") == 0
    assert json.loads(capsys.readouterr().out)["requests"] == 1


@pytest.mark.parametrize("said", [b"<html>", b"{}", b"[]", b'{"requests": 1, "scope_fields": 5}'])
def test_why_tells_what_is_no_statistics_in_one_line(
    said: bytes, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program on the admin port, or a proxy of another release that still runs."""

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        answering = Thread(target=server.handle_request)
        answering.start()
        monkeypatch.setenv("EQUICACHE_ADMIN_TOKEN", "sesame")
        monkeypatch.setenv("EQUICACHE_SERVER__ADMIN__PORT", f"{server.server_port}")
        code = code_of("why")
        answering.join()

    assert (code, capsys.readouterr().err) == (
        3,
        f"equicache: what 127.0.0.1:{server.server_port} answers are no statistics of this release; "
        "start the proxy anew, or give the port of its admin listener\n",
    )


def test_why_says_what_kept_answers_out_of_memory(capsys: Captured) -> None:
    event = {"event": "request.answered", "timestamp": datetime.now(UTC).isoformat(), "reason": "no_candidate"}
    Path("proxy.log").write_text(json.dumps({**event, "drop": "model_differs"}))

    assert code_of("why", "proxy.log") == 0
    assert "another model answered" in capsys.readouterr().out


def test_why_names_the_field_that_may_be_listed_and_the_one_that_may_not(capsys: Captured) -> None:
    events = [{"event": "request.answered", "reason": "stateful_field", "field": name} for name in ("novel", "store")]
    Path("proxy.log").write_text("\n".join(map(json.dumps, events)))

    assert code_of("why", "proxy.log", "--json") == 0
    assert ["novel", "store"] == [each["detail"] for each in json.loads(capsys.readouterr().out)["lost"]]
    assert "list it in routes[].stateless_fields" in advice("stateful_field", "novel")
    assert "no setting changes that" in advice("stateful_field", "store")


def test_why_shows_no_name_that_a_terminal_would_obey(capsys: Captured) -> None:
    event = {"event": "request.answered", "reason": "stateful_field", "field": "\x1b]0;title\x07name\u202e"}
    Path("proxy.log").write_text(json.dumps(event))

    assert code_of("why", "proxy.log") == 0
    assert "\ufffd]0;title\ufffdname\ufffd" in capsys.readouterr().out


def test_why_reads_what_a_log_driver_wrote_before_each_line(capsys: Captured) -> None:
    event = {"event": "request.answered", "timestamp": datetime.now(UTC).isoformat(), "outcome": "hit"}
    Path("proxy.log").write_text(
        f"\ufeffproxy-1  | {json.dumps(event)}\nNov 22 host equicache[7]: {json.dumps(event)}\n"
    )

    assert code_of("why", "proxy.log", "--json") == 0
    assert json.loads(capsys.readouterr().out)["hits"] == 2


def test_why_reads_a_log_that_was_rotated_and_compressed(capsys: Captured) -> None:
    event = {"event": "request.answered", "timestamp": datetime.now(UTC).isoformat(), "outcome": "hit"}
    Path("proxy.log.1.gz").write_bytes(gzip.compress(f"\ufeff{json.dumps(event)}\r\n".encode()))

    assert code_of("why", "proxy.log.1.gz", "--json") == 0
    assert json.loads(capsys.readouterr().out)["hits"] == 1


@pytest.mark.parametrize("verb", ["why", "score", "calibrate --max-false-hit-rate 0.05", "replay"])
@pytest.mark.parametrize("damage", ["cut", "scrambled", "no gzip behind its first bytes"])
def test_a_damaged_gzip_file_is_named(verb: str, damage: str, capsys: Captured) -> None:
    whole = gzip.compress(b'{"a": "x", "b": "y"}\n' * 9)
    damaged = {"cut": whole[:-9], "scrambled": whole[:10] + b"\xff" * 9, "no gzip behind its first bytes": whole[:2]}
    Path("rows.gz").write_bytes(damaged[damage])

    assert code_of(*verb.split(), "rows.gz") == 3
    assert capsys.readouterr().err.startswith("equicache: rows.gz: damaged gzip file (")


def test_standard_input_is_utf_8_in_every_locale() -> None:
    program = "from proxy.cli.terminal import text_of\nwith text_of('-') as lines: print(ascii(list(lines)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=b'\xef\xbb\xbf{"a": "\xc3\xa9\xff"}\n',
        capture_output=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONIOENCODING": "latin-1:strict"},
        check=True,
    )

    assert repr(['{"a": "é\ufffd"}\n']).encode("ascii", "backslashreplace") + b"\n" == done.stdout


def test_what_a_locale_has_no_letter_for_does_not_end_a_verb(tmp_path: Path) -> None:
    log = tmp_path / "proxy.log"
    log.write_text(json.dumps({"event": "request.answered", "reason": "guard", "guard": "numbers"}) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "proxy", "why", str(log)],
        capture_output=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONIOENCODING": "latin-1:strict", "COLUMNS": "200"},
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"quoted text \\u2026 differs" in done.stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_verb_needs_no_standard_stream(closed: str, tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text("store: memory://\nmodels: {embedder: nowhere}\n")
    command = f"exec {sys.executable} -m proxy run -c {tmp_path}/e.yaml -- sh -c 'exit 7' {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=REPOSITORY, check=False)

    assert done.returncode == 7, done.stderr


@pytest.mark.parametrize("arguments", [("config", "schema"), ("why", "proxy.log")])
def test_a_reader_that_leaves_early_is_no_answer_of_the_verb(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """1 would say that a check or a gate said no; what shells say of other programs is 128 and SIGPIPE."""
    (tmp_path / "proxy.log").write_text('{"event": "request.answered", "reason": "guard"}\n')
    command = [sys.executable, "-m", "proxy", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, cwd=tmp_path, env=environ) as verb:
        assert verb.stdout is not None
        assert verb.stderr is not None
        verb.stdout.close()
        said = verb.stderr.read()

    assert (verb.returncode, said) == (128 + signal.SIGPIPE, b"")


def test_why_does_not_pretend_that_a_running_proxy_counts_by_the_hour(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EQUICACHE_ADMIN_TOKEN", "sesame")

    assert code_of("why", "--since", "1h") == 2
    assert "--since: found no log" in capsys.readouterr().err


def test_a_veto_counts_as_a_lost_hit_only_where_it_lost_one() -> None:
    stats = StatsObserver(lambda *_: 0.0)
    stats.observed(Outcome("req_1", 5.0, result=Result.HIT, hit=HitKind.SEMANTIC, guard="numbers"))
    stats.observed(Outcome("req_2", 5.0, result=Result.MISS, reason=MissReason.BELOW_THRESHOLD, guard="numbers"))
    stats.observed(Outcome("req_3", 5.0, result=Result.MISS, reason=MissReason.GUARD, guard="numbers"))

    assert {"numbers": 1} == stats.totals.guards


def test_off_needs_a_store_that_other_processes_can_reach(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EQUICACHE_STORE", "memory://")

    assert code_of("off") == 2
    assert "found memory://" in capsys.readouterr().err


def test_the_last_line_of_run() -> None:
    stats = {
        "requests": 14,
        "hits": {"exact": 4, "semantic": 1, "masked": 1},
        "reported": {"bad-hit": 2, "good-hit": 1},
        "saved_s": 8.13,
        "saved_usd": 0.0312,
    }

    assert summary(stats) == ("14 calls, 6 from memory (4 exact, 2 by meaning), 8.1 s and $0.031 saved, 2 reported")
    assert summary({**stats, "saved_usd": 0.0}).endswith("8.1 s saved, 2 reported")


def test_the_last_line_of_run_claims_nothing_where_the_provider_was_not_asked() -> None:
    stats = {"requests": 1, "hits": {"exact": 1}, "reported": {}, "saved_s": 0.0, "saved_usd": 0.0}

    assert summary(stats) == "1 calls, 1 from memory (1 exact, 0 by meaning), 0 reported"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("fd00::7", "[fd00::7]"),
    ],
)
def test_an_address_that_is_listened_on_becomes_one_to_call(host: str, address: str) -> None:
    assert address == reachable(host)


def test_explain_ends_with_the_reason_in_words() -> None:
    said = in_words({"stages": [], "verdict": "miss", "reason": "guard:numbers"})

    assert said.startswith("miss: guard:numbers (a number, unit, date")
    stored = in_words({"stages": [], "verdict": "miss", "reason": "prompt_side_effect"})
    assert stored == "miss: prompt_side_effect (asked for an action)"
    assert in_words({"stages": [], "verdict": "hit", "reason": ""}) == "hit: the remembered answer would be served"


def test_why_has_a_word_for_every_reason() -> None:
    reasons = {reason for kind in (BypassReason, ExactOnlyReason, MissReason) for reason in kind}

    assert [] == sorted(reason for reason in reasons if not advice(reason, ""))


@pytest.mark.parametrize("kind", ["time_bound", "context_bound", "novelty"])
def test_why_names_the_setting_that_lets_a_kind_of_question_in(kind: str) -> None:
    assert "domains.NAME.bypass" in advice(kind, "")


def test_the_demo_judges_no_prompt_that_somebody_types() -> None:
    reset = Question("How do I reset my password?", "reset", "Open settings.")

    assert is_right(reset, Question("How can I reset my password?", "reset", "")) is True
    assert is_right(reset, Question("How do I reset my username?", "username", "")) is False
    assert is_right(reset, Question("I want to reset my password", "", "")) is None
    assert is_right(reset, Question(reset.prompt, "", "")) is True


PLACES = {"a": (1.0, 0.0), "b": (0.9, 0.43), "c": (0.95, 0.31), "d": (0.95, 0.31)}
REPLIES = {
    "a": ("A", "fwd=miss; detail=no_candidate"),
    "b": ("B", "fwd=miss; detail=below_threshold"),
    "c": ("A", "hit; ttl=9; detail=semantic"),
    "d": ("a third", "hit; ttl=9; detail=semantic"),
}


class Proxy:
    """What the demo reads of the proxy, with a place for every prompt and a reply to it."""

    def __init__(self) -> None:
        self.models = SimpleNamespace(models=SimpleNamespace(embedder=self), explain=self.explain)
        self.remember = self

    async def embed(self, prompt: str) -> SimpleNamespace:
        return SimpleNamespace(vector=np.array(PLACES[prompt], np.float32))

    async def explain(self, *_: str) -> dict[str, str]:
        return {"reason": "below_threshold"}

    async def drained(self) -> None: ...

    async def answer(self, prompt: str) -> tuple[str, Mapping[str, str]]:
        text, status = REPLIES[prompt]
        return text, {"cache-status": f"equicache; {status}"}


@pytest.mark.parametrize(
    ("prompt", "meaning", "said", "counted"),
    [
        ("c", "one", "served, right", (0, 1)),  # c lies nearer to b, and is given a's answer
        ("c", "two", "served, WRONG", (1, 0)),
        ("c", "", "served", (0, 0)),
        ("d", "one", "served, WRONG", (1, 0)),
    ],
)
async def test_the_demo_judges_the_answer_that_came(
    prompt: str, meaning: str, said: str, counted: tuple[int, int]
) -> None:
    proxy = Proxy()
    show = Show(cast(App, proxy), proxy.answer)
    for remembered in (Question("a", "one", "A"), Question("b", "two", "B")):
        await show.ask(remembered)

    row = await show.ask(Question(prompt, meaning, ""))

    assert said == row.equicache
    assert counted == (show.counts["wrong"], show.counts["right"])


def test_the_link_of_the_banner_holds_any_token() -> None:
    token = "a+b/c=&d#e"  # `openssl rand -base64` makes them of such letters

    [link] = re.findall(r"statistics (\S+)", banner(loads("", environ={}), 8080, 8081, token, []))
    assert [token] == parse_qs(urlsplit(link).query)["token"]


def test_brackets_in_an_address_and_in_a_prompt_are_shown(capsys: Captured) -> None:
    address = "http://[fd00::5]:8000/v1"
    settings = loads(f"server: {{host: 'fe80::1'}}\nupstreams: {{vllm: {{base_url: '{address}'}}}}\n", environ={})
    prompt = "Does [/b] end [b]?"

    out.print(banner(settings, 8080, 8081, "token", []))
    out.print(table([Row(prompt, prompt, 1.0, "serves it, WRONG", "forwarded", "guard:code")]))

    shown = capsys.readouterr().out
    assert f"vllm {address}\n" in shown
    assert "export OPENAI_BASE_URL=http://[fe80::1]:8080/v1\n" in shown
    assert 2 == shown.count(prompt)


@pytest.mark.parametrize(("before", "after"), [("", "::1"), ("a.example,b", "a.example,b,::1"), ("*", "*")])
def test_a_command_looks_behind_a_proxy_for_nobody_whom_it_found_without_one(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", before)

    found = child_environment("[::1]", 8080)
    assert {after} == {found["NO_PROXY"], found["no_proxy"]}


def test_the_demo_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "example.com")
    monkeypatch.delenv("no_proxy", raising=False)

    assert code_of("demo", "--once", "--prompts", "missing.jsonl") == 3
    assert (os.environ.get("NO_PROXY"), os.environ.get("no_proxy")) == ("example.com", None)


def test_the_demo_asks_thirty_prompts_and_knows_which_mean_the_same() -> None:
    asked = questions(None)

    assert len(asked) == 30
    assert len({question.prompt for question in asked}) == 30
    assert {question.answer for question in asked if question.meaning == "capital_austria"} == {"Vienna."}


def test_prompts_of_a_file_are_their_own_class_without_one(tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text('{"prompt": "a"}\n\n{"prompt": "b", "class": "x"}\n')

    assert [(question.prompt, question.meaning) for question in questions(file)] == [("a", "a"), ("b", "x")]


@pytest.mark.parametrize("content", [b'{"prompt": "caf\xe9?"}\n', b"[]\n", b"{}\n", b""])
def test_what_is_no_file_of_prompts_is_one_line(content: bytes, capsys: Captured) -> None:
    Path("prompts.jsonl").write_bytes(content)

    assert code_of("demo", "--prompts", "prompts.jsonl", "--once") == 3
    assert capsys.readouterr().err.startswith("equicache: prompts.jsonl:")


async def test_a_fault_while_workers_run_is_no_fault_of_their_port(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_: Supervisor) -> None:
        pass

    monkeypatch.setattr(Supervisor, "start", nothing)
    monkeypatch.setattr(Supervisor, "stop", nothing)
    with pytest.raises(OSError, match="No space"):
        async with supervised(loads("store: memory://\n")):
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_workers_listen_on_ipv6_alone_where_one_process_does() -> None:
    with bound_socket("::1", 0) as sock:
        assert 1 == sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
