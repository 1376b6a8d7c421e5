"""Simulated providers on loopback: all that an adapter's simulator needs.

``billfold.simulators.faults`` has the faults that can be switched on in them.
"""

from billfold.simulators.faults.fault import Habits, Handler, PagedRoute, token_of
from billfold.simulators.serving import Sample, Simulation, plain_json, serving

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
