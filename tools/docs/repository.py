"""The site's pages are the repository's, where they lie, so that each link is good in both."""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
# Not the theme's repo_url: with that, each page would ask GitHub how many stars there are.
SOURCE = "https://github.com/billfold/billfold"
PAGES = (
    "*.md",
    "docs/*.md",
    "docs/pictures/*",
    "adapters/**/*.md",
    "benchmarks/*.md",
    "examples/*/*.md",
)
_CELL = re.compile(r"<td>.*?</td>")
_LOADING = re.compile(r"<(?:script|img|iframe|link)\b[^>]*(?:src|href)=\"?https?://[^\s>]+")
# Sources that stand side by side, "[model] [pools]", are no link to the second.
_SOURCES, _APART = re.compile(r"(?<=[\w ]\]) (?=\[[\w ]+\](?!\())"), "&#32;"
_LIST = re.compile(r"(?m)^((?!```)[\w*`(].*)\n(?=- )")
_TARGET = re.compile(r"(?<=\]\()(?!https?:|#)([^)#\s]+)")


def on_files(files: Files, *, config: Any) -> None:
    """Add what people read in the repository, by its path there."""
    for pattern in PAGES:
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            files.append(File(name, str(ROOT), config.site_dir, config.use_directory_urls))


def on_page_markdown(markdown: str, *, page: Any, files: Files, **_: Any) -> str:
    """Let a link to what is no page, as a module, lead to the repository; it has to be there.

    A list may follow its paragraph at once, as GitHub reads it; here a line has to be between.
    """
    folder = posixpath.dirname(page.file.src_uri)

    def target(found: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(folder, found[1]))
        if files.get_file_from_path(name) or not (ROOT / name).exists():
            return found[1]
        return f"{SOURCE}/blob/main/{name}"

    markdown = _LIST.sub(r"\1\n\n", _SOURCES.sub(_APART, markdown))
    return _TARGET.sub(target, markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Show a bar in the code of a table as a bar; Markdown has it written with a backslash."""
    return _CELL.sub(lambda cell: cell[0].replace("\\|", "|"), html)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """Refuse a page that would fetch anything from elsewhere when it is read."""
    foreign = [tag for tag in _LOADING.findall(output) if 'rel="canonical"' not in tag]
    if foreign:
        raise ValueError(f"{page.file.src_uri} fetches from elsewhere: {foreign}")
    return output
