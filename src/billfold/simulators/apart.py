"""The simulators in a thread of their own, for who runs commands against them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from billfold.simulators.sandbox import Served, configuration
from billfold.simulators.serving import find_simulator, installed_simulators, serving_in_thread


@contextmanager
def serving_apart(now: datetime, folder: Path) -> Iterator[Path]:
    """Serve every simulator as it is at ``now``, and give the ``billfold.toml`` that reaches them.

    That file is in ``folder``, with the files of its tokens.
    """
    simulations = [find_simulator(provider)(now) for provider in installed_simulators()]
    with serving_in_thread(*simulations) as urls:
        config = folder / "billfold.toml"
        config.write_text(configuration(list(map(Served, simulations, urls)), folder), "utf-8")
        yield config
