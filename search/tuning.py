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
USUAL_IDF = 4.0  # nats; a term of this idf has its weight, a rarer one more; five sets
TITLE_WEIGHT = 0.25  # of a syllable in the report's title; not tuned: no set has report titles
SAME_WEIGHT = 0.9  # of the long form of an abbreviation, or the short one; not tuned
QUESTION_WEIGHT = 0.0  # of question words (gì, nào, ai) and phrases (vì sao); three sets
FUNCTION_WEIGHT = 0.75  # of function words: của, và, các; three sets
FUNCTION_PAIR_WEIGHT = 0.25  # of a pair of two function words; three sets
FORGIVEN_WEIGHT = 0.8  # of another form of a word that the index does not hold; mlqa_vi_dev
# of the folded form of a word typed without marks among marked ones; mlqa_vi_dev
UNMARKED_WEIGHT = 0.7
MAX_GROUPS = 128  # syllables and pairs scored for one stretch of words; a limit on time
MAX_SCORED = 256  # scoring nodes of one query; a limit on time

# Matches (matching.py, query/).
LONG_QUERY = 12  # words; from here on a query is a pasted text whose phrases need not all match
# words; from here on, and for questions, every passage with one of them is ranked; five sets
RANKED_QUERY = 4
# of the passages; a syllable that no more hold is a match of a question; not tuned
RARE_SHARE = 0.1
MAX_TERMS = 256  # syllables of one query that are looked up; a limit on time
LONGEST_WORD = 4  # syllables
MIN_WORD_SHARE = 0.1  # of the passages with its pairs, in which a span is a word for the segmenter
MIN_COHESION = 0.25  # of the passages with its rarer syllable, in which a pair stands
MAX_CHECKED_WORDS = 32  # words of a query that each hit is checked for
MAX_PHRASE = 32  # tokens of one phrase; a longer one is searched for piece by piece
MAX_EXPANSIONS = 64  # words that ``word*`` stands for, the most frequent ones
MAX_NEAR = 32  # words that ``word~`` stands for, the most frequent ones

# Spelling (spelling.py, query/terms.py). Costs are in the units of the Viterbi search.
LONGEST_CORRECTED = 20  # characters
MAX_CORRECTED = 8  # unknown words of a query that are compared with the index
MIN_CORRECTED = 4  # characters
NEAREST = 3  # forms taken for one unknown word
MAX_SUGGESTED_WORDS = 24  # words; longer queries get no suggestion
MAX_REPAIRED = 8  # words of a query for which candidates are made
SPELLING_CANDIDATES = 6  # of one word
LONGEST_JOINED = 40  # characters of a word without spaces that is cut into syllables
TYPING_COST = 0.5  # of raw Telex or VNI
SPACE_COST = 1.5  # of a missing space
LETTER_COST = 2.0  # of a letter
RARE_COST = 1.0  # of a well-spelt word that the index does not hold
UNKNOWN_COST = 6.0  # of any other word that it does not hold

# More like this (more_like_this.py).
SIMILAR_TERMS = 24  # syllables and pairs of the query, as in Lucene's MoreLikeThis (25)
SIMILAR_PAIR_WEIGHT = 0.318  # of a pair against a syllable; not tuned
SIMILAR_SHARE = 0.2  # of them, that a passage must hold; at least two
