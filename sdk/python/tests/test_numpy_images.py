"""Images as NumPy arrays, and encoded ones by Pillow (contract §7).

Skipped where NumPy or Pillow is absent, unless PROCVISION_REQUIRE_NUMPY=1 makes their absence a failure.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import unittest
from unittest import mock

from support import SOURCE, Pool, meta, require
from procvision_algorithm_sdk import (
    PlainImage,
    dev_write_image_to_shared_memory,
    plain_image_from_shared_memory,
    read_image_from_shared_memory,
    view_image_from_shared_memory,
    write_image_array_to_shared_memory,
)
from procvision_algorithm_sdk._images import arrays, dev_store


class NumPyArrays(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        require("numpy")

    def setUp(self) -> None:
        import numpy

        self.np = numpy
        self.pool = Pool(self)
        for store in (dev_store.arrays, dev_store.encoded):
            self.addCleanup(store.clear)
        chance = numpy.random.default_rng(7)
        self.rgb = chance.integers(0, 256, (6, 5, 3), dtype=numpy.uint8)
        self.grey = chance.integers(0, 256, (6, 5), dtype=numpy.uint8)

    def save(self, name: str, array: object) -> None:
        self.np.save(self.pool.path / f"{name}.npy", array)

    def test_are_private_and_writable(self) -> None:
        self.save("rgb", self.rgb)
        image = read_image_from_shared_memory("rgb", meta(5, 6))
        self.np.testing.assert_array_equal(image, self.rgb)
        self.assertEqual((image.dtype, image.flags.writeable, image.flags.c_contiguous), (self.np.uint8, True, True))
        image[:] = 0
        self.np.testing.assert_array_equal(read_image_from_shared_memory("rgb", meta(5, 6)), self.rgb)

    def test_of_grey_images_have_three_equal_channels(self) -> None:
        for name, array in (("flat", self.grey), ("one", self.grey[..., None])):
            self.save(name, array)
            image = read_image_from_shared_memory(name, meta(5, 6))
            self.np.testing.assert_array_equal(image, self.np.dstack([self.grey] * 3))
            self.assertTrue(image.flags.writeable)

    def test_of_bgr_images_are_rgb(self) -> None:
        self.save("bgr", self.rgb[..., ::-1])
        image = read_image_from_shared_memory("bgr", meta(5, 6, color_space="BGR"))
        self.np.testing.assert_array_equal(image, self.rgb)

    def test_agree_with_the_plain_image(self) -> None:
        bgr = self.np.ascontiguousarray(self.rgb[..., ::-1])
        cases = [("rgb", self.rgb, "RGB"), ("bgr", bgr, "BGR"), ("grey", self.grey, "RGB")]
        for name, array, color_space in cases:
            self.save(name, array)
            image_meta = meta(5, 6, color_space=color_space)
            image = read_image_from_shared_memory(name, image_meta)
            with mock.patch.object(arrays, "_numpy", None):
                plain = read_image_from_shared_memory(name, image_meta)
            self.assertIsInstance(plain, PlainImage)
            self.assertEqual(plain.tobytes(), image.tobytes())
            self.assertEqual(plain_image_from_shared_memory(name, image_meta).pixel(4, 5), tuple(image[5, 4]))

    def test_as_views_share_the_segment_read_only_in_its_own_shape(self) -> None:
        for name, array in (("rgb", self.rgb), ("flat", self.grey), ("one", self.grey[..., None])):
            self.save(name, array)
            first = view_image_from_shared_memory(name, meta(5, 6))
            second = view_image_from_shared_memory(name, meta(5, 6))
            self.np.testing.assert_array_equal(first, array)
            self.assertEqual(first.shape, array.shape)
            self.assertTrue(self.np.shares_memory(first, second))
            with self.assertRaises(ValueError):
                first[0, 0] = 1

    def test_are_black_when_the_image_cannot_be_decoded(self) -> None:
        for read in (read_image_from_shared_memory, view_image_from_shared_memory):
            with contextlib.redirect_stderr(io.StringIO()) as stderr:
                image = read("missing", meta(5, 6))
                self.assertIsNone(read("missing", meta(0, 6)))
            self.assertEqual((image.shape, image.dtype, image.any()), ((6, 5, 3), self.np.uint8, self.np.False_))
            self.assertIn("image_load_failed", json.loads(stderr.getvalue().splitlines()[0])["message"])

    def test_can_be_written_for_development(self) -> None:
        for array in (self.rgb, self.grey, self.rgb[::2, ::-1], self.np.asfortranarray(self.rgb)):
            write_image_array_to_shared_memory("own", array)
            view = view_image_from_shared_memory("own", meta(5, 6))
            self.np.testing.assert_array_equal(view, array)
            self.np.testing.assert_array_equal(self.np.load(self.pool.path / "own.npy"), array)
        with self.assertRaises(ValueError):
            write_image_array_to_shared_memory("own", self.rgb.astype(float))

    def test_are_imported_only_when_an_image_asks_for_them(self) -> None:
        code = "import sys, procvision_algorithm_sdk.adapter; print('numpy' in sys.modules, 'PIL' in sys.modules)"
        command, environment = [sys.executable, "-c", code], {"PYTHONPATH": str(SOURCE)}
        told = subprocess.run(command, env=environment, capture_output=True, check=True)
        self.assertEqual(told.stdout, b"False False\n")


class EncodedImages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        require("numpy", "PIL")

    def setUp(self) -> None:
        import numpy
        from PIL import Image

        self.np, self.image_module = numpy, Image
        self.pool = Pool(self)
        for store in (dev_store.arrays, dev_store.encoded):
            self.addCleanup(store.clear)
        self.rgb = numpy.random.default_rng(7).integers(0, 256, (6, 5, 3), dtype=numpy.uint8)

    def encoded(self, array: object, kind: str = "PNG", **options: object) -> bytes:
        file = io.BytesIO()
        self.image_module.fromarray(array).save(file, kind, **options)
        return file.getvalue()

    def test_are_decoded_to_a_private_writable_array(self) -> None:
        self.pool.write("image.bin", self.encoded(self.rgb))
        image = read_image_from_shared_memory("image", meta(5, 6))
        self.np.testing.assert_array_equal(image, self.rgb)
        self.assertTrue(image.flags.writeable)

    def test_end_where_the_call_says(self) -> None:
        content = self.encoded(self.rgb)
        self.pool.write("slot.bin", content + b"\xff\xd8 the rest of a longer image that lay here before")
        image = read_image_from_shared_memory("slot", meta(5, 6, byte_length=len(content)))
        self.np.testing.assert_array_equal(image, self.rgb)

    def test_may_be_jpeg(self) -> None:
        smooth = self.np.full((16, 16, 3), (200, 30, 60), self.np.uint8)
        self.pool.write("photo.bin", self.encoded(smooth, "JPEG", quality=95))
        image = read_image_from_shared_memory("photo", meta(16, 16))
        self.assertLess(int(self.np.abs(image.astype(int) - smooth).max()), 8)

    def test_keep_their_channels_whatever_the_order_of_raw_ones(self) -> None:
        dev_write_image_to_shared_memory("own", self.encoded(self.rgb))
        image = read_image_from_shared_memory("own", meta(5, 6, color_space="BGR"))
        self.np.testing.assert_array_equal(image, self.rgb)

    def test_may_be_grey_or_carry_a_palette_or_alpha(self) -> None:
        grey = self.rgb[..., 0]
        alpha = self.np.dstack([self.rgb, self.np.full((6, 5), 128, self.np.uint8)])
        for array, expected in ((grey, self.np.dstack([grey] * 3)), (alpha, self.rgb)):
            dev_write_image_to_shared_memory("own", self.encoded(array))
            self.np.testing.assert_array_equal(read_image_from_shared_memory("own", meta(5, 6)), expected)

    def test_are_plain_images_without_numpy(self) -> None:
        dev_write_image_to_shared_memory("own", self.encoded(self.rgb))
        with mock.patch.object(arrays, "_numpy", None):
            image = read_image_from_shared_memory("own", meta(5, 6))
        self.assertEqual((image.tobytes(), image.data.readonly), (self.rgb.tobytes(), False))

    def test_that_are_none_are_black_with_the_reason(self) -> None:
        deep = self.encoded((self.rgb[..., 0].astype(self.np.uint16) * 256))
        cut = self.encoded(self.np.zeros((200, 200, 3), self.np.uint8), "JPEG")[:300]
        for content, reason in ((b"not an image", "UnidentifiedImageError"), (deep, "8 bits"), (cut, "OSError")):
            dev_write_image_to_shared_memory("own", content)
            with contextlib.redirect_stderr(io.StringIO()) as stderr:
                image = read_image_from_shared_memory("own", meta(5, 6))
            self.assertEqual((image.shape, image.any()), ((6, 5, 3), self.np.False_))
            self.assertIn(reason, stderr.getvalue())

    def test_without_pillow_are_black_and_say_what_to_install(self) -> None:
        dev_write_image_to_shared_memory("own", self.encoded(self.rgb))
        with mock.patch.dict(sys.modules, {"PIL": None}), contextlib.redirect_stderr(io.StringIO()) as stderr:
            image = read_image_from_shared_memory("own", meta(5, 6))
        self.assertFalse(image.any())
        self.assertIn("procvision_algorithm_sdk[pillow]", stderr.getvalue())


if __name__ == "__main__":
    unittest.main()
