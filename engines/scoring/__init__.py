"""Scoring shared by all engines: BM25, phrases, evaluation of query trees, collection of the top documents."""
