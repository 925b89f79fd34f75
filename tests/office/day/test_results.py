"""The bank's results in the office, without script: tried, booked, listed, and nothing twice."""

from io import BytesIO

from shop.payouts.models import Payout
from tests.office.day.rows import bank_batch, kept, row
from tests.people import FEN, TAO

HEAD = "用途,金额,结果,失败原因\n"


def sent_batch(chain, as_):
    batch_id, payout = bank_batch(chain)
    as_(TAO).send(f"/office/batches/{batch_id}/bank-file")
    return payout


def upload(client, content: str, name: str = "results.csv"):
    client.get("/office/results")
    return client.send("/office/results", file=(BytesIO(content.encode()), name))


def test_a_file_is_tried_then_booked_and_the_same_file_again_changes_nothing(chain, as_, visit):
    payout = sent_batch(chain, as_)
    tao = as_(TAO)
    content = f"{HEAD}工钱{payout.reference},426.00,成功,\nP9-ZZZZZ,1.00,成功,\n{payout.reference},400.00,成功,\n"
    tried = upload(tao, content)
    assert tried.status_code == 303
    path = tried.headers["Location"]
    page = visit(path, client=tao)
    assert "Book 1 row" in page.text
    assert "We have no payout of this number." in page.text
    assert "The payout is of" in page.text
    refused = [str(cell) for cell in page.all("section[aria-labelledby=refused] tbody td")]
    assert refused[:3] == ["P9-ZZZZZ", "our number", "P9-ZZZZZ"]
    assert refused[4:7] == [payout.reference, "金额", "400.00"]
    before = kept("bank:main")
    assert row(Payout, payout.id).state == "sent"
    done = page.submit(f'form[action="{path}"]')
    assert "1 row is booked" in done.text
    assert kept("bank:main") == before - 42_600
    assert "There is nothing to book" in done.text
    again = upload(tao, content)
    page = visit(again.headers["Location"], client=tao)
    assert "There is nothing to book" in page.text
    tao.send(again.headers["Location"])
    assert kept("bank:main") == before - 42_600
    away = page.submit(f'form[action="{again.headers["Location"]}/forget"]')
    assert "The file is put away." in away.text


def test_the_banks_reason_stands_on_the_payouts_page(chain, as_, visit):
    payout = sent_batch(chain, as_)
    tao = as_(TAO)
    path = upload(tao, f"{HEAD}{payout.reference},426.00,失败,账号不存在\n").headers["Location"]
    tao.send(path)
    assert row(Payout, payout.id).state == "failed"
    assert "账号不存在" in visit(f"/office/payouts/{payout.id}", client=tao, ceiling=16).text
    history = visit("/office/history", client=tao)
    assert f"/office/payouts/{payout.id}" in history.hrefs()
    assert "the money did not reach her" in history.text


def test_a_file_that_is_no_banks_is_shown_again_with_the_reason(chain, as_, visit):
    tao = as_(TAO)
    page = visit("/office/results", client=tao)
    assert page.submit("main form").status == 422
    refused = upload(tao, "a,b\n1,2\n")
    assert refused.status_code == 422
    assert "These are missing: our number, result, amount." in refused.get_data(as_text=True)


def test_the_file_is_the_treasurers_and_nobody_elses(chain, as_):
    payout = sent_batch(chain, as_)
    path = upload(as_(TAO), f"{HEAD}{payout.reference},426.00,成功,\n").headers["Location"]
    before = kept("bank:main")
    assert as_(FEN).get(path).status_code == 403
    assert as_(FEN).send(path).status_code == 403
    assert as_(FEN).get("/office/results").status_code == 403
    assert kept("bank:main") == before
