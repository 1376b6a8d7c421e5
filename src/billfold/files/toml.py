"""TOML that a person wrote, or somebody else: every mistake is a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from billfold.errors import ConfigError

# Text and comments are stepped over as a whole, closed or not, so that this takes linear time.
_PART = re.compile(r"""[\w-]++|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?""")
_LONG_TEXT = r""""{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3})?|'{3}(?:[^']|'(?!''))*+(?:'{3})?"""
_KEY = re.compile(
    rf"{_LONG_TEXT}|#[^\n]*+|"
    rf"(?P<key>(?:{_PART.pattern})(?:[ \t]*+\.[ \t]*+(?:{_PART.pattern}))*+)",
    re.DOTALL,
)
_MOST_PARTS = 100


def parse_toml(
    text: str, path: Path, *, parse_float: Callable[[str], Any] = float
) -> dict[str, Any]:
    """Return what a text of TOML says. Raises ConfigError, which names the file, for what is none.

    Nor may it be nested deeper, or have longer numbers, than Python reads.
    """
    if _has_deep_key(text):
        raise ConfigError(f"{path}: has a key of more than {_MOST_PARTS} parts")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}{_hint(text, str(error))}") from None
    except RecursionError:
        raise ConfigError(f"{path}: is nested too deeply") from None
    except (ValueError, ArithmeticError):
        raise ConfigError(f"{path}: has a number that is too long to be one") from None


def _has_deep_key(text: str) -> bool:
    """Return whether a key has so many parts that tomllib would take long.

    It takes the square of their number, in time and memory: 40 KB of dots hang it.
    """
    found = (match["key"] or "" for match in _KEY.finditer(text))
    long = (key for key in found if key.count(".") >= _MOST_PARTS)
    return any(len(_PART.findall(key)) > _MOST_PARTS for key in long)


def _hint(text: str, mistake: str) -> str:
    """Return advice for a mistake in a line that has a backslash, most likely in a path."""
    place = re.search(r"at line (\d+)", mistake)
    line = text.split("\n")[int(place[1]) - 1] if place else ""
    if '"' not in line or "\\" not in line:
        return ""
    return r"; write a path with backslashes in single quotes, like 'C:\Users\...', or with /"
