"""Screenshots as small files: text on plain ground needs few colours, so a picture keeps a palette of them.

The browser reads the pixels and chooses the palette, which is a hundred times faster than Python would.
"""

import base64
import struct
import zlib

from playwright.sync_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PALETTE = """
async (picture) => {
  const blob = await (await fetch(`data:image/png;base64,${picture}`)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
  const { width, height } = bitmap;
  const drawing = new OffscreenCanvas(width, height).getContext("2d");
  drawing.drawImage(bitmap, 0, 0);
  const { data } = drawing.getImageData(0, 0, width, height);
  const pixels = new Uint32Array(width * height);
  const counts = new Map();
  const add = (map, key, n) => map.set(key, (map.get(key) ?? 0) + n);
  for (let at = 0; at < pixels.length; at += 1) {
    pixels[at] = (data[4 * at] << 16) | (data[4 * at + 1] << 8) | data[4 * at + 2];
    add(counts, pixels[at], 1);
  }
  const mostUsed = (map, most) => [...map].sort((a, b) => b[1] - a[1]).slice(0, most).map(([key]) => key);
  const grounds = mostUsed(counts, 32);
  const edges = new Map();
  for (const [key, n] of counts) if (!grounds.includes(key)) add(edges, key & 0xf8f8f8, n);
  const palette = [...grounds, ...mostUsed(edges, 160)];
  const far = (a, b) => [16, 8, 0].reduce((sum, bits) => sum + (((a >> bits) & 255) - ((b >> bits) & 255)) ** 2, 0);
  const nearest = (key) => palette.reduce((best, other, at) => (
    far(key, other) < far(key, palette[best]) ? at : best
  ), 0);
  const places = new Map([...counts.keys()].map((key) => [key, nearest(key)]));
  let text = "";
  for (const key of pixels) text += String.fromCharCode(places.get(key));
  return { width, height, palette, pixels: btoa(text) };
}
"""


def smaller(page: Page, picture: bytes) -> bytes:
    """The same picture in 192 colours at most; `page` may show anything that lets scripts read `data:` addresses."""
    found = page.evaluate(PALETTE, base64.b64encode(picture).decode())
    width, height, pixels = found["width"], found["height"], base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(colour.to_bytes(3, "big") for colour in found["palette"])
    parts = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
