"""Countries by name, and addresses as the post of the destination reads them."""

import pytest

from shop.web.countries import country_options, every_code, postal_lines

SHORT = {"name": "Anna Berg", "street": "14 Weaver Row", "city": "", "region": "", "postcode": "", "sender": "CN"}


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        (
            {"country": "GB", "city": "Bristol", "postcode": "BS3 1AB"},
            ["Anna Berg", "14 Weaver Row", "Bristol", "BS3 1AB", "UNITED KINGDOM (英国)"],
        ),
        (
            {"country": "US", "city": "Boise", "region": "ID", "postcode": "83702"},
            ["Anna Berg", "14 Weaver Row", "Boise, ID 83702", "UNITED STATES (美国)"],
        ),
        (
            {"country": "DE", "city": "Berlin", "postcode": "10115"},
            ["Anna Berg", "14 Weaver Row", "10115 Berlin", "GERMANY (德国)"],
        ),
        (
            {"country": "VN", "city": "Hà Nội", "postcode": "100000"},
            ["Anna Berg", "14 Weaver Row", "Hà Nội 100000", "VIETNAM (越南)"],
        ),
        (
            {"country": "JP", "city": "Kyoto", "postcode": "600-8001"},
            ["Anna Berg", "14 Weaver Row", "Kyoto 600-8001", "JAPAN (日本)"],
        ),
    ],
)
def test_an_address_abroad_is_written_as_its_post_reads_it(app, place, lines):
    with app.test_request_context():
        assert postal_lines(**SHORT | place) == lines


def test_a_chinese_address_goes_from_large_to_small_and_names_no_country_at_home(app):
    home = {"name": "王芳", "street": "中山路8号", "city": "昆明市", "region": "云南省", "postcode": "650000"}
    with app.test_request_context():
        assert postal_lines(**home, country="CN", sender="CN") == ["650000 云南省 昆明市", "中山路8号", "王芳"]
        assert postal_lines(**home, country="CN", sender="VN")[-1] == "CHINA (Trung Quốc)"


def test_where_no_parcel_goes_is_not_offered(app):
    assert not {"AQ", "BV", "KP", "ZZ", "EU"} & set(every_code())
    with app.test_request_context():
        assert str(country_options(("CN", "GB"), "GB")).count(" selected") == 1
        assert " selected" not in country_options(("CN", "GB"))
