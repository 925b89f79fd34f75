"""Giving a line back in any steps: no part ever gets money back, no sum is lost, and the last step takes all that is left."""

from hypothesis import given
from hypothesis import strategies as st

from shop.money import take
from shop.orders.services.allocating import given_back, of_pieces

parts = st.lists(st.integers(0, 99_999), min_size=1, max_size=7)
steps = st.lists(st.tuples(st.booleans(), st.integers(0, 10_000)), max_size=30)


@given(paid=parts, quantity=st.integers(1, 40), steps=steps)
def test_pieces_and_sums_in_any_order_never_move_money_the_wrong_way(paid, quantity, steps):
    left, pieces, back = list(paid), quantity, 0
    for by_pieces, number in [*steps, (True, 10_000)]:
        whole = sum(left)
        if by_pieces and pieces:
            count = min(pieces, number % pieces + 1) if number < 10_000 else pieces
            taken = given_back(left, pieces=count, of=pieces)
            assert abs(sum(taken) * pieces - whole * count) * 2 <= pieces
            pieces -= count
        else:
            taken = take(number % (whole + 1), left)
            assert sum(taken) == number % (whole + 1)
        assert all(0 <= minor <= room for minor, room in zip(taken, left, strict=True))
        left = [room - minor for minor, room in zip(taken, left, strict=True)]
        back += sum(taken)
    assert pieces == 0
    assert (sum(left), back) == (0, sum(paid))


@given(whole=st.integers(0, 99_999), cuts=st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_the_shares_of_pieces_are_the_whole_in_whatever_steps_they_are_taken(whole, cuts):
    quantity, before, shares = sum(cuts), 0, []
    for pieces in cuts:
        shares.append(of_pieces(whole, quantity=quantity, before=before, pieces=pieces))
        before += pieces
    assert sum(shares) == whole
    assert all(
        abs(minor * quantity - whole * pieces) <= quantity * pieces for minor, pieces in zip(shares, cuts, strict=True)
    )
