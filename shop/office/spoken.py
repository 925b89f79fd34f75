"""Words that office templates ask for by code."""

from shop.catalog.sentences import lack_label, part_label
from shop.makers.sentences import phone_label
from shop.office.blueprint import bp
from shop.office.book_words import actor_label, group_label, kind_label, posting_label, source_url
from shop.office.order_words import (
    dispute_label,
    event_label,
    fault_label,
    order_label,
    part_state_label,
    reason_label,
    refund_label,
    slip_label,
)
from shop.office.outbox_words import outbox_label
from shop.office.pay_words import STRENGTHS, account_text, answer_label, rail_label, route_label, state_label, why_label
from shop.payouts.sentences import advance_label
from shop.work.sentences import told_label


@bp.context_processor
def words() -> dict[str, object]:
    """Labels by their own names."""
    labels = (
        *(
            account_text,
            advance_label,
            actor_label,
            answer_label,
            event_label,
            fault_label,
            group_label,
            kind_label,
            lack_label,
            dispute_label,
            order_label,
            outbox_label,
        ),
        *(
            part_label,
            part_state_label,
            phone_label,
            posting_label,
            rail_label,
            reason_label,
            refund_label,
            route_label,
        ),
        *(slip_label, source_url, state_label, told_label, why_label),
    )
    return {label.__name__: label for label in labels} | {"strengths": STRENGTHS}
