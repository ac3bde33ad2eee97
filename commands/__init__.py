"""The commands, one module each, and what they share in printing.

A module here imports click and its neighbours only; the index, the readers, Whoosh and underthesea are
imported inside the command that needs them, so that help and completion are there at once.
"""
