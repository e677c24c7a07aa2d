"""What an exact hit costs in other caches: the same upstream, the same prompts, each in an environment of its own.

    python -m bench.peers [--count 1000] [--folder DIR] [--json]

Each peer is installed by name from the package index into its own virtual environment (--folder keeps them for the
next run); what does not install or start offline stays in the table and says why. Proxies are asked over HTTP and
compared by CPU per request of their process; libraries have no server, so theirs is the look-up alone, in a loop.
cachellm-proxy runs with its `hash` embedder: its default one is downloaded at the first start. LiteLLM with its
in-memory cache, one worker. All with their default logging, written to nowhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig

PACKAGES = {
    "cachellm-proxy": "cachellm-proxy",
    "litellm": "litellm[proxy]",
    "mneme-cache": "mneme-cache",
    "gptcache": "gptcache",
    "smartmemo": "smartmemo",
}
INSTALL_S = 600
INSTALLED = "equicache-bench-installed"
PROMPTS = [rig.chat(f"What is the capital city of {name}?", temperature=0) for name in rig.COUNTRIES]
ALONE: Mapping[str, str] = {
    "mneme-cache": """
import numpy as np
from mneme import SemanticCache
rng = np.random.default_rng(0)
vectors = {}
class Embedder:
    dim = 384
    fingerprint = "none"
    def embed(self, text):
        return vectors.setdefault(text, rng.normal(size=384).astype(np.float32))
cache = SemanticCache(tempfile.mkdtemp() + "/c.db", embedder=Embedder())
for prompt in prompts: cache.put(prompt, "answer")
look = cache.get
""",
    "gptcache": """
from gptcache import cache
from gptcache.manager.factory import get_data_manager
from gptcache.processor.pre import get_prompt
from gptcache.adapter.api import put, get
cache.init(pre_embedding_func=get_prompt, data_manager=get_data_manager(data_path=tempfile.mkdtemp() + "/map.txt"))
for prompt in prompts: put(prompt, "answer")
look = get
""",
    "smartmemo": """
import asyncio, numpy as np
from smartmemo import SmartMemo, CacheConfig
rng = np.random.default_rng(0)
vectors = {}
class Provider:
    dimension = 384
    def embed(self, text):
        return vectors.setdefault(text, rng.normal(size=384).astype(np.float32))
    async def aembed(self, text):
        return self.embed(text)
memo = SmartMemo(domain="d", config=CacheConfig(db_path=tempfile.mkdtemp() + "/c.db"), embedding_provider=Provider())
loop = asyncio.new_event_loop()
async def call(*_args, **_more): return "answer"
def look(prompt): return loop.run_until_complete(memo.get_or_call(prompt=prompt, llm_function=call))
for prompt in prompts: look(prompt)
""",
}
LOOP = """
import json, sys, tempfile, time, resource
prompts = json.load(sys.stdin)
{setting_up}
for prompt in prompts: assert look(prompt) is not None
rounds = 5
began = time.process_time()
for _ in range(rounds):
    for prompt in prompts: look(prompt)
spent = (time.process_time() - began) / rounds / len(prompts)
print(json.dumps({{"cpu_us": round(spent * 1e6, 1), "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}}))
"""


class NotThere(Exception):
    """A peer that cannot be measured here, and why."""


def installed(name: str, folder: Path) -> Path:
    """The environment's bin folder."""
    home = folder / name
    if (home / INSTALLED).exists():
        return home / "bin"
    if not (home / "bin" / "python").exists():
        venv.create(home, with_pip=True)
    done = subprocess.run(
        [str(home / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGES[name]],
        capture_output=True, text=True, timeout=INSTALL_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotThere("did not install: " + (done.stderr.strip().splitlines() or ["?"])[-1][:160])
    (home / INSTALLED).touch()
    return home / "bin"


@contextmanager
def cachellm(bins: Path, url: str) -> Iterator[rig.Server]:
    port = rig.free_port()
    settings = {"EMBEDDING_BACKEND": "hash", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "sk-bench", "BACKEND": "memory"}
    with _environment({f"CACHELLM_{name}": value for name, value in settings.items()}):
        command = [str(bins / "cachellm"), "serve", "--port", str(port)]
        with rig.started(command, port=port, folder=bins) as server:
            yield server


@contextmanager
def litellm(bins: Path, url: str) -> Iterator[rig.Server]:
    port = rig.free_port()
    with tempfile.TemporaryDirectory() as folder, _environment({"LITELLM_LOCAL_MODEL_COST_MAP": "True"}):
        file = Path(folder) / "litellm.yaml"
        file.write_text(
            "model_list:\n- model_name: gpt-4o-mini\n  litellm_params:\n    model: openai/gpt-4o-mini\n"
            f"    api_base: {url}\n    api_key: sk-bench\n"
            "general_settings:\n  dangerously_permit_weak_or_unset_master_key: true\n"
            "litellm_settings:\n  cache: true\n  telemetry: false\n  cache_params: {type: local}\n",
            encoding="utf-8",
        )
        command = [str(bins / "litellm"), "--config", str(file), "--port", str(port), "--telemetry", "False"]
        with rig.started(command, port=port, folder=Path(folder)) as server:
            yield server


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def over_http(server: rig.Server, count: int) -> dict[str, Any]:
    """Each prompt twice to warm, then `count` repeats; CPU per answer."""
    for _ in range(2):
        first = rig.load(server, PROMPTS, count=len(PROMPTS), seconds=120.0)
    if any(not detail.startswith("200") for detail in first["details"]):
        raise NotThere(f"answered {first['details']}")
    runs = [rig.load(server, PROMPTS, count=count, connections=8, seconds=60.0) for _ in range(2)]
    best = rig.best(runs)
    return {"cpu_us": best["cpu_us"], "p50_ms_c8": best["whole"]["p50"], "rss_mb": round(server.rss() / 1e6)}


def alone(name: str, bins: Path) -> dict[str, Any]:
    """A library's exact look-up in a loop."""
    prompts = [f"What is the capital city of {country}?" for country in rig.COUNTRIES]
    done = subprocess.run(
        [str(bins / "python"), "-c", LOOP.format(setting_up=ALONE[name])],
        input=json.dumps(prompts), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotThere("did not run offline: " + (done.stderr.strip().splitlines() or ["?"])[-1][:160])
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return {"cpu_us": found["cpu_us"], "rss_mb": round(found["rss"] / 1e6)}


def measured(name: str, folder: Path, url: str, count: int) -> dict[str, Any]:
    bins = installed(name, folder)
    if name in ALONE:
        return {"kind": "library, look-up alone", **alone(name, bins)}
    start = {"cachellm-proxy": cachellm, "litellm": litellm}[name]
    with start(bins, url) as server:
        return {"kind": "proxy over HTTP", **over_http(server, count)}


def main() -> int:
    options = rig.arguments(__doc__, count=1000, folder="")
    rows: list[dict[str, Any]] = []
    with contextlib.ExitStack() as stack:
        folder = Path(options.folder or stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(rig.upstream())
        with rig.proxy(url) as ours:
            rig.warmed(ours, PROMPTS, connections=4)
            rows.append({"name": "equicache", "kind": "proxy over HTTP", **over_http(ours, options.count)})
        for name in PACKAGES:
            try:
                rows.append({"name": name, **measured(name, folder, url, options.count)})
            except (NotThere, subprocess.TimeoutExpired, SystemExit) as why:
                rows.append({"name": name, "kind": f"not measured: {str(why)[:200]}"})
    for row in rows:
        if "cpu_us" in row:
            row["times_ours"] = round(row["cpu_us"] / rows[0]["cpu_us"], 1)
    columns = ("name", "kind", "cpu_us", "times_ours", "p50_ms_c8", "rss_mb")
    rows = [{column: row.get(column, "") for column in columns} for row in rows]
    notes = ["A library's figure has no HTTP in it; ours has all of it."]
    rig.report("Exact hits beside other caches", rows, notes, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
