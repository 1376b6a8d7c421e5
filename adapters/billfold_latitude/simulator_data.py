"""What the simulator's teams own: two teams, one paying in dollars and one in reais."""

from datetime import datetime, time
from decimal import Decimal

from attrs import frozen

from billfold.period import Period
from billfold_latitude import simulator_lines as lines
from billfold_latitude.simulator_lines import Clock, Lines, Row


@frozen
class SimulatedProject:
    """A project: when its cycle begins, what it uses, and the cents in its price on no line."""

    id: str
    name: str
    day: int
    at: time
    lines: Lines
    unlisted: Decimal = Decimal(0)

    @property
    def idle(self) -> bool:
        """Whether nothing is used."""
        return self.lines is lines.idle

    @property
    def subscription(self) -> str:
        """The payment provider's id."""
        return self.id.replace("proj_", "sub_")

    def billed(self, now: datetime) -> tuple[Period, list[Row]]:
        """Return the current cycle and its lines."""
        clock = Clock.around(now, self.day, self.at)
        return clock.cycle, self.lines(clock)


@frozen
class SimulatedTeam:
    """A team, the code its projects state, which may be junk, and the one that ``/team`` states."""

    id: str
    name: str
    code: str
    currency: str
    credit: int
    projects: tuple[SimulatedProject, ...]


def slug(name: str) -> str:
    """Return a name as addresses have it."""
    return name.lower().replace(" ", "-")


_COPPER_WORKS = (
    SimulatedProject("proj_Kx81mQvZ3bTnY", "Brisk Copper Meadow", 5, time(16, 3, 27), lines.busy),
    SimulatedProject("proj_Pe4jD9uXo6RsA", "Dim Ochre Valley", 28, time(5, 47, 9), lines.idle),
    SimulatedProject(
        "proj_Mt6xHb1wKc8Vq",
        "Loud Quartz Harbor",
        12,
        time(11, 20, 58),
        lines.older_shape,
        unlisted=Decimal("137.25"),
    ),
    SimulatedProject(
        "proj_Zs3yFo5aJi7Ue", "Slow Amber Field", 19, time(8, 41, 2), lines.change_of_plan
    ),
    SimulatedProject("proj_Lv9dGr2nPw4Xk", "Grey Fennel Yard", 2, time(14, 0, 36), lines.reserved),
)
_PORTO_AZUL = (
    SimulatedProject(
        "proj_Ch2nU5iGz0LwE", "Plain Teal Harbor", 20, time(22, 10, 44), lines.in_reais
    ),
)

TEAMS = (
    SimulatedTeam("team_Yb6oSd2KqH9", "Copper Works", "USD", "USD", -41875, _COPPER_WORKS),
    # This team's projects state no code of ISO 4217, as recordings do: only /team knows.
    SimulatedTeam("team_Ro1gV7LeM4x", "Porto Azul", "R$", "BRL", 6420, _PORTO_AZUL),
)
