"""Deals: who does what with whom, for how much, and how sure it is, read off one article.

facts = find_facts(article)                       # needs text, lang and mentions
print(explain_fact(article, facts[0].id))         # triggers, sides and why
"""

from dealfacts.deals.explain import Explanation, explain_fact
from dealfacts.deals.facts import find_facts
from dealfacts.deals.model import DealModel, load_model

__all__ = ["DealModel", "Explanation", "explain_fact", "find_facts", "load_model"]
