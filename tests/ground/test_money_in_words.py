import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.money import CURRENCIES, MAX_MINOR, Money, in_words

LANGS = ("zh", "vi", "en")
currencies = st.sampled_from(sorted(CURRENCIES))
langs = st.sampled_from(LANGS)
sums = st.integers(0, 10**12)


def yuan(minor):
    return Money(minor, "CNY")


# In words: readers that know nothing of the writers


def read_zh(words, name, unit):
    digits = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}

    def number(text):
        for mark, power in (("亿", 10**8), ("万", 10**4)):
            if mark in text:
                high, _, low = text.rpartition(mark)
                return number(high) * power + number(low)
        total, last = 0, 0
        for letter in text:
            if letter in units:
                total += last * units[letter]
                last = 0
            else:
                last = digits[letter]
        return total + last

    assert words.startswith(name)
    words = words.removeprefix(name).removesuffix("整")
    whole, _, rest = words.rpartition(unit)
    jiao = re.search(r"(.)角", rest)
    fen = re.search(r"(.)分", rest)
    return number(whole), 10 * digits[jiao[1] if jiao else "零"] + digits[fen[1] if fen else "零"]


def read_vi(words):
    digits = dict(zip(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"], range(10), strict=True))
    digits |= {"mốt": 1, "tư": 4, "lăm": 5, "linh": 0}
    billions, total, group, last = 0, 0, 0, 0
    for word in words.lower().split():
        if word in digits:
            last = digits[word]
        elif word == "mười":
            group += 10
        elif word in ("mươi", "trăm"):
            group += last * {"mươi": 10, "trăm": 100}[word]
            last = 0
        elif word in ("nghìn", "triệu"):
            total += (group + last) * {"nghìn": 1000, "triệu": 10**6}[word]
            group = last = 0
        else:
            assert word == "tỷ", word
            billions, total, group, last = total + group + last, 0, 0, 0
    return billions * 10**9 + total + group + last


def read_en(words):
    small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    small += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    values = dict(zip(small, range(20), strict=True))
    values |= {
        f"{ten}ty": 10 * at for at, ten in enumerate(["twen", "thir", "for", "fif", "six", "seven", "eigh", "nine"], 2)
    }
    scales = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
    total, group = 0, 0
    for word in words.replace("-", " ").split():
        if word == "hundred":
            group *= 100
        elif word in scales:
            total += group * scales[word]
            group = 0
        else:
            group += values[word]
    return total + group


@given(sums)
@settings(max_examples=400)
def test_chinese_words_say_the_amount(minor):
    assert read_zh(in_words(yuan(minor), "zh"), "人民币", "元") == divmod(minor, 100)
    assert read_zh(in_words(Money(minor, "VND"), "zh"), "越南盾", "盾") == (minor, 0)


@given(sums)
@settings(max_examples=400)
def test_vietnamese_words_say_the_amount(minor):
    assert read_vi(in_words(Money(minor, "VND"), "vi").removesuffix(" đồng")) == minor
    whole, _, rest = in_words(yuan(minor), "vi").lower().partition(" và ")
    if minor % 100 and minor < 100:
        whole, rest = "không nhân dân tệ", whole
    assert read_vi(whole.removesuffix(" nhân dân tệ")) == minor // 100
    assert read_vi(rest.removesuffix(" xu")) == minor % 100


@given(sums)
@settings(max_examples=400)
def test_english_words_say_the_amount(minor):
    assert read_en(in_words(Money(minor, "VND"), "en").removesuffix(" dong")) == minor
    found = re.fullmatch(r"(?:(.+?) yuan)?(?: and )?(?:(.+) fen)?", in_words(yuan(minor), "en"))
    assert (read_en(found[1] or ""), read_en(found[2] or "")) == divmod(minor, 100)


def test_words_say_small_and_round_amounts_too():
    for minor in [*range(1100), 10**6 + 5, 10**8 + 1005, 10**9, 10**9 + 5 * 10**6, 10**12, MAX_MINOR]:
        money = Money(minor, "VND")
        assert read_zh(in_words(money, "zh"), "越南盾", "盾") == (minor, 0)
        assert read_vi(in_words(money, "vi").removesuffix(" đồng")) == minor
        assert read_en(in_words(money, "en").removesuffix(" dong")) == minor


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (126000, "人民币壹仟贰佰陆拾元整"),
        (3005, "人民币叁拾元零伍分"),
        (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (140950, "人民币壹仟肆佰零玖元伍角整"),
        (600714, "人民币陆仟零柒元壹角肆分"),
        (168032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (10700053, "人民币壹拾万柒仟元伍角叁分"),
        (100050000, "人民币壹佰万零伍佰元整"),
        (1000500000000, "人民币壹佰亿零伍佰万元整"),
        (1000, "人民币壹拾元整"),
        (50, "人民币伍角整"),
        (5, "人民币伍分"),
        (0, "人民币零元整"),
        (-3005, "人民币负叁拾元零伍分"),
    ],
)
def test_chinese_capitals_follow_the_voucher_rules(minor, words):
    assert in_words(yuan(minor), "zh") == words


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (1260000, "Một triệu hai trăm sáu mươi nghìn đồng"),
        (0, "Không đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (14, "Mười bốn đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (25, "Hai mươi lăm đồng"),
        (11, "Mười một đồng"),
        (101, "Một trăm linh một đồng"),
        (104, "Một trăm linh bốn đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (1005, "Một nghìn không trăm linh năm đồng"),
        (1050, "Một nghìn không trăm năm mươi đồng"),
        (1005000, "Một triệu không trăm linh năm nghìn đồng"),
        (10**12 + 500, "Một nghìn tỷ năm trăm đồng"),
        (-21, "Âm hai mươi mốt đồng"),
    ],
)
def test_vietnamese_words_follow_the_reading_rules(minor, words):
    assert in_words(Money(minor, "VND"), "vi") == words


@pytest.mark.parametrize(
    ("minor", "currency", "zh", "vi", "en"),
    [
        (
            126000,
            "CNY",
            "人民币壹仟贰佰陆拾元整",
            "Một nghìn hai trăm sáu mươi nhân dân tệ",
            "one thousand two hundred sixty yuan",
        ),
        (3005, "CNY", "人民币叁拾元零伍分", "Ba mươi nhân dân tệ và năm xu", "thirty yuan and five fen"),
        (101, "USD", "美元壹元零壹分", "Một đô la Mỹ và một xu", "one US dollar and one cent"),
        (
            2150,
            "GBP",
            "英镑贰拾壹镑伍拾便士",
            "Hai mươi mốt bảng Anh và năm mươi xu",
            "twenty-one pounds sterling and fifty pence",
        ),
        (105, "THB", "泰铢壹铢零伍萨当", "Một bạt Thái và năm satang", "one baht and five satang"),
        (1000, "JPY", "日元壹仟元整", "Một nghìn yên Nhật", "one thousand yen"),
        (-5, "EUR", "欧元负伍分", "Âm năm xu", "minus five cents"),
    ],
)
def test_other_currencies_have_their_own_words(minor, currency, zh, vi, en):
    assert [in_words(Money(minor, currency), lang) for lang in LANGS] == [zh, vi, en]


@given(currencies, langs, st.integers(1, 10**9))
def test_different_amounts_never_share_their_words(currency, lang, minor):
    assert in_words(Money(minor, currency), lang) != in_words(Money(minor - 1, currency), lang)
