"""What the scripts share: servers on a core of their own, the load from another, CPU by the kernel's books, reports."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
PACKAGES = ("aiohttp", "uvloop", "onnxruntime", "tokenizers", "hnswlib", "numpy", "redis", "orjson")
_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = _CORES[0], _CORES[-1]


_NAMES = """
Albania Algeria Angola Argentina Armenia Austria Bahrain Belgium Bolivia Brazil Bulgaria Cambodia Canada Chad Chile
China Colombia Croatia Cuba Cyprus Denmark Ecuador Egypt Estonia Ethiopia Fiji Finland France Gabon Georgia Germany
Ghana Greece Haiti Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kenya
Kuwait Laos Latvia Lebanon Libya Lithuania Malta Mexico Moldova Mongolia Morocco Namibia Nepal Nicaragua Norway Oman
Pakistan Panama Paraguay Peru Poland Portugal Qatar Romania Russia Rwanda Senegal Serbia Slovakia Slovenia Somalia
Spain Sudan Sweden Syria Tanzania Thailand Togo Tunisia Turkey Uganda Ukraine Uruguay Vietnam Yemen Zambia
"""
COUNTRIES = _NAMES.split()


@dataclass(slots=True, eq=False)
class Server:
    """A started process that answers on `port`."""

    process: psutil.Popen
    port: int
    began: float
    start_s: float

    def cpu_s(self) -> float:
        """User and system seconds so far, of it and of its children."""
        return sum(_cpu_s(one) for one in (self.process, *self.process.children(recursive=True)))

    def rss(self) -> int:
        """Resident bytes, children included."""
        return sum(one.memory_info().rss for one in (self.process, *self.process.children(recursive=True)))


def _cpu_s(process: psutil.Process) -> float:
    """By the process's own CPU clock (clock_getcpuclockid(3)), in nanoseconds; elsewhere by ticks of 10 ms."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return time.clock_gettime((~process.pid << 3) | 2)
    with contextlib.suppress(psutil.NoSuchProcess):
        spent = process.cpu_times()
        return float(spent.user + spent.system)
    return 0.0


@contextmanager
def started(
    command: Sequence[str], *, port: int = 0, cores: Sequence[int] = (SERVER_CORE,), folder: Path = ROOT
) -> Iterator[Server]:
    """A process on these cores, once it says `ready PORT` or answers on `port`. folder: where it runs."""
    began = time.perf_counter()
    process = psutil.Popen(
        ["taskset", "-c", ",".join(map(str, cores)), *command] if shutil.which("taskset") else list(command),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if port:
            _wait_for(process, port)
        else:
            port = _announced(process)
        yield Server(process, port, began, time.perf_counter() - began)
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
        try:
            process.wait(20)
        except psutil.TimeoutExpired:
            process.kill()
        if process.stdout is not None:
            process.stdout.close()


def _announced(process: psutil.Popen) -> int:
    for line in process.stdout:
        word = line.strip().rpartition(":")[2].partition("/")[0]
        if line.startswith("ready "):
            return int(line.split()[1])
        if line.startswith("http"):
            return int(word)
    raise SystemExit(f"{process.args} did not start")


def _wait_for(process: psutil.Popen, port: int) -> None:
    for _ in range(9000):
        if process.poll() is not None:
            raise SystemExit(f"{process.args} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise SystemExit(f"nobody answers on port {port}")


@contextmanager
def upstream(latency_ms: float = 0.0) -> Iterator[str]:
    """The scripted upstream's base URL; it runs beside the client."""
    command = [sys.executable, "-m", "tests.upstream", "--port", "0", "--latency-ms", str(latency_ms)]
    with started(command, cores=(CLIENT_CORE,)) as server:
        yield f"http://127.0.0.1:{server.port}/v1"


@contextmanager
def floor(kind: str, url: str = "", processes: int = 1) -> Iterator[Server]:
    """One of `bench/floors.py`, once or twice on one port."""
    command = [sys.executable, "bench/floors.py", kind, "--url", url, "--processes", str(processes)]
    with started(command, cores=_server_cores(processes)) as server:
        yield server


@contextmanager
def proxy(
    url: str,
    *,
    store: str = "sqlite",
    cache: str = "semantic",
    workers: int = 1,
    more: str = "",
    is_awaited: bool = True,
    program: Sequence[str] = ("-m", "proxy"),
) -> Iterator[Server]:
    """The product as a user starts it: `python -m proxy serve`, its log as JSON into nowhere.

    store: sqlite, memory or a redis URL. is_awaited: until models and index are loaded, too. program: another one that
    takes the same arguments.
    """
    with tempfile.TemporaryDirectory() as temporary:
        port = free_port()
        where = f"sqlite:///{temporary}/bench.db" if store == "sqlite" else store
        text = f"""
server: {{port: {port}, workers: {workers}, log: json, admin: {{port: 0}}}}
store: "{"memory://" if store == "memory" else where}"
upstreams: {{scripted: {{base_url: "{url}"}}}}
routes: [{{name: all, match: {{path: "*"}}, cache: "{cache}"}}]
{more}
"""
        file = Path(temporary) / "bench.yaml"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, *program, "serve", "--config", str(file)]
        with started(command, port=port, cores=_server_cores(workers)) as server:
            if is_awaited:
                while "index" in degraded(server):
                    time.sleep(0.1)
            yield server


def _server_cores(processes: int) -> tuple[int, ...]:
    return (SERVER_CORE,) if processes == 1 else tuple(_CORES[:processes])


def degraded(server: Server) -> list[str]:
    """What `/readyz` says is not there (yet)."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=30) as response:
        said = json.load(response)
    found: list[str] = said.get("degraded", [])
    return found


@contextmanager
def redis() -> Iterator[str]:
    """A redis-server of our own, beside the client."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server is not on PATH")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(port), "--dir", folder, "--save", "", "--appendonly", "no"]
        with started(command, port=port, cores=(CLIENT_CORE,)):
            yield f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def load(server: Server, bodies: Sequence[str], **spec: Any) -> dict[str, Any]:
    """One run of `bench/load.py` against a server; `cpu_us`: of the server's process, per answer."""
    spec = {"connections": 1, "seconds": 10.0, "requests": list(bodies), "port": server.port, **spec}
    command = [sys.executable, "bench/load.py"]
    if shutil.which("taskset"):
        command = ["taskset", "-c", str(CLIENT_CORE), *command]
    before = server.cpu_s()
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(spec), capture_output=True, text=True, check=False)
    after = server.cpu_s()
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    result["cpu_us"] = round((after - before) / max(1, result["n"]) * 1e6, 1)
    return result


def warmed(server: Server, bodies: Sequence[str], **spec: Any) -> None:
    """Asks each until all are answered from memory: the writes behind the first answers take their time."""
    for _ in range(20):
        seen = load(server, bodies, **{**spec, "count": len(bodies), "seconds": 120.0})["details"]
        if all(detail.endswith("exact") for detail in seen):
            return
        time.sleep(0.3)
    raise SystemExit(f"not everything is remembered: {seen}")


def best(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The run with the least CPU per answer: what else runs on the machine only ever adds."""
    return dict(min(runs, key=lambda run: run["cpu_us"]))


def machine() -> dict[str, str]:
    """What ran it."""
    found = {
        "cpu": _cpu_model(),
        "cores": str(len(_CORES)),
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "command": " ".join(["python", *sys.argv]),
    }
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def arguments(doc: str | None, **options: Any) -> argparse.Namespace:
    """--json, --rounds and what the script adds: name=default."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    for name, default in {"rounds": 3, **options}.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    return parser.parse_args()


def report(title: str, rows: Sequence[Mapping[str, Any]], notes: Sequence[str] = (), *, as_json: bool) -> None:
    """A JSON document, or a Markdown section with the machine above and the notes below."""
    if as_json:
        print(json.dumps({"title": title, "machine": machine(), "rows": list(rows), "notes": list(notes)}))
        return
    print(f"## {title}\n")
    print(", ".join(f"{name} {value}" for name, value in machine().items() if name != "command"))
    print(f"\n    {machine()['command']}\n")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(str(row.get(name, "")) for name in columns) + " |")
    print()
    for note in notes:
        print(f"- {note}")
    print()


def chat(prompt: str, *, system: str | None = None, stream: bool = False, **fields: object) -> str:
    """A chat request's body, spelled as the official SDKs do."""
    messages = [{"role": "system", "content": system}] if system is not None else []
    messages.append({"role": "user", "content": prompt})
    asked = {"model": "gpt-4o-mini", "messages": messages} | ({"stream": True} if stream else {}) | fields
    return json.dumps(asked, separators=(",", ":"), ensure_ascii=False)
