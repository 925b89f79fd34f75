"""Making the demo co-op: its people and catalogue, then fifty days of orders and two pay days, by the services."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from shop import clock
from shop.demo.build.days import live
from shop.demo.build.goods import list_everything, show_everything
from shop.demo.build.ground import FEN, PASSWORD, SIGN_INS, Made, found_coop, meet_people, open_workshops
from shop.demo.build.scale import Cast, Scale, read
from shop.demo.pictures import shoot

__all__ = ["FEN", "PASSWORD", "SIGN_INS", "Scale", "make_demo"]


def make_demo(app: Flask, scale: Scale | None = None) -> None:
    """Fill an empty database, by default with the hand-made rows alone, in CURRENCY.

    RuntimeError in production, and for a currency that is not among FEN.
    """
    settings = app.config["SETTINGS"]
    if settings.app_env == "production":
        raise RuntimeError("the demo is refused in production")
    if settings.currency not in FEN:
        raise RuntimeError(f"the demo keeps {' or '.join(FEN)}, not {settings.currency}")
    made = Made(clock.today(), Cast(scale or Scale()), settings.currency)
    with app.app_context(), ThreadPoolExecutor(1) as studio:
        # drawing takes one core while the other keeps the books
        shooting = studio.submit(shoot, settings.media_path, [each["slug"] for each in read("products.json")])
        found_coop(made)
        meet_people(made)
        open_workshops(made)
        list_everything(made)
        show_everything(made, shooting.result())
        live(made, app)
