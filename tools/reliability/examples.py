"""Commands whose answers are known: those to Prism's examples.

Sums are by hand from the first example of each operation, which is what Prism answers. It gives
every page alike, so that a list which has a next page ends in *partial*, each row counted once.
"""

from __future__ import annotations

from checking import Command

PROVIDERS = ("harmont", "latitude", "aether", "bnerd")
DAYS = "2026-09-14..2026-09-17"
EXAMPLES = (
    Command(("check",), states=dict.fromkeys(PROVIDERS, "complete"), totals={}),
    # -1187 cents.
    Command(("balances",), "harmont", {"harmont": "complete"}, {"prepaid": {"USD": "-11.87"}}),
    # -41875 cents, once for the team of both projects.
    Command(("balances",), "latitude", {"latitude": "partial"}, {"credit": {"USD": "-418.75"}}),
    # 141 + 142 + 116 cents, as the builds, the days and the summary say.
    Command(("usage", "--period", DAYS), "harmont", {"harmont": "complete"}, {"USD": "3.99"}),
    Command(("daily", "--period", DAYS), "harmont", {"harmont": "complete"}, {"USD": "3.99"}),
    # Days of September, asked for August, are left out by name.
    Command(("daily", "--period", "2026-08"), "harmont", {"harmont": "partial"}, {}),
    # -78 - 38 + 0 + 17350 + 2750 + 1990 - 425 cents.
    Command(("ledger",), "harmont", {"harmont": "partial"}, {"USD": "215.49"}),
    # 58007.25625 cents; the bill is the first project's, whichever is asked for.
    Command(("usage",), "latitude", {"latitude": "partial"}, {"USD": "580.0725625"}),
    # The stated total, digits of a float included: 79.35 + 263.44 + 118.90 + 0.24 of subscriptions,
    # and the days' 20.24.
    Command(("usage",), "aether", {"aether": "complete"}, {"EUR": "482.16999999999996"}),
    # The first nine days of a month that is older by now.
    # 3.68 + 1.84 + 0.9200000000000002 + 2.7600000000000002 + 5.52 + 1.38 + 4.140000000000001.
    Command(("daily",), "aether", {"aether": "partial"}, {"EUR": "20.2400000000000014"}),
    # 2837 + 3437.5 - 615 cents.
    Command(("usage", "--period", "2026-10"), "bnerd", {"bnerd": "complete"}, {"EUR": "56.595"}),
    # Metering 5659 - 1204 cents and 7346 yen, which have no cents; legal 6734 + 9187 - 1433 cents.
    # They are never added together. Asked for the lines of any invoice, Prism answers with
    # October's, so that two of the list's invoices are without lines.
    Command(
        ("invoices",),
        "bnerd",
        {"bnerd": "partial"},
        {"metering": {"EUR": "44.55", "JPY": "7346"}, "legal": {"EUR": "144.88"}},
    ),
    Command(("subscriptions",), states={"aether": "complete", "bnerd": "complete"}, totals={}),
    Command(("payment-methods",), states={"aether": "complete", "bnerd": "complete"}, totals={}),
)
# A check that cannot fail proves nothing: this sum is wrong by a cent, which has to be noticed.
MISTAKE = Command(("balances",), "harmont", {"harmont": "complete"}, {"prepaid": {"USD": "-11.86"}})
