"""Who may use the demo's bar: everybody, as long as this database holds the demo co-op."""

from shop.demo.bar import is_demo
from shop.errors import NotFound
from shop.web.access import rule


@rule()
def demo_only() -> None:
    """Raises NotFound where there is no demo."""
    if not is_demo():
        raise NotFound(what="demo")
