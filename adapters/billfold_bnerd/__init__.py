"""b'nerd Cloud for billfold: a cloud platform with hourly metering and two families of invoices."""

from billfold_bnerd.amounts import Amount
from billfold_bnerd.client import Bnerd
from billfold_bnerd.fields import Ref
from billfold_bnerd.usage_reply import UsageReply, UsageRow

__all__ = ["Amount", "Bnerd", "Ref", "UsageReply", "UsageRow"]
