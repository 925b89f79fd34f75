"""What the tests of goods look at and send."""

import io

from PIL import Image
from sqlalchemy import func, select, text

from shop.catalog.models import PricePart, PriceSplit, Product, ProductPicture
from shop.db import reading

TABLES = (
    "product",
    "variant",
    "price_split",
    "price_part",
    "piece_rate",
    "product_maker",
    "product_picture",
    "picture",
    "piece",
    "work_receipt",
    "transfer",
    "change",
)


def everything() -> dict[str, list[str]]:
    """Every row that the pages of goods can write."""
    with reading() as session:
        return {name: sorted(str(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))) for name in TABLES}


def row(model, key):
    """One row as it stands now."""
    with reading() as session:
        return session.get_one(model, key)


def rows(model, *where):
    """All rows of a table, by id."""
    with reading() as session:
        return list(session.scalars(select(model).where(*where).order_by(model.id)))


def newest() -> Product:
    """The product made last."""
    with reading() as session:
        return session.get_one(Product, session.scalar(select(func.max(Product.id))))


def split(variant_id: int, kind: str = "retail", least: int = 1) -> dict[str, int]:
    """The parts in force of a price, and the price itself under `all`; nothing where there is none."""
    live = (PriceSplit.variant_id == variant_id, PriceSplit.live, PriceSplit.kind == kind)
    with reading() as session:
        found = session.scalars(select(PriceSplit).where(*live, PriceSplit.min_quantity == least)).one_or_none()
        if found is None:
            return {}
        parts = session.scalars(select(PricePart).where(PricePart.split_id == found.id))
        return {"all": found.price_minor} | {part.kind: part.amount_minor for part in parts}


def shown(product_id: int) -> list[tuple[int, dict[str, str]]]:
    """Its pictures in their order, with their words."""
    with reading() as session:
        query = select(ProductPicture).where(ProductPicture.product_id == product_id).order_by(ProductPicture.position)
        return [(each.picture_id, each.alt) for each in session.scalars(query)]


def photo(name: str = "photo.png", colour: str = "maroon", kind: str = "PNG") -> tuple[io.BytesIO, str]:
    """A picture to be sent, with its file name."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, kind)
    out.seek(0)
    return out, name


def form(product_id: int, tail: str = "") -> str:
    """The selector of one of a product page's forms: `form(7, "/makers")`."""
    return f'form[action="/office/products/{product_id}{tail}"]'


def says(page, status: int, sentence: str) -> bool:
    """Whether a page was refused with this sentence and no other, whatever field's name stands before it."""
    found = page.all(".summary li")
    assert (page.status, len(found)) == (status, 1), (page.status, found)
    assert sentence[1:] in found[0], found
    return True
