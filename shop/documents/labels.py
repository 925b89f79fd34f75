"""The fixed words on paper, in three languages: a document is made by worker and CLI too, where no request is."""

from collections.abc import Mapping
from datetime import date

Words = str | Mapping[str, str]
"""A text in one language, or in several by language code (zh, vi, en)."""

_ORDER = ("zh", "vi", "en")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# fmt: off
LABELS: dict[str, dict[str, str]] = {
    "catalogue": {"zh": "会刊", "vi": "Ấn phẩm hội chợ", "en": "Fair catalogue"},
    "price_list": {"zh": "价目表", "vi": "Bảng giá", "en": "Price list"},
    "edition": {"zh": "会刊版次", "vi": "Ấn bản", "en": "Edition"},
    "edition_no": {"zh": "会刊第{edition}版", "vi": "Ấn bản {edition}", "en": "Edition {edition}"},
    "made_on": {"zh": "日期", "vi": "Ngày lập", "en": "Date"},
    "printed_on": {"zh": "{date}出", "vi": "Lập ngày {date}", "en": "Made on {date}"},
    "preface": {"zh": "前言", "vi": "Lời mở đầu", "en": "Preface"},
    "exhibitors": {"zh": "参展方", "vi": "Đơn vị trưng bày", "en": "Exhibitors"},
    "index": {"zh": "货号索引", "vi": "Tra theo mã hàng", "en": "Index by item no."},
    "continued": {"zh": "续", "vi": "tiếp", "en": "continued"},
    "booth": {"zh": "展位", "vi": "Gian hàng", "en": "Booth"},
    "page": {"zh": "页", "vi": "Trang", "en": "Page"},
    "n_items": {"zh": "{n}件", "vi": "{n} món", "en": "{n} items"},
    "one_item": {"zh": "1件", "vi": "1 món", "en": "1 item"},
    "made_by": {"zh": "{name}做", "vi": "{name} làm", "en": "Made by {name}"},
    "made_by_more": {"zh": "{name}等{all}人做", "vi": "{name} và {n} người nữa làm", "en": "Made by {name} and {n} more"},
    "picture_to_come": {"zh": "照片待补", "vi": "Ảnh sẽ bổ sung", "en": "Picture to come"},
    "item_no": {"zh": "货号", "vi": "Mã hàng", "en": "Item no."},
    "sku": {"zh": "规格编号", "vi": "SKU", "en": "SKU"},
    "name": {"zh": "品名", "vi": "Tên hàng", "en": "Name"},
    "name_zh": {"zh": "中文名", "vi": "Tên tiếng Trung", "en": "Name (Chinese)"},
    "name_vi": {"zh": "越南文名", "vi": "Tên tiếng Việt", "en": "Name (Vietnamese)"},
    "name_en": {"zh": "英文名", "vi": "Tên tiếng Anh", "en": "Name (English)"},
    "text": {"zh": "说明", "vi": "Mô tả", "en": "Text"},
    "size": {"zh": "尺寸", "vi": "Kích thước", "en": "Size"},
    "weight_g": {"zh": "重量（克）", "vi": "Khối lượng (g)", "en": "Weight (g)"},
    "materials": {"zh": "材料", "vi": "Chất liệu", "en": "Materials"},
    "technique": {"zh": "技法", "vi": "Kỹ thuật", "en": "Technique"},
    "colours": {"zh": "颜色", "vi": "Màu", "en": "Colours"},
    "workshop": {"zh": "工坊", "vi": "Xưởng", "en": "Workshop"},
    "maker": {"zh": "手艺人", "vi": "Thợ thủ công", "en": "Maker"},
    "moq": {"zh": "起订量", "vi": "Đặt tối thiểu", "en": "MOQ"},
    "lead": {"zh": "交期", "vi": "Giao hàng", "en": "Lead time"},
    "lead_days": {"zh": "交期（天）", "vi": "Giao hàng (ngày)", "en": "Lead time (days)"},
    "capacity": {"zh": "月产能（件）", "vi": "Mỗi tháng (món)", "en": "A month (pcs)"},
    "n_pieces": {"zh": "{n}件", "vi": "{n} món", "en": "{n} pcs"},
    "n_days": {"zh": "{n}天", "vi": "{n} ngày", "en": "{n} days"},
    "one_day": {"zh": "1天", "vi": "1 ngày", "en": "1 day"},
    "n_a_month": {"zh": "每月{n}件", "vi": "{n} món/tháng", "en": "{n} a month"},
    "price_term": {"zh": "价格条件", "vi": "Điều kiện giá", "en": "Price term"},
    "currency": {"zh": "币种", "vi": "Tiền tệ", "en": "Currency"},
    "from_n": {"zh": "{n}件起", "vi": "Từ {n} món", "en": "From {n}"},
    "min_qty": {"zh": "起订件数", "vi": "Từ số lượng", "en": "From quantity"},
    "unit_price": {"zh": "单价", "vi": "Đơn giá", "en": "Unit price"},
    "each": {"zh": "每件", "vi": "Mỗi món", "en": "Each"},
    "sample": {"zh": "样品", "vi": "Hàng mẫu", "en": "Sample"},
    "sample_price": {"zh": "样品价", "vi": "Giá hàng mẫu", "en": "Sample price"},
    "valid_until": {"zh": "有效期至", "vi": "Có hiệu lực đến", "en": "Valid until"},
    "valid_to": {"zh": "价格有效至{date}", "vi": "Giá có hiệu lực đến {date}", "en": "Prices valid until {date}"},
    "carton": {"zh": "外箱", "vi": "Thùng ngoài", "en": "Carton"},
    "inner_pack": {"zh": "内包装（件）", "vi": "Gói trong (món)", "en": "Inner pack (pcs)"},
    "carton_pieces": {"zh": "每箱件数", "vi": "Số món mỗi thùng", "en": "Pcs per carton"},
    "carton_size": {"zh": "箱规（厘米）", "vi": "Cỡ thùng (cm)", "en": "Carton L×W×H (cm)"},
    "gross_weight": {"zh": "毛重（克）", "vi": "Khối lượng cả bì (g)", "en": "Gross weight (g)"},
    "net_weight": {"zh": "净重（克）", "vi": "Khối lượng tịnh (g)", "en": "Net weight (g)"},
    "cbm": {"zh": "体积（立方米）", "vi": "Thể tích (m³)", "en": "CBM (m³)"},
    "hs_code": {"zh": "海关编码（参考）", "vi": "Mã HS (tham khảo)", "en": "HS code (suggestion)"},
    "hs": {"zh": "海关编码", "vi": "Mã HS", "en": "HS"},
    "origin": {"zh": "产地", "vi": "Nơi làm", "en": "Origin"},
    "heritage": {"zh": "传承", "vi": "Di sản", "en": "Heritage"},
    "heritage_level": {"zh": "传承证书级别", "vi": "Cấp di sản", "en": "Heritage level"},
    "certificate_no": {"zh": "证书编号", "vi": "Số chứng nhận", "en": "Certificate no."},
    "care": {"zh": "洗护", "vi": "Cách giữ gìn", "en": "Care"},
    "link": {"zh": "网页", "vi": "Trang web", "en": "Page"},
    "not_binding": {
        "zh": "意向订单不是合同，不收定金。",
        "vi": "Đơn dự kiến không phải hợp đồng, không thu cọc.",
        "en": "An intent order is not a contract and needs no deposit.",
    },
    "statement": {"zh": "工钱单", "vi": "Bảng kê tiền công", "en": "Statement"},
    "year_statement": {"zh": "年度收入证明", "vi": "Bảng kê thu nhập năm", "en": "Year statement of income"},
    "year_total": {"zh": "全年工钱", "vi": "Tiền công cả năm", "en": "Pay of the year"},
    "made_by_label": {"zh": "手艺人", "vi": "Người làm", "en": "Maker"},
    "in_words": {"zh": "大写：{words}", "vi": "Bằng chữ: {words}", "en": "In words: {words}"},
    "number": {"zh": "单号", "vi": "Số", "en": "No."},
    "you_get": {"zh": "您得", "vi": "Chị được nhận", "en": "You get"},
    "broker": {"zh": "女经纪人", "vi": "Tổ trưởng", "en": "Broker"},
    "sent_to": {"zh": "发到", "vi": "Trả vào", "en": "Sent to"},
    "work_accepted": {"zh": "收下的活", "vi": "Việc đã được nghiệm thu", "en": "Accepted work"},
    "day": {"zh": "日期", "vi": "Ngày", "en": "Date"},
    "slip": {"zh": "活单", "vi": "Phiếu việc", "en": "Slip"},
    "what": {"zh": "做的", "vi": "Sản phẩm", "en": "Work"},
    "accepted": {"zh": "合格", "vi": "Đạt", "en": "Accepted"},
    "mended": {"zh": "改好", "vi": "Sửa xong", "en": "Mended"},
    "rate": {"zh": "一件", "vi": "Đơn giá", "en": "A piece"},
    "pay": {"zh": "工钱", "vi": "Thành tiền", "en": "Pay"},
    "state": {"zh": "到哪一步", "vi": "Tình trạng", "en": "State"},
    "pay_for_pieces": {"zh": "工钱，{n}件", "vi": "Cộng tiền công, {n} món", "en": "Pay, {n} pieces"},
    "state_available": {"zh": "可以发了", "vi": "Sẵn sàng trả", "en": "Available"},
    "state_sent": {"zh": "已发出", "vi": "Đã gửi", "en": "Sent"},
    "state_acknowledged": {"zh": "经见证", "vi": "Qua tổ trưởng", "en": "Through broker"},
    "state_confirmed": {"zh": "已确认", "vi": "Đã xác nhận", "en": "Confirmed"},
    "proof_self": {"zh": "您本人确认", "vi": "Chị tự xác nhận", "en": "Confirmed by you"},
    "proof_witnessed": {"zh": "经女经纪人见证", "vi": "Xác nhận qua tổ trưởng", "en": "Acknowledged through the broker"},
    "proof_none": {"zh": "已发出，还没确认", "vi": "Đã gửi, chưa xác nhận", "en": "Sent, not yet confirmed"},
    "wrong": {
        "zh": "数不对，或者没收到？打总社",
        "vi": "Sai số, hoặc chưa nhận đủ? Gọi hợp tác xã",
        "en": "A wrong figure, or nothing received? Call the co-op",
    },
    "hotline_note": {
        "zh": "这个号码不是女经纪人的。扫右边的码，看到的和这张纸一样。",
        "vi": "Số này không phải của tổ trưởng. Quét mã để thấy đúng bảng kê này.",
        "en": "This is not your broker's number. The code on the right shows this same statement.",
    },
    "buyers_paid": {
        "zh": "价钱{amount}，您得多少",
        "vi": "Giá bán {amount}, chị được bao nhiêu",
        "en": "Of the price of {amount}, this is your part",
    },
    "part_maker": {"zh": "您的工钱", "vi": "Tiền công của chị", "en": "Your pay"},
    "part_materials": {"zh": "材料", "vi": "Nguyên liệu", "en": "Materials"},
    "part_broker": {"zh": "女经纪人", "vi": "Tổ trưởng", "en": "Broker"},
    "part_coop": {"zh": "合作社", "vi": "Hợp tác xã", "en": "Co-op"},
    "part_costs": {"zh": "付款手续费和包装", "vi": "Phí thanh toán và đóng gói", "en": "Card payment and packing"},
    "vietqr_sheet": {"zh": "转账二维码", "vi": "Mã QR chuyển khoản", "en": "Transfer codes"},
    "vietqr_how": {
        "zh": "用银行应用一个一个地扫。转账前对一对姓名和金额。",
        "vi": "Quét từng mã bằng ứng dụng ngân hàng. So tên và số tiền trước khi chuyển.",
        "en": "Scan them one by one with a bank's app. Compare name and sum before each transfer.",
    },
    "n_payees": {"zh": "{n}人", "vi": "{n} người", "en": "{n} payees"},
    "sign_maker": {"zh": "本人（签字或按指印）", "vi": "Người nhận (ký hoặc điểm chỉ)", "en": "Maker (signature or thumb)"},
    "sign_broker": {"zh": "女经纪人", "vi": "Tổ trưởng", "en": "Broker"},
    "sign_coop": {"zh": "会计", "vi": "Kế toán", "en": "Treasurer"},
}
# fmt: on


def label(key: str, lang: str, **facts: object) -> str:
    """The word or sentence in ``lang``. Raises KeyError for a key or language that is not in the table."""
    text = LABELS[key][lang]
    return text.format(**facts) if facts else text


def said(words: Words | None, lang: str) -> str:
    """The text in ``lang``, else in English, Chinese, Vietnamese, whichever there is first; empty for None."""
    if words is None or isinstance(words, str):
        return words or ""
    return next((words[code] for code in (lang, "en", "zh", "vi") if words.get(code)), "")


def others(words: Words, lang: str) -> list[str]:
    """The same text in the other languages, English first, without repeating what was said already."""
    seen = [said(words, lang)]
    if not isinstance(words, str):
        for code in ("en", *_ORDER):
            text = words.get(code, "")
            if text and text not in seen:
                seen.append(text)
    return seen[1:]


def day(when: date, lang: str) -> str:
    """2026年12月11日, 11/12/2026, 11 December 2026 (product.md §5 rule 18)."""
    if lang == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    if lang == "vi":
        return f"{when:%d/%m/%Y}"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(when: date, lang: str) -> str:
    """The day without its year: 12月11日, 11/12, 11 Dec."""
    if lang == "zh":
        return f"{when.month}月{when.day}日"
    if lang == "vi":
        return f"{when:%d/%m}"
    return f"{when.day} {_MONTHS[when.month - 1][:3]}"


def days(first: date, last: date, lang: str) -> str:
    """A span of days, saying month and year once where they are the same."""
    if first == last:
        return day(first, lang)
    if lang == "zh":
        later = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else short_day(last, lang)
        return f"{day(first, lang)}至{later if first.year == last.year else day(last, lang)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%d}–{day(last, lang)}" if lang == "vi" else f"{first.day}–{day(last, lang)}"
    if first.year == last.year and lang == "en":
        return f"{first.day} {_MONTHS[first.month - 1]} – {day(last, lang)}"
    return f"{day(first, lang)} – {day(last, lang)}"
