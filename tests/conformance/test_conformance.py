"""Our own adapters keep every law, by the line that a package from outside writes."""

from billfold.simulators.simulation import simulators
from billfold.testing import conformance

test_conformance = conformance(*simulators())
