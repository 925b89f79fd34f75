"""A changed account in the office: typed with one's own password, seen with who and when, approved, taken back."""

from shop.payouts.models import PayerChange, PayoutMethod, PaySettings
from tests.factories.ways import in_force
from tests.office.day.rows import rows
from tests.people import ADA, FEN, MEI, PASSWORD, TAO
from tests.support.signing import with_password

ADDRESS = "/office/payees/maker:5/method"
TYPED = {"rail": "bank_file", "holder": "赵", "bank": "Farm Bank", "account": "6222 0000 1111 2222"}
OWN = {"payer_name": "云绸", "payer_account": "6217 0000 9999", "payer_bank": "农业银行"}


def hers() -> list[PayoutMethod]:
    return [row for row in rows(PayoutMethod) if row.payee == "maker:5"]


def test_an_account_is_changed_by_whoever_types_her_own_password(chain, as_, visit):
    with_password(FEN)
    fen, before = as_(FEN), len(hers())
    for wrong in ("", "not-her-own-password"):
        refused = visit(ADDRESS, client=fen).submit("main form.form", **TYPED, own_password=wrong)
        assert refused.status == 422
        assert PASSWORD not in refused.source
        assert len(hers()) == before
    done = visit(ADDRESS, client=fen).submit("main form.form", **TYPED, own_password=PASSWORD)
    assert "account ending in 2222" in done.text
    assert "pays from" in done.text
    (new,) = hers()[before:]
    assert (new.watched, new.set_by, new.good_from > new.set_at) == (True, FEN.key, True)
    maker = visit("/office/makers/5", client=as_(TAO))
    assert "and not in force yet" in maker.text
    read = visit(ADDRESS, client=as_(TAO))
    assert "Fen" in read.text
    assert not read.all("main form")


def test_wrong_passwords_are_slowed(chain, as_):
    with_password(FEN)
    fen = as_(FEN)
    answers = [fen.send(ADDRESS, **TYPED, own_password="not-her-own-password").status_code for _try in range(7)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_second_person_approves_it_or_it_is_taken_back(chain, as_, visit):
    with_password(ADA, FEN)
    ada, fen = as_(ADA), as_(FEN)
    visit("/office/pay-settings", client=ada).submit(
        "main form[method=post]", account_limit="100", own_password=PASSWORD
    )
    assert rows(PaySettings)[0].account_limit_minor == 10_000
    visit(ADDRESS, client=fen).submit("main form.form", **TYPED, own_password=PASSWORD)
    new = hers()[-1]
    assert "waits for a second person" in visit("/office/tasks", client=fen).text
    approve = f"{ADDRESS}/{new.id}/approve"
    assert not visit(ADDRESS, client=fen).all(f'form[action="{approve}"]')
    assert fen.send(approve).status_code == 403
    assert as_(TAO).send(approve).status_code == 403
    assert fen.send(approve.replace("maker:5", "maker:1")).status_code == 404
    in_force(new.id)
    assert "Approved." in visit(ADDRESS, client=ada).submit(f'form[action="{approve}"]').text
    assert hers()[-1].approved_by == ADA.key
    assert fen.send(f"{ADDRESS}/{new.id}/take-back").status_code == 303
    assert (hers()[-1].good_from, hers()[-1].live, hers()[-2].live) == (None, False, True)
    assert "never in force" in visit(ADDRESS, client=fen).text


def test_the_co_ops_own_account_asks_for_the_password_and_waits(chain, as_, visit):
    with_password(ADA)
    ada, address = as_(ADA), "/office/pay-settings"
    refused = visit(address, client=ada).submit("main form[method=post]", **OWN)
    assert (refused.status, rows(PaySettings)) == (422, [])
    visit(address, client=ada).submit("main form[method=post]", **OWN, own_password=PASSWORD)
    visit(address, client=ada).submit("main form[method=post]", payer_account="6217 1111 0000", own_password=PASSWORD)
    assert rows(PaySettings)[0].payer_account == OWN["payer_account"]
    (change,) = rows(PayerChange)
    assert change.payer_account == "6217 1111 0000"
    assert "The co-op is to pay from another account" in visit("/office/tasks", client=as_(FEN)).text
    page = visit(address, client=as_(TAO))
    assert "6217 1111 0000" in page.text
    assert not page.all(f'form[action="{address}/account/{change.id}/approve"]')
    for role in (MEI, TAO):
        assert as_(role).send(f"{address}/account/{change.id}/drop").status_code == 403
    visit(address, client=as_(FEN)).submit(f'form[action="{address}/account/{change.id}/drop"]')
    assert rows(PayerChange)[0].ended_as == "dropped"
