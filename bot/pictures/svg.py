"""Parts of a picture as SVG text, its palette, and the sheet they are drawn on.

A picture is seen in Slack's light and dark themes alike, so that it brings its own white ground and border. No text is
smaller than `SMALL` at `WIDTH`. Typed words are escaped by `text()`, once, and shown as they were typed.
"""

from collections.abc import Iterable
from html import escape

from bot.pictures.widths import drawable, fit, width

WIDTH = 640
MARGIN = 24
ROOM = WIDTH - 2 * MARGIN

SMALL = 13
USUAL = 14
LARGEST_TITLE = 20

INK = "#1D1C1D"
QUIET_INK = "#4A4A4D"
PAPER = "#FFFFFF"
EDGE = "#8A8A8F"
GRID = "#D8D8DC"
BORDER = "#C9C9CE"

FAMILY = "DejaVu Sans"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = SMALL,
    ink: str = INK,
    bold: bool = False,
    anchor: str = "start",
    halo: bool = False,
) -> str:
    """One line of words on the baseline `y`. `halo`: white around the letters, where lines may pass below them."""
    weight = ' font-weight="700"' if bold else ""
    edge = f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-family="{FAMILY}" font-size="{size:g}"{weight} '
        f'fill="{ink}"{edge}>{escaped(words)}</text>'
    )


def escaped(words: str) -> str:
    return escape(drawable(words))


def box(
    x: float, y: float, wide: float, high: float, *, fill: str, edge: str = EDGE, thick: float = 1, round_by: int = 3
) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{round_by}" fill="{fill}" '
        f'stroke="{edge}" stroke-width="{thick:g}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, ink: str = GRID, dashes: str | None = None) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{ink}"{dashed}/>'


def path(points: Iterable[tuple[float, float]], *, ink: str, thick: float, dashes: str | None = None) -> str:
    dashed = f' stroke-dasharray="{dashes}" stroke-linecap="round"' if dashes else ""
    through = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline fill="none" stroke="{ink}" stroke-width="{thick:g}"{dashed} points="{through}"/>'


def dot(x: float, y: float, *, ink: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{ink}"/>'


def sheet(high: int, name: str, parts: Iterable[str]) -> str:
    """The finished picture, `WIDTH` × `high`."""
    ground = f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{high - 1}" rx="8" fill="{PAPER}" stroke="{BORDER}"/>'
    size = f'viewBox="0 0 {WIDTH} {high}" width="{WIDTH}" height="{high}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escaped(name)}</title>'
    return "\n".join([opening, ground, *parts, "</svg>"])


def heading(words: str) -> str:
    """The finding, as large as the sheet's width allows."""
    size = min(LARGEST_TITLE, int(ROOM / width(words, 1, bold=True)))
    size = max(USUAL, size)
    return text(MARGIN, 38, fit(words, ROOM, size, bold=True), size=size, bold=True)


def of_place(y: float, place: str, rest: str) -> str:
    """'All programs, Mon 30 Mar.' A long name is cut so that what follows it stays."""
    shown = fit(place, ROOM - width(rest, USUAL), USUAL)
    return text(MARGIN, y, shown + rest, size=USUAL, ink=QUIET_INK)
