"""A page of its own with one plot: inline SVG, no script, no network; light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from proxy.core.stream import Played

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 860, 460, 70, 55, 20, 20
COLOURS = ("var(--a)", "var(--b)", "var(--c)", "var(--d)")
STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#6b7280;--line:#d8dce2;
--a:#0b6bcb;--b:#c2410c;--c:#6b7280;--d:#15803d}
@media(prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e6e8eb;--dim:#9aa3ad;--line:#333a42;
--a:#62b0ff;--b:#ff9d6b;--c:#9aa3ad;--d:#63d18b}}
body{font:15px/1.5 system-ui,sans-serif;background:var(--bg);color:var(--fg);
max-width:900px;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}
td,th{padding:.25rem .8rem;text-align:right;border-bottom:1px solid var(--line)}
td:first-child,th:first-child{text-align:left}
svg{width:100%;height:auto}text{fill:var(--fg);font-size:13px}.dim{fill:var(--dim)}
"""


def page(
    title: str,
    curves: Mapping[str, Sequence[Played]],
    marks: Mapping[str, Played],
    rows: Sequence[Mapping[str, str]],
) -> str:
    """curves: name → points by threshold. marks: name → the threshold that holds. rows: the table, by column."""
    head = "".join(f"<th>{escape(name)}</th>" for name in (rows[0] if rows else {}))
    body = "".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row.values()) + "</tr>" for row in rows)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1>{plot(curves, marks)}<table><tr>{head}</tr>{body}</table>"
        "<p>Hit rate: all hits / requests. False-hit rate: wrong semantic hits / semantic hits of known class; "
        "identical requests never dilute it. Each point of a curve is one threshold over the whole stream.</p></html>\n"
    )


def plot(curves: Mapping[str, Sequence[Played]], marks: Mapping[str, Played]) -> str:
    """Hit rate (up) against false-hit rate (right), as SVG."""
    limit = min(1.0, max([0.05, *(2 * each.false_hit_rate for each in marks.values())]))
    steps = [step / 5 for step in range(6)]
    parts = [f'<line x1="{_x(0):.0f}" x2="{_x(1):.0f}" y1="{_y(s):.0f}" y2="{_y(s):.0f}" stroke="var(--line)"/>'
             f'<text x="{LEFT - 8}" y="{_y(s) + 4:.0f}" text-anchor="end">{s:.0%}</text>'
             f'<text x="{_x(s):.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{s * limit:.1%}</text>'
             for s in steps]  # fmt: skip
    for number, (name, points) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        inside = sorted((p.false_hit_rate, p.hit_rate) for p in points if p.semantic and p.false_hit_rate <= limit)
        line = " ".join(f"{_x(rate / limit):.1f},{_y(hit):.1f}" for rate, hit in inside)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts.append(
            f'<text x="{LEFT + 14}" y="{TOP + 18 + 18 * number}" style="fill:{colour}">■ {escape(name)}</text>'
        )
    for name, point in marks.items():
        x, y = _x(point.false_hit_rate / limit), _y(point.hit_rate)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="var(--fg)"/>')
        parts.append(f'<text x="{x + 8:.1f}" y="{y - 8:.1f}">{escape(name)}</text>')
    parts.append(f'<text class="dim" x="{_x(0.5):.0f}" y="{HEIGHT - 12}" text-anchor="middle">false-hit rate</text>')
    parts.append(f'<text class="dim" transform="translate(16 {_y(0.5):.0f}) rotate(-90)">hit rate</text>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="hit rate by false-hit rate">{"".join(parts)}</svg>'
    )


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
