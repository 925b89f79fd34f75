"""The one blueprint of all buyer pages; views and the buying part hang their routes on it."""

from flask import Blueprint

bp = Blueprint("home", __name__)
