"""The frame codec (contract §4 Frame)."""

from __future__ import annotations

import random
import time
import unittest

import support
from procvision_algorithm_sdk.framing import FrameDecoder, encode_frame


def decode(chunks: list[bytes], **options: int) -> tuple[list[dict], str]:
    decoder = FrameDecoder(**options)
    messages = [message for chunk in chunks for message in decoder.feed(chunk)]
    return messages, str(decoder.fault or "")


class FramesArriveWhole(unittest.TestCase):
    def test_at_every_split_position(self) -> None:
        sent = [{"type": "hello", "text": "Prüfung ✓"}, {"type": "ping"}, {"type": "call", "n": [1, 2.5, None]}]
        stream = b"".join(map(encode_frame, sent))
        for cut in range(len(stream) + 1):
            with self.subTest(cut=cut):
                self.assertEqual(decode([stream[:cut], stream[cut:]]), (sent, ""))

    def test_byte_by_byte(self) -> None:
        sent = [{"type": "ping", "request_id": n} for n in range(20)]
        stream = b"".join(map(encode_frame, sent))
        self.assertEqual(decode([bytes([byte]) for byte in stream]), (sent, ""))

    def test_however_random_the_cuts(self) -> None:
        seed = time.time_ns()
        chance = random.Random(seed)
        for _ in range(200):
            sent = [{"type": "x", "text": "é" * chance.randrange(300)} for _ in range(chance.randrange(8))]
            stream = b"".join(map(encode_frame, sent))
            cuts = sorted(chance.randrange(len(stream) + 1) for _ in range(chance.randrange(10)))
            chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)])]
            self.assertEqual(decode(chunks), (sent, ""), f"seed {seed}")

    def test_with_white_space_around_the_object(self) -> None:
        payload = b' \n{"type": "ping"}\t '
        self.assertEqual(decode([len(payload).to_bytes(4, "big") + payload]), ([{"type": "ping"}], ""))


class FaultsAreNamed(unittest.TestCase):
    def assert_fault(self, content: bytes, *expected: str, **options: int) -> None:
        for chunks in ([content], [content[:2], content[2:]], [bytes([byte]) for byte in content]):
            before, after = encode_frame({"type": "ping"}), encode_frame({"type": "late"})
            messages, fault = decode([before, *chunks, after], **options)
            self.assertEqual(messages, [{"type": "ping"}], "messages before a fault arrive, none after it does")
            for text in expected:
                self.assertIn(text, fault)

    def framed(self, payload: bytes) -> bytes:
        return len(payload).to_bytes(4, "big") + payload

    def test_stray_text(self) -> None:
        self.assert_fault(b"Processing image", "1349676899 bytes", "something printed", "50 72 6f 63", "'Proc")

    def test_length_zero(self) -> None:
        self.assert_fault(bytes(4), "length of 0")

    def test_a_frame_over_the_cap(self) -> None:
        self.assert_fault(encode_frame({"type": "x" * 100}), "the cap is 64", max_frame_bytes=64)

    def test_a_frame_at_the_cap_is_none(self) -> None:
        content = encode_frame({"type": "ping"})
        self.assertEqual(decode([content], max_frame_bytes=len(content) - 4), ([{"type": "ping"}], ""))
        self.assertIn("cap", decode([content], max_frame_bytes=len(content) - 5)[1])

    def test_invalid_utf8(self) -> None:
        self.assert_fault(self.framed(b'{"type": "\xff"}'), "not UTF-8", "at byte 10")

    def test_invalid_json(self) -> None:
        self.assert_fault(self.framed(b'{"type": '), "not JSON", "7b 22")
        self.assert_fault(self.framed(b'{"type": "a"} x'), "not JSON")

    def test_nan_is_not_json(self) -> None:
        self.assert_fault(self.framed(b'{"type": "a", "x": NaN}'), "NaN is not JSON")

    def test_nesting_without_end(self) -> None:
        self.assert_fault(self.framed(b'{"type":' + b"[" * 20_000), "not JSON")

    def test_not_an_object(self) -> None:
        self.assert_fault(self.framed(b'["type"]'), "a JSON list, not an object")

    def test_no_type(self) -> None:
        self.assert_fault(self.framed(b'{"kind": "ping"}'), "no `type`")
        self.assert_fault(self.framed(b'{"type": 7}'), "no `type`")


class EncodingRefuses(unittest.TestCase):
    def test_what_json_cannot_hold(self) -> None:
        for value in (float("nan"), float("inf"), {1, 2}, b"bytes"):
            with self.subTest(value=value), self.assertRaises((TypeError, ValueError)):
                encode_frame({"type": "x", "value": value})


if __name__ == "__main__":
    unittest.main()
