"""Lists as a co-op sends them to the office's import pages."""

import csv
import io

from openpyxl import Workbook
from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.db import reading

HEAD = ("品名", "货号", "价格", "工钱", "手艺人", "尺寸", "数量")
UPLOAD = 'form[action="/office/imports"]'
GOOD = (
    ("荷叶杯垫", "CUP-1", "168.00", "102.00", "", "直径12厘米", "3"),
    ("并蒂莲团扇", "FAN-1", "420.00", "250.00", "兰", "", ""),
)
BAD = ("无价之宝", "BAD-1", "很贵", "", "", "", "1.5")


def csv_of(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, code: str = "utf-8-sig") -> bytes:
    """A list as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(code)


def xlsx_of(*rows: tuple[str, ...]) -> bytes:
    """A list as Excel keeps it."""
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(visit, client, data: bytes, name: str = "list.csv", **fields):
    """The page that answers a list: its dry run, or the form with what is wrong."""
    page = visit("/office/imports", client=client)
    return page.submit(UPLOAD, **{"list": (io.BytesIO(data), name), "workshop_id": "1", **fields})


def brought_in(visit, client, *rows: tuple[str, ...]):
    """The page of drafts of a list that was just brought in."""
    tried = sent(visit, client, csv_of(*rows))
    assert "/imports/try/" in tried.path, tried.text
    return tried.submit(act(tried))


def act(page) -> str:
    """The form that brings a tried list in."""
    return f'form[action="{page.path.partition("?")[0]}"]'


def of_sku(sku: str) -> tuple[Product, Variant]:
    """The product and variant of an item number."""
    with reading() as session:
        variant = session.scalars(select(Variant).where(Variant.sku == sku)).one()
        return session.get_one(Product, variant.product_id), variant
