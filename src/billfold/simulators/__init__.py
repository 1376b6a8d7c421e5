"""Simulated providers on loopback, and the faults that can be switched on in them.

This is all that an adapter's simulator needs; ``billfold.simulators.faults`` has the faults, for
tests.
"""

from billfold.simulators.faults.fault import Handler
from billfold.simulators.faults.habits import Habits, PagedRoute
from billfold.simulators.serving import serving
from billfold.simulators.simulation import Sample, Simulation, plain_json, token_of

__all__ = [
    "Habits",
    "Handler",
    "PagedRoute",
    "Sample",
    "Simulation",
    "plain_json",
    "serving",
    "token_of",
]
