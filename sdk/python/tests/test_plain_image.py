"""The plain-Python view of an image."""

from __future__ import annotations

import unittest

import support
from procvision_algorithm_sdk import PlainImage

WIDTH, HEIGHT = 5, 4
RGB = [[(x * 10, y * 10, x + y) for x in range(WIDTH)] for y in range(HEIGHT)]
GREY = [[x * 10 + y for x in range(WIDTH)] for y in range(HEIGHT)]


def rgb_image() -> PlainImage:
    return PlainImage(bytes(value for row in RGB for pixel in row for value in pixel), WIDTH, HEIGHT)


def bgr_image() -> PlainImage:
    return PlainImage(bytes(v for row in RGB for pixel in row for v in reversed(pixel)), WIDTH, HEIGHT, "BGR")


def grey_image() -> PlainImage:
    return PlainImage(bytes(value for row in GREY for value in row), WIDTH, HEIGHT, "GRAY")


class APlainImage(unittest.TestCase):
    def test_gives_pixels_as_red_green_blue_whatever_the_order_in_memory(self) -> None:
        for image in (rgb_image(), bgr_image()):
            for y in range(HEIGHT):
                for x in range(WIDTH):
                    self.assertEqual(image.pixel(x, y), RGB[y][x])
        self.assertEqual(grey_image().pixel(4, 3), (43, 43, 43))

    def test_refuses_pixels_and_rows_outside(self) -> None:
        for x, y in ((-1, 0), (0, -1), (WIDTH, 0), (0, HEIGHT)):
            with self.assertRaises(IndexError):
                rgb_image().pixel(x, y)
        for y in (-1, HEIGHT):
            with self.assertRaises(IndexError):
                rgb_image().row(y)

    def test_gives_rows_without_a_copy(self) -> None:
        memory = bytearray(WIDTH * HEIGHT)
        image = PlainImage(memory, WIDTH, HEIGHT, "GRAY")
        image.row(2)[1] = 7
        self.assertEqual(memory[2 * WIDTH + 1], 7)
        self.assertEqual(bytes(rgb_image().row(1)), bytes(v for pixel in RGB[1] for v in pixel))
        self.assertEqual([row.tobytes() for row in grey_image().rows(2)], [bytes(GREY[0]), bytes(GREY[2])])

    def test_has_regions_that_share_its_memory(self) -> None:
        image = rgb_image()
        region = image.region(1, 1, 3, 2)
        self.assertIs(region.data.obj, image.data.obj)
        self.assertEqual((region.width, region.height, region.shape), (3, 2, (2, 3, 3)))
        self.assertEqual([[region.pixel(x, y) for x in range(3)] for y in range(2)], [row[1:4] for row in RGB[1:3]])
        inner = region.region(1, 1, 2, 1)
        self.assertEqual([inner.pixel(x, 0) for x in range(2)], RGB[2][2:4])
        self.assertEqual(inner.tobytes(), bytes(v for pixel in RGB[2][2:4] for v in pixel))

    def test_refuses_regions_that_are_not_inside(self) -> None:
        for region in ((-1, 0, 1, 1), (0, -1, 1, 1), (3, 0, 3, 1), (0, 3, 1, 2), (0, 0, 0, 1), (0, 0, 1, 0)):
            with self.subTest(region=region), self.assertRaises(ValueError):
                rgb_image().region(*region)

    def test_gives_planes_of_every_nth_pixel(self) -> None:
        for step in (1, 2, 3):
            picked = [pixel for row in RGB[::step] for pixel in row[::step]]
            expected = tuple(bytes(plane) for plane in zip(*picked))
            for image in (rgb_image(), bgr_image()):
                self.assertEqual(image.planes(step), expected, f"step {step}")
            grey = bytes(value for row in GREY[::step] for value in row[::step])
            self.assertEqual(grey_image().planes(step), (grey, grey, grey))

    def test_gives_planes_of_a_region(self) -> None:
        picked = [pixel for row in RGB[1:4] for pixel in row[2:5]]
        expected = tuple(bytes(plane) for plane in zip(*picked))
        for image in (rgb_image(), bgr_image()):
            self.assertEqual(image.region(2, 1, 3, 3).planes(), expected)

    def test_knows_brightness_and_mean(self) -> None:
        white = PlainImage(b"\xff" * 12, 2, 2)
        self.assertEqual(white.grey(), b"\xff" * 4)
        red = PlainImage(b"\xff\0\0" * 4, 2, 2)
        self.assertEqual((red.grey(2), red.channel_means(), red.mean()), (bytes([76]), (255.0, 0.0, 0.0), 85.0))
        self.assertEqual(grey_image().grey(2), bytes([0, 20, 40, 2, 22, 42]))
        self.assertEqual(bgr_image().channel_means(), rgb_image().channel_means())
        self.assertEqual((red.min(), red.max()), (0, 255))

    def test_becomes_a_private_writable_rgb_copy(self) -> None:
        wanted = rgb_image().tobytes()
        for image in (rgb_image(), bgr_image()):
            copy = image.to_rgb()
            self.assertEqual((copy.tobytes(), copy.color_space, copy.data.readonly), (wanted, "RGB", False))
        grey = grey_image().region(1, 1, 2, 2).to_rgb()
        self.assertEqual([grey.pixel(x, y)[2] for y in range(2) for x in range(2)], [11, 21, 12, 22])

    def test_refuses_memory_that_is_too_small(self) -> None:
        with self.assertRaisesRegex(ValueError, "need 60 bytes, there are 59"):
            PlainImage(bytes(59), WIDTH, HEIGHT)


if __name__ == "__main__":
    unittest.main()
