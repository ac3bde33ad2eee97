"""A LangChain retriever over an index: Documents with what a citation needs.

    python langchain_retriever.py reports.idx "giải ngân vốn đầu tư"

It is an example to copy rather than a module of tracuu: which metadata a chain wants, and how much
text, is the chain's to decide, and langchain-core moves at a pace of its own.
"""

from __future__ import annotations

import sys
from typing import Any, Literal

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from tracuu import Hit, Index


class TracuuRetriever(BaseRetriever):
    """The ``k`` passages that rank best, narrowed to an area or an assessment.

    ``index`` is shared: any number of threads may search it. The asynchronous methods of a
    retriever run this one in a thread, so that an event loop never waits for a search.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: int = 5
    area: str | None = None
    assessment: Literal["achievement", "shortcoming", "cause", "none"] | None = None
    # passages before and after each that come with it, for what "this" and "these" in it refer to
    neighbours: int = 0

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        results = self.index.search(
            query,
            area=self.area,
            assessment=self.assessment,
            limit=self.k,
            literal=True,  # a model's words may hold signs of the query language by chance
        )
        return [self._document(hit) for hit in results]

    def _document(self, hit: Hit) -> Document:
        passage = hit.passage
        text = passage.text
        if self.neighbours:
            around = self.index.surroundings(
                passage.id, before=self.neighbours, after=self.neighbours
            )
            text = "\n\n".join(other.text for other in around.passages)
        metadata: dict[str, Any] = {
            "report": passage.report,
            "report_title": hit.report_title,
            "heading_path": list(passage.heading_path),
            "area": passage.area,
            "assessment": passage.assessment,
            "page": passage.page,
            "score": hit.score,
        }
        return Document(id=passage.id, page_content=text, metadata=metadata)


if __name__ == "__main__":
    with Index.open(sys.argv[1]) as opened:
        for document in TracuuRetriever(index=opened, k=2).invoke(sys.argv[2]):
            print(f"{document.id}  {document.metadata['report_title']}\n{document.page_content}\n")
