"""One self-contained page that shows every deal, where it comes from and what is in dispute."""

from dealfacts.report.order import by_weight
from dealfacts.report.page import field_label, write_report

__all__ = ["by_weight", "field_label", "write_report"]
