"""Finds missing screws on circuit boards, in plain Python."""
