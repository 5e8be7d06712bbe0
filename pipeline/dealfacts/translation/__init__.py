"""Translation into English that keeps every figure, date and name: models, protection, repair, cache."""

from dealfacts.translation.choice import CHOICES, check_choice, installed_models, open_backend
from dealfacts.translation.translator import Text, TranslatedSentence, Translator

__all__ = [
    "CHOICES",
    "Text",
    "TranslatedSentence",
    "Translator",
    "check_choice",
    "installed_models",
    "open_backend",
]
