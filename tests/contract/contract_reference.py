"""The contract said once more, document by document, as plainly as can be: what the engines are held to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import log

from tracuu import engines as c


class Reference:
    """Scores by the formula of the contract's docstring, for a list of documents."""

    def __init__(self, documents: Sequence[c.Document], schema: c.Schema) -> None:
        self.documents = documents
        self.fields = {field.name: field for field in schema.text}

    def tokens(self, document: c.Document, name: str) -> list[str]:
        tokens = document.tokens.get(name, ())
        return [token[0] if self.fields[name].positions else token for token in tokens]

    def matches(self, node: c.Node) -> dict[str, float]:
        found = ((document.key, self.score(node, document)) for document in self.documents)
        return {key: score for key, score in found if score is not None}

    def idf(self, name: str, token: str) -> float:
        texts = [tokens for document in self.documents if (tokens := self.tokens(document, name))]
        df = sum(token in tokens for tokens in texts)
        return log(1 + (len(texts) - df + 0.5) / (df + 0.5))

    def bm25(self, name: str, document: c.Document, tf: int, idf: float, boost: float) -> float:
        lengths = [length for other in self.documents if (length := len(self.tokens(other, name)))]
        field, mean = self.fields[name], sum(lengths) / len(lengths)
        norm = field.k1 * (1 - field.b + field.b * len(self.tokens(document, name)) / mean)
        return boost * idf * tf * (field.k1 + 1) / (tf + norm)

    def score(self, node: c.Node, document: c.Document) -> float | None:
        match node:
            case c.Term(name, token, boost):
                tf = self.tokens(document, name).count(token)
                return self.bm25(name, document, tf, self.idf(name, token), boost) if tf else None
            case c.Phrase(name, tokens, _, _, boost):
                tf = self.places(node, document)
                idf = sum(self.idf(name, token) for token in tokens)
                return self.bm25(name, document, tf, idf, boost) if tf else None
            case c.Prefix(name, prefix, limit, boost):
                known = {token for other in self.documents for token in self.tokens(other, name)}
                df = {
                    token: sum(token in self.tokens(d, name) for d in self.documents)
                    for token in known
                }
                chosen = sorted(
                    (t for t in known if t.startswith(prefix)), key=lambda t: (-df[t], t)
                )[:limit]
                return self.score(
                    c.DisMax(tuple(c.Term(name, token, boost) for token in chosen)), document
                )
            case c.TermIn(name, values):
                return 0.0 if set(values) & set(document.keywords.get(name, ())) else None
            case c.Range(name, low, high):
                number = document.numbers.get(name)
                inside = (
                    number is not None
                    and (low is None or low <= number)
                    and (high is None or number <= high)
                )
                return 0.0 if inside else None
            case c.MatchAll():
                return 0.0
        return self.inner(node, document)

    def inner(self, node: c.Node, document: c.Document) -> float | None:
        match node:
            case c.ConstantScore(child):
                return None if self.score(child, document) is None else 0.0
            case c.AndNot(wanted, unwanted):
                return (
                    self.score(wanted, document) if self.score(unwanted, document) is None else None
                )
            case c.AndMaybe(required, optional):
                score = self.score(required, document)
                return None if score is None else score + (self.score(optional, document) or 0.0)
        assert isinstance(node, c.Or | c.And | c.DisMax)
        scores = [self.score(child, document) for child in node.children]
        there = [score for score in scores if score is not None]
        if isinstance(node, c.DisMax):
            return max(there, default=None)
        min_should_match = node.min_should_match if isinstance(node, c.Or) else max(len(scores), 1)
        return sum(there) if len(there) >= min_should_match else None

    def places(self, node: c.Phrase, document: c.Document) -> int:
        """How many positions a window with the phrase begins at, by trying every combination."""
        where = [
            [at for token, at in document.tokens.get(node.field, ()) if token == wanted]
            for wanted in node.tokens
        ]
        starts = set()
        for combination in product(*where) if where else ():
            if len(set(combination)) < len(combination):
                continue
            if node.ordered and list(combination) != sorted(combination):
                continue
            if max(combination) - min(combination) - (len(combination) - 1) <= node.slop:
                starts.add(min(combination))
        return len(starts)
