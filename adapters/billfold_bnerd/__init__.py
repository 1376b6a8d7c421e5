"""b'nerd Cloud for billfold: a cloud platform with hourly metering and two families of invoices."""

from billfold_bnerd.client import Bnerd
from billfold_bnerd.fields import Ref
from billfold_bnerd.usage_rows import UsageReply, UsageRow
from billfold_bnerd.values import Amount

__all__ = ["Amount", "Bnerd", "Ref", "UsageReply", "UsageRow"]
