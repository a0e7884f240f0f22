"""Pictures looked at: how large, and how much there is on them."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        return image.size


def ink(png: bytes) -> NDArray[np.bool_]:
    """True for each pixel of another colour than the upper left corner."""
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    different: NDArray[np.bool_] = np.abs(pixels - pixels[0, 0]).sum(axis=2) > 40
    return different


def margins(png: bytes) -> tuple[int, int, int, int]:
    """Pixels without ink on the left, at the top, on the right and at the bottom."""
    drawn = ink(png)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    height, width = drawn.shape
    return (
        int(columns[0]),
        int(rows[0]),
        int(width - 1 - columns[-1]),
        int(height - 1 - rows[-1]),
    )
