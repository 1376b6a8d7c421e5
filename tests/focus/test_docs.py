"""docs/focus.md is true: its tables are generated, and its query is run."""

import importlib.util
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from billfold import Period, focus

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "focus.md").read_text(encoding="utf-8")


def test_the_generated_tables_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("docs", ROOT / "tools" / "focus" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(docs)
    assert docs.with_tables(PAGE) == PAGE, "run: .venv/bin/python tools/focus/docs.py"


async def test_the_query_answers_what_the_accounts_were_charged(
    simulated: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    query = re.search(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    assert query is not None
    fold, _ = await simulated("harmont", "bnerd")
    month = Period.month(2026, 10)
    await focus.export(fold, "costs", period=month, file_format="parquet", partition=True)
    with duckdb.connect() as database:
        answer = database.execute(query[1]).fetchall()
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
