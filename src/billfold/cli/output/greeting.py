"""What ``billfold`` says alone: what it is, what to begin with, and whether it is configured."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from billfold.accounts.config import entries, source
from billfold.counted import counted
from billfold.errors import ConfigError
from billfold.printable import printable

_BEGIN = {
    "demo": "try everything without an account, in seconds",
    "init": "write a configuration, and check it",
    "costs": "show what everything costs",
}


def greeting(commands: Collection[str], config: Path | None) -> str:
    """Return the greeting of a program with these commands. Makes no request."""
    return "\n".join(
        (
            "billfold shows what Harmont, Latitude.sh, Aether and b'nerd charge you, exactly.",
            "",
            *(f"  billfold {name:5}  {does}" for name, does in _BEGIN.items() if name in commands),
            "",
            printable(_configuration(config)),
            "Every command: billfold --help",
            "",
        )
    )


def _configuration(config: Path | None) -> str:
    found = None
    try:
        found = source(config)
        configured = entries(config)
    except ConfigError as error:
        if found is None:
            return "Configuration: none found."
        first, *_ = str(error).splitlines()
        return f"Configuration: {found} cannot be used: {first}"
    return f"Configuration: {found or 'the environment'}, {counted(len(configured), 'account')}."
