"""Reads one picture from standard input and writes a small JPEG to standard output.

A program of its own (thumbnails.py): limited in memory and time before it looks at a byte. What is
written holds pixels alone: no place, no camera, no comment. Exit status 1: no picture of ours.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from typing import IO

from PIL import Image, ImageOps

SIDE = 320  # pixels
# What is opened at all: a telephone's largest picture, and not one that fills a wall.
MOST_PIXELS = 64_000_000
MEMORY = 1_500_000_000  # bytes of address space, libraries among them
CPU_SECONDS = 10


def main(kind: str) -> int:
    """Makes the thumbnail of a picture of this kind, by Pillow's name for it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit is below
    try:
        sys.stdout.buffer.write(small(sys.stdin.buffer, kind))
    except Exception:  # a hostile picture may raise anything
        return 1
    return 0


def small(picture_file: IO[bytes], kind: str) -> bytes:
    """The JPEG. Raises whatever Pillow does, and ValueError for a picture that is too large."""
    with Image.open(picture_file, formats=(kind,)) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise ValueError("too many pixels")
        # JPEG alone can be read at a fraction of its size.
        picture.draft("RGB", (SIDE, SIDE))
        turned = ImageOps.exif_transpose(picture)
        turned.thumbnail((SIDE, SIDE))
        with_alpha = turned.convert("RGBA")
        flat = Image.new("RGB", with_alpha.size, "white")
        flat.paste(with_alpha, mask=with_alpha)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=80)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
