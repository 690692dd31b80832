"""Images by shared_mem_id, without NumPy (contract §7)."""

from __future__ import annotations

import contextlib
import io
import json
import os
import unittest
from unittest import mock

from support import Pool, meta, started
from procvision_algorithm_sdk import (
    PlainImage,
    dev_write_image_to_shared_memory,
    plain_image_from_shared_memory,
    read_image_from_shared_memory,
    view_image_from_shared_memory,
    write_image_array_to_shared_memory,
)
from procvision_algorithm_sdk._images import arrays, dev_store, segment

RGB_2X1 = bytes([1, 2, 3, 4, 5, 6])


class InAPool(unittest.TestCase):
    def setUp(self) -> None:
        self.pool = Pool(self)
        without_numpy = mock.patch.object(arrays, "_numpy", None)
        without_numpy.start()
        self.addCleanup(without_numpy.stop)

    def failing(self, shared_mem_id: object, image_meta: dict) -> tuple[PlainImage | None, str]:
        """The image and the error line."""
        with contextlib.redirect_stderr(io.StringIO()) as stderr:
            image = plain_image_from_shared_memory(shared_mem_id, image_meta)  # type: ignore[arg-type]
        line = json.loads(stderr.getvalue())
        self.assertEqual(line["level"], "error")
        return image, line["message"]


class RawSegments(InAPool):
    def test_of_each_shape_become_rgb(self) -> None:
        self.pool.write_npy("rgb", (1, 2, 3), RGB_2X1)
        self.pool.write_npy("flat", (1, 2), bytes([7, 9]))
        self.pool.write_npy("one", (1, 2, 1), bytes([7, 9]))
        for name, expected in (("rgb", RGB_2X1), ("flat", b"\7\7\7\t\t\t"), ("one", b"\7\7\7\t\t\t")):
            image = read_image_from_shared_memory(name, meta(2, 1))
            self.assertEqual((image.tobytes(), image.shape), (expected, (1, 2, 3)))

    def test_of_bgr_are_converted(self) -> None:
        self.pool.write_npy("bgr", (1, 2, 3), RGB_2X1)
        image_meta = meta(2, 1, color_space="BGR")
        self.assertEqual(read_image_from_shared_memory("bgr", image_meta).tobytes(), bytes([3, 2, 1, 6, 5, 4]))
        self.assertEqual(plain_image_from_shared_memory("bgr", image_meta).pixel(0, 0), (3, 2, 1))

    def test_are_read_into_private_memory(self) -> None:
        path = self.pool.write_npy("rgb", (1, 2, 3), RGB_2X1)
        image = read_image_from_shared_memory("rgb", meta(2, 1))
        image.row(0)[0] = 99
        self.assertEqual(path.read_bytes()[-6:], RGB_2X1)

    def test_are_viewed_without_a_copy_and_read_only(self) -> None:
        self.pool.write_npy("rgb", (1, 2, 3), RGB_2X1)
        image = plain_image_from_shared_memory("rgb", meta(2, 1))
        self.pool.write_npy("rgb", (1, 2, 3), bytes(6))
        self.assertEqual(image.tobytes(), bytes(6), "a view shows what the segment holds now")
        with self.assertRaises(TypeError):
            image.row(0)[0] = 1

    def test_may_be_larger_than_their_array(self) -> None:
        self.pool.write_npy("slot", (1, 2, 3), RGB_2X1, slack=5000)
        self.assertEqual(plain_image_from_shared_memory("slot", meta(2, 1)).tobytes(), RGB_2X1)

    def test_may_change_their_dimensions_between_calls(self) -> None:
        self.pool.write_npy("slot", (1, 2, 3), RGB_2X1, slack=100)
        plain_image_from_shared_memory("slot", meta(2, 1))
        self.pool.write_npy("slot", (2, 1), b"\x0b\x0c")
        image = plain_image_from_shared_memory("slot", meta(1, 2))
        self.assertEqual((image.shape, image.tobytes()), ((2, 1, 1), b"\x0b\x0c"))

    def test_stay_mapped_from_call_to_call(self) -> None:
        self.pool.write_npy("slot", (1, 2, 3), RGB_2X1)
        first = plain_image_from_shared_memory("slot", meta(2, 1))
        second = plain_image_from_shared_memory("slot", meta(2, 1))
        self.assertIs(first.data.obj, second.data.obj)

    def test_are_mapped_anew_when_the_file_is_another(self) -> None:
        path = self.pool.write_npy("slot", (1, 2, 3), RGB_2X1)
        before = plain_image_from_shared_memory("slot", meta(2, 1))
        path.unlink()
        self.pool.write_npy("slot", (1, 2, 3), bytes(6))
        self.assertEqual(plain_image_from_shared_memory("slot", meta(2, 1)).tobytes(), bytes(6))
        self.assertEqual(before.tobytes(), RGB_2X1, "an older view stays whole")
        self.pool.write_npy("slot", (1, 2, 3), RGB_2X1, slack=64)
        self.assertEqual(plain_image_from_shared_memory("slot", meta(2, 1)).tobytes(), RGB_2X1)

    def test_are_kept_mapped_up_to_a_limit(self) -> None:
        for number in range(segment.SEGMENTS_MAX + 5):
            self.pool.write_npy(f"s{number}", (1, 1), b"\x05")
            plain_image_from_shared_memory(f"s{number}", meta(1, 1))
        self.assertLessEqual(len(segment._kept), segment.SEGMENTS_MAX)


class WhatCannotBeDecoded(InAPool):
    def assert_black(self, shared_mem_id: object, *expected: str, **fields: object) -> None:
        image, message = self.failing(shared_mem_id, meta(3, 2, **fields))
        assert image is not None
        self.assertEqual((image.shape, image.tobytes()), ((2, 3, 3), bytes(18)))
        for text in ("image_load_failed", *expected):
            self.assertIn(text, message)

    def test_is_black_of_the_announced_size(self) -> None:
        self.assert_black("missing", "neither", "missing.npy", "missing.bin")

    def test_because_the_header_is_odd(self) -> None:
        self.pool.write("none.npy", b"no header, but long enough")
        self.assert_black("none", "does not begin like an NPY file")
        self.pool.write("v2.npy", b"\x93NUMPY\x02\x00" + bytes(100))
        self.assert_black("v2", "NPY version 2")
        self.pool.write("torn.npy", b"\x93NUMPY\x01\x00\x76\x00{'descr'" + bytes(120))
        self.assert_black("torn", "cannot be read")
        self.pool.write_npy("float", (2, 3), bytes(48), descr="<f8")
        self.assert_black("float", "<f8")
        self.pool.write_npy("fortran", (2, 3), bytes(6), fortran_order=True)
        self.assert_black("fortran", "C order")

    def test_because_the_shape_is_no_image(self) -> None:
        for number, shape in enumerate([(6,), (2, 3, 4), (2, 3, 1, 1), (0, 3, 3), ()]):
            self.pool.write_npy(f"shape{number}", shape, bytes(100))
            self.assert_black(f"shape{number}", "shape")

    def test_because_the_segment_is_too_short_or_empty(self) -> None:
        self.pool.write_npy("short", (2, 3, 3), bytes(17))
        self.assert_black("short", "its array needs")
        self.pool.write("empty.npy", b"")
        self.assert_black("empty")
        self.pool.write("empty2.bin", b"")
        self.assert_black("empty2", "0 bytes")

    def test_because_the_shape_is_not_the_one_announced(self) -> None:
        for number, shape in enumerate([(3, 2, 3), (2, 2, 3), (3, 3), (1, 3, 3)]):
            self.pool.write_npy(f"other{number}", shape, bytes(100))
            self.assert_black(f"other{number}", "image_meta says 3×2")

    def test_because_no_ordinary_file_lies_there(self) -> None:
        os.mkfifo(self.pool.path / "pipe.npy")
        os.mkdir(self.pool.path / "folder.npy")
        os.symlink("/dev/null", self.pool.path / "device.npy")
        for name in ("pipe", "folder", "device"):
            self.assert_black(name, "no ordinary file")
            with contextlib.redirect_stderr(io.StringIO()):
                image = read_image_from_shared_memory(name, meta(3, 2))
            self.assertEqual(image.tobytes(), bytes(18))

    def test_because_it_is_cut_short_while_it_is_read(self) -> None:
        path = self.pool.write_npy("cut", (2, 3, 3), bytes(range(18)))
        whole = segment.SegmentReader.read

        def cut_then_read(reader, offset, size, allocate):  # type: ignore[no-untyped-def]
            os.truncate(path, offset + 5)
            return whole(reader, offset, size, allocate)

        with mock.patch.object(segment.SegmentReader, "read", cut_then_read):
            with contextlib.redirect_stderr(io.StringIO()) as stderr:
                image = read_image_from_shared_memory("cut", meta(3, 2))
        self.assertEqual(image.tobytes(), bytes(18))
        self.assertIn("cut short", stderr.getvalue())

    def test_because_the_id_is_no_plain_file_name(self) -> None:
        outside = self.pool.path.parent / "outside.npy"
        self.assertFalse(outside.exists())
        for shared_mem_id in ("../outside", "a/b", "a\\b", "", "..", ".hidden", "a\0b", None, 7):
            with self.subTest(shared_mem_id=shared_mem_id):
                self.assert_black(shared_mem_id)

    def test_because_the_encoded_bytes_are_fewer_than_announced(self) -> None:
        self.pool.write("image.bin", b"12345678")
        self.assert_black("image", "8 bytes", byte_length=9)
        self.assert_black("image", "8 bytes", byte_length="8")

    def test_without_a_pool_names_the_variable(self) -> None:
        del os.environ["PROC_SHM_DIR"]
        self.assert_black("missing", "PROC_SHM_DIR is not set")

    def test_is_none_when_the_announced_size_is_not_positive(self) -> None:
        for size in ({"width": 0, "height": 2}, {"width": 3, "height": -1}, {"width": "3", "height": 2}, {}):
            image, message = self.failing("missing", size)
            self.assertIsNone(image)
            self.assertIn("no positive size", message)

    def test_is_flagged_in_the_results_debug(self) -> None:
        with started("puppet:Puppet", environment={"PROC_SHM_DIR": str(self.pool.path)}) as adapter:
            read = {"do": "read_image"}
            debug = adapter.ask("execute", user_params=read, shared_mem_id="gone")["data"]["debug"]
            self.assertIs(debug["image_decode_failed"], True)
            self.assertIn("gone.npy", debug["image_decode_reason"])
            self.pool.write_npy("there", (1, 1, 3), b"\1\2\3")
            reply = adapter.ask("execute", user_params=read, shared_mem_id="there", image_meta=meta(1, 1))
            self.assertEqual(reply["data"]["pixel"], [1, 2, 3])
            self.assertNotIn("image_decode_failed", reply["data"]["debug"], "a flag lives for one call")

    def test_is_flagged_whatever_the_algorithm_says_in_debug(self) -> None:
        with started("puppet:Puppet", environment={"PROC_SHM_DIR": str(self.pool.path)}) as adapter:
            for answer in (
                {"status": "OK", "data": {"result_status": "OK", "debug": {"image_decode_failed": False}}},
                {"status": "OK", "data": {"result_status": "OK", "debug": ["a", "list"]}},
                {"status": "OK"},
            ):
                params = {"do": "read_and_answer", "answer": answer}
                reply = adapter.ask("execute", user_params=params, shared_mem_id="gone")
                self.assertIs(reply["data"]["debug"]["image_decode_failed"], True, answer)


class ImagesOfOnesOwn(InAPool):
    def setUp(self) -> None:
        super().setUp()
        for store in (dev_store.arrays, dev_store.encoded):
            self.addCleanup(store.clear)
        self.array = memoryview(bytearray(RGB_2X1)).cast("B", (1, 2, 3))

    def test_are_read_back(self) -> None:
        write_image_array_to_shared_memory("own", self.array)
        self.assertEqual(read_image_from_shared_memory("own", meta(2, 1)).tobytes(), RGB_2X1)

    def test_come_before_the_files(self) -> None:
        write_image_array_to_shared_memory("own", self.array)
        self.pool.write_npy("own", (1, 2, 3), bytes(6))
        self.assertEqual(read_image_from_shared_memory("own", meta(2, 1)).tobytes(), RGB_2X1)

    def test_are_files_for_other_processes_too(self) -> None:
        write_image_array_to_shared_memory("own", self.array)
        dev_store.arrays.clear()
        self.assertEqual(read_image_from_shared_memory("own", meta(2, 1)).tobytes(), RGB_2X1)
        dev_write_image_to_shared_memory("own", b"jpeg")
        self.assertEqual({path.name for path in self.pool.path.iterdir()}, {"own.bin"}, "one image per id")
        self.assertEqual((self.pool.path / "own.bin").read_bytes(), b"jpeg")

    def test_never_become_files_in_the_runners_pool(self) -> None:
        with mock.patch.dict(os.environ, {"PROC_ENV": "prod"}):
            write_image_array_to_shared_memory("own", self.array)
            dev_write_image_to_shared_memory("bytes", b"jpeg")
        self.assertEqual(list(self.pool.path.iterdir()), [])
        self.assertEqual(read_image_from_shared_memory("own", meta(2, 1)).tobytes(), RGB_2X1)

    def test_need_no_pool(self) -> None:
        del os.environ["PROC_SHM_DIR"]
        write_image_array_to_shared_memory("own", self.array)
        self.assertEqual(read_image_from_shared_memory("own", meta(2, 1)).tobytes(), RGB_2X1)

    def test_are_refused_when_they_are_no_image(self) -> None:
        for image in (memoryview(bytes(8)).cast("d"), memoryview(bytes(6)), memoryview(bytes(8)).cast("B", (1, 2, 4))):
            with self.assertRaises(ValueError):
                write_image_array_to_shared_memory("own", image)
        for write in (write_image_array_to_shared_memory, dev_write_image_to_shared_memory):
            with self.assertRaises(ValueError):
                write("../own", self.array)


class WithoutNumPy(InAPool):
    def test_a_numpy_view_is_refused_with_the_way_out(self) -> None:
        with self.assertRaisesRegex(ImportError, "plain_image_from_shared_memory"):
            view_image_from_shared_memory("x", meta(1, 1))


del InAPool

if __name__ == "__main__":
    unittest.main()
