"""SVG to PNG. Slack shows no SVG."""

from bot.pictures.svg import FAMILY, WIDTH
from bot.pictures.widths import BOLD, REGULAR


def to_png(svg: str, width: int = WIDTH, scale: int = 2) -> bytes:
    """`width` × `scale` pixels wide. Letters come from the shipped typeface alone: a machine without fonts would draw
    none, and one with others would draw them wider than they were measured. Takes tens of milliseconds of a core, so
    it belongs in a thread. Raises ValueError for what is no SVG."""
    import resvg_py  # here: a compiled library that start-up does not need

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width * scale,
        skip_system_fonts=True,
        font_files=[str(REGULAR), str(BOLD)],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
