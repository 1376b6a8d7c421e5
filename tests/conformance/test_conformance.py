"""Our own adapters keep every law, by the line that a package from outside writes."""

from billfold.simulators.serving import installed_simulators
from billfold.testing import conformance

test_conformance = conformance(*installed_simulators())
