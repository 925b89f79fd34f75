"""Texts cut for paper."""

import pytest

from shop.documents.measure import short, whole_sentences, width, wrapped

LINES = "The silk is thin: stand it near a window and light comes through the petals."
HAN = "桑蚕丝底子很薄，对着窗户放，光能透过花瓣。竹绷可以直接立在书架上。"


@pytest.mark.parametrize("widest", range(300, 2000, 70))
def test_a_text_is_cut_behind_a_whole_word_with_an_ellipsis(widest):
    for lines in (1, 2, 3):
        found = wrapped(LINES, widest, lines)
        assert all(width(line.rstrip()) <= widest for line in found)
        joined = "".join(found)
        if joined == LINES:
            continue
        assert joined.endswith("…")
        kept = joined[:-1]
        assert LINES.startswith(kept)
        # a first word wider than its line is cut all the same
        assert not LINES[len(kept) : len(kept) + 1].isalnum() or " " not in kept


@pytest.mark.parametrize("widest", range(10, 76))
def test_one_line_ends_behind_a_whole_word(widest):
    cut = short(LINES, widest)
    assert cut.endswith("…")
    assert not LINES[len(cut) - 1].isalnum()


def test_chinese_is_cut_between_characters():
    assert short(HAN, 12) == "桑蚕丝底子很…"
    assert wrapped(HAN, 700, 1)[0] == "桑蚕丝底子很…"


def test_a_word_longer_than_its_place_is_cut_all_the_same():
    assert short("QS-" + "9" * 40, 20) == "QS-" + "9" * 17 + "…" or short("QS-" + "9" * 40, 20) == "QS…"
    assert short("9" * 40, 20) == "9" * 20 + "…"


def test_a_story_is_cut_behind_a_sentence_and_one_too_long_has_its_ellipsis():
    assert "".join(whole_sentences(HAN, 1200, 2)) == "桑蚕丝底子很薄，对着窗户放，光能透过花瓣。"
    assert whole_sentences(HAN, 1200, 9) == wrapped(HAN, 1200, 9)
    assert "".join(whole_sentences(f"It is thin. {LINES}", 1500, 2)) == "It is thin."
    assert "".join(whole_sentences(LINES, 1500, 2)).endswith("…")
