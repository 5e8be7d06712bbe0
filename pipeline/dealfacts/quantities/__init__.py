"""Money, percentages, physical quantities and numbers in running text, with their values.

Pure functions, usable alone:

>>> from dealfacts.quantities import find_quantities
>>> [span.text for span in find_quantities("Invertirá hasta 1.500 millones de euros.", "es")]
['1.500 millones de euros']
"""

from dealfacts.quantities.context import DocumentContext
from dealfacts.quantities.formatting import format_value
from dealfacts.quantities.reader import QuantitySpan, document_context, find_in_document, find_quantities

__all__ = [
    "DocumentContext",
    "QuantitySpan",
    "document_context",
    "find_in_document",
    "find_quantities",
    "format_value",
]
