"""A report about what accounts cost: one self-contained HTML page.

>>> answers = await report.ask(fold, Period.month(2026, 10))
>>> content = report.build_content(answers, convert, currency="EUR", now=now)
>>> html = report.render_page(content, now)

``convert`` makes converted lines of usage: ``billfold.costs.priced_lines`` with a currency.
"""

from billfold.report.answers import ReportAnswers
from billfold.report.content import ReportContent, build_content
from billfold.report.page import render_page
from billfold.report.read_accounts import ask

__all__ = ["ReportAnswers", "ReportContent", "ask", "build_content", "render_page"]
