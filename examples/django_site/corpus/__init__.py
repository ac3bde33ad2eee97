"""The site's own app ``corpus``, which has nothing to do with tracuu's package of that name."""
