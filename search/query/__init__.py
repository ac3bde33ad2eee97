"""The query language: ``lexer → parser → ast → planner``."""
