"""Decodes JPEG and PNG bytes by Pillow, where it is installed."""

from __future__ import annotations

from .picture import Picture, Undecodable

MODES = {"1", "CMYK", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "YCbCr"}
"""Modes of 8 bits a channel; Pillow would clip deeper ones to nearly white."""


def decode(content: memoryview) -> Picture:
    """An RGB picture in memory of its own."""
    try:
        from PIL import Image
    except ImportError:
        hint = "require procvision_algorithm_sdk[pillow]"
        raise Undecodable(f"the image is encoded and Pillow is not installed; {hint}") from None
    from io import BytesIO

    try:
        with Image.open(BytesIO(content)) as image:
            if image.mode not in MODES:
                raise Undecodable(f"Pillow mode {image.mode} has more than 8 bits a channel")
            rgb = image.convert("RGB")
    except Undecodable:
        raise
    except Exception as error:  # Pillow's plug-ins raise whatever their format's reader runs into.
        raise Undecodable(f"the bytes are no image Pillow can decode ({type(error).__name__}: {error})") from error
    return Picture(memoryview(rgb.tobytes()), (rgb.height, rgb.width, 3), "RGB")
