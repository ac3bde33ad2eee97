"""The site's own app ``indexer``, unrelated to tracuu's package of that name."""
