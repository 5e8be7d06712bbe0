"""Measure any stage and the whole against hand-labelled articles.

`evaluate(gold, output)` returns every figure with its interval; `report` writes them as text,
`errors` shows each miss in context, `floors` guards them, `formats` moves labels in and out.
"""

from dealfacts.evaluate.gold import GoldArticle, check_gold, read_gold
from dealfacts.evaluate.measures import Measure
from dealfacts.evaluate.scoring import Evaluation, evaluate

__all__ = ["Evaluation", "GoldArticle", "Measure", "check_gold", "evaluate", "read_gold"]
