"""Usage replies in every shape they may come in; the money is written by hand."""

import json
import re
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Category, DriftError, Money, Period
from billfold.model import Usage, is_unstated
from billfold_bnerd import Ref, UsageReply, UsageRow, month
from billfold_bnerd.parse import payment_methods, subscriptions
from billfold_bnerd.usage import decode_usage
from support.replies import reply

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
PROJECT = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
OTHER = "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51"
OCTOBER = Period.month(2026, 10)
TOTAL = {"cents": 250, "currency_iso": "EUR"}
BARE = {"quantity": 3, "total": TOTAL}
ROW = {"project_id": PROJECT, "product_id": PRODUCT, **BARE}
PRODUCTS = [{**BARE, "id": PRODUCT}]
COSTS = (("a", 300), ("b", 100), ("c", 200))
DETAIL = {"day": "2026-10-01", "total": {"cents": 1, "currency_iso": "EUR"}}


def eur(cents: int) -> dict[str, object]:
    return {"cents": cents, "currency_iso": "EUR"}


def read(value: Any) -> UsageReply:
    return decode_usage(value if isinstance(value, bytes) else json.dumps(value).encode())


def only(value: Any) -> UsageRow:
    (row,) = read(value).rows
    return row


def usage(value: Any, window: Period = OCTOBER) -> Usage:
    (answered,) = month.usage(ORG, window, window, read(value)).rows
    return answered


def row(**fields: Any) -> UsageRow:
    return only([{"product_id": PRODUCT, **fields}])


@pytest.mark.parametrize("more", [{"has_more": True}, {"next_page": 2}, {"pagy": {"pages": 3}}])
def test_a_project_whose_products_are_one_page_of_several_is_a_gap(more: dict[str, Any]) -> None:
    projects = [{"id": PROJECT, "products": PRODUCTS, **more}]
    (gap,) = read({"projects": projects}).gaps
    assert gap.startswith("the reply is one page of several")
    assert f": `$.projects[0].{next(iter(more))}" in gap
    assert read({"projects": [{"id": PROJECT, "products": PRODUCTS, "page": 1}]}).gaps == ()


@pytest.mark.parametrize("total", [1, "1", 2.5, 250])
def test_a_bare_total_that_counts_the_rows_or_their_cost_is_known(total: object) -> None:
    assert read({"data": [ROW], "meta": {"total": total}}).gaps == ()


def test_a_bare_total_that_is_neither_is_a_gap() -> None:
    (gap,) = read({"data": [ROW], "meta": {"total": 57}}).gaps
    assert gap == "amounts that were not read: `$.meta.total`"


def test_a_reply_that_says_it_is_no_success_is_an_error_with_its_words() -> None:
    with pytest.raises(DriftError, match="states an error: Metering is down"):
        read({"success": False, "message": "Metering is down"})
    beside = {"success": False, "usage": [ROW]}
    assert read(beside).gaps == ("the reply states an error: it was no success - at `$`",)
    assert read(beside | {"success": True, "message": "fine"}).gaps == ()


REFUSALS = [
    ({"status": "error", "message": "nope"}, "nope"),
    ({"ok": False, "message": "nope"}, "nope"),
    ({"success": "false", "message": "nope"}, "nope"),
    ({"error": True, "message": "nope"}, "nope"),
    ({"status": "rejected"}, "its status is rejected"),
    ({"status": "timed_out"}, "its status is timed_out"),
    ({"state": "failed"}, "its state is failed"),
    ({"statusCode": 503}, "its statusCode is 503"),
    ({"meta": {"status": "error"}}, "its status is error"),
    ({"error_message": "nope"}, "nope"),
    ({"errorMessage": "nope", "error_code": "E1"}, "nope"),
    ({"title": "Forbidden", "status": 403, "detail": "no"}, "no"),
    ({"code": "forbidden", "message": "no"}, "no"),
    ({"errors": [{"detail": "late"}]}, "late"),
    ({"errorMessages": ["late"], "errors": {}}, "late"),
]


@pytest.mark.parametrize(("refusal", "words"), REFUSALS)
def test_an_error_inside_a_good_reply_is_the_providers(refusal: Any, words: str) -> None:
    with pytest.raises(DriftError, match=f"^the reply states an error: {words} - at `\\$`$"):
        read({**refusal, "usage": []})
    for key, parse in (("items", subscriptions), ("data", payment_methods)):
        with pytest.raises(DriftError, match=f"^the reply states an error: {words} - at `\\$`$"):
            parse(ORG, json.dumps({**refusal, key: []}).encode())
    assert read({**refusal, "usage": [ROW]}).gaps == (
        f"the reply states an error: {words} - at `$`",
    )


@pytest.mark.parametrize(
    "owner", [{"org_id": OTHER}, {"organizationId": OTHER}, {"org": {"id": OTHER}}]
)
def test_whose_a_row_is_may_stand_under_a_near_spelling(owner: dict[str, Any]) -> None:
    listing = month.usage(ORG, OCTOBER, OCTOBER, read([ROW, {**ROW, **owner}]))
    assert [str(charge.cost) for charge in listing.rows[0].charges] == ["2.50 EUR"]
    assert listing.notes == ("1 of other organizations left out",)


@pytest.mark.parametrize(
    ("body", "words", "code"),
    [
        ("Unauthorized", "Unauthorized", None),
        ([{"code": "X1", "message": "no"}], "no", "X1"),
        (["Metering is down", "Try it later"], "Metering is down; Try it later", None),
    ],
)
def test_words_alone_or_a_bare_list_of_them_are_the_providers_error(
    body: Any, words: str, code: str | None
) -> None:
    for parse in (decode_usage, partial(subscriptions, ORG), partial(payment_methods, ORG)):
        with pytest.raises(
            DriftError, match=f"^the reply states an error: {words} - at `\\$`$"
        ) as raised:
            parse(json.dumps(body).encode())
        assert raised.value.code == code


@pytest.mark.parametrize("body", [["vm-1"], ["vm-1", "Try it later"], [7], {"usage": ["vm-1"]}])
def test_a_list_of_other_than_rows_is_not_understood(body: Any) -> None:
    for parse in (decode_usage, partial(subscriptions, ORG)):
        with pytest.raises(DriftError, match=r"(is not understood|does not fit its contract): .*`"):
            parse(json.dumps(body).encode())


SUSPENDED = "the provider says: Organization suspended - the"


@pytest.mark.parametrize("around", [None, "data", "result"])
def test_a_reply_of_nothing_but_words_is_an_error_that_repeats_them(around: str | None) -> None:
    said: dict[str, Any] = {"message": "Organization suspended", "code": "suspended"}
    value = said if around is None else {around: said}
    for parse in (decode_usage, partial(subscriptions, ORG), partial(payment_methods, ORG)):
        with pytest.raises(DriftError, match=f"^{SUSPENDED}") as raised:
            parse(json.dumps(value).encode())
        assert raised.value.code == "suspended"


def test_what_an_empty_reply_says_is_kept_as_a_note() -> None:
    for value in (
        {"usage": [], "message": "no usage yet"},
        {"data": {"usage": [], "detail": "no usage yet"}},
    ):
        (listed,) = (month.usage(ORG, OCTOBER, OCTOBER, read(value)),)
        assert (listed.gaps, listed.notes) == ((), ("the provider says: no usage yet",))
    listed = subscriptions(ORG, json.dumps({"items": [], "message": "none"}).encode())
    assert (listed.gaps, listed.notes) == ((), ("the provider says: none",))
    beside = month.usage(ORG, OCTOBER, OCTOBER, read({"usage": [ROW], "message": "fine"}))
    assert beside.notes == ()


@pytest.mark.parametrize(
    "lost",
    [{"id": PROJECT, "x": 1}, {"name": "web", "x": 1}, {"name": "web", "products": [{"x": 1}]}],
)
def test_a_project_that_is_not_understood_is_named(lost: dict[str, Any]) -> None:
    (gap,) = read({"projects": [lost, {"id": OTHER, "products": PRODUCTS}]}).gaps
    name = lost.get("name", PROJECT)
    assert gap.startswith(f"1 left out: project {name}: the usage is not understood: ")


@pytest.mark.parametrize(
    "fine",
    [
        {"status": "ok", "code": 200, "message": "OK"},
        {"status": "success", "success": "true", "error": False},
        {"code": "success", "message": "fine", "errors": []},
        {"message": "no usage yet"},
        {"status": "active", "error_message": "", "error_code": 0},
    ],
)
def test_what_a_good_reply_says_of_itself_is_no_error(fine: dict[str, Any]) -> None:
    assert read({**fine, "usage": []}).gaps == ()
    assert subscriptions(ORG, json.dumps({**fine, "items": []}).encode()).gaps == ()


@pytest.mark.parametrize("status", ["error", "failed", "unavailable", "maintenance", "ok"])
def test_the_status_of_a_row_says_nothing_of_its_reply(status: str) -> None:
    for more in (
        {},
        {"tags": []},
        {"servers": [{"id": "s", "status": status}]},
        {"deployment": {"status": status, "title": "d1"}},
    ):
        row = {**ROW, "status": status, **more}
        listing = month.usage(ORG, OCTOBER, OCTOBER, read({"usage": [row], "status": "active"}))
        assert listing.gaps == ()
        assert [str(charge.cost) for charge in listing.rows[0].charges] == ["2.50 EUR"]
    record = {"id": "s1", "product_id": PRODUCT, "status": status, "items": []}
    assert subscriptions(ORG, json.dumps({"items": [record]}).encode()).gaps == ()


def test_an_error_below_the_top_is_a_gap_with_its_words() -> None:
    late, said = {"message": "late"}, "the reply states an error: late - at"
    projects = [{"id": PROJECT, "products": PRODUCTS}, {"name": "b", "error": late}]
    assert f"{said} `$.projects[1]`" in read({"projects": projects}).gaps
    projects = [{"id": PROJECT, "products": PRODUCTS, "errors": ["late"]}]
    assert read({"projects": projects}).gaps == (f"{said} `$.projects[0]`",)
    assert read({"data": {"errors": [late], "usage": [ROW]}}).gaps == (f"{said} `$.data`",)


def test_an_error_in_what_is_about_a_reply_is_the_replys() -> None:
    said, meta = (
        "the reply states an error: late - at `$`",
        {"meta": {"errors": [{"message": "late"}]}},
    )
    assert read({"usage": [ROW], **meta}).gaps == (said,)
    with pytest.raises(DriftError, match=re.escape(said)):
        subscriptions(ORG, json.dumps({"items": [], **meta}).encode())


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        *(({key: "boom"}, "boom") for key in ("Error", "ERROR", "_error", "error_msg", "errmsg")),
        ({"error_description": "boom"}, "boom"),
        ({"http_status": 502}, "its http_status is 502"),
        ({"failed": True}, "by its failed"),
        ({"meta": {"hasErrors": True}}, "by its hasErrors"),
    ],
)
def test_an_error_is_heard_in_any_spelling_beside_rows_and_without(
    beside: dict[str, Any], words: str
) -> None:
    said = f"the reply states an error: {words} - at `$`"
    assert read({"usage": [ROW], **beside}).gaps == (said,)
    with pytest.raises(DriftError, match=f"^{re.escape(said)}$"):
        read({"usage": [], **beside})
    assert subscriptions(ORG, json.dumps({"items": [{"id": "s"}], **beside}).encode()).gaps == (
        said,
    )


@pytest.mark.parametrize("around", [{}, {"meta": {}}])
@pytest.mark.parametrize(
    "beside", [{"failed_projects": ["b"]}, {"missing": ["x"]}, {"degraded": True}]
)
def test_what_a_reply_is_without_is_a_gap_also_in_its_meta(
    beside: dict[str, Any], around: dict[str, Any]
) -> None:
    (key,) = beside
    where = f"$.meta.{key}" if around else f"$.{key}"
    said = {"meta": beside} if around else beside
    assert read({"usage": [ROW], **said}).gaps[0].endswith(f"`{where}`")
    listing = subscriptions(ORG, json.dumps({"items": [{"id": "s"}], **said}).encode())
    assert listing.gaps == (f"not final or not all - at `{where}`",)


def test_parts_that_were_asked_and_did_not_fail_are_no_money_and_no_gap() -> None:
    asked = {"_shards": {"total": 5, "successful": 5, "failed": 0}}
    assert read({"usage": [ROW], **asked}).gaps == ()
    less = {"_shards": {"total": 5, "successful": 4, "failed": 1}}
    assert read({"usage": [ROW], **less}).gaps[0].endswith("`$._shards.failed`")


@pytest.mark.parametrize("key", ["name", "description", "region"])
def test_a_row_that_says_as_much_as_the_others_is_no_total(key: str) -> None:
    cents = {"a": 100, "b": 50, "c": 150}
    rows = [
        {key: name, "total": {"cents": count, "currency_iso": "EUR"}}
        for name, count in cents.items()
    ]
    assert str(usage(rows).totals()["EUR"]) == "3.00 EUR"
    whole = usage([*rows[:2], {"total": rows[2]["total"]}])
    assert str(whole.totals()["EUR"]) == "1.50 EUR"


def test_amounts_that_name_nothing_are_a_gap() -> None:
    (gap,) = read([{"total": TOTAL}, {"total": TOTAL}]).gaps
    assert gap == "`$[0]` names nothing that costs: a charge, or a total"


def test_the_documented_guess_is_read_to_the_last_digit() -> None:
    october = usage(reply("bnerd", "get_billing_usage_october"))
    assert [str(charge.cost) for charge in october.charges] == [
        "28.37 EUR",
        "34.375 EUR",
        "-6.15 EUR",
    ]
    assert [charge.category for charge in october.charges] == [
        Category.USAGE,
        Category.USAGE,
        Category.CREDIT,
    ]
    assert [charge.sub_account_name for charge in october.charges] == ["ledger-prod", None, None]
    assert [charge.sub_account_id for charge in october.charges] == [PROJECT, None, PROJECT]
    assert [(str(charge.quantity), charge.unit) for charge in october.charges] == [
        ("744", "hour"),
        ("312.5", "hour"),
        ("18600.0", "gb_hour"),
    ]
    assert str(october.charges[0].unit_price) == "0.038125 EUR"
    assert str(october.totals()["EUR"]) == "56.595 EUR"
    assert str(october.charges[1].period) == "2026-10-18T23:30:00Z..2026-11-01T00:00:00Z"
    assert october.charges[2].period == OCTOBER
    assert october.charges[0].resource_id == "2b6f94ce-d013-4a87-b5e9-40c8d1a7f63e"


WRAPPED = ["usage", "usages", "data", "items", "entries", "records", "results", "lines"]
SHAPES = {
    "bare list": [ROW],
    **{name: {name: [ROW], "organization_id": ORG} for name in WRAPPED},
    "an empty list beside": {"usage": [], "lines": [ROW]},
    "an empty list beside projects": {
        "usage": [],
        "projects": [{"id": PROJECT, "products": PRODUCTS}],
    },
    "an empty list beside a map": {"data": [], "usage": {PROJECT: {PRODUCT: BARE}}},
    "an empty list in a project": {
        "projects": [{"id": PROJECT, "items": [], "products": PRODUCTS}]
    },
    "an empty list beside no row": {"usage": [ROW], "rows": [], "warnings": [{"text": "late"}]},
    "an object around": {"data": {"usage": [ROW]}, "meta": {"page": 1, "pages": 1}},
    "a total beside an object around": {"data": {"usage": [ROW]}, "total": TOTAL},
    "a total beside a map": {"usage": {PROJECT: {PRODUCT: BARE}}, "total": TOTAL},
    "projects": {"projects": [{"id": PROJECT, "name": "ledger", "products": PRODUCTS}]},
    "projects with a subtotal": {
        "projects": [{"project_id": PROJECT, "total": TOTAL, "products": [{**ROW}]}]
    },
    "products": {"project": {"id": PROJECT}, "products": PRODUCTS},
    "map": {PROJECT: {PRODUCT: {"quantity": 3, "total": TOTAL}}},
    "a map and its total": {PROJECT: {PRODUCT: BARE}, "total": TOTAL},
    "a map and totals in it": {PROJECT: {PRODUCT: BARE, "total": TOTAL}, "total": TOTAL},
    "a map and its total inside": {"usage": {PROJECT: {PRODUCT: BARE}, "total": TOTAL}},
    "a map and what is said of it": {
        PROJECT: {PRODUCT: BARE, "currency": "EUR"},
        "meta": {"total": 1},
        "links": {"self": "/usage"},
        "organization_id": ORG,
    },
    "a map under projects and its total": {
        "projects": {PROJECT: {"products": {PRODUCT: BARE, "total": TOTAL}}, "total": TOTAL}
    },
    "map of products under a project": {"projects": [{"id": PROJECT, "usage": {PRODUCT: BARE}}]},
    "map of lists": {PROJECT: [{"product": {"id": PRODUCT}, "quantity": 3, "cost": TOTAL}]},
    "map under projects": {
        "projects": {
            PROJECT: {"name": "ledger", "products": {PRODUCT: {"hours": 3, "total": TOTAL}}}
        }
    },
    "one row": ROW,
    "one row with an empty list": {**ROW, "lines": []},
    "a row that breaks itself down": [{**ROW, "lines": [DETAIL]}],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_row_is_found_wherever_it_stands(shape: str) -> None:
    usage_row = only(SHAPES[shape])
    assert (usage_row.project.id, usage_row.product.id, usage_row.quantity) == (PROJECT, PRODUCT, 3)
    assert str(usage_row.cost.money) == "2.50 EUR"


def test_names_around_a_row_are_kept() -> None:
    assert only(SHAPES["projects"]).project == Ref(PROJECT, "ledger")
    assert only(SHAPES["map under projects"]).project == Ref(PROJECT, "ledger")


def test_what_a_row_says_itself_decides_over_what_is_said_around_it() -> None:
    inside = {"project_id": OTHER, "product_id": PRODUCT, "hours": 1}
    assert only(
        {"projects": [{"id": PROJECT, "name": "ledger", "items": [inside]}]}
    ).project == Ref(OTHER)


def test_escaped_text_is_read() -> None:
    assert only(b'[{"product": "Caf\\u00e9 \\ud83d\\ude00", "hours": 1}]').product == Ref(
        None, "Café 😀"
    )


def test_a_record_id_in_a_map_is_not_the_project() -> None:
    usage_row = only({PROJECT: {"id": OTHER, "quantity": 1}})
    assert usage_row.project == Ref(PROJECT)
    assert usage_row.rest == {"id": OTHER}


THREE = {PROJECT: {PRODUCT: BARE, OTHER: BARE}, OTHER: {PRODUCT: BARE}}


def test_a_total_beside_the_ids_of_a_map_is_compared_with_its_rows() -> None:
    # 3 times 2.50, of which 5.00 are the first project's.
    first = {**THREE[PROJECT], "total": {**TOTAL, "cents": 500}}
    for value in (THREE, {**THREE, PROJECT: first}):
        for around in ({"usage": {**value, "total": eur(750)}}, {**value, "total": eur(750)}):
            reply = read(around)
            assert [(row.project.id, row.product.id) for row in reply.rows] == [
                (PROJECT, PRODUCT),
                (PROJECT, OTHER),
                (OTHER, PRODUCT),
            ]
            assert reply.gaps == ()
            assert str(usage(around).totals()["EUR"]) == "7.50 EUR"
            assert all(check.holds for check in usage(around).checks)
    # 1.00 more than the rows are one derived charge, of the project where its total says so.
    more = usage({**THREE, "total": eur(850)})
    assert (str(more.totals()["EUR"]), [check.holds for check in more.checks]) == (
        "8.50 EUR",
        [False],
    )
    (derived,) = [
        charge
        for charge in usage({**THREE, PROJECT: {**first, "total": eur(600)}}).charges
        if charge.derived
    ]
    assert (str(derived.cost), derived.sub_account_id) == ("1.00 EUR", PROJECT)


def test_what_is_marked_in_a_map_with_a_total_is_heard() -> None:
    total = {"total": eur(250)}
    estimated = read({PROJECT: {PRODUCT: {**BARE, "estimated": True}}, **total})
    assert [".estimated" in gap for gap in estimated.gaps] == [True]
    assert len(read({PROJECT: {PRODUCT: BARE}, **total, "estimated": True}).gaps) == 1
    assert len(read({PROJECT: {PRODUCT: BARE}, **total, "discount": eur(50)}).gaps) == 1
    (gap,) = read({PROJECT: {PRODUCT: BARE}, **total, "links": {"next": "/2"}}).gaps
    assert gap.endswith("documented: `$.links.next` points at a next page")
    assert read({PROJECT: {PRODUCT: BARE}, **total, "organization_id": OTHER}).organization_id == (
        OTHER
    )
    theirs = {PRODUCT: BARE, OTHER: {**BARE, "organization_id": OTHER}}
    assert str(usage({PROJECT: theirs, "total": eur(500)}).totals()["EUR"]) == "2.50 EUR"


@pytest.mark.parametrize(
    "value",
    [
        {PROJECT: {"quantity": 1}, "quantity": 3},  # the details of one row
        {"product_id": PRODUCT, "total": TOTAL, OTHER: {"quantity": 3}},
    ],
)
def test_a_row_with_an_id_among_its_keys_is_no_map(value: dict[str, Any]) -> None:
    assert only(value).rest.keys() & {PROJECT, OTHER}


def test_ids_below_a_product_are_no_other_product() -> None:
    vm = {**BARE, OTHER: {"quantity": 3}}
    for product in (vm, {key: vm[key] for key in vm if key != "quantity"}):
        assert only({PROJECT: {PRODUCT: product}}).product == Ref(PRODUCT)


def test_what_belongs_to_no_project_stands_beside_the_projects() -> None:
    reply = read(
        {
            "projects": [{"id": PROJECT, "products": [{"id": PRODUCT, "hours": 1}]}],
            "products": [{"name": "Support"}],
        }
    )
    assert [(row.project.id, row.product) for row in reply.rows] == [
        (PROJECT, Ref(PRODUCT)),
        (None, Ref(None, "Support")),
    ]
    assert [row.project.id for row in read({PROJECT: [{"hours": 1}], "": [{"hours": 2}]}).rows] == [
        PROJECT,
        None,
    ]


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"usage": []},
        {"data": [], "items": []},
        {"projects": []},
        {"projects": [{"id": PROJECT, "products": []}]},
        {"data": {}},
        {PROJECT: {}},
        {"usage": [], "warnings": [{"text": "late"}], "tags": ["a"]},
    ],
)
def test_empty_is_no_usage(value: Any) -> None:
    assert read(value).rows == ()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (None, r"`\$`"),
        (7, r"`\$`"),
        ([None], r"`\$\[0\]`"),
        ({"wrong": "secret words"}, r"keys 'wrong' - at `\$`"),
        ([{}], r"an empty row - at `\$\[0\]`"),
        ({"usage": [{}]}, r"an empty row - at `\$\.usage\[0\]`"),
        ({"projects": [{}]}, r"an empty row - at `\$\.projects\[0\]`"),
        ([{"wat": "secret words"}], r"keys 'wat' - at `\$\[0\]`"),
        ({"data": {"rows": [ROW]}}, r"keys 'rows' - at `\$\.data`"),
        ({"usage": [], "rows": [ROW]}, r"rows under the key 'rows' - at `\$`"),
        (
            {"projects": [{"id": PROJECT, "products": [], "rows": [ROW]}]},
            r"rows under the key 'rows' - at `\$\.projects\[0\]`",
        ),
        ({PROJECT: {PRODUCT: 5}}, r"`\$\.\*\.\*`"),
        (
            {PROJECT: {PRODUCT: {"cents": 5, "currency_iso": "EUR"}}},
            r"keys 'cents', 'currency_iso' - at `\$\.\*\.\*`",
        ),
    ],
)
def test_what_is_not_recognised_is_drift_that_names_keys_only(value: Any, where: str) -> None:
    with pytest.raises(DriftError, match=where) as caught:
        read(value)
    assert "secret" not in str(caught.value)
    assert PROJECT not in str(caught.value)


def test_an_empty_row_beside_others_is_a_gap_that_names_it() -> None:
    for rows in ([ROW, {}], {"usage": [ROW, {}]}, {"products": [{**ROW, "id": PRODUCT}, {}]}):
        reply = read(rows)
        (gap,) = reply.gaps
        assert len(reply.rows) == 1
        assert "an empty row - at `$" in gap
        assert gap.endswith("[1]`")


@pytest.mark.parametrize(
    "other",
    [
        {"projects": [{"id": PROJECT, "products": [BARE]}]},
        {"records": [ROW]},
        {"data": {PROJECT: [ROW]}},
        {"data": {"lines": [ROW]}},
    ],
)
def test_of_two_full_containers_neither_is_dropped(other: dict[str, Any]) -> None:
    (name,) = other
    with pytest.raises(
        DriftError, match=f"'usage' beside '{name}', and nothing says whether both count"
    ):
        read({"usage": [ROW], **other})


@pytest.mark.parametrize(
    "beside",
    [
        {"projects": [{"id": PROJECT, "name": "p"}]},
        {"projects": [{"id": PROJECT, "name": "p", "archived": False, "position": 1}]},
        {"projects": [{"id": PROJECT, "organization": {"id": ORG, "name": "o"}, "tags": ["x"]}]},
        {"projects": {PROJECT: {"name": "p", "archived": True}, OTHER: "q"}},
        {"projects": [{"id": PROJECT, "total": {"cents": 0, "currency_iso": "EUR"}}]},
        {"projects": [{"id": PROJECT, "products": [{"id": PRODUCT, "rank": 1}]}]},
        {"products": [{"id": PRODUCT, "unit": "hour", "unit_price": {**TOTAL, "cents": "0.5"}}]},
        {"products": [{"id": PRODUCT, "unit": "hour", "price": {**TOTAL, "cents": "0.5"}}]},
        {"data": {"projects": [{"id": PROJECT, "position": 1}]}},
    ],
)
def test_a_list_that_costs_and_counts_nothing_only_names_what_the_rows_refer_to(
    beside: dict[str, Any],
) -> None:
    """The one row costs 2.50 EUR, and nothing else costs anything."""
    reply = read({"usage": [ROW], **beside})
    assert [str(row.cost.money) for row in reply.rows] == ["2.50 EUR"]
    assert reply.gaps == ()


@pytest.mark.parametrize(
    "beside",
    [
        {"projects": [{"id": PROJECT, "hours": 10}]},
        {"projects": [{"id": PROJECT, "quantity": "10"}]},
        {"projects": [{"id": PROJECT, "total": 250}]},
        {"products": [{"id": PRODUCT, "price": TOTAL}]},
        {"products": {PRODUCT: {"unit_price": TOTAL, "hours": 10}}},
        {"projects": {PROJECT: {PRODUCT: {"cost": TOTAL}}}},
        {"data": {"lines": [{"product_id": PRODUCT, "hours": 1}]}},
    ],
)
def test_a_list_that_may_cost_something_is_not_dropped_beside_the_rows(
    beside: dict[str, Any],
) -> None:
    with pytest.raises(DriftError, match="and nothing says whether both count"):
        read({"usage": [ROW], **beside})


NAMES = {"id": PRODUCT, "name": "vm", "slug": "vm", "unit": "hour", "active": True}


@pytest.mark.parametrize("names", [[NAMES], {PRODUCT: NAMES}, [{**NAMES, "unit": None}]])
def test_of_projects_and_products_one_that_states_names_alone_is_no_list_of_rows(
    names: Any,
) -> None:
    """The one row costs 2.50 EUR."""
    projects = [{"id": PROJECT, "products": PRODUCTS}]
    for value in (
        {"projects": projects, "products": names},
        {"projects": names, "products": [ROW]},
    ):
        reply = read(value)
        assert [str(row.cost.money) for row in reply.rows] == ["2.50 EUR"]
        assert reply.gaps == ()


def test_names_of_projects_or_products_are_no_rows_that_a_page_shows() -> None:
    # One of three products is there, whatever number of projects is named.
    names = [{"id": PROJECT, "name": "web"}, {"id": OTHER, "name": "db"}]
    (gap,) = read({"projects": names, "products": PRODUCTS, "total_count": 3}).gaps
    assert gap.endswith("`$.total_count` states 3 rows, and 1 was read")
    assert read({"projects": names, "products": PRODUCTS, "total_count": 1}).gaps == ()


@pytest.mark.parametrize(
    "more",
    [
        {"price": TOTAL},
        {"unit_price": TOTAL},
        {"unit_price": "0.50"},
        {"hours": "10"},
        {"quantity": 10},
        {"cost": None},
        {"usage": "10"},
        {"entries": [{"hours": 1}]},
        {"id": None, "total": 250},
    ],
)
def test_of_projects_and_products_one_that_may_cost_something_is_read(more: dict[str, Any]) -> None:
    projects = [{"id": PROJECT, "products": PRODUCTS}]
    reply = read({"projects": projects, "products": [NAMES, {**NAMES, **more}]})
    assert any(row.cost.money is None for row in reply.rows)


def test_of_projects_and_products_that_are_only_names_neither_is_dropped() -> None:
    reply = read({"projects": [NAMES], "products": [NAMES]})
    assert [row.cost.money for row in reply.rows] == [None]
    assert reply.gaps != ()


def test_an_amount_that_is_no_cost_in_a_list_of_names_is_named() -> None:
    budget = {"budget": {"cents": 9900, "currency_iso": "EUR"}}
    for projects, place in (
        ([{"id": PROJECT, **budget}], "$.projects[*]"),
        ({PROJECT: {"name": "p", **budget}}, "$.projects.*"),
        ([{"id": PROJECT, "products": [{"id": PRODUCT, **budget}]}], "$.projects[*].products[*]"),
    ):
        reply = read({"usage": [ROW], "projects": projects})
        assert [str(row.cost.money) for row in reply.rows] == ["2.50 EUR"]
        assert reply.gaps == (f"amounts that were not read: `{place}.budget`",)


def test_a_map_under_a_named_project_holds_its_products() -> None:
    october = usage(
        {
            "projects": [
                {"id": PROJECT, "usage": {PRODUCT: {"total": TOTAL}}},
                {"id": OTHER, "usage": {PRODUCT: BARE}},
            ]
        }
    )
    assert [(charge.sub_account_id, charge.tags["product_id"]) for charge in october.charges] == [
        (PROJECT, PRODUCT),
        (OTHER, PRODUCT),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[1,",
        b"[NaN]",
        b"[Infinity]",
        b"[1e99999999999999999999]",
        b"[" * 200_000,
        b'["\xff"]',
        b'["\\ud800"]',
    ],
)
def test_what_is_no_json_is_drift(body: bytes) -> None:
    with pytest.raises(DriftError, match="not readable JSON"):
        read(body)


@pytest.mark.parametrize("depth", [300, 900])
@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"data": ', "}"), ('{"projects": [', "]}")]
)
def test_what_is_nested_too_deep_is_drift_or_read(opening: str, closing: str, depth: int) -> None:
    with suppress(DriftError):  # which of the two, the interpreter's limit decides
        assert (
            str(only(f"{opening * depth}{json.dumps(ROW)}{closing * depth}".encode()).cost.money)
            == "2.50 EUR"
        )


def test_a_key_nested_too_deep_is_drift() -> None:
    with pytest.raises(DriftError, match=r"nested too deep|not readable JSON"):
        read(b'[{"product_id": "p", "labels": ' + b"[" * 50_000 + b"]" * 50_000 + b"}]")


MONEY = [
    ('{"cents": 2837, "currency_iso": "EUR"}', "28.37 EUR"),
    ('{"cents": "2837", "currency_iso": "EUR"}', "28.37 EUR"),
    ('{"cents": "3437.5", "currency_iso": "EUR"}', "34.375 EUR"),
    ('{"cents": 0.1, "currency_iso": "EUR"}', "0.001 EUR"),
    (
        '{"cents": 2.8370000000000000000001e3, "currency_iso": "EUR"}',
        "28.370000000000000000001 EUR",
    ),
    ('{"cents": 7346, "currency_iso": "JPY"}', "7346 JPY"),
    ('{"cents": 1234, "currency_iso": "KWD"}', "1.234 KWD"),
    ('{"cents": -615, "currency_iso": "EUR"}', "-6.15 EUR"),
    ('{"cents": 0, "currency_iso": "EUR"}', "0.00 EUR"),
    ('{"cents": 5000, "currency_iso": "eur"}', "50.00 EUR"),
    ('{"cents": 1000, "currency_iso": "EUR", "scale": 2, "exponent": "2"}', "10.00 EUR"),
    ('{"cents": 1000, "currency_iso": "KWD", "subunit_to_unit": 1000}', "1.000 KWD"),
    ('{"cents": 1000, "currency_iso": "EUR", "precision": 2, "exponent": -2}', "10.00 EUR"),
    ('{"cents": 1000, "currency_iso": "EUR", "factor": 0.01, "divisor": 100}', "10.00 EUR"),
    ('{"cents": 1000, "currency_iso": "EUR", "subunits": 1000, "version": 3}', "10.00 EUR"),
]


@pytest.mark.parametrize(("text", "cost"), MONEY)
def test_money_counts_the_currencys_smallest_unit(text: str, cost: str) -> None:
    usage_row = only(b'[{"product_id": "p", "total": %b}]' % text.encode())
    assert (str(usage_row.cost.money), usage_row.cost.reason, usage_row.rest) == (cost, None, {})


NO_MONEY = [
    (
        '{"cents": 5, "currency_iso": "XYZ"}',
        "'XYZ' is not a currency code",
        '{"cents":5,"currency_iso":"XYZ"}',
    ),
    (
        '{"cents": 5, "currency_iso": "XAU"}',
        "XAU has no smallest unit",
        '{"cents":5,"currency_iso":"XAU"}',
    ),
    (
        '{"cents": 5, "currency_iso": "EUR", "scale": 4}',
        "another scale",
        '{"cents":5,"currency_iso":"EUR","scale":4}',
    ),
    (
        '{"cents": 5, "currency_iso": "EUR", "subunit_to_unit": 10000}',
        "another scale",
        '{"cents":5,"currency_iso":"EUR","subunit_to_unit":10000}',
    ),
    *(
        (
            f'{{"cents":90000,"currency_iso":"EUR",{scale}}}',
            "another scale",
            f'{{"cents":90000,"currency_iso":"EUR",{scale}}}',
        )
        for scale in (
            *('"precision":4', '"decimalPlaces":4', '"fraction_digits":4', '"exponent":-4'),
            *('"scale":"4"', '"divisor":10000', '"factor":0.0001', '"subunits":10000'),
        )
    ),
    ('{"cents": 5}', "no currency", '{"cents":5}'),
    ('{"cents": null, "currency_iso": "EUR"}', "no number", '{"cents":null,"currency_iso":"EUR"}'),
    (
        '{"cents": "a few", "currency_iso": "EUR"}',
        "no number",
        '{"cents":"a few","currency_iso":"EUR"}',
    ),
    ('{"cents": true, "currency_iso": "EUR"}', "no number", '{"cents":true,"currency_iso":"EUR"}'),
    (
        '{"cents": 1e400, "currency_iso": "EUR"}',
        "no number",
        '{"cents":1E+400,"currency_iso":"EUR"}',
    ),
    ("12.50", "neither scale nor currency", "12.50"),
    ('"12.50 EUR"', "neither scale nor currency", "12.50 EUR"),
    ("[1]", "neither scale nor currency", "[1]"),
]


@pytest.mark.parametrize(("text", "reason", "kept"), NO_MONEY)
def test_a_cost_without_scale_or_currency_is_no_cost_and_kept_as_it_came(
    text: str, reason: str, kept: str
) -> None:
    usage_row = only(b'[{"product_id": "p", "total": %b}]' % text.encode())
    assert usage_row.cost.money is None
    assert usage_row.cost.reason is not None
    assert reason in usage_row.cost.reason
    assert usage_row.rest == {"total": kept}


def test_a_row_without_a_cost_is_a_hole_and_no_zero() -> None:
    (charge,) = usage([{"product_id": PRODUCT, "hours": 5, "total": None}]).charges
    assert (charge.cost, is_unstated(charge), charge.reason) == (
        None,
        True,
        "the provider states no amount",
    )
    assert usage([{"product_id": PRODUCT, "hours": 5}]).totals() == {}


@pytest.mark.parametrize("name", ["total", "cost", "price", "amount"])
def test_a_cost_has_four_names_and_two_forms(name: str) -> None:
    assert str(row(**{name: {"cents": 5, "currency_iso": "EUR"}}).cost.money) == "0.05 EUR"
    for currency in (f"{name}_currency", "currency_iso", "currency"):
        usage_row = row(**{f"{name}_cents": "5.5", currency: "EUR"})
        assert (str(usage_row.cost.money), usage_row.rest) == ("0.055 EUR", {})
    assert row(**{f"{name}_cents": 5}).cost.reason == "the amount stated has no currency"


@pytest.mark.parametrize("key", ["precision", "decimals", "decimal_places", "exponent"])
def test_cents_beside_another_number_of_decimals_are_no_cost(key: str) -> None:
    cents = {"total_cents": 90000, "currency": "EUR"}
    assert row(**cents, **{key: 4}).cost.reason == (
        "the cents stated have another scale than their currency has"
    )
    assert str(row(**cents, **{key: 2}).cost.money) == "900.00 EUR"
    assert str(row(**cents, scale=4, factor=3).cost.money) == "900.00 EUR"  # of its machines


@pytest.mark.parametrize("name", ["total", "cost", "amount", "price"])
@pytest.mark.parametrize(
    "shown", [4, 4.0, "4.00", "4,00 €", "€4.00", "4.00 EUR", "4,00\u00a0€", "EUR 4"]
)
def test_cents_are_the_cost_that_a_number_or_a_text_beside_them_shows(
    name: str, shown: object
) -> None:
    row = {"product_id": PRODUCT, name: shown, f"{name}_cents": 400, f"{name}_currency": "EUR"}
    reply = read([row])
    assert [str(each.cost.money) for each in reply.rows] == ["4.00 EUR"]
    assert reply.gaps == ()
    assert reply.rows[0].rest == {}


@pytest.mark.parametrize(
    "shown", [5, 400, "400", "4.01", "-4.00", "4.00 USD", "$4.00", "USD", "4.00 per hour", "4,00-"]
)
def test_cents_beside_another_amount_are_no_cost(shown: object) -> None:
    row = {"product_id": PRODUCT, "total": shown, "total_cents": 400, "total_currency": "EUR"}
    reply = read([row])
    assert [each.cost.money for each in reply.rows] == [None]


def test_a_total_over_rows_may_be_shown_beside_its_cents() -> None:
    stated = {"total": "4,00 €", "total_cents": 400, "total_currency": "EUR"}
    for value in ({"usage": [ROW], **stated}, {"projects": [{"products": [ROW], **stated}]}):
        answered = usage(value)
        # The row costs 2.50 EUR, so 1.50 EUR are none of its.
        assert [str(each.cost) for each in answered.charges] == ["2.50 EUR", "1.50 EUR"]


def test_a_price_does_not_stand_in_for_a_total_without_a_currency() -> None:
    usage_row = row(total=12.5, price={"cents": 5, "currency_iso": "EUR"})
    assert usage_row.cost.money is None
    assert usage_row.rest == {"total": "12.5", "price": '{"cents":5,"currency_iso":"EUR"}'}


@pytest.mark.parametrize(
    ("fields", "quantity", "unit"),
    [
        ({"quantity": "18600.0", "unit": "gb_hour"}, "18600.0", "gb_hour"),
        ({"hours": 312.5}, "312.5", "hour"),
        ({"hours": 2, "unit": "day"}, "2", "day"),
        ({"usage": 7}, "7", None),
        ({"amount": 7, "unit": "gb"}, "7", "gb"),
        ({"quantity": "plenty", "usage": 3}, "3", None),
    ],
)
def test_a_quantity_has_several_names(
    fields: dict[str, Any], quantity: str, unit: str | None
) -> None:
    usage_row = row(**fields)
    assert (str(usage_row.quantity), usage_row.unit) == (quantity, unit)


def test_an_amount_without_a_unit_is_neither_quantity_nor_cost() -> None:
    usage_row = row(amount=7)
    assert (usage_row.quantity, usage_row.cost.money, usage_row.rest) == (
        None,
        None,
        {"amount": "7"},
    )


@pytest.mark.parametrize(
    ("fields", "period"),
    [
        (
            {"from": "2026-10-02T00:00:00Z", "to": "2026-10-03T12:00:00Z"},
            "2026-10-02T00:00:00Z..2026-10-03T12:00:00Z",
        ),
        ({"from": "2026-10-01T02:00:00+02:00", "to": "2026-10-31T23:59:59Z"}, "2026-10"),
        ({"start": "2026-10-01", "end": "2026-11-01"}, "2026-10"),
        ({"start_date": "2026-10-01", "end_date": "2026-10-31"}, "2026-10"),
        ({"start": "2026-10-01", "end": "2026-10-01"}, "2026-10-01..2026-10-02"),
        ({"start": "2026-10-02", "end": "2026-10-02"}, "2026-10-02..2026-10-03"),
        ({"period": "2026-10"}, "2026-10"),
        ({"period": {"start": "2026-10-01", "end": "2026-10-31"}}, "2026-10"),
        ({"period": "2026-10-07"}, "2026-10-07..2026-10-08"),
        ({"timestamp": "2026-10-07T05:00:00Z"}, "2026-10-07T05:00:00Z..2026-10-07T06:00:00Z"),
        ({"hour": "2026-10-07T05:00:00Z"}, "2026-10-07T05:00:00Z..2026-10-07T06:00:00Z"),
    ],
)
def test_times_have_several_names(fields: dict[str, Any], period: str) -> None:
    usage_row = row(**fields)
    assert (str(usage_row.period), usage_row.rest) == (period, {})


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "2026-10-02T00:00:00", "to": "2026-10-03T00:00:00"},
        {"from": "2026-10-03T00:00:00Z", "to": "2026-10-02T00:00:00Z"},
        {"from": "2026-10-01T00:00:00Z", "to": "9999-12-31T23:59:59Z"},
        {"hour": "5"},
        {"timestamp": "9999-12-31T23:30:00Z"},
        {"period": "October"},
        {"period": {"first": "2026-10-01"}},
    ],
)
def test_a_time_that_cannot_be_read_is_kept_and_the_window_stands_in(
    fields: dict[str, Any],
) -> None:
    (charge,) = usage([{**ROW, **fields}]).charges
    assert charge.period == OCTOBER
    assert fields.keys() <= charge.tags.keys()


@pytest.mark.parametrize(
    ("fields", "ref"),
    [
        ({"project_id": PROJECT, "project_name": "ledger"}, Ref(PROJECT, "ledger")),
        ({"project": {"id": PROJECT, "name": "ledger"}}, Ref(PROJECT, "ledger")),
        ({"project": "ledger"}, Ref(None, "ledger")),
        ({"project": PROJECT}, Ref(PROJECT)),
        ({"project_id": PROJECT, "project": "ledger"}, Ref(PROJECT, "ledger")),
        ({"project_id": 17}, Ref("17")),
        ({"project_id": None, "project": None}, Ref()),
    ],
)
def test_a_project_has_several_spellings(fields: dict[str, Any], ref: Ref) -> None:
    assert row(**fields).project == ref
    swapped = {key.replace("project", "product"): value for key, value in fields.items()}
    assert only([{"hours": 1, **swapped}]).product == ref


def test_unknown_keys_are_kept_as_tags() -> None:
    (charge,) = usage(
        [{**ROW, "region": "fra1", "spot": True, "score": 1.10, "labels": {"a": 1}, "none": None}]
    ).charges
    assert charge.tags == {
        "region": "fra1",
        "spot": "true",
        "score": "1.1",
        "labels": '{"a":1}',
        "product_id": PRODUCT,
        "asked": "2026-10-01T00:00:00Z/2026-10-31T23:59:59Z",
    }


def test_a_total_over_the_rows_decides_and_a_difference_is_visible() -> None:
    october = usage({"usage": [ROW], "total": {"cents": 300, "currency_iso": "EUR"}})
    assert str(october.stated_total) == "3.00 EUR"
    derived = october.charges[-1]
    assert (derived.derived, str(derived.cost), derived.category) == (
        True,
        "0.50 EUR",
        Category.ADJUSTMENT,
    )
    assert [check.holds for check in october.checks] == [False]
    assert october.totals() == {"EUR": Money(Decimal("3.00"), "EUR")}


@pytest.mark.parametrize(
    ("total", "gaps"),
    [
        (1, ()),  # the count of the rows
        (250, ()),  # their sum in cents
        (2.5, ()),  # and in euros
        (0, ("amounts that were not read: `$.total`",)),  # which denies them
        (900, ("amounts that were not read: `$.total`",)),
        ("12.50 EUR", ("amounts that were not read: `$.total`",)),
        ({"cents": 5, "currency_iso": "XYZ"}, ("amounts that were not read: `$.total`",)),
    ],
)
def test_a_total_that_is_no_money_is_a_gap_unless_it_says_nothing_new(
    total: object, gaps: tuple[str, ...]
) -> None:
    listing = month.usage(ORG, None, OCTOBER, read({"items": [ROW], "total": total}))
    assert (listing.rows[0].stated_total, listing.gaps) == (None, gaps)


def test_currencies_are_never_added() -> None:
    october = usage(
        [ROW, {**ROW, "product_id": OTHER, "total": {"cents": 7, "currency_iso": "JPY"}}]
    )
    assert {code: str(total) for code, total in october.totals().items()} == {
        "EUR": "2.50 EUR",
        "JPY": "7 JPY",
    }


LAST = [
    {"next": None, "has_more": False, "page": 1, "pages": 1, "limit": 100, "total": 1},
    {"meta": {"current_page": 1, "last_page": 1, "total": 1, "total_count": 1}},
    {"pagy": {"page": 0, "pages": 1, "next": None}},
]
SEVERAL = [
    {"next": "x"},
    {"links": {"next": "x"}},
    {"page": 1, "pages": 2},
    {"page": 2, "pages": 2},
    {"meta": {"total_count": 2}},
    {"page": 1, "limit": 1, "total": 204},
    {"meta": {"current_page": 1, "last_page": 3, "total": 3}},
    {"meta": {"current_page": 1, "per_page": 1, "total": 3}},
    {"next_page_url": "https://x.example/?page=2"},
    {"next_page_token": "x"},
    {"pagy": {"page": 1, "pages": 3, "next": 2}},
    {"meta": {"pagination": {"next": 2}}},
]


@pytest.mark.parametrize(
    ("more", "gaps"), [*((one, 1) for one in SEVERAL), *((one, 0) for one in LAST)]
)
def test_one_page_of_several_is_a_gap(more: dict[str, Any], gaps: int) -> None:
    for value in (
        {"data": [ROW], **more},
        {"data": {"usage": [ROW], **more}},
        {"data": {"usage": [ROW]}, **more},
    ):
        assert len(month.usage(ORG, None, OCTOBER, read(value)).gaps) == gaps


INSIDE = [
    *({"usage_next": "/billing/usage?page=2"}, {"usage_next": 2}, {"usage_more": True}),
    *({"usage_next_cursor": "c"}, {"usageNext": "/p?2"}, {"usage_links": {"next": "/p?2"}}),
    *({"usage_page": {"next": 2}}, {"usage_cursor": "c"}, {"usage_count": 2}),
]


@pytest.mark.parametrize(
    ("said", "gaps"),
    [
        *((one, 1) for one in INSIDE),
        *(({key: None}, 0) for key in ("usage_next", "usage_cursor", "usage_links")),
        *(({key: 1}, 0) for key in ("usage_count", "usage_pages")),
        ({"usage_start": "2026-10-01T00:00:00Z"}, 0),
    ],
    ids=str,
)
def test_a_page_of_the_lists_inside_of_projects_is_a_gap(said: Any, gaps: int) -> None:
    projects = [{"id": PROJECT, "usage": [ROW]}]
    for value in ({"projects": projects, **said}, {"data": {"projects": projects, **said}}):
        assert len(month.usage(ORG, None, OCTOBER, read(value)).gaps) == gaps


def test_the_usage_goes_on_whatever_its_lists_are_called() -> None:
    products = [{"id": PRODUCT, "total": TOTAL}, {"id": OTHER, "total": TOTAL}]
    by_id = {one["id"]: {"total": TOTAL} for one in products}
    for around in (
        {"projects": [{"id": PROJECT, "products": products}]},
        *({PROJECT: products}, {PROJECT: by_id}),
    ):
        assert (
            len(month.usage(ORG, None, OCTOBER, read({**around, "usage_next": "/p?2"})).gaps) == 1
        )
        assert month.usage(ORG, None, OCTOBER, read({**around, "usage_count": 2})).gaps == ()


@pytest.mark.parametrize(("count", "gaps"), [(1, 0), (2, 1)])
def test_pages_of_projects_count_projects(count: int, gaps: int) -> None:
    products = [{"id": PRODUCT, "total": TOTAL}, {"id": OTHER, "total": TOTAL}]
    for projects in ([{"id": PROJECT, "products": products}], {PROJECT: {"products": products}}):
        usage_row = read({"projects": projects, "total_count": count})
        assert len(month.usage(ORG, None, OCTOBER, usage_row).gaps) == gaps


def test_another_organizations_rows_are_left_out_and_counted() -> None:
    theirs = {**ROW, "organization_id": OTHER}
    listing = month.usage(
        ORG, None, OCTOBER, read([theirs, {**ROW, "organization_id": ORG.upper()}])
    )
    assert [len(month.charges) for month in listing.rows] == [1]
    assert listing.notes == ("1 of other organizations left out",)


@pytest.mark.parametrize(
    ("value", "total", "left_out"),
    [
        (
            [
                {"organization_id": ORG, "usage": [ROW]},
                {"organization_id": OTHER, "usage": [ROW, ROW]},
            ],
            "2.50 EUR",
            2,
        ),
        (
            {"organization_id": OTHER, "usage": [{**ROW, "organization_id": ORG.upper()}, ROW]},
            "2.50 EUR",
            1,
        ),
        ({"data": {"organization_id": OTHER, "projects": {PROJECT: {PRODUCT: BARE}}}}, "None", 1),
        ([{**ROW, "organization": {"id": OTHER}}, ROW], "2.50 EUR", 1),
        ([{**ROW, "organization": OTHER}, {**ROW, "organization": {"id": ORG}}], "2.50 EUR", 1),
        ({"organization": {"id": OTHER, "name": "x"}, "usage": [ROW]}, "None", 1),
    ],
)
def test_what_stands_in_another_organizations_object_is_its(
    value: Any, total: str, left_out: int
) -> None:
    listing = month.usage(ORG, None, OCTOBER, read(value))
    assert str(listing.rows[0].totals().get("EUR")) == total
    whole = isinstance(value, dict)
    assert listing.gaps == (("the reply says that it is another organization's",) if whole else ())
    assert listing.notes == (f"{left_out} of other organizations left out",)


@pytest.mark.parametrize(
    "value",
    [
        {
            "usage": [ROW, {**ROW, "organization_id": OTHER}],
            "total": {"cents": 10150, "currency_iso": "EUR"},
        },
        {
            "organization_id": OTHER,
            "usage": [{**ROW, "organization_id": ORG}],
            "total": {"cents": 10150, "currency_iso": "EUR"},
        },
    ],
)
def test_a_total_over_another_organizations_rows_is_not_ours(value: Any) -> None:
    listing = month.usage(ORG, None, OCTOBER, read(value))
    assert {code: str(money) for code, money in listing.rows[0].totals().items()} == {
        "EUR": "2.50 EUR"
    }
    assert (listing.rows[0].stated_total, listing.rows[0].checks) == (None, ())
    assert (
        listing.notes[-1]
        == "the total over the rows is not used: other organizations' rows are in it"
    )


def test_a_total_over_no_rows_of_another_organization_is_not_ours() -> None:
    listing = month.usage(
        ORG, None, OCTOBER, read({"organization_id": OTHER, "usage": [], "total": TOTAL})
    )
    assert listing.gaps == ("the reply says that it is another organization's",)
    assert (listing.rows[0].charges, listing.rows[0].totals()) == ((), {})


@pytest.mark.parametrize("number", ["7", "7" * 400, "1e400"])
def test_a_number_names_another_organization_however_long(number: str) -> None:
    body = json.dumps([{**ROW, "organization_id": 0}, ROW]).replace(
        '"organization_id": 0', f'"organization_id": {number}'
    )
    listing = month.usage(ORG, None, OCTOBER, decode_usage(body.encode()))
    assert [len(month.charges) for month in listing.rows] == [1]
    assert listing.notes == ("1 of other organizations left out",)


@pytest.mark.parametrize("names", [{"project_id": PROJECT, "product_id": PRODUCT}, {}])
@pytest.mark.parametrize("key", ["sku", "region", "server_name", "resourceId"])
def test_the_id_of_a_charge_does_not_depend_on_its_place(key: str, names: dict[str, str]) -> None:
    rows = [{**names, key: name, "total": {**TOTAL, "cents": cents}} for name, cents in COSTS]

    def ids(*chosen: dict[str, Any]) -> dict[str, str]:
        return {charge.tags[key]: charge.id for charge in usage(list(chosen)).charges}

    assert ids(*rows) == ids(*reversed(rows))
    assert len(set(ids(*rows).values())) == 3
    grown = [{**row, "total": {**TOTAL, "cents": 900 - 10 * n}} for n, row in enumerate(rows)]
    assert ids(*grown) == ids(*rows)
    assert ids(rows[1])["b"] == ids(*rows)["b"]


def test_charges_that_differ_in_their_amount_alone_are_numbered_by_it() -> None:
    rows = [{**ROW, "total": {**TOTAL, "cents": cents}} for cents in (300, 100, 200)]
    for order in (rows, rows[::-1]):
        numbered = {str(charge.cost): charge.id[-2:] for charge in usage(order).charges}
        assert numbered == {"1.00 EUR": PRODUCT[-2:], "2.00 EUR": "#2", "3.00 EUR": "#3"}


@pytest.mark.parametrize("owner", [True, [], {}, {"id": OTHER}])
def test_a_row_that_does_not_say_clearly_whose_it_is_is_left_out_by_name(owner: object) -> None:
    odd = {**ROW, "organization_id": owner}
    reply = read({"data": [ROW, odd]})
    assert len(reply.rows) == 1
    assert reply.gaps == (
        f"1 left out: project {PROJECT}: the usage is not understood: whose a row is "
        "- at `$.data[1].organization_id`",
    )
    with pytest.raises(DriftError, match=r"whose a row is - at `\$\[0\]\.organization_id`"):
        read([odd])


def test_one_row_that_is_not_understood_takes_no_other_with_it() -> None:
    reply = read([ROW, {"wat": "secret words"}, 7, ROW])
    assert [str(row.cost.money) for row in reply.rows] == ["2.50 EUR", "2.50 EUR"]
    assert reply.gaps == (
        "2 left out: the usage is not understood: a row with only the keys 'wat' - at `$[1]`; "
        "the usage is not understood: neither a list nor an object - at `$[2]`",
    )


def test_an_id_that_is_a_long_number_is_its_digits() -> None:
    assert only([{**ROW, "product_id": 10**81 - 1}]).product == Ref(id="9" * 81)


def test_an_id_says_what_is_charged_in_which_month_and_nothing_of_the_window() -> None:
    narrow = Period.parse("2026-10-10..2026-10-12")
    rows = [
        ROW,
        {**ROW, "total": {"cents": -5, "currency_iso": "EUR"}},
        {"product": "Support", "hours": 1},
    ]
    ids = [charge.id for charge in usage(rows).charges]
    assert ids == [
        f"{ORG}/2026-10/{PROJECT}/{PRODUCT}",
        f"{ORG}/2026-10/{PROJECT}/{PRODUCT}#2",
        f"{ORG}/2026-10/-/Support/unit=hour",
    ]
    cut = [
        {**row, "from": "2026-10-10T00:00:00Z", "to": "2026-10-12T00:00:00Z"}
        for row in reversed(rows)
    ]
    assert [charge.id for charge in usage(cut, narrow).charges] == ids[::-1]


def test_hourly_entries_differ_by_their_hour_and_equal_ones_by_number() -> None:
    hours = [{**ROW, "timestamp": f"2026-10-07T{hour}:00:00Z"} for hour in ("05", "06", "06")]
    assert [charge.id.partition(f"{PRODUCT}/")[2] for charge in usage(hours).charges] == [
        "@2026-10-07T05:00:00Z",
        "@2026-10-07T06:00:00Z",
        "@2026-10-07T06:00:00Z#2",
    ]


def ids(rows: list[dict[str, Any]], window: Period = OCTOBER) -> dict[str, str]:
    return {
        str(charge.cost): charge.id.partition(f"{PROJECT}/")[2]
        for charge in usage(rows, window).charges
    }


def costing(cents: int, **fields: Any) -> dict[str, Any]:
    return {**ROW, "total": {"cents": cents, "currency_iso": "EUR"}, **fields}


@pytest.mark.parametrize(
    ("first", "second", "stamp"),
    [
        (
            {"from": "2026-10-07", "to": "2026-10-07"},
            {"from": "2026-10-08", "to": "2026-10-08"},
            "",
        ),
        ({"period": "2026-10-07"}, {"period": "2026-10-08"}, "/@2026-10-07T00:00:00Z"),
        (
            {"start": "2026-10-07", "end": "2026-10-07"},
            {"start": "2026-10-08T00:00:00Z", "end": "2026-10-15T00:00:00Z"},
            "",
        ),
    ],
)
def test_days_of_a_product_differ_by_their_start_in_any_order(
    first: dict[str, Any], second: dict[str, Any], stamp: str
) -> None:
    rows = [costing(1, **first), costing(-2, **first), costing(3, **second), costing(-4, **second)]
    costs = {
        "0.01 EUR": f"{PRODUCT}{stamp}",
        "-0.02 EUR": f"{PRODUCT}{stamp}#2",
        "0.03 EUR": f"{PRODUCT}/@2026-10-08T00:00:00Z",
        "-0.04 EUR": f"{PRODUCT}/@2026-10-08T00:00:00Z#2",
    }
    assert ids(rows) == ids(rows[::-1]) == costs


@pytest.mark.parametrize("hours", [1, 2, 30])
def test_a_row_cut_to_the_window_has_the_id_it_has_in_any_other(hours: int) -> None:
    start = OCTOBER.start + timedelta(days=6)
    window = Period(start, start + timedelta(hours=hours))
    for end in (window.end, window.start + timedelta(hours=1)):
        assert ids([costing(1, **{"from": start.isoformat(), "to": end.isoformat()})], window) == {
            "0.01 EUR": PRODUCT
        }


def test_an_entry_stamped_with_its_hour_has_one_id_in_any_window() -> None:
    row = costing(1, timestamp="2026-10-07T05:00:00Z")
    for window in (OCTOBER, Period.parse("2026-10-07T05:00:00Z..2026-10-07T06:00:00Z")):
        assert ids([row], window) == {"0.01 EUR": f"{PRODUCT}/@2026-10-07T05:00:00Z"}


def test_rows_with_an_id_of_their_own_differ_by_it() -> None:
    rows = [costing(1, id="r-1"), costing(2, id="r-2"), costing(4)]
    assert (
        ids(rows[:3])
        == ids(rows[2::-1])
        == {"0.01 EUR": f"{PRODUCT}/r-1", "0.02 EUR": f"{PRODUCT}/r-2", "0.04 EUR": PRODUCT}
    )
    nested = usage({"projects": [{"id": PROJECT, "products": [{"id": PRODUCT, "total": TOTAL}]}]})
    assert [charge.id for charge in nested.charges] == [f"{ORG}/2026-10/{PROJECT}/{PRODUCT}"]


CENTS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**9), 10**9, places=6, allow_nan=False).map(lambda number: f"{number:f}"),
)
PLACES = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}
AMOUNTS = st.builds(
    lambda cents, code: {"cents": cents, "currency_iso": code},
    CENTS,
    st.sampled_from(sorted(PLACES)),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"product_id": st.sampled_from([PRODUCT, OTHER])},
        optional={
            "total": st.one_of(AMOUNTS, st.none(), st.integers()),
            "hours": CENTS,
            "region": st.text(max_size=5),
        },
    ),
    max_size=8,
)


@given(ROWS, st.sampled_from([None, *WRAPPED]), st.none() | AMOUNTS)
def test_the_charges_add_up_to_what_the_reply_states(
    rows: list[dict[str, Any]], wrap: str | None, total: Any
) -> None:
    october = usage(rows if wrap is None else {wrap: rows, "total": total})
    stated: dict[str, Decimal] = {}
    for fields in [row["total"] for row in rows if isinstance(row.get("total"), dict)]:
        code = fields["currency_iso"]
        stated[code] = stated.get(code, Decimal(0)) + Decimal(fields["cents"]).scaleb(-PLACES[code])
    # Beside what costs something in another currency it may be over all of them, converted.
    own = total["currency_iso"] if total is not None else None
    is_alone = not any(amount for code, amount in stated.items() if code != own)
    is_used = own in stated and is_alone
    if wrap is not None and total is not None and (not stated or is_used):
        stated[total["currency_iso"]] = Decimal(total["cents"]).scaleb(
            -PLACES[total["currency_iso"]]
        )
    assert {code: money.amount for code, money in october.totals().items()} == stated
    assert sum(is_unstated(charge) for charge in october.charges) == sum(
        not isinstance(row.get("total"), dict) for row in rows
    )
    assert len({charge.id for charge in october.charges}) == len(october.charges)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([ROW], "/0"),
        ({"data": [ROW], "total": TOTAL}, "/data/0"),
        ({"projects": [{"id": PROJECT, "products": [ROW]}]}, "/projects/0/products/0"),
        ({"usage": {PROJECT: {PRODUCT: ROW}}}, f"/usage/{PROJECT}/{PRODUCT}"),
    ],
)
def test_a_charge_says_where_in_the_reply_it_stands(value: Any, pointer: str) -> None:
    listing = month.usage(ORG, None, OCTOBER, read(value), "GET /billing/usage?from=x")
    assert listing.rows[0].charges[0].source == f"GET /billing/usage?from=x#{pointer}"


def test_a_difference_to_the_stated_total_says_where_that_stands() -> None:
    listing = month.usage(
        ORG,
        None,
        OCTOBER,
        read({"data": [ROW], "total": {**TOTAL, "cents": 260}}),
        "GET /u",
    )
    assert [charge.source for charge in listing.rows[0].charges] == [
        "GET /u#/data/0",
        "GET /u#/total",
    ]


def test_rows_of_another_decoder_have_no_place() -> None:
    listing = month.usage(
        ORG, None, OCTOBER, UsageReply((UsageRow(row(total=TOTAL).cost),)), "GET /u"
    )
    assert listing.rows[0].charges[0].source == "GET /u"


def test_what_a_project_says_of_its_own_list_is_one_gap() -> None:
    project = {"id": PROJECT, "products": PRODUCTS, "tags": ["a"], "tags_count": 5}
    (gap,) = read({"projects": [project]}).gaps
    assert gap.endswith("`$.projects[0].tags_count` states 5 rows, and 1 was read")
