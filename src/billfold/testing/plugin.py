"""A pytest plugin: a fixture ``<provider>_simulator`` for every installed simulator.

A fixture serves its simulator while the test runs and returns a
:class:`~billfold.testing.harness.Harness`: ``url`` and ``accounts()`` to reach it, ``fold()`` for a
Billfold over them, ``inject(effect)`` to let something go wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from billfold.testing.harness import Harness


def _fixture(provider: str, name: str) -> Callable[[], Iterator[Harness]]:
    @pytest.fixture(name=name)
    def simulator() -> Iterator[Harness]:
        # Nothing of billfold is imported before a test asks for it.
        from billfold.testing.harness import Subject

        with Subject.installed(provider).serve() as harness:
            yield harness

    simulator.__doc__ = f"Serve the simulator of {provider}."
    return simulator


for _entry in entry_points(group="billfold.simulators"):
    _name = f"{_entry.name.replace('-', '_')}_simulator"
    globals()[_name] = _fixture(_entry.name, _name)
