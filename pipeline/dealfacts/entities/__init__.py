"""Names in articles: found by a model, made consistent, and linked into entities.

finder = NameFinder()
names = finder.find([text], ["en"])[0]
linked = link_names(text, "en", names)
affiliations(text, "en", linked)           # {"Jensen Huang": "Nvidia"}
"""

from dealfacts.entities.finder import NameFinder
from dealfacts.entities.linking import LinkedName, affiliations, link_names
from dealfacts.entities.spans import NameSpan

__all__ = ["LinkedName", "NameFinder", "NameSpan", "affiliations", "link_names"]
