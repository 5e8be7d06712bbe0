"""dealfacts inside other people's pipelines."""
