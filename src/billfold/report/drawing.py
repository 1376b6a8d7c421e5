"""Draw charts in a process of its own: what ends that is an error, and not the end of the caller.

vl-convert is compiled code with a JavaScript engine in it. A panic there ends its process at once,
and nothing can catch that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from signal import Signals
from typing import Any

from billfold.errors import ConfigError
from billfold.extras import how_to_install
from billfold.report.clean_text import clean

_SECONDS = 60
# Where packages, fonts, libraries and temporary files are: tokens are no business of it.
_NEEDED = (
    *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR"),
    *("FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "XDG_DATA_DIRS"),
    *("APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "WINDIR"),
)
_PROGRAM = Path(__file__).with_name("vega_lite.py")


def draw(specifications: Sequence[Mapping[str, Any]], seconds: float = _SECONDS) -> list[str]:
    """Return an SVG for each specification of Vega-Lite, of text that XML allows.

    Raises ConfigError without the extra ``report``, and where the process that draws dies or
    takes so many seconds.
    """
    if not specifications:
        return []
    if find_spec("vl_convert") is None:
        raise missing_packages()
    # -P: nothing is imported from the working directory.
    command = [sys.executable, "-P", str(_PROGRAM)]
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    charts = json.dumps([_cleaned(specification) for specification in specifications])
    try:
        ended = subprocess.run(
            command,
            input=charts.encode(),
            capture_output=True,
            check=False,
            timeout=seconds,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise _failure(f"took longer than {seconds:g} seconds") from None
    except OSError as error:
        raise _failure(f"cannot be started: {error.strerror}") from None
    if ended.returncode:
        raise _failure(f"ended with {_reason(ended.returncode)}")
    try:
        drawn: list[str] = json.loads(ended.stdout)
    except ValueError:
        raise _failure("did not answer") from None
    return drawn


def missing_packages() -> ConfigError:
    """Return the error of a report without what it needs."""
    return ConfigError(f"the report needs more packages: run {how_to_install('report')}")


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {key: _cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item) for item in value]
        case _:
            return value


def _reason(code: int) -> str:
    try:
        return Signals(-code).name
    except ValueError:
        return f"exit code {code}"


def _failure(what: str) -> ConfigError:
    return ConfigError(
        f"no page: the process that draws its charts (vl-convert) {what}; "
        "costs, balances and the other commands show the same without charts"
    )
