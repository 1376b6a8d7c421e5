"""Write the generated tables of docs/focus.md anew."""

from __future__ import annotations

import re
from pathlib import Path

from billfold.adapter import find, installed
from billfold.focus.columns import Dataset
from billfold.focus.explain import columns_table, providers_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "focus.md"


def generated(page: str) -> str:
    """Return the page with its tables as the code has them."""
    tables = {dataset.value: columns_table(dataset) for dataset in Dataset}
    tables["providers"] = providers_table({name: find(name).declares for name in installed()})
    for name, table in tables.items():
        page = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda found, t=table: f"{found[1]}{t}\n{found[2]}",
            page,
            flags=re.DOTALL,
        )
    return page


if __name__ == "__main__":
    PAGE.write_text(generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
