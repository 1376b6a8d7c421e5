"""What a usage decoder returns: the built-in one, or one of your own. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from attrs import field, frozen

from billfold.money import Money
from billfold.period import Period
from billfold_bnerd.amounts import Amount
from billfold_bnerd.fields import Ref


@frozen
class UsageRow:
    """One line of usage as far as it was understood; ``rest`` keeps every other key of it as text.

    ``id`` is the row's own. ``stamped`` is whether its period is an entry's own, not one that is
    cut to the window requested. ``pointer`` is where it stands in the reply (JSON Pointer), None
    where the decoder does not say.
    """

    cost: Amount
    product: Ref = field(factory=Ref)
    project: Ref = field(factory=Ref)
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Money | None = None
    period: Period | None = None
    subscription_id: str | None = None
    organization_id: str | None = None
    rest: Mapping[str, str] = field(factory=dict, hash=False)
    pointer: str | None = field(default=None, eq=False)
    id: str | None = None
    stamped: bool = False


@frozen
class UsageReply:
    """What a decoder reads in a body: rows, a total over all of them, and whether there are more.

    ``organization_id`` is whose the total is, where that is stated.
    """

    rows: tuple[UsageRow, ...]
    total: Amount = field(factory=Amount)
    more: bool = False
    organization_id: str | None = None


Decoder = Callable[[bytes], UsageReply]
