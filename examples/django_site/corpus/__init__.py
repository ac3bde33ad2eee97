"""The site's own app ``corpus``, unrelated to tracuu's package of that name."""
