"""Plain trees that cannot be changed, and back. No Django here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


def freeze(tree: Any) -> Any:
    """The same tree with read-only mappings, and tuples for lists."""
    if isinstance(tree, Mapping):
        return MappingProxyType({key: freeze(value) for key, value in tree.items()})
    if isinstance(tree, list | tuple):
        return tuple(freeze(value) for value in tree)
    return tree


def thaw(tree: Any) -> Any:
    """The same tree with dicts and lists, as JSON takes it."""
    if isinstance(tree, Mapping):
        return {key: thaw(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [thaw(value) for value in tree]
    return tree
