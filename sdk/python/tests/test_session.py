"""The session an algorithm sees (contract §6, §11)."""

from __future__ import annotations

import unittest

import support
from procvision_algorithm_sdk import Session


class ASession(unittest.TestCase):
    def setUp(self) -> None:
        self.session = Session("s1", {"product_code": "A01", "lots": ["x"]})

    def test_gives_back_what_was_set(self) -> None:
        self.session.set("offset", {"x": 1, "y": [2, None, True, "é"]})
        self.assertEqual(self.session.get("offset"), {"x": 1, "y": [2, None, True, "é"]})

    def test_gives_the_default_for_what_was_not(self) -> None:
        self.assertIsNone(self.session.get("missing"))
        self.assertEqual(self.session.get("missing", 7), 7)

    def test_says_whether_a_key_exists(self) -> None:
        self.session.set("a", None)
        self.assertTrue(self.session.exists("a"))
        self.assertFalse(self.session.exists("b"))

    def test_says_whether_there_was_something_to_delete(self) -> None:
        self.session.set("a", 1)
        self.assertTrue(self.session.delete("a"))
        self.assertFalse(self.session.delete("a"))
        self.assertFalse(self.session.exists("a"))

    def test_hands_out_copies_of_its_context(self) -> None:
        self.session.context["product_code"] = "B02"
        self.session.context["lots"].append("y")
        self.assertEqual(self.session.context, {"product_code": "A01", "lots": ["x"]})

    def test_has_an_empty_context_when_none_is_given(self) -> None:
        self.assertEqual(Session("s").context, {})


class SettingRefuses(unittest.TestCase):
    def assert_refused(self, value: object, *expected: str) -> None:
        session = Session("s1")
        with self.assertRaises(TypeError) as caught:
            session.set("key", value)
        for text in expected:
            self.assertIn(text, str(caught.exception))
        self.assertFalse(session.exists("key"), "what was refused is not stored")

    def test_objects(self) -> None:
        self.assert_refused({"deep": [object()]}, "session value 'key'.deep[0]", "object")

    def test_bytes_and_sets(self) -> None:
        self.assert_refused(b"x", "bytes")
        self.assert_refused({1}, "set")

    def test_nan_and_infinity(self) -> None:
        self.assert_refused([float("nan")], "[0] is nan")
        self.assert_refused(float("-inf"), "is -inf")

    def test_keys_that_would_come_back_as_strings(self) -> None:
        self.assert_refused({1: "a"}, "the key 1 of type int")

    def test_a_value_that_contains_itself(self) -> None:
        endless: list[object] = []
        endless.append(endless)
        self.assert_refused(endless, "contains itself")

    def test_a_key_that_is_no_string(self) -> None:
        with self.assertRaises(TypeError):
            Session("s1").set(1, "a")  # type: ignore[arg-type]


class ItsStateTravels(unittest.TestCase):
    def resumed(self, state: dict | None) -> Session:
        session = Session("s1")
        session.resume({}, state)
        return session

    def test_not_when_nothing_changed(self) -> None:
        session = self.resumed({"list": [1], "n": 1})
        session.get("list"), session.get("n"), session.delete("missing")
        self.assertIsNone(session.state_to_send())

    def test_when_a_value_was_set(self) -> None:
        session = self.resumed({"a": 1})
        session.set("b", 2)
        self.assertEqual(session.state_to_send(), {"a": 1, "b": 2})

    def test_when_a_value_was_deleted(self) -> None:
        session = self.resumed({"a": 1})
        session.delete("a")
        self.assertEqual(session.state_to_send(), {})

    def test_when_a_list_was_changed_in_place(self) -> None:
        session = self.resumed({"list": [1]})
        session.get("list").append(2)
        self.assertEqual(session.state_to_send(), {"list": [1, 2]})

    def test_when_the_call_brought_none_and_there_is_some(self) -> None:
        session = self.resumed({"a": 1})
        session.resume({}, None)
        self.assertEqual(session.state_to_send(), {"a": 1})
        self.assertIsNone(self.resumed(None).state_to_send())

    def test_only_once_per_change(self) -> None:
        session = self.resumed({})
        session.set("a", 1)
        session.get("a")
        session.resume({}, {"a": 1})
        self.assertIsNone(session.state_to_send())


if __name__ == "__main__":
    unittest.main()
