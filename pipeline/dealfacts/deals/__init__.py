"""Deals: who does what with whom, for how much, and how sure it is, read off one article.

facts = find_facts(article)                       # needs text, lang and mentions
print(explain_fact(article, facts[0].id))         # triggers, sides and why

How an article is read, module by module:

1. `reading` cuts the text into sentences of words, names and figures, `fractions` of a company among them;
   `lexicon` finds the words that may state a deal (triggers), its status or its context.
2. `events`: for each trigger, log-linear scorers (`scorer`, on `features`) say which type of deal it states,
   which name is on which side, what each figure means and how far the deal has come; `places` and the
   `paths` through the dependencies that a parser (`syntax`) finds tell how a name stands towards the trigger.
   A recurrent network (`network`), which sees each word as the parser and a pre-trained transformer
   (`encoder`) do, answers all of this too. `context` weighs each statement again once all are known, with
   trees (`trees`).
3. `slots`: for each side of each statement, trees rank every entity of the article, by what its sentence
   says and by how it stands in the article (`salience`); types that fill the same sides are one group
   (`groups`).
4. `hypotheses`: each statement votes for the likeliest pairs of parties; the votes of all statements add up.
5. `judging`: trees say how sure each pair is, beside its rivals; `choosing` tells the surest and drops other
   readings of the same statements, and `parting` divides what is two deals of one kind between two parties.
6. `amounts`, `stakes`, `days` and `sellers` give each told deal its sum, its stake, its dates and who sells
   (`figures` gathers what is said of each); `drafting` settles type, further parties, other figures and
   status.
7. `facts` writes the records, each grounded in the sentences it was read from, and drops what repeats;
   `sources` says who reported it; `explain` says why a fact was told.
"""

from dealfacts.deals.explain import Explanation, explain_fact
from dealfacts.deals.facts import find_facts
from dealfacts.deals.model import MODELS, DealModel, load_model

__all__ = ["MODELS", "DealModel", "Explanation", "explain_fact", "find_facts", "load_model"]
