"""The site's own app ``search``, which has nothing to do with tracuu's package of that name."""
