"""Runs every claim with short settings and writes `bench/RESULTS.md`, with plots of how cost grows.

    python -m bench.results [--only "latency exact,index"] [--out bench/RESULTS.md] [--rounds 2] [--keep FOLDER]

About twenty minutes on two quiet cores. A claim that fails or takes too long is named in the page, and the others go
on. What was measured before and is not measured now stays as it is (`bench/results.json` keeps it).

--keep: where the million entries lie that `python -m bench.index --sizes 1000000 --keep FOLDER` has filled (a quarter
of an hour), and the other caches' environments (`FOLDER/peers`). Without it both are made anew, if time allows.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig
from bench.targets import verdicts

Found = dict[str, Any]
CLAIMS: Mapping[str, tuple[str, int]] = {  # script and what it is about -> options, seconds at most
    "latency exact": ("--only exact --rounds {rounds} --count 3000", 120),
    "latency redis": ("--only redis --rounds {rounds} --count 2400", 90),
    "latency meaning": ("--only meaning --rounds 10", 90),
    "latency miss": ("--only miss --rounds {rounds} --count 4000", 90),
    "latency bypass": ("--only bypass --rounds {rounds} --count 2400", 120),
    "throughput": ("--rounds {rounds} --count 4000", 90),
    "growth": ("--rounds {rounds} --count 1500", 60),
    "startup": ("--rounds 2", 120),
    "workers": ("--rounds {rounds} --count 4000", 90),
    "soak": ("--minutes 0.5", 60),
    "index million": ("--sizes 1000000 --scopes 100000 --no-bare --keep {keep}/index", 480),
    "index": ("--sizes 1000,10000,100000 --scopes 100,1000,10000", 300),
    "peers": ("--count 300 --folder {keep}/peers", 240),
    "wire": ("--requests 1000", 90),
    "decision": ("--rounds 100", 120),
    "decision_peers": ("", 120),
    "traffic": ("--requests 1000", 240),
}
TITLES = {
    "decision": "One decision alone",
    "decision_peers": "Right and wrong answers beside other caches",
    "peers": "Peers",
    "startup": "Start",
    "wire": "Forwarding",
    "index": "The index as it grows",
    "index million": "The index at a million entries",
}
HEAD = """# Measured

Written by `make bench` (`python -m bench.results`); each section says what it ran on and by which command. All figures
are of one machine, so read the ratios: every one has its floor in the same run, in turns. CPU is user and system time
of the server's process, by its own clock; of several runs the one with the least CPU counts, because whatever else runs
on the machine only adds. Wall-clock figures (p50, rps) are only worth something where `load` is below the number of
cores. `bench/` has one script per claim; `docs/scaling.md` says what follows from them.
"""


def ran(name: str, options: str, limit_s: int, kept_in: str) -> Found:
    """One claim's JSON; or what went wrong, as a note. kept_in: a folder of this machine; the page calls it FOLDER."""
    command = [sys.executable, "-m", f"bench.{name.split()[0]}", "--json", *options.split()]
    began = time.perf_counter()
    base = {
        "title": TITLES.get(name, name),
        "machine": {**rig.machine(), "command": " ".join(["python", *command[1:]]).replace(kept_in, "FOLDER")},
    }
    process = subprocess.Popen(
        command, cwd=rig.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        printed, complaint = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)  # with the servers that it started
        process.communicate()
        return {**base, "rows": [], "notes": [f"not measured: it took more than {limit_s} s"]}
    found = _last_json(printed)
    if found is None:
        said = (complaint.strip().splitlines() or ["nothing was printed"])[-1]
        return {**base, "rows": [], "notes": [f"not measured: {said[:300]}"]}
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    if isinstance(found, dict) and {"title", "rows"} <= found.keys():
        found["machine"]["command"] = base["machine"]["command"]
        return found
    return {**base, "rows": _rows(found), "notes": []}


def _last_json(text: str) -> Any:
    """The whole output, or its last line, as JSON."""
    for candidate in (text, *reversed(text.strip().splitlines()[-1:])):
        try:
            return json.loads(candidate)
        except json.JSONDecodeError:
            continue
    return None


def _rows(found: Any) -> list[Found]:
    """Tables out of whatever a script prints: lists of rows as they are, single facts as one row each."""
    if isinstance(found, list):
        return [one for one in found if isinstance(one, dict)]
    rows: list[Found] = []
    for name, value in found.items():
        if name == "machine":
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows += value
        elif isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
            rows += [{"what": inner, **facts} for inner, facts in value.items()]
        elif isinstance(value, dict):
            rows += [{"what": f"{name} {inner}", "value": fact} for inner, fact in value.items()]
        else:
            rows.append({"what": name.replace("_", " "), "value": value})
    return rows


def section(found: Found) -> str:
    machine = dict(found["machine"])
    command = machine.pop("command", "")
    lines = [f"## {found['title']}", "", f"    {command}", ""]
    lines += [", ".join(f"{name} {value}" for name, value in machine.items()), ""]
    for rows in _alike(found["rows"]):
        columns = list(rows[0])
        lines += ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        lines += ["| " + " | ".join(str(row.get(name, "")) for name in columns) + " |" for row in rows]
        lines.append("")
    lines += [f"- {note}" for note in found.get("notes", ())]
    return "\n".join(lines).rstrip() + "\n"


def _alike(rows: Sequence[Found]) -> list[list[Found]]:
    """Neighbouring rows with the same columns make one table."""
    tables: list[list[Found]] = []
    for row in rows:
        if tables and set(tables[-1][0]) >= set(row):
            tables[-1].append(row)
        else:
            tables.append([row])
    return tables


# How cost grows, as pictures.


def _curve(axes: Any, rows: Sequence[Found], x: str, curves: Mapping[str, str], label: str) -> bool:
    """Each curve through the rows that have it; whether there was any with two points."""
    is_drawn = False
    for name, text in curves.items():
        points = sorted((row[x], row[name]) for row in rows if x in row and isinstance(row.get(name), int | float))
        if len(points) > 1:
            axes.plot([one for one, _ in points], [other for _, other in points], marker="o", label=text)
            is_drawn = True
    if not is_drawn:
        return False
    axes.set_xlabel(label)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    return True


PICTURES: Mapping[str, tuple[str, str, dict[str, str], str, bool]] = {
    "index": (
        "index",
        "entries",
        {"search_p50_us": "search p50, µs", "bare_p50_us": "bare hnswlib, µs", "insert_cpu_us": "insert, µs of CPU"},
        "entries in one scope",
        True,
    ),
    "memory": ("index", "entries", {"rss_per_entry": "RSS per entry, bytes"}, "entries in one scope", True),
    "scopes": (
        "index",
        "scopes",
        {"search_p50_us": "search p50, µs", "fill_us": "insert, µs"},
        "scopes of ten entries each",
        True,
    ),
    "scopes_memory": ("index", "scopes", {"rss_per_entry": "RSS per entry, bytes"}, "scopes of ten entries each", True),
    "tokens": (
        "growth",
        "prompt_tokens",
        {"embed_us": "embedding, µs of CPU", "score_us": "scoring four candidates, µs of CPU"},
        "tokens of the prompt",
        False,
    ),
    "clients": ("throughput", "clients", {"rps": "exact hits per second", "dict_rps": "dict floor"}, "clients", True),
    "length": (
        "growth",
        "request_bytes",
        {"cpu_us": "exact hit, µs of CPU", "dict_cpu_us": "dict floor"},
        "bytes of the request",
        True,
    ),
    "workers": ("workers", "workers", {"cpu_us": "µs of CPU per request"}, "workers", False),
}


def drawn(everything: Mapping[str, Found], folder: Path) -> list[str]:
    """SVG files that could be drawn; none without matplotlib (extra `bench`)."""
    try:
        import matplotlib
    except ImportError:
        return []
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "equicache"
    from matplotlib import pyplot

    folder.mkdir(exist_ok=True)
    names = []
    for name, (claim, x, curves, label, is_log) in PICTURES.items():
        rows = [row for key, found in everything.items() if key.split()[0] == claim for row in found["rows"]]
        figure, axes = pyplot.subplots(figsize=(5, 3))
        if is_log:
            axes.set_xscale("log")
        if _curve(axes, rows, x, curves, label):
            figure.tight_layout()
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
            names.append(name)
        pyplot.close(figure)
    return names


def main() -> int:
    options = rig.arguments(__doc__, only=",".join(CLAIMS), out="bench/RESULTS.md", keep="")
    kept_in = options.keep or tempfile.mkdtemp(prefix="equicache-bench-")
    kept = rig.ROOT / "bench" / "results.json"
    everything: dict[str, Found] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for name in options.only.split(","):
        given, limit_s = CLAIMS[name]
        found = ran(name, given.format(rounds=options.rounds, keep=kept_in), limit_s, kept_in)
        if found["rows"] or name not in everything:
            everything[name] = found
        kept.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
    pictures = drawn(everything, rig.ROOT / "bench" / "plots")
    promised = "## Promised and measured\n\n" + "\n".join(verdicts(everything)) + "\n"
    parts = [HEAD, promised, *(section(everything[name]) for name in CLAIMS if name in everything)]
    if pictures:
        parts.append("## How cost grows\n\n" + "\n".join(f"![{name}](plots/{name}.svg)" for name in pictures) + "\n")
    (rig.ROOT / options.out).write_text("\n".join(parts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
