"""Batch runs: a corpus through every stage to the table, resumable, on any number of workers."""
