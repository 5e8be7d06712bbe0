"""Treebanks for the parser of the deal finder."""
