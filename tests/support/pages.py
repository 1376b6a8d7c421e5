"""What pages for people tell them to type."""

import re
import shlex
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    return (CHECKOUT / name).read_text("utf-8")


def blocks(name: str, language: str = "") -> list[str]:
    """Return the fenced blocks of a page in one language; shells have none."""
    return [text for found, text in _BLOCK.findall(page(name)) if found == language]


def typed(name: str) -> list[list[str]]:
    """Return the words of each line that a page has people type."""
    lines = [line for block in blocks(name) for line in block.splitlines() if line.strip()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def billfold_commands(name: str) -> list[list[str]]:
    """Return the arguments of each ``billfold`` that a page has, also by cron, without ``> file``."""
    found = []
    for words in typed(name):
        if "billfold" in words:
            arguments = words[words.index("billfold") + 1 :]
            found.append(arguments[: arguments.index(">")] if ">" in arguments else arguments)
    return found
