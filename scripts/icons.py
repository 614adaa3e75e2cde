"""Draw the skill's icon: two rings, linked and each whole, as PNG files of the sizes that the skill store asks for."""

from __future__ import annotations

import math
import struct
import zlib

SIZES = {"small.png": 108, "large.png": 512}
"""The files that the manifest names, and their width and height in pixels."""

Colour = tuple[int, int, int]

GROUND: Colour = (28, 61, 82)
LEFT: Colour = (246, 178, 107)
RIGHT: Colour = (126, 200, 187)

RADIUS = 0.205
"""Of a ring, from its middle to the middle of its band; in widths of the icon, as all lengths are."""
HALF_BAND = 0.036
GAP = 0.016
"""How much ground shows beside the band that lies on top where the rings cross."""
CENTRES = ((0.375, 0.5), (0.625, 0.5))


def icon(pixels: int) -> bytes:
    """Return the icon as a PNG of `pixels` by `pixels` in true colour (PNG specification, third edition)."""
    rows = bytearray()
    for y in range(pixels):
        rows.append(0)  # each row begins with its filter: none
        for x in range(pixels):
            rows += bytes(_pixel((x + 0.5) / pixels, (y + 0.5) / pixels, 1 / pixels))
    header = struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixel(x: float, y: float, pixel: float) -> Colour:
    """Return the colour at a point; the left ring is on top where the rings cross above, the right one below."""
    left, right = ((*ring, colour) for ring, colour in zip(CENTRES, (LEFT, RIGHT), strict=True))
    colour = GROUND
    for centre_x, centre_y, paint in (right, left) if y < 0.5 else (left, right):
        off_band = abs(math.hypot(x - centre_x, y - centre_y) - RADIUS)
        if off_band > HALF_BAND + GAP + pixel:
            continue
        colour = _mixed(colour, GROUND, _cover(off_band - HALF_BAND - GAP, pixel))
        colour = _mixed(colour, paint, _cover(off_band - HALF_BAND, pixel))
    return colour


def _cover(distance: float, pixel: float) -> float:
    """Return how much of a pixel lies inside an edge that is `distance` away, outwards."""
    return min(1.0, max(0.0, 0.5 - distance / pixel))


def _mixed(under: Colour, over: Colour, share: float) -> Colour:
    red, green, blue = (round(u + (o - u) * share) for u, o in zip(under, over, strict=True))
    return red, green, blue
