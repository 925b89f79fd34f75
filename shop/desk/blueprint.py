"""The two blueprints of this room: the broker's desk, and the maker's page behind her card."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk")
card = Blueprint("card", __name__, url_prefix="/m")
