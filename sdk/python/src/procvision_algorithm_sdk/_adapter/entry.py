"""Finds the algorithm's class and makes the one instance (contract §11)."""

from __future__ import annotations

import importlib
import os
import sys

from ..base import BaseAlgorithm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class EntryError(Exception):
    """There is no algorithm to run, and why."""


def find_entry(option: str | None, environment: Mapping[str, str]) -> str:
    """`module:Class` from `--entry`, PROC_ENTRY_POINT, or the manifest in the working folder or in PROC_ALGO_ROOT."""
    if option:
        return option
    from_environment = environment.get("PROC_ENTRY_POINT")
    if from_environment:
        return from_environment
    folders = _source_folders(environment)
    for folder in folders:
        path = os.path.join(folder, "manifest.json")
        if os.path.isfile(path):
            return _entry_of_manifest(path)
    places = " or ".join(folders)
    raise EntryError(f"no entry point: give --entry, set PROC_ENTRY_POINT, or put manifest.json into {places}")


def load_algorithm(entry: str, environment: Mapping[str, str]) -> BaseAlgorithm:
    """Imports the module with the package's own source first on the path, and makes the instance."""
    module_name, colon, class_name = entry.partition(":")
    if not (module_name and colon and class_name):
        raise EntryError(f"the entry point {entry!r} is not of the form module:Class")
    for folder in reversed(_source_folders(environment)):
        if folder in sys.path:
            sys.path.remove(folder)
        sys.path.insert(0, folder)
    try:
        module = importlib.import_module(module_name)
    except BaseException as error:
        raise EntryError(f"cannot import {module_name} (entry {entry}): {type(error).__name__}: {error}") from error
    algorithm_class = getattr(module, class_name, None)
    if algorithm_class is None:
        file = getattr(module, "__file__", "?")
        raise EntryError(f"module {module_name} ({file}) has no {class_name} (entry {entry})")
    if not (isinstance(algorithm_class, type) and issubclass(algorithm_class, BaseAlgorithm)):
        raise EntryError(f"{entry} is not a class derived from procvision_algorithm_sdk.BaseAlgorithm")
    missing = sorted(algorithm_class.__abstractmethods__)
    if missing:
        raise EntryError(f"{entry} does not implement {', '.join(missing)}")
    return algorithm_class()


def _source_folders(environment: Mapping[str, str]) -> list[str]:
    folders = [os.getcwd()]
    root = environment.get("PROC_ALGO_ROOT")
    if root and os.path.abspath(root) not in folders:
        folders.append(os.path.abspath(root))
    return folders


def _entry_of_manifest(path: str) -> str:
    import json

    try:
        with open(path, encoding="utf-8-sig") as file:
            manifest = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise EntryError(f"cannot read {path}: {error}") from error
    entry = manifest.get("entry_point") if isinstance(manifest, dict) else None
    if not isinstance(entry, str):
        raise EntryError(f"{path} has no entry_point; expected a text of the form module:Class")
    return entry
