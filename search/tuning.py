"""All tuning constants of ranking, matching and spelling correction.

``k1`` and ``b`` of the fields are in :mod:`tracuu.schema`. "Three sets" are alqac2022, xquad_vi and
mlqa_vi_dev together; docs/ranking.md documents how each number was chosen and its effect.
"""

from __future__ import annotations

# Scores (scoring.py). Weights are factors of a BM25 score.
SHORT_PAIR_WEIGHT = 0.24  # of a pair of neighbouring syllables in a short query; five sets
LONG_PAIR_WEIGHT = 0.96  # of one in a long query; five sets
SHORT_QUERY = 4  # syllables; up to here pairs weigh SHORT_PAIR_WEIGHT; not tuned
LONG_PAIR_QUERY = 40  # syllables; from here on pairs weigh LONG_PAIR_WEIGHT; five sets
USUAL_IDF = 1.8  # nats; a name or code of this idf has weight 1, a rarer one more; five sets
TITLE_WEIGHT = 0.25  # of a syllable in the report's title; not tuned: no set has report titles
SAME_WEIGHT = 0.9  # of the long form of an abbreviation, or the short one; not tuned
QUESTION_WEIGHT = 0.0  # of question words (gì, nào, ai) and phrases (vì sao); three sets
# of function words: của, và, các; of a pair of two its square; five sets and fresh questions
FUNCTION_WEIGHT = 0.5
FORGIVEN_WEIGHT = 0.8  # of substitutes for a word missing from the index; mlqa_vi_dev
# of the folded form of an unmarked word among marked ones; mlqa_vi_dev
UNMARKED_WEIGHT = 0.7
MAX_GROUPS = 128  # syllables and pairs scored for one run of words; limits the time
MAX_SCORED = 256  # scoring nodes of one query; limits the time

# Matches (matching.py, query/).
LONG_QUERY = 12  # words; phrases of a query this long, a pasted text, need not all match
# words; for queries this long, and questions, all passages with one word are ranked; five sets
RANKED_QUERY = 4
# share of passages up to which a syllable is rare, and matches a question; not tuned
RARE_SHARE = 0.1
MAX_TERMS = 256  # syllables of one query that are looked up; limits the time
LONGEST_WORD = 4  # syllables
MIN_WORD_SHARE = 0.1  # share of the passages with its pairs that have a span as a word
MIN_COHESION = 0.25  # share of the passages with its rarer syllable that contain a pair
MAX_CHECKED_WORDS = 32  # words of a query looked for in each hit
MAX_PHRASE = 32  # maximum tokens of a phrase; longer ones are split
MAX_EXPANSIONS = 64  # maximum words that ``word*`` expands to, most frequent first
MAX_NEAR = 32  # maximum words that ``word~`` expands to, most frequent first

# Spelling (spelling.py, query/terms.py). Costs are in the units of the Viterbi search.
LONGEST_CORRECTED = 20  # characters
MAX_CORRECTED = 8  # maximum unknown words of a query compared with the index
MIN_CORRECTED = 4  # characters
NEAREST = 3  # maximum substitutes for an unknown word
MAX_SUGGESTED_WORDS = 24  # words; no suggestions for longer queries
MAX_REPAIRED = 8  # maximum words of a query with candidates
SPELLING_CANDIDATES = 6  # of one word
LONGEST_JOINED = 40  # maximum characters of a word without spaces that is split into syllables
TYPING_COST = 0.5  # of raw Telex or VNI
SPACE_COST = 1.5  # of a missing space
LETTER_COST = 2.0  # of a letter
RARE_COST = 1.0  # of a correctly spelt word missing from the index
UNKNOWN_COST = 6.0  # of any other word missing from it

# Meaning (meaning.py, vectors.py), with an embedder; the effect on two sets is in docs/meaning.md.
MEANING_RESCORED = 50  # best hits by words that are reranked; not tuned
MEANING_RETRIEVED = 50  # nearest passages, if words find nothing; not tuned
MEANING_SHARE = 0.5  # of meaning in the score of a reranked hit; the rest is the score by words

# More like this (more_like_this.py).
SIMILAR_TERMS = 24  # syllables and pairs of the query, as in Lucene's MoreLikeThis (25)
SIMILAR_PAIR_WEIGHT = 0.318  # weight of a pair relative to a syllable; not tuned
SIMILAR_SHARE = 0.2  # share of them that a passage must contain; at least two
