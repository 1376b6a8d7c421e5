"""What docs/focus.md says is so."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from billfold import Period, focus
from billfold.adapter import find, installed
from billfold.focus.columns import Dataset
from billfold.focus.explain import columns_table, providers_table

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "focus.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["providers", *Dataset])
def test_the_generated_tables_are_up_to_date(name: str) -> None:
    declared = {provider: find(provider).declares for provider in installed()}
    table = providers_table(declared) if name == "providers" else columns_table(Dataset(name))
    assert f"<!-- {name} -->\n{table}\n<!-- /{name} -->" in PAGE, (
        "run: .venv/bin/python tools/focus/docs.py"
    )


async def test_the_query_answers_what_the_accounts_said(
    simulated: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = re.search(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    fold, _ = await simulated("harmont", "bnerd")
    month = Period.month(2026, 10)
    await focus.export(fold, "costs", period=month, file_format="parquet", partition=True)
    with duckdb.connect() as database:
        answer = database.execute(found[1]).fetchall()
    assert answer[0][:3] == ("Harmont", "Harmont Builds", "USD")
    charged = [
        charge
        for usage in await fold.usage(month)
        for charge in usage.charges
        if charge.category == "usage"
    ]
    assert sum(line[5] for line in answer) == len(charged)
    billed = sum((charge.cost.amount for charge in charged if charge.cost is not None), Decimal(0))
    assert sum((line[4] for line in answer), Decimal(0)) == billed
