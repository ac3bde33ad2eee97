"""Handlers of every exception are for cleaning up, or give their reason."""

from __future__ import annotations

import ast

from sources import Source

BROAD = {"Exception", "BaseException"}


def names(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.Tuple):
        return {name for each in node.elts for name in names(each)}
    return {"BaseException"} if node is None else {ast.unparse(node)}


def test_a_handler_of_every_exception_raises_it_again_or_gives_its_reason(
    package: list[Source],
) -> None:
    unexplained = []
    for source in package:
        lines = source.text.splitlines()
        for node in source.nodes:
            if not isinstance(node, ast.ExceptHandler) or not names(node.type) & BROAD:
                continue
            last = node.body[-1]
            cleans_up = isinstance(last, ast.Raise) and last.exc is None
            if not cleans_up and "  # " not in lines[node.lineno - 1]:
                unexplained.append(f"{source.name}:{node.lineno}")
    assert unexplained == []
