"""Language identification: which BCP 47 language a text is in, and how sure that is."""

from dealfacts.langid.detector import UNDETERMINED, Detection, LanguageDetector

__all__ = ["UNDETERMINED", "Detection", "LanguageDetector"]
