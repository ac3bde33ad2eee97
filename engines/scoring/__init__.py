"""Scoring shared by all engines: BM25, phrases, query evaluation, top documents."""
