"""One bill per subscription, where the provider does not say whose a bill is. Pure."""

from collections.abc import Hashable

from attrs import define, evolve, field, frozen

from billfold.adapter import DriftError, Reading, State
from billfold.model import Usage
from billfold.wire import Steps, counted
from billfold_latitude.billed_lines import BilledLines


@frozen
class Bill:
    """A project's cycle.

    ``label`` names the project anywhere, ``called`` after its id. ``nameless`` is what tells it
    from others where the reply names no project, else None. ``lines`` are those of subscription
    items, each of which is billed once; ``whole`` is what tells a bill of a subscription that has
    no such line.
    """

    label: str
    called: str
    usage: Usage
    currency: str
    nameless: Hashable | None
    lines: tuple[int, ...] = ()
    whole: Hashable | None = None


@define
class Subscriptions:
    """What was billed so far to a project that only our request names, and every item's line.

    ``_currencies`` are what each team is billed in, and the first project that is.
    """

    _first: dict[Hashable, str] = field(factory=dict, init=False)
    _lines: BilledLines = field(factory=BilledLines, init=False)
    _wholes: dict[Hashable, str] = field(factory=dict, init=False)
    _currencies: dict[str, tuple[str, str]] = field(factory=dict, init=False)

    def usage(self, reading: Reading[Bill]) -> Steps[Reading[Usage]]:
        """Return a project's usage; the bill of another one again, in its place, is a failure.

        So answers a server that does not know the filter: its cents would count once per project.
        """
        for bill in reading.items:
            first = self._first.setdefault(bill.nameless, bill.label)
            if bill.nameless is not None and first != bill.label:
                return _counted(reading, first, bill)
            compared = yield from self._compared(reading, bill)
            reading = self._in_one_currency(compared, bill)
        usages = tuple([bill.usage for bill in reading.items])
        return reading.with_items(usages, reading.state, reading.error, reading.part)

    def _compared(self, reading: Reading[Bill], bill: Bill) -> Steps[Reading[Bill]]:
        """Return the reading, partial where lines or all of it are another project's, too."""
        first = self._wholes.setdefault(bill.whole, bill.label)
        if bill.whole is not None and first != bill.label:
            words = f"the same bill of its subscription is {first}'s, too; both count"
            return _doubtful(reading, bill, words)
        others = yield from self._lines.adding(bill.label, bill.lines)
        shared = [label for label in others if label != bill.label]
        if not shared:
            return reading
        lines = counted(len(shared), "line")
        words = f"{lines} of the same subscription item billed to {shared[0]}, too; both count"
        return _doubtful(reading, bill, words)

    def _in_one_currency(self, reading: Reading[Bill], bill: Bill) -> Reading[Bill]:
        """Return the reading, partial where another project of the team is billed in another."""
        team = bill.usage.billing_account_id
        if team is None:
            return reading
        currency, label = self._currencies.setdefault(team, (bill.currency, bill.label))
        if currency == bill.currency:
            return reading
        words = f"its team is billed in {bill.currency} here, and in {currency} in {label}"
        return _doubtful(reading, bill, words)


def _doubtful(reading: Reading[Bill], bill: Bill, words: str) -> Reading[Bill]:
    detail = "; ".join(filter(None, (reading.detail, f"{bill.called}: {words}")))
    return evolve(reading, state=State.PARTIAL, detail=detail)


def _counted(reading: Reading[Bill], first: str, bill: Bill) -> Reading[Usage]:
    words = f"the reply names no project, and its bill was billed to {first} already"
    place = "$.data.id" if isinstance(bill.nameless, str) else "$.data.attributes"
    error = DriftError(f"{words} - at `{place}`").about(bill.label)
    return Reading(state=State.FAILED, error=error, part=reading.part)
