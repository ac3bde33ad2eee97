"""The engine built on tantivy; only this package imports tantivy."""
