"""Sentences: offsets of paragraphs and sentences in running text, for every language with data."""

from dealfacts.sentences.paragraphs import split_paragraphs
from dealfacts.sentences.splitter import split_sentences

__all__ = ["split_paragraphs", "split_sentences"]
