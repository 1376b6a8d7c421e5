"""Which times beside a row's own say that it is of another window, and which are of other things.

Contract, sections 3.2 and 3.9.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from billfold import Period
from billfold_bnerd import month
from billfold_bnerd.lists import Listing
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
OCTOBER = Period.month(2026, 10)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
APRIL, SEPT, OCT, NOV = (f"2026-{each}-01T00:00:00Z" for each in ("04", "09", "10", "11"))
OWN = {"from": OCT, "to": "2026-10-31T23:59:59Z"}
SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
LIFE = {"id": "s", "start_date": APRIL, "end_date": None}


def eur(cents: int) -> Any:
    return {"cents": cents, "currency_iso": "EUR"}


def row(cents: int, **more: Any) -> Any:
    return {"product": "vm", "total": eur(cents), **more}


def asked(value: Any) -> Listing[Any]:
    reply = decode_usage(json.dumps(value).encode())
    return month.usage(ORG, OCTOBER, OCTOBER, reply, "GET /u", NOW)


def total(listing: Listing[Any]) -> str:
    return ", ".join(str(money) for money in listing.rows[0].totals().values())


def outside(path: str) -> tuple[str, ...]:
    return (f"1 of a time outside of the window counted, the first at `{path}`",)


@pytest.mark.parametrize(
    "said",
    [
        {"ip_addresses": [{"ip": "192.0.2.4", "assigned_at": APRIL}]},
        {"floating_ip": {"address": "192.0.2.4", "since": APRIL, "bound": APRIL}},
        {"nodes": [{"id": "n", "created_at": APRIL}, {"started_at": APRIL, "stopped_at": None}]},
        {"workers": [{"id": "n", "ready": APRIL}], "network": {"name": "a", "added": APRIL}},
        {"snapshots": [{"id": "n", "taken_at": APRIL}, {"id": "m", "at": SEPT}]},
        {"backup": {"id": "b", "taken_at": APRIL}, "config": {"applied_at": APRIL}},
        {"spec": {"ha": True, "since": APRIL}, "status": {"state": "active", "since": APRIL}},
        *({"pricing": {"model": "hourly", key: "2026-01-01"}} for key in ("since", "date")),
        {"pricing": {"effective_date": "2026-01-01"}, "tariff": {"since": "2026-01-01"}},
        {"order": {"number": "4711", "date": "2026-03-30", "placed_at": "2026-03-30"}},
        *({key: {"number": "C1", **YEAR}} for key in ("agreement", "reservation", "support")),
        {"license": {"start": "2026-01-01", "end": "2026-12-31"}, "commitment": YEAR},
        {"discount": {"percent": 10, "starts_at": "2025-01-01", "ends_at": "2025-12-31"}},
        {"coupon": {"redeemed_at": APRIL, "expires_at": "2026-12-31"}},
        {"certificate": {"not_before": "2026-04-01", "not_after": "2027-04-01"}},
        {"warranty": {"until": "2027-04-01"}, "team": {"formed_on": "2020-01-01"}},
        {"creator": {"email": "a@example.org", "confirmed_at": APRIL}},
        {"events": [{"type": "create", "at": APRIL}], "history": [{"timestamp": APRIL}]},
        {"previous": {"month": "2026-09", "quantity": "720"}, "comparison": SEPTEMBER},
        {"rating": {"run": "r", "at": "2026-11-01T02:00:00Z"}, "source": {"at": NOV}},
        {"collector": {"host": "x", "polled_at": "2026-11-01T02:00:00Z"}},
        {"rating_run": {"started_at": "2026-11-01T02:00:00Z", "finished_at": NOV}},
        {"billing": {"invoiced_at": "2026-11-02T00:00:00Z", "mode": "postpaid"}},
        {"reading": {"timestamp": NOV, "value": "744"}},
        {"consumption": {"value": "744", "recorded_at": "2026-11-01T00:07:00Z"}},
        {"samples": [{"timestamp": OCT, "value": "0"}, {"timestamp": NOV, "value": "744"}]},
        {"subscription": {**LIFE, "trial_start": "2026-04-01", "trial_end": "2026-04-15"}},
        {"subscription": {**LIFE, "current_period_start": NOV, "current_period_end": None}},
        {"subscription": {**LIFE, "paused_from": "2026-06-01", "paused_until": "2026-06-30"}},
        {"product": {"id": "p", "released_on": "2026-01-01", "support_until": "2028-01-01"}},
        {"shoot": {"name": "k", "maintained_at": NOV}, "app": {"license_until": "2027-01-01"}},
        {"invoice": {"date": "2026-11-02"}, "attachments": [{"from": APRIL, "to": None}]},
        {"invoiced_at": NOV, "approved_at": NOV, "last_seen_at": NOV, "as_of": NOV},
    ],
)
def test_a_row_that_states_its_own_range_is_of_it_whatever_it_holds_beside(said: Any) -> None:
    listing = asked([row(1000, **OWN, **said), row(250, **OWN)])
    assert (total(listing), listing.gaps) == ("12.50 EUR", ())
    # So it is where another key says when, and where an object around does.
    for value in (
        [row(1000, metering_start=OCT, metering_end=NOV, **said)],
        {"projects": [{"id": "p", **OWN, "products": [row(1000, **said)]}]},
    ):
        if "invoiced_at" not in said:
            assert (total(asked(value)), asked(value).gaps) == ("10.00 EUR", ())


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"hours": [{"hour": SEPT, "cost": eur(1000)}]}, "hours[0].hour"),
        ({"breakdown": {"2026-09-07": eur(600), "2026-10-08": eur(400)}}, "breakdown.2026-09-07"),
        ({"usage_details": {"days": [{"day": "2026-09-07", "cost": eur(1000)}]}}, None),
        ({"parts": [{"usage": {"at": SEPT}, "cost": eur(1000)}]}, "parts[0].usage.at"),
    ],
)
def test_what_a_rows_cost_is_made_of_is_of_its_range_too(said: Any, path: str | None) -> None:
    path = path or "usage_details.days[0].day"
    listing = asked([row(1000, **OWN, **said)])
    assert (total(listing), listing.gaps[-1:]) == ("10.00 EUR", outside(f"$[0].{path}"))


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"meta": SEPTEMBER}, "$[0].meta.from"),
        ({"details": {"meter": {"usage_month": "2026-09"}}}, "$[0].details.meter.usage_month"),
        ({"usage_period": SEPTEMBER}, "$[0].usage_period.from"),
        ({"metering_date": "2026-11-05"}, "$[0].metering_date"),
        ({"began": "2026-09-05", "nodes": [{"seen": SEPT}]}, "$[0].began"),
        ({"time_range": ["2026-09-01", "2026-09-30"]}, "$[0].time_range[0]"),
        ({"days": [{"consumption_date": "2026-10-05"}, {"consumption_date": "2026-11-05"}]}, None),
    ],
)
def test_a_row_without_a_time_is_of_the_one_that_it_holds_and_the_first_outside_is_named(
    said: Any, path: str | None
) -> None:
    listing = asked([row(1000, **said)])
    expected = outside(path or "$[0].days[1].consumption_date")
    assert (total(listing), listing.gaps) == ("10.00 EUR", expected)


@pytest.mark.parametrize(
    "key", ["month", "period", "billing_month", "usage_month", "billingPeriod"]
)
@pytest.mark.parametrize("at", ["-01", "-01T00:00:00Z", "-01T00:00:00+00:00"])
def test_the_first_of_a_month_under_its_key_is_that_month_in_what_is_around_rows(
    key: str, at: str
) -> None:
    for said in ({key: f"2026-10{at}"}, {"meta": {key: f"2026-10{at}"}}):
        listing = asked({**said, "data": [row(1000)]})
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())
    # A reply of September has nothing for October.
    other = asked({key: f"2026-09{at}", "data": [row(1000)]})
    assert (total(other), bool(other.gaps)) == ("", True)
    # Of one day of October it has not all, and a day's key names that day.
    for part in ({key: "2026-10-02"}, {"day": "2026-10-01"}):
        assert "2026-10-0" in " ".join(asked({**part, "data": [row(1000)]}).gaps)


RECORDS = [
    *("creation_date", "CreationDate", "creation_time", "create_time"),
    *("created_date", "date_created", "modification_date", "change_date"),
    *("expiration_date", "expiration_time", "deletion_time", "activation_date"),
    *("registration_date", "order_date", "purchase_date", "delivery_date"),
    *("installation_date", "setup_date", "provisioning_date", "deployment_date"),
    *("termination_date", "cancellation_date", "release_date", "publication_date"),
    *("effective_date", "eol_date", "signup_date", "payment_date"),
    *("posting_date", "accounting_date", "booking_date", "export_date"),
    *("snapshot_date", "backup_date", "boot_time", "date_added"),
    *("invoiced_at", "charged_at", "rated_at", "approved_at"),
    *("enabled_at", "allocated_at", "onboarding_date", "contract_date"),
    *("member_since", "customer_since", "active_since", "since"),
    *("started_on", "ended_on", "requested_at", "reported_at", "settled_at", "completed_at"),
    *("resized_at", "refreshed_at", "checked_at", "verified_at", "accepted_on", "settledAt"),
]


@pytest.mark.parametrize("key", RECORDS)
def test_when_something_befell_a_record_a_bill_or_a_thing_is_no_time_of_use(key: str) -> None:
    at = {key: "2026-04-01"}
    for value in (
        [row(1000, **OWN, **at)],
        [row(1000, **at)],
        *([row(1000, **{held: {"name": "b", **at}})] for held in ("bucket", "server", "details")),
        [row(1000, subscription={"id": "s", **at})],
        {"projects": [{"id": "p", **at, "products": [row(1000, **OWN)]}]},
        {"projects": [{"id": "p", **at, "products": [row(1000)]}]},
        {"projects": [{"id": "p", "products": [{"id": "v", "total": eur(1000), **at}]}]},
    ):
        assert (total(asked(value)), asked(value).gaps) == ("10.00 EUR", ())


@pytest.mark.parametrize(
    "key",
    [
        *("usage_date", "service_date", "consumption_date", "metering_date", "usage_time"),
        *("reporting_month", "metering_month", "recorded_at", "occurred_at"),
    ],
)
def test_a_time_of_use_is_still_one(key: str) -> None:
    for held in ({key: "2026-09-05"}, {"details": {key: "2026-09-05"}}):
        listing = asked([row(1000, **held)])
        (gap,) = listing.gaps
        counted = "1 of a time outside of the window counted"
        assert gap.startswith(counted if listing.rows[0].charges else "1 outside the window")


def test_bounds_that_are_counts_of_seconds_are_the_times_that_they_are() -> None:
    # From 2026-10-01T00:00:00Z to 2026-10-31T23:59:59Z, and the month before it.
    october = {"from": 1790812800, "to": 1793491199}
    september = {"from": 1788220800, "to": 1790812799}
    milliseconds = {key: count * 1000 for key, count in october.items()}
    for bounds in (october, milliseconds, {"period": october}, {"billing_period": milliseconds}):
        listing = asked([row(1000, **bounds)])
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())
    for left_out in (september, {"period": september}):
        listing = asked([row(1000, **october), row(500, **left_out)])
        assert (total(listing), listing.notes) == ("10.00 EUR", ("1 outside the window left out",))


@pytest.mark.parametrize(
    "around",
    [
        *({key: "2026-11-30T10:35:00Z"} for key in ("time", "as_of", "timestamp", "server_time")),
        {"previous": SEPTEMBER, "comparison": {"month": "2026-09"}, "last_period": "2026-09"},
        {"pagination": {"from": 1, "to": 50}, "maintenance": {"from": NOV, "to": NOV[:8] + "02"}},
        {"job": {"started_at": "2026-11-30T10:00:00Z", "ended_at": "2026-11-30T10:35:00Z"}},
        {"report": {"generated_at": "2026-11-30T10:35:00Z", "version": "2024-01-01"}},
        {"organization": {"id": ORG, **LIFE, "from": "2024-01-01"}, "contract": YEAR},
        {"price_list": {"valid_from": "2025-01-01", "valid_to": "2025-12-31"}, "agreement": YEAR},
        {"data_from": "2024-01-01", "data_until": "2026-11-30T10:00:00Z"},
        {"meta": {"from": "2026-10-01", "to": "2026-10-31"}, "billing": {"last": SEPTEMBER}},
        {"quarter": "2026-Q4", "month": "2026-10"},
        {"metadata": OWN, "month": "October", "request": {"period": "2026-10"}},
        {"summary": {"by_day": {"2026-09-30": {"period": "2026-09"}}, "month": "2026-10"}},
    ],
)
def test_what_a_reply_says_of_itself_and_of_other_times_is_no_gap(around: Any) -> None:
    listing = asked({**around, "usage": [row(1000)]})
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


DAYS = [("von", "bis"), ("first_day", "last_day"), ("datum_von", "datum_bis")]
SPANS = [
    *(
        {key: SEPTEMBER}
        for key in (
            *("metadata", "_meta", "report", "statement", "context", "timeframe", "time_frame"),
            *("dates", "parameters", "applied_filters", "covers", "asked", "requested"),
        )
    ),
    *({key: {"period": "2026-09"}} for key in ("statement", "header", "billing")),
    *({"summary": {"month": "2026-09"}}, {"summary": {"year": 2026, "month": 9}}),
    *({"info": {"period": SEPTEMBER}}, {"data": {"info": 1}, "info": {"usage_month": "2026-09"}}),
    *({"report_from": "2026-09-01", "report_to": "2026-09-30"}, {"abrechnungszeitraum": "2026-09"}),
    *({"usage_from": SEPT, "usage_to": OCT}, {"since": "2026-09-01", "until": "2026-09-30"}),
    *({"range": ["2026-09-01", "2026-09-30"]}, {"cycle": {"start": SEPT, "end": OCT}}),
    {"report": {"start_date": "2026-09-01", "end_date": "2026-09-30"}},
    *({start: "2026-09-01", end: "2026-09-30"} for start, end in DAYS),
    *({"invoice_period": "2026-09"}, {"invoice_period": SEPTEMBER}),
    {"metadata": {"from": 1788220800, "to": 1790812799}},
]


@pytest.mark.parametrize("around", SPANS)
def test_rows_without_a_time_are_of_the_span_that_the_reply_says_under_any_key(around: Any) -> None:
    for value in (around, {"organization": {"id": ORG, **_held(around)}}):
        listing = asked({**value, "usage": [row(1000)]})
        assert (total(listing), bool(listing.gaps)) == ("", True)
        # Those that state a time are of it; that the reply is for another one is a gap.
        own = asked({**value, "usage": [row(1000, **OWN)]})
        assert total(own) == "10.00 EUR"
        assert "the reply says that it is for 2026-09" in own.gaps


@pytest.mark.parametrize(("start", "end"), DAYS)
def test_days_around_rows_that_cannot_be_read_are_a_gap(start: str, end: str) -> None:
    listing = asked({start: "01.10.2026", end: "31.10.2026", "usage": [row(1000)]})
    odd = f"the time that the reply says it is for cannot be read - at `$.{start}`"
    assert (total(listing), listing.gaps) == ("10.00 EUR", (odd,))
    october = asked({start: "2026-10-01", end: "2026-10-31", "usage": [row(1000)]})
    assert (total(october), october.gaps) == ("10.00 EUR", ())


def _held(around: Any) -> Any:
    """Return the same in an object, as what states it flat in an organization is of its life."""
    is_flat = not all(isinstance(value, dict) for value in around.values())
    return {"summary": around} if is_flat else around


@pytest.mark.parametrize("name", ["September", "september", "Sept", "SEP", "Sep."])
@pytest.mark.parametrize("key", ["month", "period", "billing_period", "usage_month", "monat"])
def test_a_month_that_is_named_without_its_year_is_the_windows_or_another(
    name: str, key: str
) -> None:
    listing = asked([row(1000, **{key: name})])
    assert (total(listing), listing.gaps) == ("10.00 EUR", outside(f"$[0].{key}"))
    around = asked({key: name, "usage": [row(1000)]})
    assert (total(around), around.gaps) == ("10.00 EUR", outside(f"$.{key}"))
    for other in ("October", "Oktober", "OCT", "okt."):
        assert asked([row(1000, **{key: other})]).gaps == ()
    assert asked([row(1000, **OWN, **{key: name})]).gaps == ()


@pytest.mark.parametrize("name", ["Januar", "Feb", "März", "maerz", "Mai", "Juni", "JUL", "Dez"])
def test_german_months_are_read_too(name: str) -> None:
    assert asked([row(1000, month=name)]).gaps == outside("$[0].month")


@pytest.mark.parametrize("words", ["monthly", "mayor", "month", "juniper", "decade"])
def test_words_that_are_no_months_say_nothing(words: str) -> None:
    assert asked([row(1000, period=words)]).gaps == ()


@pytest.mark.parametrize(
    "key", ["period", "date", "day", "week", "month", "billing_period", "used"]
)
def test_a_date_that_stands_for_none_is_no_time_of_a_row(key: str) -> None:
    for none in ("1970-01-01", "0001-01-01T00:00:00Z", "1970-01-01..1970-01-01"):
        listing = asked([row(500, **{key: none})])
        assert (total(listing), listing.gaps) == ("5.00 EUR", ())
    half = asked([row(500, **{key: "1970-01-01..2026-09-30"})])
    assert len(half.gaps) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"started_on": "2026-09-01", "ended_on": "2026-09-30"},
        {"reported_month": "2026-09"},
        {"settled_period": "2026-09"},
        {"requested_month": "2026-09"},
        {"metered_on": "2026-09-07"},
    ],
)
def test_a_month_or_two_bounds_of_the_same_still_say_when(said: Any) -> None:
    listing = asked([row(1000, **said)])
    assert (total(listing), len(listing.gaps)) == ("10.00 EUR", 1)
