"""The structure of syllables and where the tone mark goes."""

import pytest

from tracuu.vietnamese import Tone, fold, is_syllable, place_tone, strip_tone, tone_of
from tracuu.vietnamese.letters import LETTER, VOWELS, listed
from tracuu.vietnamese.syllables import ONSETS, RHYMES, is_folded_syllable, split
from tracuu.vietnamese.tones import canonical, marked_forms, new_style

WORDS = (
    "Đảng bộ quận lãnh đạo phát triển kinh tế xã hội giữ vững quốc phòng an ninh nghiêng ngửa khuỷu tay "
    "thuở xưa quyết định giếng gì giữa quýnh xoong soóng huýt sáo yêu chuyện khuya uống rượu ươm mầm ý kiến "
    "hoà hòa thuý thúy ủy uỷ ngoằn ngoèo loắt choắt tuýp ghế nghề kỹ kĩ cá kẻ quơ quờ ích lợi giặt quần"
)


@pytest.mark.parametrize("word", WORDS.split())
def test_words_of_the_language_are_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(word.upper())


NO_SYLLABLES = listed(
    "web this Nghị-định ka cế nge ghà ngha iêu yểng1 đq nghiêngg tòan qúy càc hoc tât hóà cóù fim zô"
)


@pytest.mark.parametrize("word", [*NO_SYLLABLES, "", "a b", "học sinh", "x" * 100])
def test_other_words_are_not(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize("word", WORDS.split())
def test_words_without_diacritics_are_folded_syllables(word: str) -> None:
    assert is_folded_syllable(fold(word.lower()))


@pytest.mark.parametrize("text", listed("nguoi quyen yeu gieng qua karst london duo qe cina fdi x"))
def test_a_folded_syllable_has_marked_forms(text: str) -> None:
    assert is_folded_syllable(text) == bool(marked_forms(text))


@pytest.mark.parametrize("rhyme", ["ap", "at", "ac", "ach"])
def test_stop_finals_bear_two_tones_only(rhyme: str) -> None:
    allowed = {tone for tone in Tone if is_syllable(place_tone("l" + rhyme, tone))}
    assert allowed == {Tone.SAC, Tone.NANG}


@pytest.mark.parametrize(
    ("bare", "tone", "old", "new"),
    [
        ("hoa", Tone.HUYEN, "hòa", "hoà"),
        ("khoe", Tone.HOI, "khỏe", "khoẻ"),
        ("uy", Tone.HOI, "ủy", "uỷ"),
        ("thuy", Tone.SAC, "thúy", "thuý"),
        ("quy", Tone.SAC, "quý", "quý"),
        ("qua", Tone.HOI, "quả", "quả"),
        ("gia", Tone.HUYEN, "già", "già"),
        ("gi", Tone.HUYEN, "gì", "gì"),
        ("giêng", Tone.SAC, "giếng", "giếng"),
        ("lua", Tone.SAC, "lúa", "lúa"),
        ("mia", Tone.SAC, "mía", "mía"),
        ("hoan", Tone.HUYEN, "hoàn", "hoàn"),
        ("ngoai", Tone.HUYEN, "ngoài", "ngoài"),
        ("khuyu", Tone.HOI, "khuỷu", "khuỷu"),
        ("huyt", Tone.SAC, "huýt", "huýt"),
        ("nguyên", Tone.NGA, "nguyễn", "nguyễn"),
        ("rươu", Tone.NANG, "rượu", "rượu"),
        ("mưa", Tone.HUYEN, "mừa", "mừa"),
        ("thuơ", Tone.HOI, "thuở", "thuở"),
        ("HOA", Tone.HUYEN, "HÒA", "HOÀ"),
        ("ban", Tone.NGANG, "ban", "ban"),
    ],
)
def test_place_tone(bare: str, tone: Tone, old: str, new: str) -> None:
    assert place_tone(bare, tone) == old
    assert place_tone(bare, tone, style="new") == new
    assert (tone_of(old), strip_tone(old)) == (tone, bare)


@pytest.mark.parametrize("word", ["web", "hòa", ""])
def test_place_tone_refuses_what_is_no_bare_syllable(word: str) -> None:
    with pytest.raises(ValueError, match="not a Vietnamese syllable"):
        place_tone(word, Tone.SAC)


def test_strip_tone_keeps_vowels_and_length() -> None:
    assert strip_tone("Ủy ban nhân dân Đống Đa, ợ") == "Uy ban nhân dân Đông Đa, ơ"


def test_there_are_144_vowel_letters_each_one_character() -> None:
    assert len(LETTER) == len(set(LETTER.values())) == len(VOWELS) * 6 * 2
    assert {len(letter) for letter in LETTER.values()} == {1}


def every_syllable() -> list[str]:
    bare = [onset + rhyme for onset in ("", *ONSETS) for rhyme in RHYMES]
    return [place_tone(word, tone) for word in bare if split(word) for tone in Tone]


def test_laws_that_hold_for_every_syllable() -> None:
    syllables = every_syllable()
    assert len(syllables) > 15_000
    for syllable in syllables:
        spelling = canonical(syllable)
        # One spelling, whatever the style, the case or the number of times.
        assert (
            canonical(spelling)
            == canonical(new_style(syllable))
            == canonical(syllable.upper())
            == spelling
        )
        # A query without diacritics meets the folded text.
        assert canonical(fold(syllable)) == fold(spelling)
