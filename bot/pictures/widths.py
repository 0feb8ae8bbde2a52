"""How wide words are in the shipped typeface, so that what does not fit is cut in words and never runs over.

Reads the two tables of a TrueType file that say it: `cmap` (character to glyph, its format 4) and `hmtx` (advances).
"""

import re
import struct
from functools import lru_cache
from pathlib import Path

REGULAR = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
BOLD = Path(__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MISSING = 0
"""The glyph of a character that the typeface does not have: a box."""


def width(words: str, size: float, *, bold: bool = False) -> float:
    advances = _advances(BOLD if bold else REGULAR)
    box = advances[_MISSING]
    return size * sum(advances.get(ord(character), box) for character in drawable(words))


def drawable(words: str) -> str:
    """Characters that XML cannot hold are shown, and measured, as the sign for that."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def fit(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """The words, or as many of their characters as the room holds, then an ellipsis."""
    if width(words, size, bold=bold) <= room:
        return words
    kept = words
    while kept and width(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@lru_cache(maxsize=2)
def _advances(font: Path) -> dict[int, float]:
    """Of each character, in ems."""
    data = font.read_bytes()
    tables = _tables(data)
    units: int = struct.unpack_from(">H", data, tables["head"] + 18)[0]
    metrics: int = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
    advance = [struct.unpack_from(">H", data, tables["hmtx"] + 4 * glyph)[0] / units for glyph in range(metrics)]
    found = {code: advance[min(glyph, metrics - 1)] for code, glyph in _glyphs(data, tables["cmap"]).items()}
    return found | {_MISSING: advance[_MISSING]}


def _tables(data: bytes) -> dict[str, int]:
    """Where each table begins."""
    count: int = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): start for tag, _, start, _ in records}


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    start = cmap + _windows_unicode(data, cmap)
    segments = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{segments}H", data, start + at)
        for at in (14, 16 + 2 * segments, 16 + 4 * segments, 16 + 6 * segments)
    )
    glyphs: dict[int, int] = {}
    for index in range(segments):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            if offsets[index] == 0:
                glyphs[code] = (code + deltas[index]) & 0xFFFF
                continue
            row = start + 16 + 6 * segments + 2 * index + offsets[index]
            glyph = struct.unpack_from(">H", data, row + 2 * (code - starts[index]))[0]
            if glyph:
                glyphs[code] = (glyph + deltas[index]) & 0xFFFF
    return glyphs


def _windows_unicode(data: bytes, cmap: int) -> int:
    count: int = struct.unpack_from(">H", data, cmap + 2)[0]
    records = (struct.unpack_from(">HHI", data, cmap + 4 + 8 * index) for index in range(count))
    offset: int = next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    return offset
