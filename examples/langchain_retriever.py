"""A LangChain retriever over an index: Documents with metadata for citations.

    python langchain_retriever.py reports.idx "giải ngân vốn đầu tư"

It is an example to copy rather than a module of tracuu: each chain needs other metadata and amounts
of text, and langchain-core has its own pace of releases.
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
    """The top ``k`` passages, optionally of an area or an assessment.

    ``index`` is shared: any number of threads may search it. The asynchronous methods of retrievers
    run the synchronous one in a thread, so that searches do not block the event loop.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: int = 5
    area: str | None = None
    assessment: Literal["achievement", "shortcoming", "cause", "none"] | None = None
    # passages before and after each hit, for references such as "this" and "these"
    neighbours: int = 0

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        results = self.index.search(
            query,
            area=self.area,
            assessment=self.assessment,
            limit=self.k,
            literal=True,  # text from a model may contain operators of the query language by chance
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
