"""Documents: from files of any common kind to articles, with title, date and boilerplate found."""

from dealfacts.documents.corpus import CorpusReader
from dealfacts.documents.decode import decode_bytes
from dealfacts.documents.draft import Draft
from dealfacts.documents.html import read_html
from dealfacts.documents.plain import read_plain

__all__ = ["CorpusReader", "Draft", "decode_bytes", "read_html", "read_plain"]
