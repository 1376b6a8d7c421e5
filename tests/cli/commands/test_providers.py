"""``billfold providers``: what the adapters declare."""

import csv
import io
import json


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_providers_are_shown_from_their_declarations(billfold, monkeypatch) -> None:
    table = billfold("providers")
    assert (table.code, table.err) == (0, "")
    assert "prepaid USD, may be negative" in table.out
    written = json.loads(billfold("--provider", "bnerd", "providers", "--format", "json").out)
    assert written["schema"] == "billfold.providers/1"
    assert [row["provider"] for row in written["providers"]] == ["bnerd"]
    assert written["providers"][0]["required"] == ["BNERD_ORG_ID"]
    assert set(written["providers"][0]["offers"]) == {
        "usage",
        "invoices",
        "subscriptions",
        "payment_methods",
    }
    listed = rows(billfold("providers", "--format", "csv").out)
    assert [row["provider"] for row in listed] == ["aether", "bnerd", "harmont", "latitude"]
