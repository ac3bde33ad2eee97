"""The site's own app ``search``, unrelated to tracuu's package of that name."""
