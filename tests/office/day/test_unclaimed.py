"""Unclaimed pay and heirs in the office: list, files, form, second person."""

from datetime import timedelta
from io import BytesIO

import openpyxl

from shop import clock
from shop.payouts.models import PayoutMethod
from tests.office.day.rows import plates, rows
from tests.people import ADA, FEN, MEI, PASSWORD, TAO
from tests.support.signing import with_password


def test_the_list_of_a_year_its_files_and_the_way_to_an_heir(chain, as_, visit):
    plates(chain)
    clock.stand_at(clock.now() + timedelta(days=400))
    year = clock.today().year - 1
    tao = as_(TAO)
    assert "/office/unclaimed" in visit("/office/batches", client=tao).hrefs()
    for lang in ("en", "zh", "vi"):
        page = visit(f"/office/unclaimed?year={year}", client=as_(TAO, lang), lang=lang)
        assert "/office/payees/maker:5/method" in page.hrefs()
    sheet = openpyxl.load_workbook(BytesIO(tao.get(f"/office/unclaimed/{year}.xlsx").data)).worksheets[0]
    assert "QS-M-0005" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert "QS-M-0005" in tao.get(f"/office/unclaimed/{year}.csv").get_data(as_text=True)
    for path in ("/office/unclaimed", f"/office/unclaimed/{year}.csv"):
        assert as_(MEI).get(path).status_code == 403
    assert tao.get(f"/office/unclaimed/{year + 1}.csv").status_code == 404
    clock.stand_at(None)

    with_password(FEN)
    fen, address = as_(FEN), "/office/payees/maker:5/heir"
    assert as_(TAO).get(address).status_code == 403
    form = visit(address, client=fen)
    typed = {
        "heir": "赵敏",
        "rail": "bank_file",
        "holder": "赵敏",
        "account": "6222 0000 7777",
        "own_password": PASSWORD,
    }
    assert form.submit("main form", **typed).status == 422
    done = form.submit("main form", **typed, evidence="公证12号，三号夹")
    assert "to her heir 赵敏" in done.text
    assert "公证12号" in done.text
    method = rows(PayoutMethod)[-1]
    approve = f"/office/payees/maker:5/method/{method.id}/approve"
    assert not done.all(f'form[action="{approve}"]')
    visit("/office/payees/maker:5/method", client=as_(ADA)).submit(f'form[action="{approve}"]')
    assert rows(PayoutMethod)[-1].approved_by == ADA.key
