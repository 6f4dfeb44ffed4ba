"""Answers go out in UTF-8, whatever the terminal's locale says."""

from typing import Any


def speak_utf8(stream: Any) -> None:
    """Put a command's stdout (Django's wrapper or a plain stream) into UTF-8 where it can be."""
    plain = getattr(stream, "_out", stream)
    if hasattr(plain, "reconfigure"):
        plain.reconfigure(encoding="utf-8", errors="replace")
