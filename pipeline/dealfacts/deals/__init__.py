"""Deals: who does what with whom, for how much, and how sure it is, read off one article.

facts = find_facts(article)        # needs text, lang and mentions
"""

from dealfacts.deals.facts import find_facts
from dealfacts.deals.scorer import load_scorers

__all__ = ["find_facts", "load_scorers"]
