"""Move labels in and out of other tools: Label Studio, doccano, spaCy and IOB2 files.

Each format is a module with `read(path)` and `write(articles, path)`. All keep ids, values and deals, so
that what is written and read again is the same gold; labels that were changed in the tool come back
changed. `FORMATS` names them.

>>> sorted(FORMATS)
['doccano', 'iob2', 'labelstudio', 'spacy']
"""

from __future__ import annotations

from types import ModuleType

from dealfacts.evaluate.formats import docbin, doccano, iob2, labelstudio

FORMATS: dict[str, ModuleType] = {
    "doccano": doccano,
    "iob2": iob2,
    "labelstudio": labelstudio,
    "spacy": docbin,
}

__all__ = ["FORMATS", "docbin", "doccano", "iob2", "labelstudio"]
