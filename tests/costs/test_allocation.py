"""Cost centres: the first rule that matches decides, shares add up, the rest is in sight."""

from decimal import Decimal
from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.costs.allocation import Rules, chargeback
from billfold.costs.dimensions import dimension
from billfold.costs.lines import charged_lines, unstated_lines
from billfold.costs.rate_sources import ConstantRates
from billfold.costs.rates import Exchange, Policy
from billfold.costs.view import cost_view, priced_lines, top_rows
from billfold.model import Charge
from billfold.money import sum_by_currency
from support.costs import answer, charge, money

RULES = """
[[rule]]
match = { sub_account = "web" }
cost_centre = "shop"
[[rule]]
match = { provider = ["harmont"], "tag:team" = "a" }
cost_centre = "platform"
[[rule]]
match = { service = "Support" }
share = { shop = 2, platform = 1 }
[[rule]]
match = { service = "Network" }
share_by_usage = ["shop", "platform"]
"""
ANSWER = answer(
    charge("30.00 EUR", sub_account_name="web"),
    charge("10.00 EUR", tags={"team": "a"}),
    charge("1.00 EUR", service="Support"),
    charge("0.07 EUR", service="Network"),
    charge("9.99 EUR", service="Other"),
)


def allocated(text: str, tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "rules.toml"
    file.write_text(text)
    lines = Rules.read(file).allocate(tuple(charged_lines(ANSWER)))
    assert sum_by_currency(line.cost for line in lines) == {"EUR": money("51.06 EUR")}
    centre = dimension("cost_centre")
    names = {centre(line) for line in lines}
    return {
        name: str(sum_by_currency(line.cost for line in lines if centre(line) == name)["EUR"])
        for name in names
    }


def test_rules_in_order_shares_by_weight_and_by_usage(tmp_path: Path) -> None:
    # shop 30.00 + 0.67 + 0.05 (0.07 by 30 : 10), platform 10.00 + 0.33 + 0.02
    assert allocated(RULES, tmp_path) == {
        "shop": "30.72 EUR",
        "platform": "10.35 EUR",
        "(unallocated)": "9.99 EUR",
    }


def test_a_cost_that_nobody_states_is_no_weight(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    rules = Rules.read(file)
    known = [charge for usage in ANSWER for charge in usage.charges]
    for unstated, network in (
        (charge(None, sub_account_name="web"), "(unallocated)"),  # shop's: 30.00 and something
        (charge(None, service="Other"), "shop"),  # nobody's, so the weights stay 30 : 10
    ):
        lines = priced_lines(answer(*known, unstated), rules=rules)
        centre = dimension("cost_centre")
        assert sum_by_currency(line.cost for line in lines) == {"EUR": money("51.06 EUR")}
        of_network = [line for line in lines if line.charge.service == "Network"]
        assert centre(of_network[0]) == network


def test_what_nobody_used_cannot_be_shared_by_usage(tmp_path: Path) -> None:
    rule = '[[rule]]\nmatch = { service = "Network" }\nshare_by_usage = ["nobody"]\n'
    assert allocated(rule, tmp_path) == {"(unallocated)": "51.06 EUR"}


def test_weights_may_be_decimal(tmp_path: Path) -> None:
    rule = '[[rule]]\nmatch = { account = "ci" }\nshare = { a = 0.25, b = 0.75 }\n'
    costs = allocated(rule, tmp_path)
    assert Decimal(costs["a"].split()[0]) + Decimal(costs["b"].split()[0]) == Decimal("51.06")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule = 1", "holds"),
        ("nonsense", "is not TOML"),
        ("[[rule]]\nmatch = { provider = 'x' }", "exactly one of"),
        (
            "[[rule]]\nmatch = { provider = 'x' }\ncost_centre = 'a'\nshare = { a = 1 }",
            "exactly one of",
        ),
        ("# later\n", r"rules\.toml: has no rules; each begins with a line \[\[rule\]\]$"),
        ("rule = []", "has no rules; each begins"),
        ("[[rule]]\ncost_centre = 'a'", "needs match"),
        (
            "[[rule]]\nmatch = { colour = 'x' }\ncost_centre = 'a'",
            "rule 1: match: 'colour' is not a dimension",
        ),
        (
            "[[rule]]\nmatch = { cost_centre = 'a' }\ncost_centre = 'b'",
            "rule 1: match: cost_centre is what the rules give",
        ),
        ("[[rule]]\nmatch = { provider = 1 }\ncost_centre = 'a'", "match.provider: is a text"),
        ("[[rule]]\nmatch = { provider = 'x' }\ncost_centre = 3", "cost_centre: is a text"),
        (
            "[[rule]]\nmatch = { provider = 'x' }\ncost_centre = ['a', 'b']",
            "rule 1: cost_centre: is one text; several cost centres divide by share",
        ),
        ("[[rule]]\nmatch = { provider = 'x' }\nshare = { a = -1 }", "not negative"),
        ("[[rule]]\nmatch = { provider = 'x' }\nshare = { a = nan }", "not negative"),
        ("[[rule]]\nmatch = { provider = 'x' }\nshare = { a = 1e500, b = 1 }", "not negative"),
        ("[[rule]]\nmatch = { provider = 'x' }\nshare = { a = 0 }", "all zero"),
        ("[[rule]]\nmatch = { provider = 'x' }\nshare = {}", "a weight per cost centre"),
        ("[[rule]]\nmatch = { provider = 'x' }\ncentre = 'a'", "unknown key 'centre'"),
    ],
)
def test_a_bad_rule_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=message):
        Rules.read(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Rules.read(tmp_path / "rules.toml")


def test_the_lines_of_each_rule_are_listed(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES + '[[rule]]\nmatch = { account = "gone" }\ncost_centre = "x"\n')
    uses = Rules.read(file).uses(tuple(charged_lines(ANSWER)))
    assert [[str(line.cost) for line in use.lines] for use in uses] == [
        ["30.00 EUR"],
        ["10.00 EUR"],
        ["1.00 EUR"],
        ["0.07 EUR"],
        [],
    ]


def test_with_a_rate_currencies_share_by_what_they_are_worth(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    both_currencies = answer(
        charge("30.00 EUR", sub_account_name="web"),
        charge("20.00 USD", tags={"team": "a"}),
        charge("4.00 USD", service="Network"),
    )
    rules, exchange = (
        Rules.read(file),
        Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(2)}), Policy.CONSTANT),
    )
    native = [
        line
        for line in priced_lines(both_currencies, rules=rules)
        if line.charge.service == "Network"
    ]
    assert [(line.cost_centre, str(line.cost)) for line in native] == [
        (None, "4.00 USD")
    ]  # what shop's euros weigh in dollars is not known
    (*_, network) = rules.uses(tuple(charged_lines(both_currencies)))
    ((line, reason),) = network.not_shared
    assert str(line.cost) == "4.00 USD"
    assert reason == "shop has costs in EUR alone: convert, by --in"
    lines = [
        line
        for line in priced_lines(both_currencies, currency="EUR", exchange=exchange, rules=rules)
        if line.charge.service == "Network"
    ]
    # 30.00 EUR : 20.00 USD / 2 = 3 : 1, of 4.00 USD and of 2.00 EUR
    assert [(line.cost_centre, str(line.cost), str(line.converted)) for line in lines] == [
        ("shop", "3.00 USD", "1.50 EUR"),
        ("platform", "1.00 USD", "0.50 EUR"),
    ]


def test_many_small_charges_are_shared_fairly_over_all_of_them(tmp_path: Path) -> None:
    # 90 charges of 0.01, 0.02 and 0.03 are 1.80: 0.60 for each of three, however each is rounded.
    file = tmp_path / "rules.toml"
    file.write_text("[[rule]]\nmatch = { provider = 'harmont' }\nshare = { a = 1, b = 1, c = 1 }\n")
    costs = [f"0.0{1 + number % 3} EUR" for number in range(90)]
    lines = Rules.read(file).allocate(
        tuple(charged_lines(answer(*map(charge, costs), charge("-0.01 EUR")).items))
    )
    shares = {
        centre: sum_by_currency(line.cost for line in lines if line.cost_centre == centre)
        for centre in "abc"
    }
    # The charge of -0.01 goes to one of them.
    assert sorted(str(money["EUR"]) for money in shares.values()) == [
        *("0.59 EUR", "0.60 EUR", "0.60 EUR")
    ]


def test_fair_shares_are_of_the_converted_and_the_native_amounts_alike(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("[[rule]]\nmatch = { provider = 'harmont' }\nshare = { a = 2, b = 1 }\n")
    lines = priced_lines(
        answer(*(charge("0.01 USD") for _ in range(30))),
        currency="EUR",
        exchange=Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(1)}), Policy.CONSTANT),
        rules=Rules.read(file),
    )
    a = [line for line in lines if line.cost_centre == "a"]
    assert sum_by_currency(line.cost for line in a) == {"USD": money("0.20 USD")}
    assert sum_by_currency(line.amount for line in a) == {"EUR": money("0.20 EUR")}


def test_each_currency_is_shared_by_the_costs_in_it(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    both = answer(
        charge("30.00 EUR", sub_account_name="web"),
        charge("1.00 USD", sub_account_name="web"),
        charge("10.00 EUR", tags={"team": "a"}),
        charge("3.00 USD", tags={"team": "a"}),
        charge("4.00 EUR", service="Network"),
        charge("4.00 USD", service="Network"),
    )
    lines = priced_lines(both, rules=Rules.read(file))
    charged = {each.cost_centre: each for each in chargeback(lines)}
    # 4.00 EUR by 30 : 10, 4.00 USD by 1 : 3
    assert charged["shop"].shared == {"EUR": money("3.00 EUR"), "USD": money("1.00 USD")}
    assert charged["platform"].shared == {"EUR": money("1.00 EUR"), "USD": money("3.00 USD")}
    assert charged["platform"].own == {"EUR": money("10.00 EUR"), "USD": money("3.00 USD")}
    assert charged["platform"].total == {"EUR": money("11.00 EUR"), "USD": money("6.00 USD")}


def test_what_cannot_be_shared_is_said_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    rules = Rules.read(file)

    def reasons(*charges: Charge) -> list[str]:
        usage = answer(*charges, charge("4.00 EUR", service="Network")).items
        uses = rules.uses(tuple(charged_lines(usage)), tuple(unstated_lines(usage)))
        return [reason for use in uses for _, reason in use.not_shared]

    web = charge("30.00 EUR", sub_account_name="web")
    assert reasons(web) == []  # platform, which cost nothing, has nothing of it
    assert reasons() == ["shop and platform cost nothing themselves"]
    unstated = charge(None, sub_account_name="web")
    assert reasons(web, unstated) == ["shop has a charge that states no cost"]


def test_a_rule_is_used_by_a_charge_whose_cost_nobody_states_and_not_by_an_included_one(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    usage = answer(
        charge("30.00 EUR", sub_account_name="web"),
        charge(None, sub_account_name="web", service="Support"),  # the first rule's
        charge(None, tags={"team": "a"}),
        charge(None, tags={"team": "a"}),
        charge(None, service="Support", included_in="its carrier"),
    ).items
    uses = Rules.read(file).uses(tuple(charged_lines(usage)), tuple(unstated_lines(usage)))
    assert [(len(use.lines), use.unstated, use.is_unused) for use in uses] == [
        (1, 1, False),
        (0, 2, False),
        (0, 0, True),
        (0, 0, True),
    ]


def test_values_may_be_patterns_and_a_last_rule_may_take_the_rest(tmp_path: Path) -> None:
    rules = (
        '[[rule]]\nmatch = { sub_account = "w?b*" }\ncost_centre = "shop"\n'
        '[[rule]]\nmatch = { service = ["Supp*", "Network"] }\ncost_centre = "support"\n'
        '[[rule]]\nmatch = "*"\ncost_centre = "everybody"\n'
    )
    assert allocated(rules, tmp_path) == {
        "shop": "30.00 EUR",
        "support": "1.07 EUR",
        "everybody": "19.99 EUR",
    }


@pytest.mark.parametrize(
    ("value", "cost"),
    [
        ("web", "7.00"),  # all of them, as nothing tells them apart
        ("web (11-a)", "1.00"),  # as --by shows it
        ("11-a", "1.00"),
        ("WEB (11-A)", None),
        ("web (11*", "1.00"),
        ("22-*", None),  # a pattern is about names
        ("*22*", None),
        ("4?", "8.00"),  # where there is no name, about the id that is shown
        ("web (*)", "7.00"),
        ("33", "4.00"),
        ("api", None),
    ],
)
def test_projects_of_one_name_are_told_apart_by_what_is_shown_and_by_their_ids(
    tmp_path: Path, value: str, cost: str | None
) -> None:
    alike = answer(
        charge("1.00 EUR", sub_account_name="web", sub_account_id="11-a"),
        charge("2.00 EUR", sub_account_name="web", sub_account_id="22-b"),
        charge("4.00 EUR", sub_account_name="web", sub_account_id="33"),
        charge("8.00 EUR", sub_account_id="44"),
    )
    file = tmp_path / "rules.toml"
    file.write_text(f'[[rule]]\nmatch = {{ sub_account = "{value}" }}\ncost_centre = "x"\n')
    (use,) = Rules.read(file).uses(tuple(charged_lines(alike.items)))
    total = sum_by_currency(line.cost for line in use.lines)
    assert total == ({} if cost is None else {"EUR": money(f"{cost} EUR")})


@pytest.mark.parametrize("kind", ["billing_account", "resource"])
def test_other_things_of_one_name_have_their_ids_in_rules_too(tmp_path: Path, kind: str) -> None:
    alike = answer(
        charge("1.00 EUR", **{f"{kind}_name": "ci", f"{kind}_id": "one"}),
        charge("2.00 EUR", **{f"{kind}_name": "ci", f"{kind}_id": "two"}),
    )
    file = tmp_path / "rules.toml"
    file.write_text(f'[[rule]]\nmatch = {{ {kind} = "one" }}\ncost_centre = "x"\n')
    (use,) = Rules.read(file).uses(tuple(charged_lines(alike.items)))
    assert [str(line.cost) for line in use.lines] == ["1.00 EUR"]


def test_a_pattern_is_of_the_whole_text_and_a_name_with_a_star_is_itself(tmp_path: Path) -> None:
    starred = answer(
        charge("1.00 EUR", service="*"),
        charge("2.00 EUR", service="a.b"),
        charge("4.00 EUR", service="a-b"),
        charge("8.00 EUR", service="A.B"),
    )
    for pattern, cost in (("a.?", "2.00"), ("a*", "6.00"), ("*", "15.00"), ("a", None)):
        file = tmp_path / "rules.toml"
        file.write_text(f'[[rule]]\nmatch = {{ service = "{pattern}" }}\ncost_centre = "x"\n')
        (use,) = Rules.read(file).uses(tuple(charged_lines(starred.items)))
        total = sum_by_currency(line.cost for line in use.lines)
        assert total == ({} if cost is None else {"EUR": money(f"{cost} EUR")})


def test_chargeback_adds_up_to_everything_and_ends_with_what_nobody_pays(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    charged = chargeback(priced_lines(ANSWER, rules=Rules.read(file)))
    assert [each.cost_centre for each in charged] == ["platform", "shop", None]
    assert [str(each.total["EUR"]) for each in charged] == ["10.35 EUR", "30.72 EUR", "9.99 EUR"]
    assert (charged[1].own, charged[1].shared) == (
        {"EUR": money("30.00 EUR")},
        {"EUR": money("0.72 EUR")},
    )


def test_a_charge_that_several_share_is_one_charge(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    lines = priced_lines(ANSWER, rules=Rules.read(file))
    view = cost_view(ANSWER, lines, by="cost_centre", currency=None)
    assert (len(lines), sum(row.lines for row in view.rows), view.lines) == (7, 7, 5)
    # Of the five, three are shop's in part, and all but its own one are of the others.
    first, *_ = top_rows(view, 1).rows
    rest = top_rows(view, 1).rows[-1]
    assert (first.keys, first.lines, rest.lines) == (("shop",), 3, 4)
