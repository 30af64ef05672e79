"""Draws charts as SVG: bars side by side, and lines over time. Pure: numbers in, text out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, TOP, LEFT, RIGHT, HEIGHT = 760, 26, 56, 260, 60, 300
COLOURS = ("#1d70b8", "#d4351c", "#00703c", "#4c2c92", "#b58840")
TEXT = 'font-family="Arial, sans-serif" font-size="13" fill="#0b0c0c"'


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart is called, what it counts, and the targets that stand in it as broken lines."""

    title: str
    counts: str
    targets: Mapping[str, float]


def bars(chart: Chart, groups: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    """One bar for each number of each group, from the left; every number stands at the end of its bar."""
    names = list(groups[0][1]) if groups else []
    most = max([*chart.targets.values(), *(number for _, of in groups for number in of.values()), 1])
    scale = (WIDTH - LEFT - RIGHT) / most
    drawn, y = [], TOP
    for name, numbers in groups:
        drawn.append(_words(LEFT - 8, y + 4 + 7 * len(numbers), name, "end"))
        for colour, number in zip(COLOURS, numbers.values(), strict=False):
            drawn.append(f'<rect x="{LEFT}" y="{y}" width="{number * scale:.1f}" height="12" fill="{colour}"/>')
            drawn.append(_words(LEFT + number * scale + 4, y + 11, f"{number:g}"))
            y += 14
        y += ROW - 14
    marks = [(LEFT + at * scale, name) for name, at in chart.targets.items()]
    drawn += [f'<path d="M{x:.1f} {TOP - 6}V{y - 8}" {_broken()}/>{_words(x + 4, y + 6, name)}' for x, name in marks]
    return _whole(chart, y + 16, [*_legend(names), *drawn])


def lines(chart: Chart, along: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """One line for each series over the same moments, each of which is named once below."""
    most = max([*chart.targets.values(), *(number for numbers in series.values() for number in numbers), 1])
    left, bottom = 60, HEIGHT - 40
    across, up = (WIDTH - left - RIGHT) / max(len(along) - 1, 1), (bottom - TOP) / most
    drawn = [f'<path d="M{left} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="#505a5f"/>']
    drawn += [_words(left - 6, bottom - most * part * up + 4, f"{most * part:g}", "end") for part in (0, 0.5, 1)]
    for colour, numbers in zip(COLOURS, series.values(), strict=False):
        points = " ".join(f"{left + at * across:.1f},{bottom - number * up:.1f}" for at, number in enumerate(numbers))
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for name, at in chart.targets.items():
        y = bottom - at * up
        drawn.append(f'<path d="M{left} {y:.1f}H{WIDTH - RIGHT}" {_broken()}/>{_words(left + 6, y - 4, name)}')
    each = max(len(along) // 8, 1)
    drawn += [_words(left + at * across, bottom + 18, along[at], "middle") for at in range(0, len(along), each)]
    return _whole(chart, HEIGHT, [*_legend(list(series)), *drawn])


def _whole(chart: Chart, height: float, drawn: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-label="{escape(chart.title)}: {escape(chart.counts)}">\n<title>{escape(chart.title)}</title>\n'
        f"<desc>{escape(chart.counts)}</desc>\n"
        f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>\n'
    )
    return head + _words(8, 20, f"{chart.title}: {chart.counts}") + "\n" + "\n".join(drawn) + "\n</svg>\n"


def _legend(names: Sequence[str]) -> list[str]:
    found = []
    for place, (colour, name) in enumerate(zip(COLOURS, names, strict=False)):
        found.append(f'<rect x="{8 + 150 * place}" y="30" width="12" height="12" fill="{colour}"/>')
        found.append(_words(26 + 150 * place, 41, name))
    return found


def _words(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {TEXT}>{escape(words)}</text>'


def _broken() -> str:
    return 'stroke="#0b0c0c" stroke-dasharray="4 4" fill="none"'
