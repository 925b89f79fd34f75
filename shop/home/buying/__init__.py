"""Buying: the cart, the checkout, and the order behind its secret link.

Nothing here may be cached by anybody. The cart needs no form token, since its cookie is SameSite and posts from other
sites are refused; from checkout on every form carries one. Calls to Stripe stand between transactions.
"""

from importlib import import_module

for _page in ("cart", "checkout", "find", "order"):
    import_module(f"{__name__}.{_page}")  # each hangs its routes on the blueprint
