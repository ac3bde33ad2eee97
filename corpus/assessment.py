"""Classify headings and passages as achievement, shortcoming or cause."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from ..vietnamese import tokenise
from .linear_model import shipped_model
from .model import ASSESSMENTS, Assessment, Decision
from .phrases import PhraseBook, PhraseMatch, words_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# The assessment below a heading; "neutral": none; "mixed": achievements and shortcomings.
Verdict: TypeAlias = Literal["achievement", "shortcoming", "cause", "neutral", "mixed"]

_CONFIDENCE = {"pure": 0.98, "named": 0.85}
_LEAST_CONFIDENCE = 0.45
_OVERRULES = 0.6  # confidence of a passage's own words that overrules "Kết quả đạt được"
_OVERRULES_FEW = 0.9  # the same, for text on undesirable things (accidents, poor households)
_SHORTFALL = 0.8  # confidence of a phrase like "chưa đạt"
_SHORT = 4_000  # characters; the words of a longer text are not cached
_OPENING_CHARACTERS = 160  # characters; enough for the words of an opening
_KEPT_TEXTS = 64  # a passage below achievements is classified twice
_OPENING = 12  # words of a paragraph that show how it begins
_FEWEST_WORDS = 4  # too little evidence: the model would only return its most frequent class
_UNSTATED_CONFIDENCE = 0.6  # of the model, for an achievement that names no result
_TASK_WORDS = 150  # a longer passage is more than a task
_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu")  # "Thứ hai, đẩy mạnh …"
_CONTRAST_REACH = 3  # words that may stand before a contrast: "Song, bên cạnh đó …"
# First letters of "kính thưa" and "thưa", after and between any other characters.
_MAY_ADDRESS = re.compile(r"[\W_]*(?:k|t[\W_]*h)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.;!?])\s")
_QUOTATION = re.compile(r"\s*[-–]?\s*(?:\"[^\"]+\"|“[^”]+”|«[^»]+»)")
# After these words "mới" is "new", not "only": "phát triển mới được 68 hội viên".
_NEW = (
    "phát triển", "kết nạp", "thành lập", "xây dựng", "xây", "trồng", "làm", "mở", "cấp", "ký",
    "tuyển", "đầu tư", "công nhận", "viên",
)  # fmt: skip
_NOT_NEW = "".join(f"(?<!{word} )" for word in _NEW)
_LOW_FIGURE = re.compile(
    rf"\b(?:chỉ|{_NOT_NEW}mới) (?:đạt|bằng|được|thu|hoàn thành|giải ngân|thực hiện)"
    r"(?: được| đạt| tỷ lệ){0,2} \d+",
    re.IGNORECASE,
)
_RISES = frozenset({"tăng", "vượt", "hơn", "gấp"})
_DECLINE = re.compile(
    r"\b(sản lượng|diện tích|năng suất|doanh thu|thu ngân sách|kim ngạch|giá trị sản xuất|tổng đàn"
    r"|lượng khách|thu nhập|doanh số)\b(?: \S+){0,12}? (?:giảm|sụt)(?: \S+){0,2} \d"
)
_CONCESSIVE = frozenset({"tuy", "mặc", "dù", "dẫu"})  # first words of a concession
_FALLS = frozenset({"giảm", "sụt"})
_HEAD = 3  # words of a heading that may stand before a neutral phrase: "Nhóm các giải pháp …"


@dataclass(frozen=True, slots=True)
class HeadingVerdict:
    """The assessment of the passages below a heading.

    ``of`` is the effect of a cause; ``pure`` is True where the heading has no other subject ("Những
    hạn chế, khuyết điểm", but not "Hạn chế trong công tác dân vận"). A neutral verdict that
    ``yields`` is ignored below a heading of achievements or shortcomings; a cause that ``yields``
    also covers lessons. ``opening`` marks the introduction of a report ("Đặc điểm tình hình");
    ``weighed`` marks advantages or difficulties, which may be results or shortcomings.
    """

    verdict: Verdict
    of: Literal["achievement", "shortcoming"] | None
    pure: bool
    yields: bool = False
    opening: bool = False
    weighed: bool = False


@lru_cache(maxsize=1)
def _cues() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("assessment.toml").read_text(encoding="utf-8"))


def set_phrases() -> Iterator[str]:
    """Every phrase that indicates an assessment."""
    for phrases in (*_cues()["headings"].values(), *_cues()["cause-openings"].values()):
        yield from phrases


_KINDS = (
    "achievement", "shortcoming", "cause", "neutral", "contrast", "review", "both", "praise",
    "blame", "fillers", "remedies",
)  # fmt: skip


@lru_cache(maxsize=1)
def _heading_book() -> PhraseBook[str]:
    headings = _cues()["headings"]
    seen: dict[str, str] = {}
    for kind in _KINDS:
        for phrase in headings[kind]:
            seen.setdefault(phrase, kind)
    return PhraseBook(seen.items())


@lru_cache(maxsize=1)
def _openings() -> tuple[PhraseBook[bool], PhraseBook[str]]:
    cues = _cues()
    firm = cues["headings"]["firm-contrast"]
    contrast = PhraseBook(
        [*((phrase, True) for phrase in firm)]
        + [(phrase, False) for phrase in cues["headings"]["contrast"] if phrase not in firm]
    )
    cause = PhraseBook((phrase, phrase) for phrase in cues["cause-openings"]["phrases"])
    return contrast, cause


def _heading_matches(words: Sequence[str]) -> list[PhraseMatch[str]]:
    """The phrases found in a heading.

    "Kết luận" counts as its title only: what "Tổ kiểm tra kết luận" may be good or bad.
    """
    found = _heading_book().find(words)
    return [m for m in found if m.start < 2 or list(words[m.start : m.end]) != ["kết", "luận"]]


def may_be_pure(words: Sequence[str]) -> bool:
    """Whether the first few of ``words``, as a heading, may have a pure verdict."""
    return bool(words) and (words[0].isdigit() or _heading_book().begins(words[0]))


def judge_heading(words: Sequence[str]) -> HeadingVerdict | None:
    """The verdict of a heading, or None.

    ``words`` are the heading's words without its number.

    The first phrase decides: "Hạn chế và bài học kinh nghiệm" is about shortcomings, "Giải pháp
    khắc phục hạn chế" is neutral.
    """
    if _mended(words):
        return HeadingVerdict("achievement", None, False)
    matches = _heading_matches(words)
    numbers = sum(word.isdigit() for word in words)
    pure = sum(match.end - match.start for match in matches) + numbers == len(words)
    matches = [match for match in matches if match.payload not in ("fillers", "remedies")]
    matches = [match for match in matches if match.payload != "neutral" or _leads(match, matches)]
    kinds = [match.payload for match in matches]
    good = "achievement" in kinds or list(words[:2]) == ["kết", "quả"]
    bad = "shortcoming" in kinds
    first = kinds[0] if kinds else None
    if first == "cause" or (first == "contrast" and "cause" in kinds and not bad):
        of: Literal["achievement", "shortcoming"] | None = None
        if good != (bad or "blame" in kinds):
            of = "achievement" if good else "shortcoming"
        lessons = "neutral" in kinds
        return HeadingVerdict("cause", of, pure, yields=lessons)
    if first == "both":
        return HeadingVerdict("mixed", None, pure)
    if first == "neutral" or list(words[:2]) == ["nhiệm", "vụ"]:
        return _neutral(words, matches, pure, bad=bad)
    if good and bad:
        mixed = "contrast" not in kinds
        return HeadingVerdict("mixed" if mixed else "shortcoming", None, pure)
    if bad:
        mixed = first == "review"
        return HeadingVerdict("mixed" if mixed else "shortcoming", None, pure)
    if good:
        plans = _phrases(words, matches, "neutral") & set(_cues()["headings"]["future"])
        whole = "achievement" in kinds
        return HeadingVerdict("mixed" if plans else "achievement", None, pure and whole)
    kinds = [match.payload for match in matches if match.payload != "praise" or match.start > 1]
    return _statement(words, kinds, pure)


def _mended(words: Sequence[str]) -> bool:
    """Whether a heading reports that earlier shortcomings were corrected."""
    found = _heading_openings().find(words)
    return bool(found) and found[0].start == 0


@lru_cache(maxsize=1)
def _heading_openings() -> PhraseBook[str]:
    return PhraseBook((phrase, phrase) for phrase in _cues()["headings"]["mended"])


def _leads(match: PhraseMatch[str], matches: Sequence[PhraseMatch[str]]) -> bool:
    """Whether a neutral phrase comes first, or after a phrase of another kind."""
    return match.start <= _HEAD or any(
        other.start < match.start and other.payload != "neutral" for other in matches
    )


def _neutral(
    words: Sequence[str], matches: Sequence[PhraseMatch[str]], pure: bool, *, bad: bool
) -> HeadingVerdict:
    found = _phrases(words, matches, "neutral")
    cues = _cues()["headings"]
    opening = bool(found) and found <= set(cues["opening"])
    if opening and bad:
        return HeadingVerdict("shortcoming", None, pure)
    yields = bool(found) and not found & set(cues["future"])
    weighed = opening and found <= set(cues["conditions"])
    return HeadingVerdict("neutral", None, pure, yields, opening, weighed)


def _statement(words: Sequence[str], kinds: Sequence[str], pure: bool) -> HeadingVerdict | None:
    """The verdict of a heading that praises, blames or reviews.

    These headings contain no assessment word.
    """
    if "blame" in kinds:
        return HeadingVerdict("shortcoming", None, False)
    if "praise" in kinds:
        return HeadingVerdict("achievement", None, False)
    if kinds[:1] == ["review"] and len(kinds) > 1:
        return HeadingVerdict("mixed", None, pure)
    if list(words) in (["kết", "quả"], ["kết", "luận"]):
        return HeadingVerdict("achievement", None, False)
    return None


def _phrases(words: Sequence[str], matches: Sequence[PhraseMatch[str]], kind: str) -> set[str]:
    """The phrases of one ``kind`` among ``matches``."""
    return {" ".join(words[match.start : match.end]) for match in matches if match.payload == kind}


@lru_cache(maxsize=_KEPT_TEXTS)
def judge_words(text: str) -> tuple[Assessment | None, Decision]:
    """Assess a passage by its own words; return the assessment and the evidence.

    Uses the linear model (see :mod:`.linear_model`). Announcements ("… một số giải pháp như sau:"),
    tasks ("Đẩy mạnh …" without a result), and opinions of others have no assessment.
    """
    words = _opening(text)
    cause = _cause(words)
    if cause is not None:
        return "cause", cause
    if len(words) < _FEWEST_WORDS or announces(text) or _is_task(words) or _is_opinion(words):
        return None, Decision("default")
    if _is_quotation(text):
        return None, Decision("default")
    text = _main_clause(text, words)
    if short := _low_figure(text, words):
        return "shortcoming", short
    vote = shipped_model("assessments").vote(text)
    if not vote.has_evidence:
        return None, Decision("default")
    least = _LEAST_CONFIDENCE
    if vote.name == "achievement" and not _has_result(words):
        least = _UNSTATED_CONFIDENCE
    if vote.name == "none" or vote.confidence < least:
        return None, Decision("default", (), round(vote.confidence, 3))
    kind: Assessment = next(name for name in ASSESSMENTS if name == vote.name)
    return kind, Decision("words", vote.evidence, round(vote.confidence, 3))


def _main_clause(text: str, words: Sequence[str]) -> str:
    """``text`` without a concessive clause at its beginning.

    In "Tuy còn khó khăn, huyện vẫn đạt …" and "Tuy đã cố gắng nhưng …" the main clause counts.
    """
    if words[0] not in _CONCESSIVE:
        return text
    concessions, turns = _shortfalls()[2:4]
    conceded = concessions.find(words[:_OPENING])
    if not conceded or conceded[0].start or begins_with_contrast(words, 1):
        return text
    sentence = _SENTENCE_END.split(text, maxsplit=1)[0]
    tokens = tokenise(sentence)
    turn = turns.find([token.text for token in tokens])
    if turn and turn[0].end < len(tokens):
        start = tokens[turn[0].end].start
    else:
        start = sentence.find(",") + 1
    rest = sentence[start:]
    return (rest + text[len(sentence) :]).strip() if start and rest.strip() else text


def _low_figure(text: str, words: Sequence[str]) -> Decision | None:
    """The decision for a passage that calls a figure low ("mới giải ngân 38 %")."""
    found = _LOW_FIGURE.search(text) if "mới" in words or "chỉ" in words else None
    if found is None or _shortfalls()[1].find(words):
        return None
    return Decision("words", (found[0],), _SHORTFALL)


def _decline(words: Sequence[str]) -> Decision | None:
    """The decision for a passage where output or income falls and nothing rises."""
    if _RISES.intersection(words) or not _FALLS.intersection(words):
        return None
    found = _DECLINE.search(" ".join(words))
    return Decision("words", (found[1], "giảm"), _SHORTFALL) if found else None


def _is_quotation(text: str) -> bool:
    """Whether most of a passage is quoted speech."""
    found = _QUOTATION.match(text)
    return found is not None and 2 * len(found[0]) > len(text)


def announces(text: str) -> bool:
    """Whether a passage only announces plans or proposals.

    For example "… đề xuất một số giải pháp như sau:".
    """
    if text.rstrip()[-1:] != ":" or len(text) > _SHORT:
        return False
    words = words_of(text)
    matches = _heading_matches(words)
    kinds = {match.payload for match in matches}
    if "neutral" not in kinds or kinds & {"achievement", "shortcoming", "contrast"}:
        return False
    opening = _phrases(words, matches, "neutral") <= set(_cues()["headings"]["opening"])
    return not (opening and "blame" in kinds)  # "… còn nhiều khó khăn sau:" does not propose


def _is_task(words: Sequence[str]) -> bool:
    """Whether a passage starts with the verb of a task and states no result."""
    if len(words) > _TASK_WORDS:
        return False
    verbs, results, firm = _tasks()
    found = verbs.find(words[:_OPENING])
    start = found[0].start if found else None
    if start is None or (start and not (start == 2 and words[1] in ("là", *_ORDINALS))):
        return False
    return not any(match.payload for match in (firm if start else results).find(words))


def _has_result(words: Sequence[str]) -> bool:
    return any(match.payload for match in _tasks()[1].find(words))


@lru_cache(maxsize=1)
def _tasks() -> tuple[PhraseBook[bool], PhraseBook[bool], PhraseBook[bool]]:
    """Phrase books: verbs of tasks, words of results, unambiguous words of results."""
    cues = _cues()["tasks"]
    verbs = [(phrase, False) for phrase in cues["verbs"]]
    results, firm = ([(phrase, True) for phrase in cues[name]] for name in ("results", "firm"))
    others = [*verbs, *((phrase, False) for phrase in cues["no-results"])]
    return PhraseBook(verbs), PhraseBook([*results, *others]), PhraseBook([*firm, *others])


def _is_opinion(words: Sequence[str]) -> bool:
    """Whether a passage opens with an opinion of others: "Một số ý kiến đề nghị …"."""
    return bool(_opinions().find(words[:_OPENING]))


@lru_cache(maxsize=1)
def _opinions() -> PhraseBook[str]:
    return PhraseBook((phrase, phrase) for phrase in _cues()["opinions"]["phrases"])


def states_results(text: str) -> bool:
    """Whether the words of a passage clearly report results or shortcomings."""
    kind, why = judge_words(text)
    return kind in ("achievement", "shortcoming") and why.confidence >= _OVERRULES


def is_salutation(text: str) -> bool:
    """Whether a passage only addresses the audience: "Kính thưa Đại hội!"."""
    if not _MAY_ADDRESS.match(text):
        return False
    sentences = [part for part in _SENTENCE_END.split(text[:_OPENING_CHARACTERS]) if part.strip()]
    if not sentences or not all(map(greets, sentences)):
        return False
    return len(sentences) > 1 or len(words_of(sentences[0])) <= _OPENING


def without_address(text: str) -> str:
    """``text`` without an address to the audience at its start."""
    end = text.find("!", 0, _OPENING_CHARACTERS) + 1
    if not end or not text[end:].strip() or not is_salutation(text[:end]):
        return text
    return text[end:].lstrip()


def greets(text: str) -> bool:
    """Whether a text begins by addressing the audience."""
    if not _MAY_ADDRESS.match(text):
        return False
    words = words_of(text[:_OPENING_CHARACTERS])
    return words[:1] == ["thưa"] or words[:2] == ["kính", "thưa"]


def is_opening(text: str, *, greeted: bool = False, sections: bool = True) -> bool:
    """Whether a paragraph before the first heading only introduces the report.

    With ``greeted`` the paragraph follows "Kính thưa …", and any welcome or thanks counts. A report
    without ``sections``, like a press report, states its matter in its first paragraph: only one
    that announces a list introduces it.
    """
    words = words_of(text)
    begins, announces, ceremony = _opening_words()
    if greeted and ceremony.find(words):
        return True
    found = begins.find(words[:_OPENING])
    if not found or found[0].start:
        return False
    return (
        found[0].payload in _cues()["opening-words"]["always"]
        or text.rstrip()[-1:] == ":"
        or any(
            match.start > found[0].end  # not its object: "Theo báo cáo của …"
            and (sections or match.payload == "như sau")
            for match in announces.find(words)
        )
    )


@lru_cache(maxsize=1)
def _opening_words() -> tuple[PhraseBook[str], ...]:
    """Phrase books: first words of an opening, its announcements, and ceremony."""
    cues = _cues()["opening-words"]
    names = ("begins", "announces", "ceremony")
    return tuple(PhraseBook((phrase, phrase) for phrase in cues[name]) for name in names)


def opens_with_cause(text: str, *, below_causes: bool = False) -> Decision | None:
    """The decision for a passage that begins with a cause.

    For example "Nguyên nhân là …" or "Sở dĩ …", and below a heading of causes also "Do …".
    """
    words = _opening(text)
    if below_causes and words[:1] == ["do"]:
        return Decision("words", ("do",), _SHORTFALL)
    return _cause(words)


def _cause(words: Sequence[str]) -> Decision | None:
    found = _openings()[1].find(words[:_OPENING])
    return Decision("words", (found[0].payload,), 0.8) if found and found[0].start == 0 else None


def _opening(text: str) -> list[str]:
    return words_of(text if len(text) <= _SHORT else text[:_OPENING_CHARACTERS])


def begins_with_contrast(
    words: Sequence[str], reach: int = _CONTRAST_REACH, *, firm: bool = False
) -> bool:
    """Whether a contrast to the negative is among the first ``reach`` words.

    For example "Tuy nhiên, …" or "Bên cạnh đó còn …"; with ``firm`` only unambiguous phrases count
    ("Bên cạnh những kết quả đạt được, …").
    """
    found = _openings()[0].find(words[:_OPENING])
    return bool(found) and found[0].start < reach and (found[0].payload or not firm)


def falls_short(text: str) -> Decision | None:
    """The decision for a passage whose own words contradict a heading of achievements.

    For example "… đạt 31 %, thấp hơn bình quân chung". Concessions ("Tuy gặp khó khăn, …") do not
    count, nor low figures of undesirable things ("hộ nghèo còn 1,2 %").
    """
    words = _opening(text)
    shortfalls, fewer, concessions, turns = _shortfalls()
    conceded = concessions.find(words[:_OPENING])
    if conceded and conceded[0].start == 0 and not begins_with_contrast(words, 1):
        turn = turns.find(words)
        if not turn:
            return None
        words = words[turn[0].end :]
    few_is_good = bool(fewer.find(words))
    if not few_is_good:
        found = shortfalls.find(words)
        if found:
            return Decision("words", (found[0].payload,), _SHORTFALL)
        if decline := _low_figure(text, words) or _decline(words):
            return decline
    kind, why = judge_words(text)
    least = _OVERRULES_FEW if few_is_good else _OVERRULES
    return why if kind == "shortcoming" and why.confidence >= least else None


@lru_cache(maxsize=1)
def _shortfalls() -> tuple[PhraseBook[str], ...]:
    cues = _cues()["shortfalls"]
    names = ("phrases", "fewer-is-better", "concessions", "turns")
    return tuple(PhraseBook((phrase, phrase) for phrase in cues[name]) for name in names)


def confidence(verdict: HeadingVerdict) -> float:
    """Confidence of a heading's verdict for the passages below it, from 0 to 1."""
    return _CONFIDENCE["pure" if verdict.pure else "named"]
