"""The work room's refusals in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def reason_label(code: str) -> str:
    """Why a piece was not taken, in words."""
    return str(
        {
            "stitch": _("stitches"),
            "colour": _("colour"),
            "size": _("size"),
            "stain": _("stain"),
            "broken": _("broken"),
            "other": _("something else"),
        }[code]
    )


def told_label(code: str) -> str:
    """How she was told, in words."""
    return str(
        {
            "slip": _("work slip"),
            "visit": _("visit"),
            "call": _("call"),
            "sms": _("text message"),
            "self": _("her own answer"),
        }[code]
    )


def init_app() -> None:
    SENTENCES.update(
        {
            "counts_disagree": lambda data: _(
                "Counted %(counted)d, judged %(sum)d, out with her %(out)d. Please count again.",
                counted=data["counted"],
                sum=data["sum"],
                out=data["out"],
            ),
            "too_many_pieces": lambda data: _(
                "%(asked)d pieces are too many: %(left)d are left to give out.", asked=data["asked"], left=data["left"]
            ),
            "not_her_work": lambda _data: _("She has no mandate with you, or does not make this."),
            "too_young": lambda _data: _("She is below working age. Nobody below working age gets work."),
            "already_answered": lambda _data: _("Her answer has been recorded already."),
            "counted_before": lambda data: _(
                "This count was saved before, with %(accepted)d accepted, %(mend)d to mend and %(rejected)d rejected. "
                "What you have typed is not saved yet: if more came in, save it as a new count.",
                accepted=data["accepted"],
                mend=data["mend"],
                rejected=data["rejected"],
            ),
            "not_agreed": lambda _data: _("She has not said yes to this work."),
        }
    )
