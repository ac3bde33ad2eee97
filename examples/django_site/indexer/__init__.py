"""The site's own app ``indexer``, which has nothing to do with tracuu's package of that name."""
