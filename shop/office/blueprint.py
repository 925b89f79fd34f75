"""The one blueprint of all office pages."""

from flask import Blueprint

bp = Blueprint("office", __name__, url_prefix="/office")
