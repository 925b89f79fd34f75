"""Lists of pieces from outside, brought in as drafts.

A file is read into frozen values without a database (``reading``): a Shopify product export (``shopify``) or a list
of our own with Chinese, Vietnamese or English headings (``qiaoshou``). The values are compared with what the workshop
has (``plan``), every row gets its fate, and only then drafts are written, all or none unless told otherwise.
A piece is known again by its SKU, else by handle and options. Pictures are listed as to be supplied, never fetched.
"""
