"""Forms of the desk."""

from shop.desk.forms.goods import GoodsForm, MoreForm

__all__ = ["GoodsForm", "MoreForm"]
