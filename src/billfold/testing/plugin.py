"""What pytest loads by itself: a fixture ``<provider>_simulator`` for every installed simulator, and nothing else.

A fixture serves its simulator while the test runs and gives a :class:`~billfold.testing.harness.Bench`: ``url`` and
``accounts()`` to ask it, ``fold()`` for a Billfold over them, ``strike(fault)`` to let something go wrong. Nothing of billfold
is imported before a test asks for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from billfold.testing.harness import Bench


def _fixture(provider: str, name: str) -> Callable[[], Iterator[Bench]]:
    @pytest.fixture(name=name)
    def simulator() -> Iterator[Bench]:
        from billfold.testing.harness import Subject, bench

        with bench(Subject.installed(provider)) as one:
            yield one

    simulator.__doc__ = f"Serve the simulator of {provider}."
    return simulator


for _entry in entry_points(group="billfold.simulators"):
    _name = f"{_entry.name.replace('-', '_')}_simulator"
    globals()[_name] = _fixture(_entry.name, _name)
