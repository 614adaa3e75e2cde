"""A plot for the documents: how often what is told with a confidence is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
SIDE, EDGE = 320, 48
COLOURS = ("#1b6ca8", "#b4451f")


def reliability(series: Mapping[str, Sequence[tuple[float, float, int]]], path: Path) -> None:
    """Write an SVG; each series has for each bin the mean confidence, the share that was right, and how many."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + 2 * EDGE} {SIDE + 2 * EDGE + 20}" '
        'font-family="sans-serif" font-size="12" role="img" aria-label="reliability: confidence against truth">',
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<path d="M{EDGE} {EDGE + SIDE} L{EDGE + SIDE} {EDGE}" stroke="#999" stroke-dasharray="4"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _place(tick, tick)
        parts.append(f'<text x="{x}" y="{EDGE + SIDE + 16}" text-anchor="middle">{tick}</text>')
        parts.append(f'<text x="{EDGE - 6}" y="{y + 4}" text-anchor="end">{tick}</text>')
    for colour, (name, bins), line in zip(COLOURS, series.items(), range(2), strict=False):
        points = [_place(confidence, right) for confidence, right, _ in bins]
        parts.append(f'<polyline points="{" ".join(f"{x},{y}" for x, y in points)}" fill="none" stroke="{colour}"/>')
        for (x, y), (_, _, count) in zip(points, bins, strict=True):
            parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"><title>{count} lines</title></circle>')
        parts.append(f'<text x="{EDGE + 10}" y="{EDGE + 20 + 16 * line}" fill="{colour}">{name}</text>')
    middle = EDGE + SIDE / 2
    parts.append(f'<text x="{middle}" y="{EDGE + SIDE + 36}" text-anchor="middle">how sure the engine was</text>')
    turned = f'text-anchor="middle" transform="rotate(-90 14 {middle})"'
    parts.append(f'<text x="14" y="{middle}" {turned}>how often it was true</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def _place(right: float, up: float) -> tuple[float, float]:
    return round(EDGE + SIDE * right, 1), round(EDGE + SIDE * (1 - up), 1)
