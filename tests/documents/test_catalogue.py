"""The printed catalogue, read back with pypdf."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from shop.documents import book, entry
from shop.documents.binding import bind
from shop.documents.catalogue import BadPicture, catalogue_pdf, write_catalogue
from shop.documents.pictures import LONGEST_PX, printable
from shop.documents.plates import plate, press_files
from shop.documents.press import pressed
from tests.documents.samples import NAMES, WORKSHOPS, edition, item, picture

MM = 72 / 25.4


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def fonts(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return found


def words(reader: PdfReader) -> str:
    """The text without white space, as lines are broken where they end on paper."""
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def test_the_book_has_trim_and_bleed_on_every_page():
    reader = read(catalogue_pdf(edition([item(n) for n in range(1, 6)]), "zh"))
    for page in reader.pages:
        trim, bleed = page["/TrimBox"], page["/BleedBox"]
        assert [float(bleed[2] - bleed[0]), float(bleed[3] - bleed[1])] == pytest.approx([216 * MM, 303 * MM], abs=0.1)
        assert [float(trim[2] - trim[0]), float(trim[3] - trim[1])] == pytest.approx([210 * MM, 297 * MM], abs=0.1)
        assert float(trim[0] - bleed[0]) == pytest.approx(3 * MM, abs=0.1)
        assert list(page["/MediaBox"]) == list(bleed)


def test_headings_are_set_in_a_bold_chinese_face():
    found = fonts(read(catalogue_pdf(edition([item()]), "zh")))
    assert any(name.startswith("NotoSerifSC-Bold") for name in found), found
    assert any(name.startswith("NotoSansSC-Bold") for name in found), found
    assert any(name.startswith("NotoSansSC-Regular") for name in found), found
    assert all("Noto" in name for name in found), found


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_all_three_scripts_can_be_read_out_of_the_book(lang):
    text = words(read(catalogue_pdf(edition([item()]), lang)))
    for name in (*NAMES.values(), *WORKSHOPS[0].values()):
        assert "".join(name.split()) in text
    assert "QS-0001" in text
    assert "5810.99" in text


@pytest.mark.parametrize(
    ("counts", "pages"),
    [((1,), 1), ((2,), 1), ((4,), 1), ((5,), 2), ((6,), 2), ((8,), 2), ((9,), 3), ((1, 3, 5), 4)],
)
def test_pages_are_counted_as_they_are_printed(counts, pages):
    items = []
    for workshop, count in zip(WORKSHOPS, counts, strict=False):
        items += [item(len(items) + n + 1, workshop=workshop) for n in range(count)]
    reader = read(catalogue_pdf(edition(items), "en"))
    assert len(reader.pages) == 1 + 1 + pages + 1
    for number, page in enumerate(reader.pages[1:], 2):
        assert str(number) in page.extract_text().split()


def test_the_index_names_the_page_an_item_stands_on():
    items = [item(n, workshop=WORKSHOPS[n % 2], image=None) for n in (10, 2, 30, 4, 5, 6, 7, 8, 9, 1)]
    reader = read(catalogue_pdf(edition(items), "zh"))
    index = reader.pages[-1].extract_text()
    numbers = [line for line in index.split() if line.startswith("QS-")]
    assert numbers == sorted(numbers)
    stands_on = next(n for n, page in enumerate(reader.pages, 1) if "QS-0030" in page.extract_text() and n > 2)
    place = numbers.index("QS-0030")
    pages = [part for part in index.split() if part.isdecimal()]
    assert int([part for part in pages if 2 < int(part) < len(reader.pages)][place]) == stands_on


def test_many_exhibitors_get_pages_of_their_own():
    shops = [{"zh": f"第{n}坊", "en": f"Shop {n:02d}", "vi": f"Xưởng {n}"} for n in range(40)]
    reader = read(catalogue_pdf(edition([item(n, workshop=shop, image=None) for n, shop in enumerate(shops)]), "en"))
    assert len(reader.pages) == 1 + 1 + 2 + 40 + 1
    assert "Shop 39" in reader.pages[3].extract_text()


def test_exhibitors_stand_from_a_to_z_and_chinese_only_names_after_them():
    items = [
        item(1, workshop={"zh": "竹影编织社"}, image=None),
        item(2, workshop={"zh": "荷", "en": "Zebra Weavers"}, image=None),
        item(3, workshop={"zh": "麦", "en": "Éclair Crochet"}, image=None),
        item(4, workshop={"zh": "山", "en": "Apple Knots"}, image=None),
    ]
    text = read(catalogue_pdf(edition(items), "en")).pages[1].extract_text()
    places = [text.index(name) for name in ("Apple", "Éclair", "Zebra", "竹影编织社")]
    assert places == sorted(places)


def test_the_same_edition_gives_the_same_bytes():
    data = edition([item(n, url=f"https://shop.example/e/x/{n}") for n in range(1, 8)])
    assert catalogue_pdf(data, "zh") == catalogue_pdf(replace(data, items=list(data.items)), "zh")


def test_another_picture_gives_another_book():
    first = read(catalogue_pdf(edition([item(image=picture(1))]), "zh"))
    second = read(catalogue_pdf(edition([item(image=picture(2))]), "zh"))
    assert first.trailer["/ID"] != second.trailer["/ID"]


def test_pictures_stand_in_the_book_byte_for_byte():
    pictures = [picture(n, (90, 60)) for n in range(1, 6)]
    items = [item(n, image=shown) for n, shown in enumerate([*pictures, pictures[0]])]
    reader = read(catalogue_pdf(edition(items), "zh"))
    found = {
        shown.get_object()._data
        for page in reader.pages
        for shown in page["/Resources"].get("/XObject", {}).values()
        if shown.get_object()["/Subtype"] == "/Image"
    }
    assert found == set(pictures)
    sizes = {image.image.size for page in reader.pages for image in page.images}
    assert sizes == {(90, 60)}


def test_grey_pictures_and_files_on_disk_are_printed(tmp_path):
    grey = BytesIO()
    Image.new("L", (30, 50), 120).save(grey, "JPEG")
    path = tmp_path / "x.jpg"
    path.write_bytes(picture(9))
    reader = read(catalogue_pdf(edition([item(1, image=grey.getvalue()), item(2, image=path)]), "zh"))
    assert {image.image.size for page in reader.pages for image in page.images} == {(30, 50), (60, 40)}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpeg_of_a_printable_size(kind):
    ready = printable(picture(3, (3000, 1500), kind))
    with Image.open(BytesIO(ready)) as image:
        assert (image.format, image.size) == ("JPEG", (LONGEST_PX, LONGEST_PX // 2))


def test_a_photograph_is_turned_upright_and_loses_its_place_and_time():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x9003] = "2026:11:20 10:00:00"
    ready = printable(picture(3, (80, 40), exif=exif))
    with Image.open(BytesIO(ready)) as image:
        assert image.size == (40, 80)
        assert not image.getexif()


@pytest.mark.parametrize("broken", [b"no picture", picture(1)[:-40], b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_pictures_that_cannot_be_printed_are_listed_and_nothing_is_made(broken):
    out = BytesIO()
    with pytest.raises(BadPicture) as refused:
        write_catalogue(edition([item(1), item(2, image=broken), item(3, image=broken)]), "zh", out)
    assert refused.value.data["items"] == ["QS-0002", "QS-0003"]
    assert out.getvalue() == b""


def test_a_missing_file_is_listed(tmp_path):
    with pytest.raises(BadPicture) as refused:
        catalogue_pdf(edition([item(7, image=tmp_path / "gone.jpg")]), "zh")
    assert refused.value.data["items"] == ["QS-0007"]


MARKUP = '#panic("x") *b* _i_ $x^2$ @ref <label> \\ `raw` = h #include "catalogue.typ" #sys.inputs [ ] { } // /* "'


def test_markup_in_texts_is_printed_and_never_run():
    words_everywhere = {"zh": MARKUP, "vi": MARKUP, "en": MARKUP}
    reader = read(
        catalogue_pdf(
            edition(
                [item(item_no="#x$*_", names=words_everywhere, text=words_everywhere, materials=MARKUP, maker="#[x]")],
                preface=MARKUP,
                expo_name=MARKUP,
            ),
            "en",
        )
    )
    text = words(reader)
    assert '#panic("x")*b*_i_$x^2$@ref<label>' in text
    assert "#x$*_" in text


def test_endless_texts_do_not_push_others_off_their_page():
    long = {code: f"{code} " + "绣花Đường kính khăn trải bàn " * 300 for code in ("zh", "vi", "en")}
    prices = [(n, item().tiers[0][1]) for n in range(1, 9)]
    endless = {"names": long, "text": long, "size": long, "materials": long, "technique": long, "colours": long}
    for count in (1, 2, 3, 4):
        items = [item(n, workshop=long, maker=long, tiers=prices, **endless) for n in range(count)]
        for lang in ("zh", "vi", "en"):
            data = edition(items, expo_name=long, place=long, coop_name=long, preface=long)
            reader = read(catalogue_pdf(data, lang))
            assert len(reader.pages) == 4
            assert all(f"QS-{n:04d}" in reader.pages[2].extract_text() for n in range(count))


def test_breaks_and_control_characters_in_texts_do_no_harm():
    odd = "上\n下\r\n左\t右\x07\u202e\u2028终"
    text = words(read(catalogue_pdf(edition([item(names=odd, text=odd, hs_code=odd)]), "zh")))
    assert "上下左右终" in text


def test_a_rare_character_is_set_in_the_regular_face():
    reader = read(catalogue_pdf(edition([item(names="赵喆堃")]), "zh"))
    assert "赵喆堃" in words(reader)


def test_an_empty_edition_and_one_without_pictures_or_preface_are_books_too():
    assert len(read(catalogue_pdf(edition([], preface=None), "vi")).pages) == 1
    assert len(read(catalogue_pdf(edition([item(image=None, tiers=[])], preface=None), "vi")).pages) == 4


def test_a_maker_is_named_only_where_she_is_given():
    named = words(read(catalogue_pdf(edition([item(maker="王秀兰")]), "zh")))
    unnamed = words(read(catalogue_pdf(edition([item()]), "zh")))
    assert "王秀兰做" in named
    assert "王秀兰" not in unnamed


def test_a_price_in_another_currency_than_the_item_is_refused():
    with pytest.raises(ValueError, match="VND"):
        item(currency="VND")


def test_an_item_with_a_page_of_its_own_gets_a_qr_code():
    with_code = catalogue_pdf(edition([item(url="https://shop.example/e/x/QS-0001")]), "zh")
    assert len(with_code) > len(catalogue_pdf(edition([item()]), "zh")) + 400


def test_a_long_book_is_bound_from_parts_and_still_one_book():
    count = book.PAGES_PER_PART * book.PER_PAGE + 2
    pictures = {n: picture(n) for n in (1, 2, count - 1, count)}
    items = [item(n, names=f"第{n}件", image=pictures.get(n)) for n in range(1, count + 1)]
    pdf = catalogue_pdf(edition(items), "zh")
    reader = read(pdf)
    assert len(reader.pages) == 1 + 1 + book.PAGES_PER_PART + 1 + 2
    for number, page in enumerate(reader.pages[1:], 2):
        assert page["/Parent"] == reader.root_object["/Pages"]
        assert "/BleedBox" in page
        assert str(number) in page.extract_text().split()
    assert "QS-0001" in reader.pages[2].extract_text()
    assert f"QS-{count:04d}" in reader.pages[-3].extract_text()
    assert f"第{count}件" in words(reader)
    found = {
        shown.get_object()._data
        for page in reader.pages
        for shown in page["/Resources"].get("/XObject", {}).values()
        if shown.get_object()["/Subtype"] == "/Image"
    }
    assert found == set(pictures.values())
    assert pdf == catalogue_pdf(edition(items), "zh")
    assert fonts(reader) == fonts(read(catalogue_pdf(edition(items[:1]), "zh")))


def test_a_picture_without_a_place_in_the_book_is_never_lost_silently():
    pdf = pressed("catalogue", book.laid_out(edition([item(image=None)]), "zh", {}, {}), press_files(), tagged=False)
    with pytest.raises(RuntimeError, match="1 pictures"):
        bind([pdf], [plate(picture(1), 100)], BytesIO())


def test_a_list_of_makers_ends_with_how_many_more_there_are_and_no_name_is_cut():
    several = item(maker={"zh": "沈荷芝、柳桂枝、小满、月姨", "vi": "Thẩm Hà Chi, Liễu Quế Chi, Tiểu Mãn, Dì Nguyệt"})
    lines = [entry._beside_number(several, "vi", wide) for wide in range(60, 110, 5)]
    whole = r"Thẩm Hà Chi(, Liễu Quế Chi(, Tiểu Mãn)?)? và [123] người nữa làm|Thẩm Hà Chi, .*Dì Nguyệt làm"
    assert all(re.fullmatch(whole, line) for line in lines), lines
    assert len(set(lines)) > 2
    assert entry._beside_number(several, "zh", 45).endswith("等4人做")
