"""The pictures of the demo's products, composed from the masters in `pictures/`; the same every time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from shop.demo.studio import crosses, enamels, knots, lotus, peony, sewn
from shop.media.pipeline import reencode
from shop.media.services import Kept
from shop.media.storage import store

Look = Callable[[], list[Image.Image]]

_ALL: tuple[Look, ...] = (
    lotus.lotus_pond_double_sided,
    lotus.lotus_round_fan,
    lotus.lotus_tea_mats,
    lotus.lotus_bookmarks,
    lotus.lotus_lampshade,
    lotus.night_lotus_panel,
    lotus.night_lotus_scroll,
    lotus.night_lotus_clutch,
    lotus.night_lotus_notebook,
    peony.peony_table_screen,
    peony.peony_hand_mirror,
    peony.peony_cushion_cover,
    peony.peony_silk_scarf,
    peony.seed_stitch_purse,
    peony.seed_stitch_glasses_case,
    peony.peony_brooch_pair,
    crosses.cross_stitch_runner_indigo,
    crosses.cross_stitch_runner_red,
    crosses.cross_stitch_placemats,
    crosses.cross_stitch_tote,
    crosses.cross_stitch_wall_band,
    crosses.cross_stitch_tablecloth,
    sewn.gourd_sachet_mugwort,
    sewn.drawer_sachets,
    sewn.wedding_sachet_pair,
    sewn.herb_eye_pillow,
    sewn.indigo_sky_shawl,
    sewn.indigo_wrapping_cloth,
    sewn.indigo_cushion_cover,
    sewn.indigo_quilted_throw,
    knots.panchang_door_hanging,
    knots.great_panchang_wall,
    knots.small_knot_brass_beads,
    knots.car_mirror_knot,
    knots.ruyi_curtain_ties,
    knots.double_coin_bookmarks,
    knots.flat_knot_bracelet,
    knots.plafond_knot_pendant,
    knots.button_knot_set,
    knots.cloverleaf_key_ring,
    knots.gift_knot_set,
    knots.bookcase_tassels,
    knots.wedding_double_knot,
    knots.fan_tassel,
    knots.bell_wind_hanging,
    enamels.lotus_scroll_plate,
    enamels.small_trinket_dish,
    enamels.tea_coasters_pair,
    enamels.blue_green_hills_panel,
    enamels.mountain_dawn_triptych,
    enamels.misty_river_panel,
    enamels.hills_pen_tray,
    enamels.lotus_bud_vase,
    enamels.baluster_vase,
    enamels.small_vase_pair,
    enamels.incense_box,
    enamels.petal_pendant,
    enamels.leaf_earrings,
    enamels.tea_caddy,
    enamels.enamel_pocket_mirror,
)
LOOKS: dict[str, Look] = {look.__name__.replace("_", "-"): look for look in _ALL}
"""Slug of a product → what composes its pictures."""

VARIANT_POSITIONS = {"QS-0210-OCHRE": 1, "QS-0212-INK": 1, "QS-0312-AMBER": 1}
"""SKU of a variant in another colour → which of its product's pictures shows it, counted from 0."""


def pictures_of(slug: str) -> list[Image.Image]:
    """The product's two or three pictures, 800 × 800, the cover first. KeyError for a product that is not the demo's."""
    return LOOKS[slug]()


def picture_for(slug: str, position: int) -> Image.Image:
    """One of `pictures_of`, counted from 0."""
    return pictures_of(slug)[position]


def shoot(folder: Path, slugs: Iterable[str], *, workers: int = 2) -> dict[str, list[Kept]]:
    """Compose and store the pictures of these products; their rows are still to be added with `add_kept`.

    Takes about 6 seconds for all 60 on two free cores. Nothing waits for the disk: what is lost can be made again.
    """

    def shot(slug: str) -> tuple[str, list[Kept]]:
        kept = []
        for image in pictures_of(slug):
            checked = reencode(image, method=2)
            kept.append(Kept(store(folder, checked, durable=False), checked))
        return slug, kept

    with ThreadPoolExecutor(workers) as pool:
        return dict(pool.map(shot, slugs))
